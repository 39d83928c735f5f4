"""How a refusal looks over HTTP: RFC 9457 problem documents, `application/problem+json`, one shape for every error."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError

from khaneh.formats.marc.write import UnwritableError
from khaneh.kernel.refusal import Refusal, RefusalKind

STATUS = {
    RefusalKind.INVALID: 422,
    RefusalKind.NOT_ALLOWED: 403,
    RefusalKind.NOT_FOUND: 404,
    RefusalKind.CONFLICT: 409,
    RefusalKind.LIMIT: 422,
    RefusalKind.UNAVAILABLE: 503,
}


class Problem(Schema):
    """What went wrong. `code` is stable for ever; `title` is for a developer's log; `facts` say what the message needs."""

    status: int
    code: str
    title: str
    facts: dict[str, Any] = {}


def respond(status: int, code: str, title: str, facts: dict[str, Any]) -> HttpResponse:
    """One problem document."""
    body = orjson.dumps({"status": status, "code": code, "title": title, "facts": facts}, default=str)
    return HttpResponse(body, status=status, content_type="application/problem+json")


def no_such_address(_request: HttpRequest) -> HttpResponse:
    """For every address under the API that is none of its own."""
    return respond(404, "kernel.not_found", "There is no such address; the description is at openapi.json.", {})


def install(api: NinjaAPI) -> None:
    """Every way in which a call can fail, translated."""

    @api.exception_handler(Refusal)
    def refused(_request: HttpRequest, refusal: Refusal) -> HttpResponse:
        title = (type(refusal).__doc__ or "").partition("\n")[0]
        return respond(STATUS[refusal.kind], refusal.code, title, refusal.facts)

    @api.exception_handler(ValidationError)
    def invalid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
        fields = {".".join(str(part) for part in one["loc"]): one["msg"] for one in error.errors}
        return respond(422, "kernel.invalid", "One or more parameters are wrong.", {"fields": fields})

    @api.exception_handler(UnwritableError)
    def unwritable(_request: HttpRequest, error: UnwritableError) -> HttpResponse:
        return respond(
            409, f"marc.{error.code}", "The record does not fit this form; another one holds it.", error.facts
        )

    @api.exception_handler(Http404)
    def missing(_request: HttpRequest, _error: Http404) -> HttpResponse:
        return respond(404, "kernel.not_found", "There is no such thing.", {})

    @api.exception_handler(HttpError)
    def plain(_request: HttpRequest, error: HttpError) -> HttpResponse:
        return respond(error.status_code, "api.refused", str(error), {})
