"""The addresses of lending, below /desk/circulation/."""

from django.urls import path

from khaneh.interfaces.web.desk.views import circulation, circulation_acts, circulation_lists, circulation_paper

urlpatterns = [
    path("circulation/", circulation.desk, name="desk-circulation"),
    path("circulation/undo", circulation_acts.undo, name="desk-circulation-undo"),
    path("circulation/damage", circulation_acts.damage, name="desk-circulation-damage"),
    path("circulation/fees", circulation_acts.fees, name="desk-circulation-fees"),
    path("circulation/loans", circulation_acts.loans, name="desk-circulation-loans"),
    path("circulation/requests", circulation_acts.requests, name="desk-circulation-requests"),
    path("circulation/lists/<slug:which>", circulation_lists.lists, name="desk-circulation-list"),
    path("circulation/slips/<slug:kind>/<int:number>", circulation_paper.slip, name="desk-circulation-slip"),
    path("circulation/slips/<slug:kind>", circulation_paper.slips, name="desk-circulation-slips"),
    path("circulation/receipts/<slug:kind>/<int:number>", circulation_paper.receipt, name="desk-circulation-receipt"),
]
