"""The addresses of the API. Nothing of it is imported before it is asked for: most processes start without anybody who calls."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, re_path
from django.urls.resolvers import RoutePattern


class Unread(URLResolver):
    """Addresses in a namespace that are read when one of them is asked for, not when any other address is."""

    def _populate(self) -> None:
        """Nothing of them is known outside the namespace, whose addresses are read on their own (`get_ns_resolver`)."""


def reference(request: HttpRequest) -> HttpResponse:
    """The page that explains every call."""
    from khaneh.interfaces.api.reference import reference as page

    return page(request)


def no_such_address(request: HttpRequest) -> HttpResponse:
    """What a call that is none is answered."""
    from khaneh.interfaces.api.problems import no_such_address as answer

    return answer(request)


urlpatterns: list[URLPattern | URLResolver] = [
    path("", reference, name="api-reference"),
    Unread(RoutePattern(""), "khaneh.interfaces.api.calls", app_name="ninja", namespace="api-1"),
    re_path("", no_such_address),
]
