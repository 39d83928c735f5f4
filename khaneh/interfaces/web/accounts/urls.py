"""The addresses of one's own account that are ours; allauth's are under /accounts/."""

from django.urls import include, path

from khaneh.interfaces.web.accounts import (
    balances,
    calendar,
    lending,
    lists,
    members,
    notices,
    placing,
    requests,
    tokens,
    views,
)

urlpatterns = [
    path("", views.profile, name="account"),
    path("roles", views.roles, name="account-roles"),
    path("membership", members.membership, name="account-membership"),
    path("membership/ward", members.ward, name="account-ward"),
    path("loans", lending.loans, name="account-loans"),
    path("loans/renew", lending.renew, name="account-renew"),
    path("requests", requests.requests, name="account-requests"),
    path("requests/new", placing.place, name="request-place"),
    path("requests/change", requests.change, name="account-request-change"),
    path("", include("khaneh.interfaces.web.spaces.account_urls")),
    path("", include("khaneh.interfaces.web.events.account_urls")),
    path("", include("khaneh.interfaces.web.learning.account_urls")),
    path("lists", lists.lists, name="account-lists"),
    path("lists/add", lists.add, name="account-list-add"),
    path("lists/<int:list_id>", lists.one_list, name="account-list"),
    path("lists/<int:list_id>.csv", lists.list_file, name="account-list-file"),
    path("searches", lists.searches, name="account-searches"),
    path("searches/new", lists.keep_search, name="account-search-keep"),
    path("fees", lending.fees, name="account-fees"),
    path("credits", balances.balances, name="account-credits"),
    path("history", lending.history, name="account-history"),
    path("history.csv", lending.history_file, name="account-history-file"),
    path("privacy", members.privacy, name="account-privacy"),
    path("erase", members.erase, name="account-erase"),
    path("messages", notices.inbox, name="account-messages"),
    path("notices", notices.choices, name="account-notices"),
    path("tokens", tokens.tokens, name="account-tokens"),
    path("calendar", calendar.calendar, name="account-calendar"),
    path("close", views.close, name="account-close"),
]
