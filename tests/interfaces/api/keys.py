"""Callers of the API: people with roles at the houses of a small network, and their keys."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import Client

from khaneh.domains.network.types import Role
from khaneh.domains.people import queries, services
from khaneh.domains.people.models import Account, Member
from khaneh.domains.people.types import TokenAccess, TokenKind
from khaneh.kernel.actor import SYSTEM, Grant

_calls = itertools.count(1)
# One for all: a client reads the whole middleware when it is first used. No call has a cookie.
_CLIENT = Client()


@dataclass(frozen=True)
class Program:
    """A program with a key. Each call that changes something has a name of its own, unless one is given."""

    key: str
    account_id: int | None = None

    def headers(self, **more: str) -> dict[str, str]:
        return {**({"Authorization": f"Bearer {self.key}"} if self.key else {}), **more}

    def get(self, address: str, **query: Any) -> Any:
        return _CLIENT.get(f"/api/v1{address}", query, headers=self.headers())

    def post(self, address: str, body: Any = None, *, call: str = "", method: str = "post", **headers: str) -> Any:
        return getattr(_CLIENT, method)(
            f"/api/v1{address}",
            data="" if body is None else json.dumps(body),
            content_type="application/json",
            headers=self.headers(**{"Idempotency-Key": call or f"call-{next(_calls)}", **headers}),
        )

    def done(self, address: str, body: Any = None, **more: Any) -> Any:
        """The answer to a call that must succeed."""
        response = self.post(address, body, **more)
        assert response.status_code in (200, 201), response.content.decode()
        return response.json()

    def read(self, address: str, **query: Any) -> Any:
        """The answer to a question that must be answered."""
        response = self.get(address, **query)
        assert response.status_code == 200, response.content.decode()
        return response.json()


NOBODY = Program("")


def program(
    *roles: tuple[Role, int],
    own: bool = False,
    access: TokenAccess = TokenAccess.WRITE,
    kind: TokenKind = TokenKind.PERSONAL,
    as_roles: tuple[tuple[Role, int], ...] | None = None,
    member: Member | None = None,
    account_id: int | None = None,
    employs: int | None = None,
    now: datetime | None = None,
) -> Program:
    """A key of a person who holds these roles at these houses; with `as_roles` it is given others than they hold.

    Of `account_id`, where there is one already. With `employs` they administer that organisation, and the key speaks for it.
    """
    now = now or datetime.now(UTC)
    if account_id is None:
        account = Account.objects.create_user(f"caller{next(_calls)}@example.org", name="Caller")
    else:
        account = Account.objects.get(pk=account_id)
    for role, house in roles:
        services.grant_role(actor=SYSTEM, account_id=account.pk, role=role, house_id=house, now=now)
    grants = [Grant(role.value, house_id=house) for role, house in (roles if as_roles is None else as_roles)]
    if employs is not None:
        services.grant_role(
            actor=SYSTEM, account_id=account.pk, role=Role.ADMINISTRATOR, organisation_id=employs, now=now
        )
        grants.append(Grant(Role.ADMINISTRATOR.value, organisation_id=employs))
    if member is not None:
        Member.objects.filter(pk=member.pk).update(account=account)
    _, key = services.make_token(
        actor=queries.actor(account.pk, now=now),
        name="tests",
        kind=kind,
        access=access,
        own_account=own,
        grants=grants,
        expires_at=now + timedelta(days=60),
        now=now,
    )
    return Program(key, account.pk)
