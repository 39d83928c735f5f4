"""The actor of a request, accounts, and who holds which role."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import check_password
from django.db.models import Exists, OuterRef, Q, QuerySet

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Role
from khaneh.domains.people import rules
from khaneh.domains.people.models import Account, RoleAssignment
from khaneh.domains.people.types import AccountRow, RoleRow
from khaneh.infrastructure import db
from khaneh.kernel.actor import VISITOR, Actor, Grant, Place
from khaneh.kernel.refusal import NotFound

# Every request and every act begins with it.
_ACTOR = """
SELECT a.id, a.name, a.email, a.language, r.role, r.house_id, r.organisation_id
FROM people_account a
LEFT JOIN people_roleassignment r ON r.account_id = a.id
  AND r.valid_from <= %(now)s::timestamptz AND (r.valid_until IS NULL OR r.valid_until > %(now)s::timestamptz)
WHERE a.id = %(account)s::bigint AND a.is_active
ORDER BY r.id
"""


def actor(account_id: int | None, *, now: datetime) -> Actor:
    """Who acts: the account with the roles that count now; a visitor for nobody or a closed account. One statement."""
    rows = db.fetch_all(_ACTOR, {"account": account_id, "now": now}) if account_id is not None else []
    if not rows:
        return VISITOR
    number, name, email, language = rows[0][:4]
    return Actor(
        account_id=number,
        name=name or email,
        grants=tuple(Grant(role, house, organisation) for *_, role, house, organisation in rows if role is not None),
        language=language,
    )


def account(account_id: int) -> AccountRow:
    """One account. One statement. Raises NotFound."""
    found = Account.objects.filter(pk=account_id).first()
    if found is None:
        raise NotFound(what="account")
    return _account_row(found)


def account_names(account_ids: Iterable[int | None]) -> dict[int, str]:
    """What to call the persons of these accounts, closed ones too: for telling who did something. One statement."""
    return {one.pk: one.get_full_name() for one in Account.objects.filter(pk__in=_known(account_ids))}


def account_emails(account_ids: Iterable[int | None]) -> dict[int, str]:
    """The addresses of those accounts that are open. One statement."""
    return dict(Account.objects.filter(pk__in=_known(account_ids), is_active=True).values_list("pk", "email"))


def own_address(account_id: int | None) -> str:
    """The address of an open account that is surely its holder's: not one that somebody signed up with and never confirmed. Empty for none.

    One statement.
    """
    found = Account.objects.filter(pk=account_id or 0, is_active=True).exclude(
        Exists(EmailAddress.objects.filter(user_id=OuterRef("pk"), email__iexact=OuterRef("email"), verified=False))
    )
    return found.values_list("email", flat=True).first() or ""


def account_by_email(email: str) -> AccountRow | None:
    """The open account of an address, or None; for those who give roles. One statement."""
    found = Account.objects.filter(email=email.strip().lower(), is_active=True).first()
    return _account_row(found) if found else None


def password_fits(*, email: str, password: str) -> bool:
    """Whether an open account has this password: for telling a demonstration's sign-ins only where they hold. One statement, one hash."""
    found = Account.objects.filter(email=email.strip().lower(), is_active=True).first()
    return found is not None and check_password(password, found.password)


def roles_of(account_id: int, *, now: datetime) -> list[RoleRow]:
    """The roles an account holds or will hold, the oldest first. Three statements."""
    rows = RoleAssignment.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=now), account_id=account_id)
    return _role_rows(rows)


def organisations_of(account_ids: Iterable[int | None], *, since: datetime) -> dict[int, set[int]]:
    """At which organisations each of these accounts has held a role at any time from `since` on. One statement."""
    found: dict[int, set[int]] = {}
    rows = RoleAssignment.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=since),
        account_id__in=_known(account_ids),
        organisation_id__isnull=False,
    )
    for account_id, organisation_id in rows.values_list("account_id", "organisation_id"):
        found.setdefault(account_id, set()).add(organisation_id)
    return found


