"""The addresses of what was done without a line, below /desk/."""

from django.urls import path

from khaneh.interfaces.web.desk.views import conflicts

urlpatterns = [
    path("conflicts/", conflicts.conflicts, name="desk-conflicts"),
    path("conflicts/<int:conflict_id>/", conflicts.settle, name="desk-conflict"),
    path("devices/", conflicts.devices, name="desk-devices"),
    path("devices/<int:device_id>/revoke", conflicts.revoke, name="desk-device-revoke"),
]
