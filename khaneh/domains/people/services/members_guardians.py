"""Who acts for whom: parents for children, teachers for classes, and those whom a member has asked (`members_proxies`)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection

from khaneh.domains.people import permissions
from khaneh.domains.people.errors import GuardianshipCycle, GuardianshipHeldAlready
from khaneh.domains.people.models import Guardianship
from khaneh.domains.people.services.members_rows import held_both, is_own, require_state
from khaneh.domains.people.types import GuardianshipKind, MemberState, Rights
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound

# Everybody above the guardian, as far as it goes.
_ABOVE = """
WITH RECURSIVE above(id) AS (
    SELECT %(guardian)s::bigint
    UNION
    SELECT g.guardian_id FROM people_guardianship g JOIN above a ON g.ward_id = a.id
    WHERE g.valid_until IS NULL OR g.valid_until > %(now)s
)
SELECT EXISTS (SELECT FROM above WHERE id = %(ward)s)
"""


def add_guardian(
    *,
    actor: Actor,
    guardian_id: int,
    ward_id: int,
    kind: GuardianshipKind,
    now: datetime,
    rights: Rights = Rights(),  # noqa: B008 - a frozen value
    until: datetime | None = None,
) -> int:
    """Let one member act for another, noted at a desk of the ward's home house; gives the guardianship's id.

    Nobody may come to answer for themself, however long the chain. Raises NotFound, NotAllowed, WrongMemberState, Invalid,
    GuardianshipCycle, GuardianshipHeldAlready.
    """
    with db.transaction():
        if guardian_id == ward_id:
            raise GuardianshipCycle(guardian=guardian_id, ward=ward_id)
        rows = held_both(guardian_id, ward_id)
        permissions.require_desk(actor, rows[ward_id].home_house_id)
        for row in rows.values():
            require_state(row, MemberState.ACTIVE, MemberState.APPLIED)
        made = bind(
            guardian_id=guardian_id, ward_id=ward_id, kind=kind, rights=rights, now=now, until=until, actor=actor
        )
        facts: dict[str, Any] = {"guardian": guardian_id, "ward": ward_id, "guardianship_kind": kind.value}
        journal.record("people.guardian.added", actor=actor, house_id=rows[ward_id].home_house_id, **facts)
    return made


def end_guardianship(*, actor: Actor, guardianship_id: int, now: datetime) -> None:
    """Nobody acts for the ward in this way any more: by either of the two, or at a desk of the ward's home house.

    A child whose category asks for a guardian then borrows nothing until there is another. Raises NotFound, NotAllowed.
    """
    with db.transaction():
        row = Guardianship.objects.filter(pk=guardianship_id).first()
        if row is None or (row.valid_until is not None and row.valid_until <= now):
            raise NotFound(what="guardianship")
        rows = held_both(row.guardian_id, row.ward_id)
        ward, guardian = rows[row.ward_id], rows[row.guardian_id]
        if not is_own(actor, ward, now=now) and not permissions.is_holder(actor, guardian.account_id):
            permissions.require_desk(actor, ward.home_house_id)
        # Taken back before it began, it never counted.
        Guardianship.objects.filter(pk=row.pk).update(valid_until=max(now, row.valid_from))
        facts: dict[str, Any] = {"guardian": row.guardian_id, "ward": row.ward_id, "guardianship_kind": row.kind}
        journal.record("people.guardian.ended", actor=actor, house_id=ward.home_house_id, **facts)


def bind(
    *,
    actor: Actor,
    guardian_id: int,
    ward_id: int,
    kind: GuardianshipKind,
    rights: Rights,
    now: datetime,
    until: datetime | None = None,
) -> int:
    """The row itself, inside an act's transaction. Raises NotFound, WrongMemberState, Invalid, GuardianshipCycle, GuardianshipHeldAlready."""
    if until is not None and until <= now:
        raise Invalid(fields={"until": "out_of_range"})
    for row in held_both(guardian_id, ward_id).values():
        require_state(row, MemberState.ACTIVE, MemberState.APPLIED)
    # Long chains may close at two ends at once, where no row is held by both: one change to the tree at a time.
    db.lock(("people.guardianships", 0))
    with connection.cursor() as cursor:
        cursor.execute(_ABOVE, {"guardian": guardian_id, "ward": ward_id, "now": now})
        if cursor.fetchone()[0]:
            raise GuardianshipCycle(guardian=guardian_id, ward=ward_id)
    try:
        with db.transaction():
            made = Guardianship.objects.create(
                guardian_id=guardian_id,
                ward_id=ward_id,
                kind=kind.value,
                may_borrow=rights.borrow,
                may_request=rights.request,
                may_see_loans=rights.see_loans,
                may_pay=rights.pay,
                valid_from=now,
                valid_until=until,
                granted_by_id=actor.account_id,
            )
    except IntegrityError as error:
        if "people_guardianship_once_at_a_time" not in str(error):
            raise
        raise GuardianshipHeldAlready(guardian=guardian_id, ward=ward_id) from None
    return made.pk
