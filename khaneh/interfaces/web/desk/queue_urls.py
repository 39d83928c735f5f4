"""Addresses of a record's queue, and of floating collections, below /desk/."""

from django.urls import path

from khaneh.interfaces.web.desk.views import floating, queues

urlpatterns = [
    path("queues/", queues.queues, name="desk-queues"),
    path("queues/<int:record_id>/", queues.queue, name="desk-queue"),
    path("floating/", floating.floating, name="desk-floating"),
]
