"""Every address of the system. Each interface lists its own."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("api/v1/", include("khaneh.interfaces.api.urls")),
    path("", include("khaneh.interfaces.protocols.ical.urls")),
    path("", include("khaneh.interfaces.web.urls")),
]
