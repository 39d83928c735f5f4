"""Who writes an application together: invited by address, joining, leaving."""

from __future__ import annotations

import re
from datetime import datetime

from django.core.cache import cache

from khaneh.domains.people import queries as people
from khaneh.domains.programmes import notices, permissions, queries
from khaneh.domains.programmes.errors import InTheTeamAlready
from khaneh.domains.programmes.models import Application, ApplicationMember
from khaneh.domains.programmes.services import holding
from khaneh.domains.programmes.types import ApplicationState, Part
from khaneh.infrastructure import db, jobs, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound

MOST, MOST_A_DAY = 20, 40
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s]{2,}")
_OVER = (ApplicationState.WITHDRAWN.value,)


def invite(*, actor: Actor, application_id: int, email: str, part: Part, now: datetime) -> None:
    """Ask somebody to write or read with, by who answers for it. Who has an account is told; to any other address goes a letter, whose token
    lets in whoever opens it, once (`join_by_letter`). Who asks learns nothing of whether there is an account.

    Raises NotFound, NotAllowed, Invalid (email: format, too_many; part: not_in_list), InTheTeamAlready.
    """
    address = email.strip().lower()
    if not _EMAIL.fullmatch(address) or len(address) > 254:
        raise Invalid(fields={"email": "format"})
    if part not in (Part.WRITER, Part.READER):
        raise Invalid(fields={"part": "not_in_list"})
    with db.transaction():
        found = _led(actor, application_id)
        known = people.account_by_email(address)
        team = ApplicationMember.objects.filter(application_id=application_id)
        if team.filter(email=address).exists() or (known and team.filter(account_id=known.id).exists()):
            raise InTheTeamAlready
        if team.count() >= MOST:
            raise Invalid(fields={"email": "too_many"})
        _count_letter(actor, now)
        made = ApplicationMember.objects.create(
            application_id=application_id, email=address, part=part.value, invited_at=now
        )
        journal.record(
            "programmes.colleague.invited", actor=actor, house_id=found.call.house_id, application_id=application_id
        )
        # An account whose address was never confirmed may be anybody's.
        if known is not None and people.own_address(known.id):
            notices.tell_invited(application_id, known.id, now=now)
        else:
            jobs.defer("programmes.send_invitation", member_id=made.pk)


def join(*, actor: Actor, application_id: int, email: str, now: datetime) -> None:
    """Take an invitation to an address that is one's own and was confirmed. Taken before, nothing happens. Raises NotAllowed, NotFound."""
    account_id = permissions.require_account(actor)
    with db.transaction():
        found = holding.held_application(application_id)
        team = ApplicationMember.objects.filter(application_id=application_id)
        if team.filter(account_id=account_id).exists():
            return
        taken = team.filter(account__isnull=True, email=email.strip().lower()) if email else team.none()
        if not taken.update(account_id=account_id, joined_at=now):
            raise NotFound(what="invitation")
        journal.record(
            "programmes.colleague.joined", actor=actor, house_id=found.call.house_id, application_id=application_id
        )


def join_by_letter(*, actor: Actor, token: str, now: datetime) -> int:
    """Take an invitation by the token of its letter, with whatever account; gives the application's number. It counts once.

    Raises NotAllowed for a visitor, NotFound (used, taken back, too old, none), InTheTeamAlready.
    """
    account_id = permissions.require_account(actor)
    with db.transaction():
        found = holding.held_application(queries.invitation(token, now=now).application_id)
        # Looked at once more under the lock: two may have opened the same letter.
        row = queries.invitation(token, now=now)
        team = ApplicationMember.objects.filter(application_id=row.application_id)
        if team.filter(account_id=account_id).exists():
            raise InTheTeamAlready
        taken = team.filter(pk=queries.invited_member(token), account__isnull=True)
        if not taken.update(account_id=account_id, joined_at=now):
            raise NotFound(what="invitation")
        journal.record(
            "programmes.colleague.joined", actor=actor, house_id=found.call.house_id, application_id=row.application_id
        )
    return row.application_id


def leave(*, actor: Actor, application_id: int, member_id: int, email: str = "", now: datetime) -> None:
    """Leave, decline an invitation to one's own address, or, by who answers for it, take somebody out. Who answers for it stays.

    Raises NotFound, NotAllowed.
    """
    account_id = permissions.require_account(actor)
    with db.transaction():
        found = holding.held_application(application_id)
        team = ApplicationMember.objects.filter(application_id=application_id)
        own = team.filter(account_id=account_id).first()
        member = team.filter(pk=member_id).first()
        invited = member is not None and member.account_id is None and bool(email) and member.email == email.lower()
        if member is None or (own is None and not invited):
            raise NotFound(what="member")
        leads = own is not None and own.part == Part.LEAD.value
        if member.part == Part.LEAD.value or not (leads or invited or (own is not None and own.pk == member.pk)):
            raise NotAllowed(act="programmes.leave")
        member.delete()
        journal.record(
            "programmes.colleague.left", actor=actor, house_id=found.call.house_id, application_id=application_id
        )


def _count_letter(actor: Actor, now: datetime) -> None:
    """That nobody writes to the world through invitations that are taken back again. Raises Invalid."""
    key = f"programmes.invited:{actor.account_id}:{now:%Y%m%d}"
    cache.add(key, 0, timeout=86_400)
    if cache.incr(key) > MOST_A_DAY:
        raise Invalid(fields={"email": "too_many"})


def _led(actor: Actor, application_id: int) -> Application:
    account_id = permissions.require_account(actor)
    found = holding.held_application(application_id)
    part = (
        ApplicationMember.objects.filter(application_id=application_id, account_id=account_id)
        .values_list("part", flat=True)
        .first()
    )
    if part is None:
        raise NotFound(what="application")
    if part != Part.LEAD.value or found.state in _OVER:
        raise NotAllowed(act="programmes.invite")
    return found
