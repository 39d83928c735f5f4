"""Photographs of spaces, as pages show them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from khaneh.domains.spaces import queries
from khaneh.domains.spaces.types import PhotoSize
from khaneh.infrastructure.pictures import ENCODED
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.actor import VISITOR
from khaneh.kernel.refusal import NotFound


@require_safe
def space_photo(request: HttpRequest, photo_id: int, version: str, size: str) -> HttpResponse:
    """One photograph, in one size. Another picture has another address, so that it may be kept for ever; one that is not everybody's is not."""
    if size not in list(PhotoSize):
        raise Http404
    for_all = True
    try:
        content = queries.picture(photo_id, PhotoSize(size), actor=VISITOR)
    except NotFound:
        for_all = False
        content = queries.picture(photo_id, PhotoSize(size), actor=actor_of(request))
    response = HttpResponse(content, content_type=ENCODED)
    response["Cache-Control"] = "public, max-age=31536000, immutable" if for_all else "private, no-store"
    # Packed already.
    response["Content-Encoding"] = "identity"
    return response
