"""The addresses of calendars. `calendar-space`, `calendar-events`, `calendar-course`, `calendar-house` and `calendar-person` are for pages to link to."""

from django.urls import path, re_path

from khaneh.interfaces.protocols.ical import feeds
from khaneh.interfaces.protocols.ical.caldav import views as caldav

urlpatterns = [
    path("calendars/space/<str:key>.ics", feeds.public, {"kind": "space"}, name="calendar-space"),
    path("calendars/course/<str:key>.ics", feeds.public, {"kind": "course"}, name="calendar-course"),
    path("calendars/event/<str:key>.ics", feeds.public, {"kind": "event"}, name="calendar-event"),
    path("calendars/events/<str:key>.ics", feeds.public, {"kind": "events"}, name="calendar-events"),
    path("calendars/house/<str:key>.ics", feeds.public, {"kind": "house"}, name="calendar-house"),
    path("calendars/person/<str:secret>.ics", feeds.person, name="calendar-person"),
    path(".well-known/caldav", caldav.well_known, name="caldav-well-known"),
    re_path("^dav/(?P<path>.*)$", caldav.dav, name="caldav"),
]
