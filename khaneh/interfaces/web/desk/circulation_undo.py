"""What a desk may still take back, in a signed cookie of that desk alone: who had a copy stands in no table after its return."""

from __future__ import annotations

import time

from django.core import signing
from django.http import HttpRequest, HttpResponse

from khaneh.domains.circulation.services import UNDO_FOR

_NAME = "desk_undo"
_SALT = "khaneh.desk.undo"
_MOST = 20
Entry = tuple[str, int, int, int]  # the act, the loan, the member, the charge for lateness (0 for none)


def _read(request: HttpRequest) -> list[list[int | str]]:
    """Entries as [act, loan, member, charge, seconds since the epoch, account]; what is older than ten minutes or not ours is left out."""
    held = getattr(request, "_desk_undo", None)
    if held is None:
        try:
            held = signing.loads(request.COOKIES.get(_NAME, ""), salt=_SALT)
        except signing.BadSignature:
            held = []
        account = getattr(getattr(request, "user", None), "pk", None)
        limit = time.time() - UNDO_FOR.total_seconds()
        held = [one for one in held if len(one) == 6 and one[4] >= limit and one[5] == account]
    return list(held)


def keep(request: HttpRequest, entry: Entry) -> None:
    """Remember an act until the answer is written."""
    account = getattr(getattr(request, "user", None), "pk", None)
    request._desk_undo = [[*entry, int(time.time()), account], *_read(request)][:_MOST]  # type: ignore[attr-defined]


def take(request: HttpRequest, loan_id: int | None) -> Entry | None:
    """The act about a loan, and forget it; None where the cookie does not hold it."""
    held = _read(request)
    found = next((one for one in held if one[1] == loan_id), None)
    request._desk_undo = [one for one in held if one is not found]  # type: ignore[attr-defined]
    return (str(found[0]), int(found[1]), int(found[2]), int(found[3])) if found is not None else None


def brought(request: HttpRequest, loan_id: int | None) -> int | None:
    """Who brought back the copy of a loan whose return the cookie still holds."""
    return next((int(one[2]) for one in _read(request) if one[0] == "return" and one[1] == loan_id), None)


def forget(request: HttpRequest, loan_id: int | None) -> None:
    """Nothing that was done with a loan can be taken back any more."""
    request._desk_undo = [one for one in _read(request) if one[1] != loan_id]  # type: ignore[attr-defined]


def loans(request: HttpRequest) -> set[int]:
    """The loans whose last act can be taken back."""
    return {int(one[1]) for one in _read(request)}


def write(request: HttpRequest, response: HttpResponse) -> None:
    """Give the browser what is left. It goes by itself after ten minutes."""
    response.set_cookie(
        _NAME,
        signing.dumps(_read(request), salt=_SALT, compress=True),
        max_age=int(UNDO_FOR.total_seconds()),
        path="/desk/circulation/",
        httponly=True,
        secure=request.is_secure(),
        samesite="Strict",
    )
