"""The addresses of residencies."""

from django.urls import path

from khaneh.interfaces.web.residencies import desk, mentoring, support, team

urlpatterns = [
    path("desk/residencies/", desk.residencies, name="desk-residencies"),
    path("desk/residencies/new", desk.new, name="desk-residency-new"),
    path("desk/residencies/<int:residency_id>", desk.residency, name="desk-residency"),
    path("desk/residencies/support", support.ledger, name="desk-support"),
    path("desk/residencies/support.csv", support.table, name="desk-support-table"),
    path("account/residencies", team.residencies, name="account-residencies"),
    path("account/residencies/<int:residency_id>", team.residency, name="account-residency"),
    path("account/residencies/receipts/<int:support_id>", support.receipt, name="residency-receipt"),
    path("account/residencies/evidence/<int:evidence_id>", team.evidence, name="residency-evidence"),
    path("account/mentoring", mentoring.mentoring, name="account-mentoring"),
    path("account/mentoring/<int:residency_id>", mentoring.mentored, name="account-mentored"),
]
