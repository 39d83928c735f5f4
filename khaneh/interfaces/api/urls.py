"""The addresses of the API."""

from django.urls import path, re_path

from khaneh.interfaces.api.api import api
from khaneh.interfaces.api.problems import no_such_address
from khaneh.interfaces.api.reference import reference

urlpatterns = [
    path("", reference, name="api-reference"),
    path("", api.urls),
    re_path("", no_such_address),
]
