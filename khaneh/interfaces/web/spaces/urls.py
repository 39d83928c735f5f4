"""The addresses of the reader's pages of spaces."""

from django.urls import path

from khaneh.interfaces.web.spaces import booking, finding, mine, repeating, space, waiting

urlpatterns = [
    path("spaces", finding.find, name="spaces"),
    path("spaces/<int:space_id>", space.space, name="space"),
    path("spaces/<int:space_id>/book", booking.book, name="space-book"),
    path("spaces/<int:space_id>/repeat", repeating.repeat, name="space-repeat"),
    path("spaces/<int:space_id>/wait", waiting.wait, name="space-wait"),
    path("spaces/<int:space_id>/check-in", mine.check_in, name="space-check-in"),
]
