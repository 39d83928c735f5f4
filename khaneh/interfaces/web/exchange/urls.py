"""The addresses of the exchange."""

from django.urls import path

from khaneh.interfaces.web.exchange import brokering, gathering, matching, owning, public, reaching

urlpatterns = [
    path("exchange", public.postings, name="exchange"),
    path("exchange/<int:posting_id>", public.posting, name="exchange-posting"),
    path("exchange/<int:posting_id>/interest", public.interest, name="exchange-interest"),
    path("account/exchange", owning.own, name="account-exchange"),
    path("account/exchange/new/<slug:kind>", owning.new, name="account-exchange-new"),
    path("account/exchange/<int:posting_id>", owning.posting, name="account-exchange-posting"),
    path("account/exchange/<int:posting_id>/edit", owning.edit, name="account-exchange-edit"),
    path("account/exchange/matches/<int:match_id>", matching.match, name="exchange-match"),
    path(
        "account/exchange/matches/<int:match_id>/evidence/<int:outcome_id>", matching.evidence, name="exchange-evidence"
    ),
    path("desk/exchange/", brokering.desk, name="desk-exchange"),
    path("desk/exchange/repeated", gathering.gatherings, name="desk-gatherings"),
    path("desk/exchange/repeated/<int:gathering_id>", gathering.gathering, name="desk-gathering"),
    path("desk/exchange/coverage", reaching.reach, name="desk-reach"),
    path("desk/exchange/coverage.csv", reaching.table, name="desk-reach-table"),
    path("desk/exchange/<int:posting_id>", brokering.posting, name="desk-exchange-posting"),
]
