"""Needs that come back without an answer: what waits for a decision, what a house is asked to do about them, what was decided."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from khaneh.domains.exchange import permissions
from khaneh.domains.exchange.models import GatheredNeed, Gathering, Match, Posting
from khaneh.domains.exchange.queries import postings
from khaneh.domains.exchange.rules.gathering import LEAST
from khaneh.domains.exchange.types import (
    GatheredRow,
    GatheringAnswer,
    GatheringDecision,
    GatheringFate,
    GatheringRow,
    MatchState,
    PostingKind,
    PostingState,
)
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Ref
from khaneh.domains.people import queries as people
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.refusal import NotFound

_WAITING = [PostingState.PUBLISHED.value, PostingState.EXPIRED.value]


def unanswered() -> QuerySet[Posting]:
    """Needs that are shown, or were to their last day, and on which nobody has agreed or talks."""
    agreed = Match.objects.filter(need_id=OuterRef("pk"), state=MatchState.AGREED.value)
    found = Posting.objects.filter(kind=PostingKind.NEED.value, state__in=_WAITING, published_at__isnull=False)
    return found.exclude(Exists(agreed))


def gatherings(actor: Actor, *, limit: int = 50) -> list[GatheringRow]:
    """What waits for the actor's decision, the largest first. Twelve statements, whatever their number."""
    rows = _rows(_of_brokers(actor).filter(decision="").order_by("pk")[: 4 * limit], actor)
    return sorted(rows, key=lambda one: (-one.owners, one.since))[:limit]


def proposed_gatherings(actor: Actor, *, limit: int = 100) -> list[GatheringRow]:
    """What houses for which the actor answers are asked to do, the longest waiting first. Twelve statements."""
    return _rows(_asked(actor).filter(answer="").order_by("decided_at", "pk")[:limit], actor)


def decided_gatherings(actor: Actor, *, limit: int = 50) -> list[GatheringRow]:
    """What was decided by those around the actor or answered by them, the last decided first. Thirteen statements."""
    theirs = _of_brokers(actor).exclude(decision="") | _asked(actor).exclude(answer="")
    return _rows(theirs.order_by("-decided_at", "-pk")[:limit], actor)


def gathering(gathering_id: int, *, actor: Actor) -> GatheringRow:
    """One, for who may decide it and, once it is proposed to a house, for who answers there. Raises NotFound."""
    found = Gathering.objects.filter(pk=gathering_id)
    stored = found.first()
    if stored is None:
        raise NotFound(what="gathering")
    houses = Posting.objects.filter(gathered__gathering_id=gathering_id).values_list("broker_house_id", flat=True)
    seen = any(permissions.gathers(actor, house_id=number) for number in set(houses))
    rows = _rows([stored], actor) if seen or _is_asked(stored, actor) else []
    if not rows:
        raise NotFound(what="gathering")
    return rows[0]


def gathered(posting_id: int, *, actor: Actor) -> GatheredRow | None:
    """What becomes of a need that others have too, for who speaks for it; None where nobody else has it. At most twelve statements.

    Raises NotFound.
    """
    if not postings.posting(posting_id, actor=actor).owns:
        return None
    stored = Gathering.objects.filter(members__need_id=posting_id).first()
    if stored is None:
        return None
    others = GatheredNeed.objects.filter(gathering_id=stored.pk).exclude(need_id=posting_id)
    if not stored.decision:
        others = others.filter(need_id__in=unanswered().values("pk"))
    number = others.count()
    houses = network.house_refs([stored.house_id]) if stored.house_id else {}
    return GatheredRow(number, _fate(stored, houses)) if number else None


def answering(decision: GatheringDecision, *, house_id: int, now: datetime) -> set[int]:
    """The accounts that answer when this is proposed to a house: those there, else those above. At most twelve statements."""
    roles = permissions.ANSWERERS.get(decision, frozenset())
    for look in (people.roles_at, people.roles_above):
        held = look(actor=SYSTEM, house_id=house_id, now=now)
        if found := {row.account_id for row in held if row.role in roles and row.is_valid(now)}:
            return found
    return set()


