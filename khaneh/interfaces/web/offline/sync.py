"""What the device and the server say to each other, in JSON. Parse, call, translate; a refusal is its code and its facts."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from khaneh.domains.circulation import services
from khaneh.domains.circulation.queries import offline as queries
from khaneh.domains.circulation.types import Replayed, SignedEntry
from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound, Refusal, RefusalKind

_STATUS = {
    RefusalKind.INVALID: 422,
    RefusalKind.NOT_ALLOWED: 403,
    RefusalKind.NOT_FOUND: 404,
    RefusalKind.CONFLICT: 409,
    RefusalKind.LIMIT: 409,
    RefusalKind.UNAVAILABLE: 503,
}
_MOST_HOUSES = 500
View = Callable[[HttpRequest], HttpResponse]


def _answering(view: View) -> View:
    """A visitor is told to sign in, a refusal is told by its code; nothing is ever cached."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        response: HttpResponse
        if actor_of(request).account_id is None:
            response = JsonResponse({"code": "sign_in"}, status=401)
        else:
            try:
                response = view(request)
            except Refusal as refusal:
                response = JsonResponse({"code": refusal.code, "facts": refusal.facts}, status=_STATUS[refusal.kind])
        response.headers["Cache-Control"] = "private, no-store"
        return response

    return guarded


@require_safe
def session(request: HttpRequest) -> HttpResponse:
    """Whether the line is up: the server's time, who is signed in, and how it stands with the device that asks."""
    actor, now = actor_of(request), timezone.now()
    found: dict[str, Any] = {"now": now.timestamp() * 1000, "signed_in": actor.account_id is not None}
    if actor.account_id is not None:
        found |= {"name": actor.name, "token": get_token(request), "device": _device(request)}
        if "houses" in request.GET:
            found["houses"] = _houses(request)
    response = JsonResponse(found)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_POST
@_answering
def enrol(request: HttpRequest) -> HttpResponse:
    """Take this device on for a house."""
    data = _read(request)
    house_id = network.house_ids_by_code([str(data.get("house"))]).get(str(data.get("house")))
    if house_id is None:
        raise Invalid(fields={"house": "not_in_list"})
    number = services.enrol_device(
        actor=actor_of(request), house_id=house_id, name=str(data.get("name", "")), public_key=_bytes(data, "public_key"),
        recovery_key=_bytes(data, "recovery_key"), snapshot_days=_whole(data, "days"), now=timezone.now(),
    )  # fmt: skip
    house = network.house_facts(house_id)
    return JsonResponse(
        {
            "device": number,
            "house": {"code": house.code, "names": house.names.to_dict(), "zone": house.calendar.zone},
        }
    )


@require_POST
@_answering
def recover(request: HttpRequest) -> HttpResponse:
    """The key of this device, for whoever may enrol one: the passphrase was forgotten."""
    key = services.recover_device(actor=actor_of(request), device_id=_whole(_read(request), "device"))
    return JsonResponse({"key": base64.b64encode(key).decode()})


@require_POST
@_answering
def snapshot(request: HttpRequest) -> HttpResponse:
    """The parts of the snapshot that the device has not."""
    data, now = _read(request), timezone.now()
    have, device_id = data.get("have"), _whole(data, "device")
    proof = SignedEntry(str(data.get("proof", "")), _bytes(data, "signature"))
    services.require_device(device_id=device_id, proof=proof, now=now)
    drawn = services.draw_snapshot(
        actor=actor_of(request), device_id=device_id, now=now,
        have={str(name): str(digest) for name, digest in have.items()} if isinstance(have, dict) else {},
    )  # fmt: skip
    head = {
        "as_of": drawn.as_of.timestamp() * 1000,
        "expires_at": drawn.expires_at.timestamp() * 1000,
        "members": drawn.members,
        "copies": drawn.copies,
        "size": drawn.size,
        "names": drawn.names,
        "terms": drawn.terms,
        "dues": drawn.dues,
        "first_day": drawn.first_day,
    }
    # The parts are JSON already: they are put in as they are.
    parts = b",".join(json.dumps(name).encode() + b":" + rows for name, rows in drawn.parts.items())
    body = json.dumps(head, ensure_ascii=False).encode()[:-1] + b',"parts":{' + parts + b"}}"
    return HttpResponse(body, content_type="application/json")


