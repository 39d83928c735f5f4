"""The addresses of the public pages of events."""

from django.urls import path

from khaneh.interfaces.web.events import calendar, page, registering

urlpatterns = [
    path("events", calendar.events, name="events"),
    path("events/<int:event_id>", page.event, name="event"),
    path("events/<int:event_id>/register", registering.register, name="event-register"),
]
