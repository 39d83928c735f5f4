"""Every address of the system. Each interface lists its own."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("", include("khaneh.interfaces.web.urls")),
]
