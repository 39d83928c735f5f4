"""Addresses of qualifications, below /desk/qualifications/."""

from django.urls import path

from khaneh.interfaces.web.desk.views import qualifications

urlpatterns = [
    path("qualifications/", qualifications.qualifications, name="desk-qualifications"),
    path("qualifications/new", qualifications.new, name="desk-qualification-new"),
    path("qualifications/soon", qualifications.soon, name="desk-qualifications-soon"),
    path("qualifications/people", qualifications.person, name="desk-holders"),
    path("qualifications/people/<int:account_id>/", qualifications.holder, name="desk-holder"),
    path("qualifications/<int:qualification_id>/", qualifications.qualification, name="desk-qualification"),
]
