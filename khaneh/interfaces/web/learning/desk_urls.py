"""The addresses of learning at the desk."""

from django.urls import path

from khaneh.interfaces.web.learning import desk, desk_files, desk_run, desk_training

urlpatterns = [
    path("courses/", desk.courses, name="desk-courses"),
    path("courses/new", desk.new, name="desk-course-new"),
    path("courses/runs/<int:run_id>/", desk_run.run, name="desk-run-of-course"),
    path("courses/runs/<int:run_id>/act", desk_run.act, name="desk-run-act"),
    path("courses/training", desk_training.training, name="desk-training"),
    path("courses/training/table.csv", desk_training.table, name="desk-training-table"),
    path("courses/<str:code>/", desk.course, name="desk-course"),
    path("courses/<str:code>/files", desk_files.add, name="desk-course-file"),
    path("courses/<str:code>/change", desk.change, name="desk-course-change"),
    path("courses/<str:code>/plan", desk.plan, name="desk-course-plan"),
]