def roles_at(
    *, actor: Actor, house_id: int | None = None, organisation_id: int | None = None, now: datetime
) -> list[RoleRow]:
    """Who holds or will hold a role exactly there; nobody, for an actor who does not staff the place. At most six statements.

    Raises NotFound.
    """
    if not rules.sees_roles(actor, place_of(house_id=house_id, organisation_id=organisation_id)):
        return []
    there = Q(house_id=house_id) if house_id is not None else Q(organisation_id=organisation_id or 0)
    rows = RoleAssignment.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=now), there)
    return _role_rows(rows)


def roles_above(
    *, actor: Actor, house_id: int | None = None, organisation_id: int | None = None, now: datetime
) -> list[RoleRow]:
    """The roles held above a place that count there now, the nearest place first; nobody for an actor who does not staff the place.
    At most six statements. Raises NotFound.
    """
    place = place_of(house_id=house_id, organisation_id=organisation_id)
    if not rules.sees_roles(actor, place):
        return []
    houses = [number for number in place.houses if number != house_id]
    organisations = [number for number in place.organisations if number != organisation_id]
    above = Q(house_id__in=houses) | Q(organisation_id__in=organisations)
    found = _role_rows(RoleAssignment.objects.filter(_valid(now), above))
    nearness = {("house", number): turn for turn, number in enumerate(houses)}
    nearness |= {("organisation", number): turn for turn, number in enumerate(organisations, len(houses))}
    return sorted(
        found,
        key=lambda row: nearness[
            ("house", row.house.id) if row.house else ("organisation", row.organisation.id if row.organisation else 0)
        ],
    )


def roles_over(
    *, actor: Actor, house_id: int | None = None, organisation_id: int | None = None, now: datetime, limit: int = 50
) -> list[RoleRow]:
    """The roles once held exactly there, the last ended first; nobody for an actor who does not staff the place. At most six statements.

    Raises NotFound.
    """
    if not rules.sees_roles(actor, place_of(house_id=house_id, organisation_id=organisation_id)):
        return []
    there = Q(house_id=house_id) if house_id is not None else Q(organisation_id=organisation_id or 0)
    ended = RoleAssignment.objects.filter(there, valid_until__lte=now).order_by("-valid_until", "-pk")
    rows = _role_rows(RoleAssignment.objects.filter(pk__in=list(ended.values_list("pk", flat=True)[:limit])))
    return sorted(rows, key=lambda row: (row.valid_until or now, row.id), reverse=True)


def grantable_at(actor: Actor, *, house_id: int | None = None, organisation_id: int | None = None) -> frozenset[Role]:
    """The roles that the actor may give and take there; for a form's choices. At most three statements. Raises NotFound."""
    return rules.grantable(actor, place_of(house_id=house_id, organisation_id=organisation_id))


def place_of(*, house_id: int | None, organisation_id: int | None) -> Place:
    """The place of a role. At most three statements. Raises NotFound, also when neither or both are given."""
    if house_id is not None and organisation_id is None:
        return network.place_of_house(house_id)
    if organisation_id is not None and house_id is None:
        return network.place_of_organisation(organisation_id)
    raise NotFound(what="place")


def _valid(now: datetime) -> Q:
    return Q(valid_from__lte=now) & (Q(valid_until__isnull=True) | Q(valid_until__gt=now))


def _account_row(found: Account) -> AccountRow:
    return AccountRow(
        id=found.pk,
        email=found.email,
        name=found.name,
        language=found.language,
        calendar=found.calendar,
        is_active=found.is_active,
        created_at=found.created_at,
    )


def _role_rows(rows: QuerySet[RoleAssignment]) -> list[RoleRow]:
    found = list(rows.select_related("account", "granted_by", "revoked_by").order_by("valid_from", "pk"))
    houses = network.house_refs(_known(row.house_id for row in found))
    organisations = network.organisation_refs(_known(row.organisation_id for row in found))
    return [
        RoleRow(
            id=row.pk,
            account_id=row.account_id,
            account_name=row.account.get_full_name(),
            role=Role(row.role),
            house=houses.get(row.house_id) if row.house_id is not None else None,
            organisation=organisations.get(row.organisation_id) if row.organisation_id is not None else None,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            granted_by=row.granted_by.get_full_name() if row.granted_by else "",
            reason=row.reason,
            revoked_by=row.revoked_by.get_full_name() if row.revoked_by else "",
        )
        for row in found
    ]


def _known(ids: Iterable[int | None]) -> list[int]:
    return [number for number in ids if number is not None]
