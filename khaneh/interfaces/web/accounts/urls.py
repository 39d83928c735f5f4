"""The addresses of one's own account that are ours; allauth's are under /accounts/."""

from django.urls import path

from khaneh.interfaces.web.accounts import views

urlpatterns = [
    path("", views.profile, name="account"),
    path("roles", views.roles, name="account-roles"),
    path("close", views.close, name="account-close"),
]