@require_POST
@_answering
def upload(request: HttpRequest) -> HttpResponse:
    """A piece of the device's log: kept, then done. Told again, the same is answered."""
    data, now = _read(request), timezone.now()
    device_id, entries = _whole(data, "device"), data.get("entries")
    clock = data.get("clock")
    if not isinstance(entries, list) or not isinstance(clock, dict):
        raise Invalid(fields={"entries": "not_understood"})
    actor = actor_of(request)
    sent = [SignedEntry(str(one.get("body", "")), _bytes(one, "signature")) for one in entries if isinstance(one, dict)]
    expected = services.receive_entries(actor=actor, device_id=device_id, entries=sent, clock_now=clock, now=now)
    services.replay_pending(actor=actor, device_id=device_id, now=now)
    numbers = [number for number in data.get("numbers", []) if isinstance(number, int)][:500]
    done = queries.outcomes(actor, device_id=device_id, numbers=numbers)
    return JsonResponse({"expected": expected, "done": _told(done), "now": timezone.now().timestamp() * 1000})


def _told(done: list[Replayed]) -> list[dict[str, Any]]:
    houses = network.house_refs({one.result["to_house_id"] for one in done if one.result.get("to_house_id")})
    cards = queries.cards_of({one.result["member_id"] for one in done if one.result.get("member_id")})
    return [
        {
            "number": one.number,
            "outcome": one.outcome.value,
            "kind": one.result.get("kind", ""),
            "goes_to": one.result.get("goes_to", ""),
            "to": houses[one.result["to_house_id"]].names.to_dict() if one.result.get("to_house_id") else None,
            "card": cards.get(one.result.get("member_id", 0), ""),
            "returned": bool(one.result.get("returned")),
        }
        for one in done
    ]


def _device(request: HttpRequest) -> dict[str, Any] | None:
    number = request.GET.get("device", "")
    if not number.isdecimal() or len(number) > 17:
        return None
    try:
        found = queries.device(actor_of(request), int(number))
    except NotFound:
        return {"state": "unknown"}
    state = "doubted" if found.doubted_at else "revoked" if found.revoked_at else "known"
    return {"state": state, "expected": found.expected, "name": found.name, "snapshot_days": found.snapshot_days}


def _houses(request: HttpRequest) -> list[dict[str, Any]]:
    """The houses for which the person may enrol a device."""
    actor = actor_of(request)
    try:
        served = people.served_houses(actor)
    except NotAllowed:
        return []
    ids = served if served is not None else list(network.house_ids_by_code().values())
    may = [number for number in ids[:_MOST_HOUSES] if queries.may_enrol(actor, house_id=number)]
    refs = sorted(network.house_refs(may).values(), key=lambda ref: ref.code)
    return [{"code": ref.code, "names": ref.names.to_dict()} for ref in refs]


def _read(request: HttpRequest) -> dict[str, Any]:
    try:
        data = json.loads(request.body)
    except ValueError as error:
        raise Invalid(fields={"body": "not_understood"}) from error
    if not isinstance(data, dict):
        raise Invalid(fields={"body": "not_understood"})
    return data


def _whole(data: dict[str, Any], name: str) -> int:
    value = data.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**53:
        raise Invalid(fields={name: "not_understood"})
    return value


def _bytes(data: dict[str, Any], name: str) -> bytes:
    try:
        return base64.b64decode(str(data.get(name, "")), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Invalid(fields={name: "not_understood"}) from error
