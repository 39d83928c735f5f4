"""Keys for programs: making and ending one, who calls with one, and answering a call once however often it is told."""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from cryptography.fernet import Fernet
from django.core.cache import cache
from django.db import connection

from khaneh.domains.people import permissions, queries, rules
from khaneh.domains.people.errors import (
    KeyUsedOtherwise,
    TokenReadsOnly,
    TokenUnknown,
    TooManyCalls,
)
from khaneh.domains.people.models import Token, TokenAnswer, TokenRole
from khaneh.domains.people.queries import tokens as rows
from khaneh.domains.people.types import Answered, Caller, TokenAccess, TokenKind
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import VISITOR, Actor, Grant
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound

LONGEST_NAME = 100
LONGEST_TERM = timedelta(days=731)
MOST_TOKENS = 50
MOST_ROLES = 50
REMEMBERED = timedelta(hours=24)
CALLS_A_MINUTE = 600
WRONG_A_MINUTE = 30  # from one address
LONGEST_KEY = 200
_USED = timedelta(minutes=1)

_PACE = """
INSERT INTO people_token_pace (token_id, minute, calls) VALUES (%(token)s, %(minute)s, 1)
ON CONFLICT (token_id) DO UPDATE SET
    calls = CASE WHEN people_token_pace.minute = excluded.minute THEN people_token_pace.calls + 1 ELSE 1 END, minute = excluded.minute
RETURNING calls
"""
_CLAIM = """
INSERT INTO people_token_answer (token_id, key, asked, at) VALUES (%s, %s, %s, %s) ON CONFLICT (token_id, key) DO NOTHING RETURNING id
"""
_TOLD = "SELECT id, asked, answer, at FROM people_token_answer WHERE token_id = %s AND key = %s FOR UPDATE"
_AGAIN = "UPDATE people_token_answer SET asked = %s, answer = NULL, at = %s WHERE id = %s"
_KEEP = "UPDATE people_token_answer SET answer = %s WHERE id = %s"


def make_token(
    *,
    actor: Actor,
    name: str,
    kind: TokenKind,
    access: TokenAccess,
    own_account: bool,
    grants: Sequence[Grant],
    expires_at: datetime,
    now: datetime,
) -> tuple[int, str]:
    """Make a key for programs; gives its id and the key, which nobody can read again.

    A personal one acts for the actor: as the roles given, which the actor must hold, and in their own membership with `own_account`. A
    machine's acts in nobody's name and is made by who manages each place. No key makes keys. Raises NotAllowed, NotFound, Invalid.
    """
    if actor.account_id is None or actor.token_id is not None:
        raise NotAllowed(act="people.make_token")
    name = name.strip()
    grants = list(dict.fromkeys(grants))
    problems = {}
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        problems["name"] = "too_long" if len(name) > LONGEST_NAME else "missing" if not name else "control_characters"
    if not now < expires_at <= now + LONGEST_TERM:
        problems["expires_at"] = "out_of_range"
    if len(grants) > MOST_ROLES:
        problems["roles"] = "too_many"
    elif not grants and (kind is TokenKind.MACHINE or not own_account):
        problems["roles"] = "missing"
    if own_account and kind is TokenKind.MACHINE:
        problems["own_account"] = "out_of_range"
    if problems:
        raise Invalid(fields=problems)
    secret = f"{rules.PREFIX}{secrets.token_urlsafe(32)}"
    with db.transaction():
        db.lock(("people.account", actor.account_id))
        # Not the actor's own grants, which a request read a moment ago: the roles that count at this instant.
        maker = queries.actor(actor.account_id, now=now)
        for grant in grants:
            permissions.require_token_role(maker, grant, kind)
        if (
            Token.objects.filter(account_id=actor.account_id, revoked_at=None, expires_at__gt=now).count()
            >= MOST_TOKENS
        ):
            raise Invalid(fields={"name": "too_many"})
        made = Token.objects.create(
            account_id=actor.account_id, name=name, kind=kind.value, access=access.value, own_account=own_account,
            digest=rules.digest(secret), hint=secret[:10], created_at=now, expires_at=expires_at,
        )  # fmt: skip
        TokenRole.objects.bulk_create(
            TokenRole(token=made, role=grant.role, house_id=grant.house_id, organisation_id=grant.organisation_id)
            for grant in grants
        )
        journal.record("people.token.made", actor=actor, made=made.pk, token_kind=kind.value, access=access.value)
    return made.pk, secret


def revoke_token(*, actor: Actor, token_id: int, now: datetime) -> None:
    """End a key at once: by who made it, a machine's also by who manages its places. Raises NotFound."""
    with db.transaction():
        found = Token.objects.select_for_update().filter(pk=token_id).first()
        if found is None or found.revoked_at is not None or not rows.may_end(actor, found):
            raise NotFound(what="token")
        found.revoked_at = now
        found.save(update_fields=["revoked_at"])
        TokenAnswer.objects.filter(token_id=token_id).delete()
        journal.record("people.token.revoked", actor=actor, revoked=token_id)


