"""The addresses of the API. Nothing of it is imported before it is asked for: most processes start without anybody who calls."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, re_path
from django.urls.resolvers import RoutePattern


class Unread(URLResolver):
    """Addresses in a namespace that are read when one of them is asked for, not when any other address is.

    Django has no public way to this: whatever `include` is given, a lazy list too, the resolver of the whole site calls the method below of
    each resolver in it, and that reads all its patterns. A single pattern whose view resolves the rest by itself would be public, but then
    `reverse("api-1:…")` and everything that walks the addresses (the tests of who may open them) would not find the calls. Were Django
    to call the method no more, the addresses would be read at the start, and nothing else would change.
    """

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
