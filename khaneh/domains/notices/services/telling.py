"""Telling: a row in the caller's transaction, and nothing more. What becomes of it is decided later, by the gathering."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from django.utils.crypto import salted_hmac

from khaneh.domains.notices import registry
from khaneh.domains.notices.types import Told
from khaneh.domains.people.queries.contacts import member_of_account
from khaneh.infrastructure import db

_TELL = """
INSERT INTO notices_notice (key, event, member_id, account_id, house_id, facts, told_at, not_before, until)
VALUES (%(key)s::text, %(event)s::text, %(member)s::bigint, %(account)s::bigint, %(house)s::bigint, %(facts)s::jsonb, %(now)s::timestamptz,
        %(not_before)s::timestamptz, %(until)s::timestamptz)
ON CONFLICT (key) DO NOTHING
"""
_TELL_MANY = """
INSERT INTO notices_notice (key, event, member_id, account_id, house_id, facts, told_at, not_before, until)
SELECT key, %(event)s::text, member, account, house, facts::jsonb, %(now)s::timestamptz, coalesce(not_before, %(now)s::timestamptz), until
FROM unnest(%(keys)s::text[], %(members)s::bigint[], %(accounts)s::bigint[], %(houses)s::bigint[], %(facts)s::text[],
            %(not_before)s::timestamptz[], %(until)s::timestamptz[])
     AS told (key, member, account, house, facts, not_before, until)
ON CONFLICT (key) DO NOTHING
"""


def tell(
    *,
    event: str,
    member_id: int,
    house_id: int,
    facts: Mapping[str, Any],
    key: str,
    now: datetime,
    not_before: datetime | None = None,
    until: datetime | None = None,
) -> None:
    """Have a member told of something that happened at a house. One INSERT, in the caller's transaction.

    `key` (e.g. `ready:4711:2026-03-02`) makes it unique for ever: told again, nothing happens. It is kept sealed. `facts` are JSON and hold numbers of things
    rather than their names where the event can resolve them. After `until` it is not worth telling. Raises NotFound for an event that
    nobody registered.
    """
    _tell(event, (member_id, None), house_id, facts, key, now, not_before, until)


def tell_many(*, event: str, told: Sequence[Told], now: datetime) -> int:
    """Have many told of one kind of event; gives how many had not been told before. One INSERT. Raises NotFound."""
    registry.event(event)
    if not told:
        return 0
    return db.execute(
        _TELL_MANY,
        {
            "event": event, "now": now,
            "keys": [_sealed(one.key) for one in told],
            "members": [one.member_id for one in told],
            "accounts": [one.account_id if one.member_id is None else None for one in told],
            "houses": [one.house_id for one in told],
            "facts": [orjson.dumps(dict(one.facts)).decode() for one in told],
            "not_before": [one.not_before for one in told],
            "until": [one.until for one in told],
        },
    )  # fmt: skip


def telling(*, event: str, told: Told, now: datetime) -> db.Write:
    """Have somebody told, as a part of `db.write`. Raises NotFound for an event that nobody registered."""
    reader = (told.member_id, told.account_id if told.member_id is None else None)
    return _telling(event, reader, told.house_id, told.facts, told.key, now, told.not_before, told.until)


def tell_account(
    *,
    event: str,
    account_id: int,
    house_id: int,
    facts: Mapping[str, Any],
    key: str,
    now: datetime,
    until: datetime | None = None,
) -> None:
    """As `tell`, for what concerns an account: its member is told, or its holder where it has none. Two statements. Raises NotFound."""
    member_id = member_of_account(account_id)
    reader = (member_id, None if member_id is not None else account_id)
    _tell(event, reader, house_id, facts, key, now, None, until)


def _tell(
    event: str, reader: tuple[int | None, int | None], house_id: int, facts: Mapping[str, Any], key: str, now: datetime,
    not_before: datetime | None, until: datetime | None,
) -> None:  # fmt: skip
    db.execute(*_telling(event, reader, house_id, facts, key, now, not_before, until))


def _telling(
    event: str, reader: tuple[int | None, int | None], house_id: int, facts: Mapping[str, Any], key: str, now: datetime,
    not_before: datetime | None, until: datetime | None,
) -> db.Write:  # fmt: skip
    registry.event(event)
    member_id, account_id = reader
    values = {
        "key": _sealed(key), "event": event, "member": member_id, "account": account_id, "house": house_id,
        "facts": orjson.dumps(dict(facts)).decode(), "now": now, "not_before": not_before or now, "until": until,
    }  # fmt: skip
    return db.Write(_TELL, values)


def _sealed(key: str) -> str:
    """The key under the installation's secret: a notice outlives what it told, and its key must not say what that was about."""
    return salted_hmac("khaneh.notices.key", key, algorithm="sha256").hexdigest()
