"""Who asks: the actor that the middleware put beside the request."""

from __future__ import annotations

from django.http import HttpRequest

from khaneh.kernel.actor import VISITOR, Actor


def actor_of(request: HttpRequest) -> Actor:
    """The actor of a request; a visitor where nobody has signed in."""
    actor: Actor = getattr(request, "actor", VISITOR)
    return actor
