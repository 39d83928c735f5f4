"""Calendars that telephones and programs subscribe to: iCalendar feeds of what there is, and CalDAV for one's own calendar, for reading only.

`registry` knows the kinds of calendar and what each is made of; a part of the program that has something to tell adds a module to `sources`.
"""
