"""Needs and offers: written, submitted, taken back, published, closed, renewed by who speaks for them."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from khaneh.domains.exchange import notices, permissions, queries
from khaneh.domains.exchange.errors import PersonalDataFound, SaidAlready, TooManySubmitted
from khaneh.domains.exchange.models import Match, Posting, Review
from khaneh.domains.exchange.queries.postings import findings_of
from khaneh.domains.exchange.rules import days, drafts, spam
from khaneh.domains.exchange.services import holding
from khaneh.domains.exchange.types import (
    ALIVE,
    CLOSING,
    OPEN,
    PARTS,
    CloseReason,
    EndReason,
    Finding,
    PostingDraft,
    PostingKind,
    PostingRow,
    PostingState,
    ReviewVerdict,
)
from khaneh.domains.network import queries as network
from khaneh.infrastructure import db
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound

LONGEST_NOTE = drafts.LONGEST_NOTE


def add_posting(*, actor: Actor, organisation_id: int, draft: PostingDraft, now: datetime, key: str = "") -> PostingRow:
    """Write a need or an offer as a draft; with a `key` that has made one already, gives that. Raises NotAllowed, NotFound, Invalid."""
    values = _values(draft, organisation_id, now)
    permissions.require_speak(actor, organisation_id=organisation_id, house_id=values["house_id"])
    with db.transaction():
        made, is_fresh = Posting.objects.get_or_create(
            made_key=f"{organisation_id}:{key}" if key else secrets.token_hex(8),
            defaults={
                "kind": draft.kind.value, "organisation_id": organisation_id, "made_by_id": actor.account_id,
                "made_at": now, "changed_at": now, **values,
            },
        )  # fmt: skip
        if is_fresh:
            holding.note("exchange.posting.added", made, actor=actor, posting_kind=made.kind)
    return queries.posting(made.pk, actor=actor)


def change_posting(*, actor: Actor, posting_id: int, draft: PostingDraft, now: datetime) -> PostingRow:
    """Make a draft as it is written; what was submitted is taken back first. Raises NotFound, StateRefused, Invalid."""
    with db.transaction():
        found = _own(actor, holding.held_posting(posting_id))
        holding.require_state(found, PostingState.DRAFT)
        values = _values(replace(draft, kind=PostingKind(found.kind)), found.organisation_id, now)
        permissions.require_speak(actor, organisation_id=found.organisation_id, house_id=values["house_id"])
        changed = sorted(name for name, value in values.items() if getattr(found, name) != value)
        Posting.objects.filter(pk=posting_id).update(changed_at=now, **values)
        holding.note("exchange.posting.changed", found, actor=actor, fields=changed)
    return queries.posting(posting_id, actor=actor)


def telltale(*, actor: Actor, posting_id: int, now: datetime) -> tuple[Finding, ...]:
    """What in an anonymous need tells who is behind it; nothing of others. Raises NotFound. At most eight statements."""
    found = Posting.objects.filter(pk=posting_id).first()
    if found is None:
        raise NotFound(what="posting")
    _own(actor, found)
    return findings_of(found, now=now)


def submit(*, actor: Actor, posting_id: int, now: datetime, seen: str = "") -> PostingRow:
    """Ask the brokers of its house to look at it.

    An anonymous need in which something tells who is behind it is submitted only with `seen` as the refusal gave it: whoever submits has read
    exactly that. Raises NotFound, StateRefused, PersonalDataFound, TooManySubmitted, SaidAlready.
    """
    with db.transaction():
        organisation_id = Posting.objects.filter(pk=posting_id).values_list("organisation_id", flat=True).first()
        found = _own(actor, holding.held_posting(posting_id, organisations=[organisation_id or 0]))
        holding.require_state(found, PostingState.DRAFT)
        told = findings_of(found, now=now)
        mark = seen_mark(told)
        if told and seen != mark:
            raise PersonalDataFound(found=[list(one) for one in told], seen=mark)
        _within_limits(found, now)
        Posting.objects.filter(pk=posting_id).update(submitted_at=now)
        holding.move(found, PostingState.SUBMITTED, actor=actor, now=now)
        notices.tell_brokers("exchange.review", found, now=now)
    return queries.posting(posting_id, actor=actor)


def seen_mark(found: tuple[Finding, ...]) -> str:
    """What says that exactly these were seen; nothing for none."""
    return spam.text_hash({str(at): "|".join(one) for at, one in enumerate(found)})[:16] if found else ""


def take_back(*, actor: Actor, posting_id: int, now: datetime) -> PostingRow:
    """Make a draft of it again, to be changed. Not while somebody has been brought together with it. Raises NotFound, StateRefused."""
    with db.transaction():
        found = _own(actor, holding.held_posting(posting_id))
        holding.require_state(
            found, PostingState.SUBMITTED, PostingState.REVIEWED, PostingState.PUBLISHED, PostingState.EXPIRED
        )
        holding.end_matches(found, EndReason.OWNER, now=now)
        holding.move(found, PostingState.DRAFT, actor=actor, now=now)
    return queries.posting(posting_id, actor=actor)


def publish(*, actor: Actor, posting_id: int, now: datetime) -> PostingRow:
    """Let everybody find what was reviewed. Raises NotFound, StateRefused."""
    with db.transaction():
        found = _own(actor, holding.held_posting(posting_id))
        holding.require_state(found, PostingState.REVIEWED)
        show(found, actor=actor, now=now)
    return queries.posting(posting_id, actor=actor)


def show(found: Posting, *, actor: Actor, now: datetime) -> None:
    """Publish what is held: until its last day, or for half a year."""
    today = _today(found, now)
    closes_on = found.closes_on if found.closes_on and found.closes_on >= today else today + drafts.SHOWN_FOR
    Posting.objects.filter(pk=found.pk).update(
        published_at=found.published_at or now, closes_on=closes_on, asked_to_renew=False
    )
    holding.move(found, PostingState.PUBLISHED, actor=actor, now=now)


def renew(*, actor: Actor, posting_id: int, now: datetime) -> PostingRow:
    """Show it half a year more, from today; what was expired is open again. Raises NotFound, StateRefused."""
    with db.transaction():
        found = _own(actor, holding.held_posting(posting_id))
        holding.require_state(found, *OPEN, PostingState.EXPIRED)
        closes_on = _today(found, now) + drafts.SHOWN_FOR
        Posting.objects.filter(pk=posting_id).update(
            closes_on=closes_on, asked_to_renew=False, renewals=found.renewals + 1, changed_at=now
        )
        if found.state == PostingState.EXPIRED:
            holding.move(found, PostingState.PUBLISHED, actor=actor, now=now)
        holding.note("exchange.posting.renewed", found, actor=actor, closes_on=closes_on.isoformat())
    return queries.posting(posting_id, actor=actor)


def close_posting(*, actor: Actor, posting_id: int, reason: CloseReason, now: datetime) -> PostingRow:
    """Look for it, or offer it, no more. Open matches come to nothing; what is agreed stays. Raises NotFound, StateRefused, Invalid."""
    if reason not in CLOSING:
        raise Invalid(fields={"reason": "not_in_list"})
    with db.transaction():
        found = _own(actor, holding.held_posting(posting_id))
        holding.require_state(found, *(state for state in PostingState if state is not PostingState.CLOSED))
        holding.end_matches(found, EndReason.CLOSED, now=now)
        holding.move(found, PostingState.CLOSED, actor=actor, now=now, reason=reason)
    return queries.posting(posting_id, actor=actor)


def withdraw_organisation(*, organisation_id: int, actor: Actor, now: datetime) -> int:
    """An organisation takes part no more: what it needs and offers is closed, its matches end but for what is agreed. Gives how many."""
    with db.transaction():
        its = Posting.objects.filter(organisation_id=organisation_id).exclude(state=PostingState.CLOSED.value)
        ids = list(its.order_by("pk").values_list("pk", flat=True))
        partner = Match.objects.filter(partner_id=organisation_id, state__in=[state.value for state in ALIVE])
        needs = list(partner.values_list("need_id", flat=True))
        holding.hold(postings=[*ids, *needs], organisations=[organisation_id])
        for one in Posting.objects.filter(pk__in=ids).exclude(state=PostingState.CLOSED.value).order_by("pk"):
            holding.end_matches(one, EndReason.WITHDRAWN, now=now)
            holding.move(one, PostingState.CLOSED, actor=actor, now=now, reason=CloseReason.WITHDRAWN)
        for match in partner.select_related("need").order_by("pk"):
            holding.end_one(match, EndReason.WITHDRAWN, actor=actor, now=now)
            holding.settle(match.need, actor=actor, now=now)
    return len(ids)


def _within_limits(found: Posting, now: datetime) -> None:
    others = Posting.objects.filter(organisation_id=found.organisation_id).exclude(pk=found.pk)
    waiting = others.filter(state=PostingState.SUBMITTED.value).count()
    refused = Review.objects.filter(
        posting__organisation_id=found.organisation_id, verdict=ReviewVerdict.REFUSED.value,
        decided_at__gt=now - spam.REFUSED_WITHIN,
    ).count()  # fmt: skip
    if refused >= spam.REFUSALS and waiting:
        raise TooManySubmitted(limit=1, which="refused")
    if waiting >= spam.MOST_WAITING:
        raise TooManySubmitted(limit=spam.MOST_WAITING, which="waiting")
    # Around the instant: another window's clock may be ahead, and what is entered afterwards with its own day counts on that day.
    if others.filter(submitted_at__gt=now - spam.A_DAY, submitted_at__lt=now + spam.A_DAY).count() >= spam.MOST_A_DAY:
        raise TooManySubmitted(limit=spam.MOST_A_DAY, which="day")
    if others.filter(state__in=[state.value for state in OPEN]).count() >= spam.MOST_OPEN:
        raise TooManySubmitted(limit=spam.MOST_OPEN, which="open")
    said = others.filter(text_hash=found.text_hash, kind=found.kind).exclude(
        state__in=[PostingState.DRAFT.value, PostingState.CLOSED.value]
    )
    if again := said.values_list("pk", flat=True).first():
        raise SaidAlready(posting_id=again)


def _own(actor: Actor, found: Posting) -> Posting:
    # Whoever does not speak for it sees no draft: the two must look the same.
    if not permissions.speaks_for(actor, organisation_id=found.organisation_id, house_id=found.house_id):
        raise NotFound(what="posting")
    return found


def _today(found: Posting, now: datetime) -> date:
    return days.day_in(network.house_facts(found.broker_house_id).country, now)


def _values(draft: PostingDraft, organisation_id: int, now: datetime) -> dict[str, Any]:
    """A draft as columns. Raises NotFound for no organisation, Invalid."""
    organisation = network.organisations_by_ids([organisation_id]).get(organisation_id)
    if organisation is None:
        raise NotFound(what="organisation")
    wrong = drafts.posting_problems(draft, today=days.day_in(organisation.country, now))
    codes = {code for code in (draft.house_code, draft.broker_house_code) if code}
    houses = network.house_ids_by_code(codes) if codes else {}
    own = houses.get(draft.house_code)
    if own is not None and organisation_id not in network.house_facts(own).place.organisations:
        wrong["house_code"] = "not_in_list"
    for field in ("house_code", "broker_house_code"):
        code = getattr(draft, field)
        if code and code not in houses:
            wrong[field] = "not_in_list"
    region_id = None
    if draft.region_code:
        try:
            region_id = network.region(draft.region_code).id
        except NotFound:
            wrong["region_code"] = "not_in_list"
    if wrong:
        raise Invalid(fields=wrong)
    house_id = houses.get(draft.house_code)
    if region_id is None and house_id is not None:
        region_id = network.house_facts(house_id).regions[-1]
    if region_id is None and organisation.regions:
        region_id = organisation.regions[-1].id
    parts = {name: getattr(draft, name).strip() for name in ("title", *PARTS)}
    return {
        **parts,
        "house_id": house_id,
        "broker_house_id": houses[draft.broker_house_code],
        "anonymous": draft.anonymous,
        "language": draft.language,
        "readiness": draft.readiness,
        "budget_from": draft.budget_from,
        "budget_to": draft.budget_to,
        "currency": draft.currency if draft.budget_from is not None else "",
        "wanted_by": draft.wanted_by,
        "partnerships": [one.value for one in draft.partnerships],
        "sector": draft.sector,
        "region_id": region_id,
        "closes_on": draft.closes_on,
        "text_hash": spam.text_hash(parts),
    }
