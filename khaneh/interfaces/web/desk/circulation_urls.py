"""The addresses of lending, below /desk/circulation/."""

from django.urls import path

from khaneh.interfaces.web.desk.views import circulation, circulation_lists

urlpatterns = [
    path("circulation/", circulation.desk, name="desk-circulation"),
    path("circulation/undo", circulation.undo, name="desk-circulation-undo"),
    path("circulation/fees", circulation.fees, name="desk-circulation-fees"),
    path("circulation/due", circulation.due, name="desk-circulation-due"),
    path("circulation/lists/<slug:which>", circulation_lists.lists, name="desk-circulation-list"),
    path("circulation/slips/<slug:kind>/<int:number>", circulation_lists.slip, name="desk-circulation-slip"),
]
