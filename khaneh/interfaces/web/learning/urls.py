"""The addresses of the public pages of learning."""

from django.urls import path

from khaneh.interfaces.web.learning import catalogue, enrolling

urlpatterns = [
    path("courses", catalogue.courses, name="courses"),
    path("courses/runs/<int:run_id>/enrol", enrolling.enrol, name="run-enrol"),
    path("courses/materials/<int:material_id>", catalogue.material, name="course-material"),
    path("courses/<str:code>", catalogue.course, name="course"),
]
