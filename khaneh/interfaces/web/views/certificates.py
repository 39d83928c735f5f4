"""The public page of a certificate, for whoever has its address, and what programs need to verify its badge without asking us."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from khaneh.domains.learning import queries
from khaneh.domains.learning import services as learning
from khaneh.domains.learning.types import COURSE_KINDS, CertificateRow
from khaneh.domains.qualifications import queries as qualifications
from khaneh.interfaces.web import qr, reader
from khaneh.kernel.labels import Label

_HOUR = 3600


class _Award(NamedTuple):
    """A qualification that came with it, and how it stands at this moment."""

    names: Label
    holds: bool
    until: object


@never_cache
@require_safe
def certificate(request: HttpRequest, key: str) -> HttpResponse:
    """Whether a certificate is genuine, whose it is and what for. At most five statements. Raises NotFound, the same for every wrong key."""
    row = queries.check(key)
    address = settings.SITE_URL + reverse("certificate", args=[key])
    return render(
        request,
        "web/certificates/certificate.html",
        {
            "certificate": row,
            "kind": COURSE_KINDS[row.kind],
            "awards": _awards(row),
            "address": address,
            "languages": [(code, name, code == reader.current().language) for code, name in settings.LANGUAGES],
            "qr": qr.drawing(address, label=_("The address of this page as a QR code")),
        },
    )


@require_safe
def badge(request: HttpRequest, key: str) -> HttpResponse:
    """The certificate as an Open Badge 3.0, signed, to be kept in a wallet of badges. Raises NotFound."""
    found = queries.badge(key)
    answer = HttpResponse(found.token, content_type="application/vc+jwt")
    answer["Content-Disposition"] = 'attachment; filename="badge.jwt"'
    return answer


@require_safe
def badge_issuer(request: HttpRequest) -> HttpResponse:
    """Who issues badges."""
    return _told(queries.badge_issuer())


@require_safe
def badge_achievement(request: HttpRequest, code: str) -> HttpResponse:
    """What a badge is for. Raises NotFound."""
    return _told(queries.badge_achievement(code))


@require_safe
def badge_key(request: HttpRequest, thumbprint: str) -> HttpResponse:
    """The public half of a key that has signed badges. Raises NotFound."""
    return _told(queries.badge_key(thumbprint), kind="application/jwk+json")


@require_safe
def badge_status(request: HttpRequest) -> HttpResponse:
    """The signed list of what was taken back. Raises NotFound where no badge was ever signed."""
    answer = HttpResponse(learning.status_list(now=timezone.now()), content_type="application/vc+jwt")
    answer["Cache-Control"] = "public, max-age=300"
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


def _awards(row: CertificateRow) -> list[_Award]:
    if not row.awards or row.account_id is None:
        return []
    held = qualifications.held_by(row.account_id, at=timezone.now())
    return [_Award(names, row.is_valid and code in held, held.get(code)) for code, names, _until in row.awards]


def _told(document: dict[str, object], *, kind: str = "application/ld+json") -> HttpResponse:
    answer = JsonResponse(document, content_type=kind)
    answer["Cache-Control"] = f"public, max-age={_HOUR}"
    # Anybody's program may verify, also one that runs in a page.
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
