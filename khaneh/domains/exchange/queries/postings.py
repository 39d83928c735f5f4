"""Needs and offers: what everybody finds, what an owner has, what waits for a broker. Who stands behind an anonymous need is decided here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Q, QuerySet

from khaneh.domains.exchange import permissions
from khaneh.domains.exchange.models import Match, Posting, Review
from khaneh.domains.exchange.rules import spam
from khaneh.domains.exchange.rules.telltale import findings
from khaneh.domains.exchange.types import (
    KNOWN,
    OPEN,
    PARTS,
    CloseReason,
    Finding,
    Partnership,
    PostingFilter,
    PostingKind,
    PostingPage,
    PostingRow,
    PostingState,
    ReviewReason,
    ReviewRow,
    ReviewVerdict,
    Speaker,
    Waiting,
)
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import is_within
from khaneh.domains.people import queries as people
from khaneh.kernel.actor import SYSTEM, VISITOR, Actor
from khaneh.kernel.refusal import NotFound

_OPEN = [state.value for state in OPEN]
_KNOWN = [state.value for state in KNOWN]
_UNPUBLISHED = (PostingState.DRAFT, PostingState.SUBMITTED, PostingState.REVIEWED)


def postings(wanted: PostingFilter, *, actor: Actor, offset: int = 0, limit: int = 24) -> PostingPage:
    """The open needs and offers, the newest first. At most eight statements."""
    found = Posting.objects.filter(state__in=_OPEN)
    if wanted.kind is not None:
        found = found.filter(kind=wanted.kind.value)
    if wanted.sector:
        there = found.exclude(sector="").values_list("sector", flat=True).distinct()
        found = found.filter(sector__in=[code for code in there if is_within(code, wanted.sector)])
    if wanted.region_code:
        found = found.filter(_in_region(wanted.region_code))
    if wanted.partnership is not None:
        found = found.filter(partnerships__contains=[wanted.partnership.value])
    if wanted.language:
        found = found.filter(language=wanted.language)
    page = found.order_by("-published_at", "-pk")[offset : offset + limit]
    return PostingPage(found.count(), tuple(rows(page, actor)))


def posting(posting_id: int, *, actor: Actor) -> PostingRow:
    """One. Everybody sees what is published; else who speaks for it, and from when it is submitted its brokers. At most seven statements.

    Raises NotFound.
    """
    found = rows(Posting.objects.filter(pk=posting_id), actor)
    if not found:
        raise NotFound(what="posting")
    row = found[0]
    seen = row.owns or (row.brokers and row.submitted_at is not None) or row.is_open
    if not seen and row.state in (PostingState.AGREED, PostingState.EXPIRED, PostingState.CLOSED):
        seen = row.published_at is not None and row.close_reason not in (CloseReason.REFUSED, CloseReason.WITHDRAWN)
    if not seen:
        raise NotFound(what="posting")
    return row


def postings_by_ids(posting_ids: Iterable[int], *, actor: Actor = VISITOR) -> dict[int, PostingRow]:
    """Those that exist, whatever their state, as the actor knows them. Six statements."""
    return {row.id: row for row in rows(Posting.objects.filter(pk__in=set(posting_ids)), actor)}


def own_postings(actor: Actor, *, limit: int = 300) -> list[PostingRow]:
    """Everything of those for whom the actor speaks, the last changed first. At most eight statements."""
    mine = Q(organisation_id__in=permissions.represented(actor)) | Q(house_id__in=permissions.spoken_houses(actor))
    found = Posting.objects.filter(mine)
    return rows(found.order_by("-changed_at", "-pk")[:limit], actor)


def organisation_postings(organisation_id: int, *, limit: int = 20) -> list[PostingRow]:
    """The open ones of an organisation for its public page: none that is anonymous. Six statements."""
    found = Posting.objects.filter(organisation_id=organisation_id, anonymous=False, state__in=_OPEN)
    return rows(found.order_by("-published_at", "-pk")[:limit], VISITOR)


def public_posting_ids(kind: PostingKind) -> Iterator[list[int]]:
    """Every open one of a kind, in lists of at most 1,000. One statement a list."""
    last = 0
    found = Posting.objects.filter(state__in=_OPEN, kind=kind.value).order_by("pk")
    while ids := list(found.filter(pk__gt=last).values_list("pk", flat=True)[:1000]):
        yield ids
        last = ids[-1]


def reviews_of(posting_id: int, *, actor: Actor) -> list[ReviewRow]:
    """What was decided on it, the latest first; for its owner and brokers. Raises NotFound."""
    row = posting(posting_id, actor=actor)
    if not (row.owns or row.brokers):
        return []
    return [
        ReviewRow(
            ReviewVerdict(one.verdict), ReviewReason(one.reason) if one.reason else None, one.note, one.decided_at
        )
        for one in Review.objects.filter(posting_id=posting_id).order_by("-decided_at", "-pk")
    ]


def waiting(actor: Actor, *, now: datetime, limit: int = 50) -> list[Waiting]:
    """What waits for the actor's review, the oldest first and what looks like spam last. Eight statements and at most eight a posting."""
    found = Posting.objects.filter(state=PostingState.SUBMITTED.value, broker_house_id__in=brokered_houses(actor))
    stored = list(found.order_by("submitted_at", "pk")[:limit])
    shown = {row.id: row for row in rows(found.filter(pk__in=[one.pk for one in stored]), actor)}
    told = []
    for one in stored:
        before = Posting.objects.filter(text_hash=one.text_hash).exclude(pk=one.pk).count()
        told.append(Waiting(shown[one.pk], findings_of(one, now=now), spam.suspicions(_parts(one)), before))
    return sorted(told, key=lambda one: len(one.suspicions) > 1)


