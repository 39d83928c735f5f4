"""The addresses of selection."""

from django.urls import path

from khaneh.interfaces.web.selection import applying, deciding, public, ranked, reviewing, running

urlpatterns = [
    path("programmes/<int:call_id>/lottery", public.lottery, name="call-lottery"),
    path("desk/selection/", running.selections, name="desk-selections"),
    path("desk/selection/<int:call_id>", running.rules, name="desk-selection"),
    path("desk/selection/<int:call_id>/reviewers", running.reviewers, name="desk-selection-reviewers"),
    path("desk/selection/<int:call_id>/interviews", running.interviews, name="desk-selection-interviews"),
    path("desk/selection/<int:call_id>/applications", deciding.board, name="desk-selection-board"),
    path(
        "desk/selection/<int:call_id>/applications/<int:application_id>",
        deciding.application,
        name="desk-selection-application",
    ),
    path("desk/selection/<int:call_id>/ranking", ranked.ranking, name="desk-selection-ranking"),
    path("desk/selection/<int:call_id>/ranking/<int:run_id>.<slug:form>", ranked.table, name="desk-selection-table"),
    path("account/reviews", reviewing.tasks, name="account-reviews"),
    path("account/reviews/<int:review_id>", reviewing.task, name="account-review"),
    path("account/reviews/<int:review_id>/documents/<str:digest>", reviewing.document, name="account-review-document"),
    path("account/selection/<int:application_id>", applying.outcome, name="account-selection"),
]
