"""CalDAV (RFC 4791) for reading: one's own calendar, and for those who work at a house what is booked in it.

A program is given the address of the site, any name and a key to one's calendar (`/account/calendar`) as its password. It finds its way from
/.well-known/caldav (RFC 6764), reads what changed since it last asked (RFC 6578), and may write nothing.
"""
