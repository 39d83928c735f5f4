"""Addresses of spaces and bookings, below /desk/spaces/."""

from django.urls import path

from khaneh.interfaces.web.desk.views import (
    calendar_files,
    spaces_book,
    spaces_bookings,
    spaces_closing,
    spaces_settings,
    spaces_week,
)

urlpatterns = [
    path("spaces/", spaces_week.week, name="desk-spaces"),
    path("spaces/day", spaces_week.day, name="desk-spaces-day"),
    path("spaces/arrive", spaces_week.arrive, name="desk-spaces-arrive"),
    path("spaces/requests", spaces_bookings.requests, name="desk-spaces-requests"),
    path("spaces/missed", spaces_bookings.missed, name="desk-spaces-missed"),
    path("spaces/book", spaces_book.book, name="desk-spaces-book"),
    path("spaces/bookings/<int:booking_id>/", spaces_bookings.booking, name="desk-spaces-booking"),
    path("spaces/list", spaces_settings.spaces, name="desk-spaces-list"),
    path("spaces/new", spaces_settings.new, name="desk-space-new"),
    path("spaces/<int:space_id>/", spaces_settings.space, name="desk-space"),
    path("spaces/<int:space_id>/state", spaces_closing.state, name="desk-space-state"),
    path("spaces/<int:space_id>/close", spaces_closing.close, name="desk-space-close"),
    path("spaces/<int:space_id>/calendar", calendar_files.space, name="desk-space-calendar"),
    path("spaces/<int:space_id>/photos", spaces_settings.add_photo, name="desk-space-photos"),
    path("spaces/closures/<int:closure_id>/lift", spaces_closing.lift, name="desk-space-lift"),
    path("spaces/photos/<int:photo_id>/", spaces_settings.photo, name="desk-space-photo"),
]
