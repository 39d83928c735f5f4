"""The addresses of events at the desk."""

from django.urls import path

from khaneh.interfaces.web.events import desk, desk_event, door

urlpatterns = [
    path("events/", desk.events, name="desk-events"),
    path("events/new", desk.new, name="desk-event-new"),
    path("events/worker.js", door.worker, name="event-door-worker"),
    path("events/<int:event_id>/", desk_event.event, name="desk-event"),
    path("events/<int:event_id>/act", desk_event.act, name="desk-event-act"),
    path("events/<int:event_id>/change", desk.change, name="desk-event-change"),
    path("events/<int:event_id>/door", door.door, name="desk-event-door"),
    path("events/<int:event_id>/door/carry", door.carry, name="desk-event-carry"),
    path("events/<int:event_id>/door/list", door.listed, name="desk-event-list"),
    path("events/<int:event_id>/door/send", door.send, name="desk-event-send"),
]
