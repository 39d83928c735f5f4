"""The addresses of one's own account that are ours; allauth's are under /accounts/."""

from django.urls import path

from khaneh.interfaces.web.accounts import members, notices, views

urlpatterns = [
    path("", views.profile, name="account"),
    path("roles", views.roles, name="account-roles"),
    path("membership", members.membership, name="account-membership"),
    path("membership/ward", members.ward, name="account-ward"),
    path("privacy", members.privacy, name="account-privacy"),
    path("erase", members.erase, name="account-erase"),
    path("messages", notices.inbox, name="account-messages"),
    path("notices", notices.choices, name="account-notices"),
    path("close", views.close, name="account-close"),
]
