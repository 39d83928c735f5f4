"""The addresses of one's own events."""

from django.urls import path

from khaneh.interfaces.web.events import mine

urlpatterns = [
    path("events", mine.events, name="account-events"),
    path("events/<int:registration_id>", mine.registration, name="account-event"),
    path("events/<int:registration_id>/act", mine.act, name="account-event-act"),
]
