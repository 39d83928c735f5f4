"""How a refusal looks over HTTP: RFC 9457 problem documents, `application/problem+json`, one shape for every error."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from khaneh.domains.people.types import Answered
from khaneh.formats.marc.write import UnwritableError
from khaneh.interfaces.api import wording
from khaneh.kernel.refusal import Refusal, RefusalKind

STATUS = {
    RefusalKind.INVALID: 422,
    RefusalKind.NOT_ALLOWED: 403,
    RefusalKind.NOT_FOUND: 404,
    RefusalKind.CONFLICT: 409,
    RefusalKind.LIMIT: 422,
    RefusalKind.UNAVAILABLE: 503,
}
# Who calls and how often is HTTP's own business: it has a status for each.
_OF_CALLING = {"people.token_unknown": 401, "people.too_many_calls": 429}
MEDIA_TYPE = "application/problem+json"


class Reason(Schema):
    """One reason, in the caller's language (Accept-Language). `right` passes over it, null is never; `field` is what it is about."""

    code: str
    message: str
    remedy: str
    right: str | None
    field: str


class Problem(Schema):
    """What went wrong. `code` is stable for ever; `title` is for a developer's log; `detail` and `reasons` are for people; `facts` for programs."""

    status: int
    code: str
    title: str
    detail: str = ""
    reasons: list[Reason] = []
    facts: dict[str, Any] = {}


def respond(
    status: int, code: str, title: str, facts: dict[str, Any], reasons: list[wording.Reason] | None = None
) -> HttpResponse:
    """One problem document."""
    response = HttpResponse(_body(status, code, title, facts, reasons or []), status=status, content_type=MEDIA_TYPE)
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="Khaneh"'
    if status == 429:
        response["Retry-After"] = str(facts["seconds"])
    return response


def told(reasons: Iterable[wording.Reason]) -> list[Reason]:
    """Reasons as answers carry them."""
    return [Reason(**one._asdict()) for one in reasons]


def answered(refusal: Refusal) -> Answered:
    """A refusal as the answer to a call that is kept."""
    status = status_of(refusal)
    return Answered(
        status, MEDIA_TYPE, _body(status, refusal.code, _title(refusal), refusal.facts, wording.reasons(refusal))
    )


def status_of(refusal: Refusal) -> int:
    """The HTTP status of a refusal."""
    return _OF_CALLING.get(refusal.code, STATUS[refusal.kind])


def no_such_address(_request: HttpRequest) -> HttpResponse:
    """For every address under the API that is none of its own."""
    return respond(404, "kernel.not_found", "There is no such address; the description is at openapi.json.", {})


def install(api: NinjaAPI) -> None:
    """Every way in which a call can fail, translated."""

    @api.exception_handler(Refusal)
    def refused(_request: HttpRequest, refusal: Refusal) -> HttpResponse:
        return respond(status_of(refusal), refusal.code, _title(refusal), refusal.facts, wording.reasons(refusal))

    @api.exception_handler(ValidationError)
    def invalid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
        fields = {".".join(str(part) for part in one["loc"]): one["msg"] for one in error.errors}
        reasons = [
            wording.Reason(one["type"], wording.fault(one["type"]), field=str(one["loc"][-1])) for one in error.errors
        ]
        return respond(422, "kernel.invalid", "One or more parameters are wrong.", {"fields": fields}, reasons)

    @api.exception_handler(UnwritableError)
    def unwritable(_request: HttpRequest, error: UnwritableError) -> HttpResponse:
        return respond(
            409, f"marc.{error.code}", "The record does not fit this form; another one holds it.", error.facts
        )

    @api.exception_handler(Http404)
    def missing(_request: HttpRequest, _error: Http404) -> HttpResponse:
        return respond(404, "kernel.not_found", "There is no such thing.", {})

    @api.exception_handler(AuthenticationError)
    def nobody(_request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
        code = "api.key_missing"
        reason = wording.Reason(code, _("A key is needed: make one in your account."))
        return respond(401, code, "The header Authorization: Bearer … is missing.", {}, [reason])

    @api.exception_handler(HttpError)
    def plain(_request: HttpRequest, error: HttpError) -> HttpResponse:
        return respond(error.status_code, "api.refused", str(error), {})


def _title(refusal: Refusal) -> str:
    return (type(refusal).__doc__ or "").partition("\n")[0]


def _body(status: int, code: str, title: str, facts: dict[str, Any], reasons: list[wording.Reason]) -> bytes:
    detail = " ".join(one.message for one in reasons)
    told = [one._asdict() for one in reasons]
    return orjson.dumps(
        {"status": status, "code": code, "title": title, "detail": detail, "reasons": told, "facts": facts}, default=str
    )