def open_token(secret: str, *, now: datetime, address: str = "") -> Caller:
    """Who calls with a key: an actor who can do no more than its maker could at this moment. About six statements.

    Raises TokenUnknown for one that is unknown, ended or revoked, whose maker's account is closed, or of which nothing counts any more;
    TooManyCalls for more than so many in a minute, and for wrong ones from one address.
    """
    found = None
    if secret.startswith(rules.PREFIX) and len(secret) <= LONGEST_KEY and secret.isascii():
        found = Token.objects.filter(digest=rules.digest(secret), revoked_at=None, expires_at__gt=now).first()
    maker = queries.actor(found.account_id, now=now) if found is not None else VISITOR
    if found is None or maker is VISITOR:
        _count_wrong(address)
        raise TokenUnknown
    grants = rows.effective(found, maker)
    if not grants and not found.own_account:
        raise TokenUnknown
    _keep_pace(found.pk, now)
    if found.used_at is None or now - found.used_at > _USED:
        Token.objects.filter(pk=found.pk).update(used_at=now)
    personal = found.kind == TokenKind.PERSONAL
    return Caller(
        token_id=found.pk,
        actor=Actor(
            account_id=maker.account_id if personal else None,
            name=maker.name if personal else found.name,
            grants=grants,
            language=maker.language,
            token_id=found.pk,
        ),
        access=TokenAccess(found.access),
        own_account=found.own_account,
        seal=rules.seal(secret),
    )


def answer_once(*, caller: Caller, key: str, asked: bytes, now: datetime, act: Callable[[], Answered]) -> Answered:
    """Do what a call asks and keep the answer in one transaction; or give the answer that the same key was given in the last day.

    `asked` is the whole call. What `act` raises undoes everything, and the call may be made again; an answer that it returns, a refusal too, is
    kept. While one call is still at it, the other waits. Raises TokenReadsOnly, Invalid (key), KeyUsedOtherwise. Three statements.
    """
    if caller.access is not TokenAccess.WRITE:
        raise TokenReadsOnly
    if not key or len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise Invalid(fields={"Idempotency-Key": "too_long" if len(key) > LONGEST_KEY else "missing"})
    named = hmac.digest(caller.seal, b"key:" + key.encode(), "sha256")
    digest = hmac.digest(caller.seal, b"asked:" + asked, "sha256")
    sealed = Fernet(base64.urlsafe_b64encode(caller.seal))
    with db.transaction():
        number, told = _claim(caller.token_id, named, digest, now)
        if told is not None:
            status, media_type, body = sealed.decrypt(told).split(b"\n", 2)
            return Answered(int(status), media_type.decode(), body, again=True)
        answer = act()
        kept = sealed.encrypt(b"%d\n%s\n%s" % (answer.status, answer.media_type.encode(), answer.body))
        with connection.cursor() as cursor:
            cursor.execute(_KEEP, [kept, number])
    return answer


def forget_token_answers(*, before: datetime) -> int:
    """Delete what programs were answered before an instant; gives the number. One statement."""
    return TokenAnswer.objects.filter(at__lt=before).delete()[0]


def _claim(token_id: int, key: bytes, asked: bytes, now: datetime) -> tuple[int, bytes | None]:
    """The row of this key, held; with the answer that was given, if there was one."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [token_id, key, asked, now])
        row = cursor.fetchone()
        if row is not None:
            return int(row[0]), None
        cursor.execute(_TOLD, [token_id, key])
        told = cursor.fetchone()
        if told is None:  # deleted between the two statements
            return _claim(token_id, key, asked, now)
        number, before, answer, at = told
        if now - at < REMEMBERED:
            if not hmac.compare_digest(bytes(before), asked):
                raise KeyUsedOtherwise
            if answer is not None:
                return int(number), bytes(answer)
        cursor.execute(_AGAIN, [asked, now, number])
    return int(number), None


def _keep_pace(token_id: int, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_PACE, {"token": token_id, "minute": int(now.timestamp()) // 60})
        (calls,) = cursor.fetchone()
    if calls > CALLS_A_MINUTE:
        raise TooManyCalls(seconds=60 - now.second, limit=CALLS_A_MINUTE)


def _count_wrong(address: str) -> None:
    """Keys cannot be guessed; this keeps whoever tries from keeping the database busy."""
    if not address:
        return
    key = f"people.token.wrong.{address}"
    count = int(cache.get(key) or 0) + 1
    if count > WRONG_A_MINUTE:
        raise TooManyCalls(seconds=60, limit=WRONG_A_MINUTE)
    cache.set(key, count, 60)
