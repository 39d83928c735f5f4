"""Two memberships that are one person's become one."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError

from khaneh.domains.people import permissions
from khaneh.domains.people.errors import CannotMerge
from khaneh.domains.people.models import Card, Guardianship, Member, MemberBlock, MemberMerge, MemberMessage
from khaneh.domains.people.queries.members import draft_of
from khaneh.domains.people.rules.members import key_of
from khaneh.domains.people.services.members_proxies import forget_offers
from khaneh.domains.people.services.members_rows import held_both
from khaneh.domains.people.types import CardState, MemberState
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound

# What the one kept lacks is taken from the other.
_FILLED = ("given_name", "birth_date", "phone", "email", "address", "national_id_hash", "pin")


def merge_members(*, actor: Actor, kept_id: int, gone_id: int, now: datetime) -> None:
    """Let `kept` take the place of `gone`, which is closed: cards, blocks, messages, guardians and, where `kept` has none, the account.

    Both rows are held in the order of their ids. Higher domains follow `people.member.merged` (facts kept, gone) and move their rows in
    the same transaction. `kept` keeps its card; where it has none in use, the other's goes on. A history is kept only if both wanted it.
    Raises NotFound, NotAllowed, CannotMerge.
    """
    if kept_id == gone_id:
        raise CannotMerge(kept=kept_id, gone=gone_id)
    with db.transaction():
        try:
            rows = held_both(kept_id, gone_id)
        except NotFound:
            raise CannotMerge(kept=kept_id, gone=gone_id) from None
        kept, gone = rows[kept_id], rows[gone_id]
        permissions.require_lead(actor, kept.home_house_id)
        permissions.require_lead(actor, gone.home_house_id)
        if MemberMerge.objects.filter(gone_id__in=(kept_id, gone_id)).exists():
            raise CannotMerge(kept=kept_id, gone=gone_id)
        _move_cards(kept, gone, now)
        MemberBlock.objects.filter(member_id=gone_id).update(member_id=kept_id)
        MemberMessage.objects.filter(member_id=gone_id).update(member_id=kept_id)
        _move_guardianships(kept_id, gone_id, now)
        forget_offers([gone_id])
        _fill(kept, gone)
        MemberMerge.objects.create(kept_id=kept_id, gone_id=gone_id, merged_by_id=actor.account_id, merged_at=now)
        journal.record("people.member.merged", actor=actor, house_id=kept.home_house_id, kept=kept_id, gone=gone_id)


def _move_cards(kept: Member, gone: Member, now: datetime) -> None:
    """Every card goes along; of two in use the kept member's stays and the other is replaced."""
    if Card.objects.filter(member_id=kept.pk, state=CardState.ACTIVE).exists():
        Card.objects.filter(member_id=gone.pk, state=CardState.ACTIVE).update(state=CardState.REPLACED, ended_at=now)
    Card.objects.filter(member_id=gone.pk).update(member_id=kept.pk)


def _move_guardianships(kept_id: int, gone_id: int, now: datetime) -> None:
    """What would make somebody their own guardian, or the same guardian twice, ends with the row that goes."""
    for side, other in (("guardian_id", "ward_id"), ("ward_id", "guardian_id")):
        for row in Guardianship.objects.filter(**{side: gone_id}).order_by("pk"):
            if getattr(row, other) == kept_id:
                row.delete()
                continue
            try:
                with db.transaction():
                    Guardianship.objects.filter(pk=row.pk).update(**{side: kept_id})
            except IntegrityError as error:
                if "people_guardianship_once_at_a_time" not in str(error):
                    raise
                row.delete()


def _fill(kept: Member, gone: Member) -> None:
    account = gone.account_id
    gone.state, gone.account_id = MemberState.CLOSED.value, None
    gone.save(update_fields=["state", "account"])
    for field in _FILLED:
        if not getattr(kept, field):
            setattr(kept, field, getattr(gone, field))
    kept.account_id = kept.account_id or account
    kept.keep_history = kept.keep_history and gone.keep_history
    kept.joined_on = min(filter(None, (kept.joined_on, gone.joined_on)), default=None)
    kept.expires_on = max(filter(None, (kept.expires_on, gone.expires_on)), default=None)
    kept.search_key = key_of(draft_of(kept))
    kept.save()