def brokered(actor: Actor, *, states: Iterable[PostingState] = OPEN, limit: int = 200) -> list[PostingRow]:
    """What the actor stands between of these states, the longest unchanged first. At most eight statements."""
    found = Posting.objects.filter(
        broker_house_id__in=brokered_houses(actor), state__in=[state.value for state in states]
    )
    return rows(found.order_by("changed_at", "pk")[:limit], actor)


def brokered_houses(actor: Actor) -> list[int]:
    """The houses of needs and offers for which the actor is a broker, there or above. One statement where the houses are known."""
    used = Posting.objects.values_list("broker_house_id", flat=True).distinct()
    return [number for number in used if permissions.brokers(actor, house_id=number)]


def speakers(actor: Actor) -> list[Speaker]:
    """For whom the actor can write: organisations, then houses. At most three statements and eight a house."""
    organisations = network.organisation_refs(permissions.represented(actor))
    found = [Speaker(organisations[number], None) for number in sorted(organisations)]
    houses = permissions.spoken_houses(actor)
    refs = network.house_refs(houses)
    operators = {number: network.house_facts(number).place.organisations for number in refs}
    running = network.organisation_refs(numbers[0] for numbers in operators.values() if numbers)
    found += [Speaker(running[operators[number][0]], refs[number]) for number in sorted(refs) if operators[number]]
    return found


def findings_of(found: Posting, *, now: datetime) -> tuple[Finding, ...]:
    """What in an anonymous need tells who is behind it. At most nine statements, none for others."""
    if not found.anonymous:
        return ()
    organisation = network.organisations_by_ids([found.organisation_id])[found.organisation_id]
    names = [name for name in organisation.names if name] + [organisation.code]
    accounts = {row.account_id for row in people.roles_at(actor=SYSTEM, organisation_id=found.organisation_id, now=now)}
    places = [name for ref in organisation.regions[1:] for name in ref.names if name]
    if found.house_id is not None:
        facts = network.house_facts(found.house_id)
        names += [name for name in facts.names if name] + [facts.code]
        accounts |= {row.account_id for row in people.roles_at(actor=SYSTEM, house_id=found.house_id, now=now)}
        places += [name for ref in network.region_refs(facts.regions[1:]).values() for name in ref.names if name]
    if found.made_by_id is not None:
        accounts.add(found.made_by_id)
    told = findings(
        _parts(found), people=people.account_names(accounts).values(), organisations=names, places=dict.fromkeys(places)
    )
    return told + _by_broker(found)


