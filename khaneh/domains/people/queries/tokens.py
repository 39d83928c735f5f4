"""Tokens as their makers and the managers of their places see them, and what one may be given."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Role
from khaneh.domains.people import permissions, rules
from khaneh.domains.people.models import Token
from khaneh.domains.people.queries.accounts import actor as actor_of
from khaneh.domains.people.queries.accounts import place_of, roles_of
from khaneh.domains.people.types import TokenAccess, TokenChoice, TokenKind, TokenRole, TokenRow
from khaneh.kernel.actor import Actor, Grant, Place

MOST = 200


def tokens_of(actor: Actor, *, now: datetime, limit: int = MOST) -> list[TokenRow]:
    """The tokens that the actor made and that may still be open, the newest first. At most eight statements."""
    if actor.account_id is None or actor.token_id is not None:
        return []
    found = Token.objects.filter(account_id=actor.account_id, revoked_at=None, expires_at__gt=now)
    found = found.prefetch_related("roles")
    return _rows(found.order_by("-pk")[:limit], actor_of(actor.account_id, now=now))


def machine_tokens_of_others(actor: Actor, *, now: datetime, limit: int = MOST) -> list[TokenRow]:
    """Machines' tokens that somebody else made and that act only where the actor may make such, the newest first.

    Bounded statements, but for each maker two. For an actor who may make none: none, and no statement.
    """
    if actor.token_id is not None or not actor.holds_somewhere(permissions.TOKEN_MAKERS):
        return []
    found = Token.objects.filter(kind=TokenKind.MACHINE.value, revoked_at=None, expires_at__gt=now)
    found = found.exclude(account_id=actor.account_id or 0).prefetch_related("roles").select_related("account")
    mine = [row for row in found.order_by("-pk")[:limit] if may_end(actor, row)]
    makers = {row.account_id: actor_of(row.account_id, now=now) for row in mine}
    return [line for row in mine for line in _rows([row], makers[row.account_id])]


def token_choices(actor: Actor, *, now: datetime) -> list[TokenChoice]:
    """The roles at places that the actor may put into a token: their own, and what those contain. About five statements."""
    if actor.account_id is None or actor.token_id is not None:
        return []
    found: dict[tuple[str, int | None, int | None], TokenChoice] = {}
    for row in roles_of(actor.account_id, now=now):
        if not row.is_valid(now):
            continue
        place = _place_of(
            Grant(row.role, row.house.id if row.house else None, row.organisation.id if row.organisation else None)
        )
        for role in sorted(rules.contained(row.role), key=list(Role).index):
            kinds = {TokenKind.PERSONAL}
            if actor.holds(permissions.TOKEN_MAKERS, place):
                kinds.add(TokenKind.MACHINE)
            key = (role.value, row.house.id if row.house else None, row.organisation.id if row.organisation else None)
            found[key] = TokenChoice(role, row.house, row.organisation, frozenset(kinds))
    return list(found.values())


def may_end(actor: Actor, row: Token) -> bool:
    """Whether the actor may revoke a token: its maker, and for a machine's whoever may make one at each of its places."""
    if row.account_id == actor.account_id:
        return actor.token_id is None
    if row.kind != TokenKind.MACHINE or actor.token_id is not None:
        return False
    places = [_place_of(grant) for grant in grants_of(row)]
    return bool(places) and all(actor.holds(permissions.TOKEN_MAKERS, place) for place in places)


def grants_of(row: Token) -> list[Grant]:
    """What a token was given."""
    return [Grant(one.role, one.house_id, one.organisation_id) for one in row.roles.all()]


def effective(row: Token, maker: Actor) -> tuple[Grant, ...]:
    """What of it counts, with what its maker holds at this moment. No statement where the maker's roles are at the very places."""
    return rules.still_held(grants_of(row), maker, _place_of)


def _place_of(grant: Grant) -> Place:
    if grant.house_id is not None:
        return network.house_facts(grant.house_id).place
    return place_of(house_id=None, organisation_id=grant.organisation_id)


def _rows(found: Iterable[Token], maker: Actor) -> list[TokenRow]:
    rows = list(found)
    grants = [grant for row in rows for grant in grants_of(row)]
    houses = network.house_refs([grant.house_id for grant in grants if grant.house_id is not None])
    organisations = network.organisation_refs(
        [grant.organisation_id for grant in grants if grant.organisation_id is not None]
    )
    lines = []
    for row in rows:
        held = set(effective(row, maker))
        roles = tuple(
            TokenRole(
                role=Role(grant.role),
                house=houses.get(grant.house_id or 0),
                organisation=organisations.get(grant.organisation_id or 0),
                counts=grant in held,
            )
            for grant in grants_of(row)
        )
        lines.append(
            TokenRow(
                id=row.pk,
                name=row.name,
                hint=row.hint,
                kind=TokenKind(row.kind),
                access=TokenAccess(row.access),
                own_account=row.own_account,
                roles=roles,
                made_by=maker.name,
                created_at=row.created_at,
                expires_at=row.expires_at,
                used_at=row.used_at,
                revoked_at=row.revoked_at,
            )
        )
    return lines
