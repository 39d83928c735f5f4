"""The addresses of one's own bookings."""

from django.urls import path

from khaneh.interfaces.web.spaces import changing, groups, mine, repeating

urlpatterns = [
    path("bookings", mine.bookings, name="account-bookings"),
    path("bookings/waiting", mine.answer, name="account-waiting"),
    path("bookings/waiting/<int:waiting_id>/group", groups.waiting_group, name="account-waiting-group"),
    path("bookings/series/<int:series_id>", repeating.series, name="account-series"),
    path("bookings/<int:booking_id>", mine.booking, name="account-booking"),
    path("bookings/<int:booking_id>/act", mine.act, name="account-booking-act"),
    path("bookings/<int:booking_id>/group", groups.group, name="account-booking-group"),
    path("bookings/<int:booking_id>/along", groups.along, name="account-booking-along"),
    path("bookings/<int:booking_id>/change", changing.change, name="account-booking-change"),
]