def _by_broker(found: Posting) -> tuple[Finding, ...]:
    """The broker's house, which everybody sees, where it is the owner's own and has published for nobody else: it names its owner."""
    house = network.house_facts(found.broker_house_id)
    if found.organisation_id not in house.place.organisations:
        return ()
    others = Posting.objects.filter(broker_house_id=found.broker_house_id, published_at__isnull=False)
    if others.exclude(organisation_id=found.organisation_id).exists():
        return ()
    return (Finding("broker_house", "broker", house.names.pick(found.language)),)


def rows(found: QuerySet[Posting], actor: Actor) -> list[PostingRow]:
    """Rows in the order of the query; who stands behind an anonymous need only for who may know. At most six statements."""
    stored = list(found.select_related("region"))
    hidden = [one.pk for one in stored if one.anonymous]
    introduced = (
        set(
            Match.objects.filter(
                need_id__in=hidden, state__in=_KNOWN, partner_id__in=permissions.represented(actor)
            ).values_list("need_id", flat=True)
        )
        if hidden and actor.grants
        else set()
    )
    sides = {
        one.pk: (
            permissions.speaks_for(actor, organisation_id=one.organisation_id, house_id=one.house_id),
            permissions.brokers(actor, house_id=one.broker_house_id),
        )
        for one in stored
    }
    told = {one.pk for one in stored if not one.anonymous or any(sides[one.pk]) or one.pk in introduced}
    organisations = network.organisation_refs(one.organisation_id for one in stored if one.pk in told)
    houses = network.house_refs(
        {one.broker_house_id for one in stored} | {one.house_id for one in stored if one.house_id}
    )
    # Of an anonymous need the province alone: there is often one library in a commune.
    paths = {
        one.pk: tuple(one.region.path if one.pk in told else one.region.path[:1]) if one.region else ()
        for one in stored
    }
    regions = network.region_refs(number for path in paths.values() for number in path)
    return [
        PostingRow(
            id=one.pk,
            kind=PostingKind(one.kind),
            state=PostingState(one.state),
            organisation=organisations.get(one.organisation_id) if one.pk in told else None,
            house=houses.get(one.house_id) if one.pk in told and one.house_id else None,
            broker_house=houses[one.broker_house_id],
            anonymous=one.anonymous,
            language=one.language,
            title=one.title,
            problem=one.problem,
            context=one.context,
            limits=one.limits,
            technology=one.technology,
            readiness=one.readiness,
            budget_from=one.budget_from,
            budget_to=one.budget_to,
            currency=one.currency,
            wanted_by=one.wanted_by,
            partnerships=tuple(Partnership(code) for code in one.partnerships),
            sector=one.sector,
            regions=tuple(regions[number] for number in paths[one.pk] if number in regions),
            published_at=one.published_at,
            closes_on=one.closes_on,
            close_reason=CloseReason(one.close_reason) if one.close_reason else None,
            submitted_at=one.submitted_at,
            changed_at=one.changed_at,
            renewals=one.renewals,
            owns=sides[one.pk][0],
            brokers=sides[one.pk][1],
        )
        for one in stored
    ]


def _parts(found: Posting) -> dict[str, str]:
    return {name: getattr(found, name) for name in ("title", *PARTS)}


def _in_region(code: str) -> Q:
    """Within a region; an anonymous need is found by its province alone, since a smaller place would tell who it is."""
    try:
        wanted = network.region(code)
    except NotFound:
        return Q(pk__in=())
    within = Q(region__path__contains=[wanted.id])
    return within if wanted.parent_id is None else within & Q(anonymous=False)
