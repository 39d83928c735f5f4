"""The addresses of what somebody is enrolled in."""

from django.urls import path

from khaneh.interfaces.web.learning import mine

urlpatterns = [
    path("courses", mine.courses, name="account-courses"),
    path("courses/<int:enrolment_id>", mine.enrolment, name="account-enrolment"),
    path("courses/<int:enrolment_id>/act", mine.act, name="account-enrolment-act"),
]