def _of_brokers(actor: Actor) -> QuerySet[Gathering]:
    """Those with a need of a house where the actor is broker or programme manager."""
    used = Posting.objects.filter(gathered__isnull=False).values_list("broker_house_id", flat=True).distinct()
    houses = [number for number in used if permissions.gathers(actor, house_id=number)]
    needs = GatheredNeed.objects.filter(gathering_id=OuterRef("pk"), need__broker_house_id__in=houses)
    return Gathering.objects.filter(Exists(needs))


def _asked(actor: Actor) -> QuerySet[Gathering]:
    """Those that were proposed to a house for which the actor answers."""
    used = Gathering.objects.filter(house__isnull=False).values_list("decision", "house_id").distinct()
    wanted = Q(pk__in=[])
    for decision, number in used:
        if number is not None and permissions.answers(actor, GatheringDecision(decision), house_id=number):
            wanted |= Q(decision=decision, house_id=number)
    return Gathering.objects.filter(wanted)


def _is_asked(stored: Gathering, actor: Actor) -> bool:
    return stored.house_id is not None and permissions.answers(
        actor, GatheringDecision(stored.decision), house_id=stored.house_id
    )


def _rows(found: Iterable[Gathering], actor: Actor) -> list[GatheringRow]:
    """Nine statements. Of what waits, needs that have found an answer since are left out, and what has too few without them."""
    stored = list(found)
    members: dict[int, list[int]] = {one.pk: [] for one in stored}
    owners: dict[int, set[tuple[int, int | None]]] = {one.pk: set() for one in stored}
    brokers: dict[int, set[int]] = {one.pk: set() for one in stored}
    decided = {one.pk for one in stored if one.decision}
    lacking = set(unanswered().filter(gathered__gathering_id__in=members).values_list("pk", flat=True))
    for home, need, organisation, house, broker in (
        GatheredNeed.objects.filter(gathering_id__in=members)
        .order_by("need__published_at", "need_id")
        .values_list("gathering_id", "need_id", "need__organisation_id", "need__house_id", "need__broker_house_id")
    ):
        brokers[home].add(broker)
        if home in decided or need in lacking:
            members[home].append(need)
            owners[home].add((organisation, house))
    wanted = [need for some in members.values() for need in some]
    needs = {row.id: row for row in postings.rows(Posting.objects.filter(pk__in=wanted), actor)}
    houses = network.house_refs(one.house_id for one in stored if one.house_id)
    rows = []
    for one in stored:
        own = tuple(needs[number] for number in members[one.pk] if number in needs)
        if not one.decision and len(owners[one.pk]) < LEAST:
            continue
        rows.append(
            GatheringRow(
                id=one.pk,
                needs=own,
                owners=len(owners[one.pk]),
                since=min((need.published_at for need in own if need.published_at), default=one.made_at),
                meaning=one.meaning,
                words=tuple(one.words),
                sector=one.sector,
                fate=_fate(one, houses),
                decides=not one.decision
                and any(permissions.gathers(actor, house_id=number) for number in brokers[one.pk]),
                answers=not one.answer and _is_asked(one, actor),
            )
        )
    return rows


def _fate(stored: Gathering, houses: dict[int, Ref]) -> GatheringFate:
    return GatheringFate(
        decision=GatheringDecision(stored.decision) if stored.decision else None,
        note=stored.note,
        decided_at=stored.decided_at,
        house=houses.get(stored.house_id) if stored.house_id else None,
        answer=GatheringAnswer(stored.answer) if stored.answer else None,
        answer_note=stored.answer_note,
        answered_at=stored.answered_at,
        call_id=stored.call_id,
        course_id=stored.course_id,
    )
