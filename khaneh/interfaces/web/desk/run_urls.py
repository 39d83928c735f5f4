"""Addresses of the courier's and the bookmobile's rounds, below /desk/runs/."""

from django.urls import path

from khaneh.interfaces.web.desk.views import runs, runs_driving

urlpatterns = [
    path("runs/", runs.runs, name="desk-runs"),
    path("runs/new", runs.edit, name="desk-run-new"),
    path("runs/<int:run_id>/", runs.run, name="desk-run"),
    path("runs/<int:run_id>/edit", runs.edit, name="desk-run-edit"),
    path("runs/<int:run_id>/drive", runs_driving.drive, name="desk-run-drive"),
]
