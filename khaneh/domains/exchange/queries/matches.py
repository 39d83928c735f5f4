"""Matches as each of the three sides sees them, and what lies where the evidence is kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Q, QuerySet

from khaneh.domains.exchange import permissions
from khaneh.domains.exchange.models import Agreement, Match, Outcome, Posting
from khaneh.domains.exchange.queries import postings
from khaneh.domains.exchange.types import (
    KNOWN,
    AgreementRow,
    EndReason,
    Evidence,
    MatchRow,
    MatchState,
    OutcomeKind,
    OutcomeRow,
    Side,
)
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Ref
from khaneh.domains.people import queries as people
from khaneh.infrastructure.blobs import BlobStore
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotFound

_ORDER = (Side.OWNER, Side.PARTNER, Side.BROKER)


def match(match_id: int, *, actor: Actor, now: datetime | None = None) -> MatchRow:
    """One, for who takes part in it; with `now` the addresses of the other side, where both know one another. Raises NotFound."""
    found = rows(Match.objects.filter(pk=match_id), actor, now=now)
    if not found:
        raise NotFound(what="match")
    return found[0]


def matches_of_need(need_id: int, *, actor: Actor) -> list[MatchRow]:
    """All of a need that the actor takes part in, the furthest first. At most seventeen statements."""
    found = rows(Match.objects.filter(need_id=need_id).order_by("-changed_at", "-pk"), actor)
    order = list(MatchState)
    return sorted(found, key=lambda row: (row.state is MatchState.ENDED, -order.index(row.state)))


def own_matches(actor: Actor, *, limit: int = 200) -> list[MatchRow]:
    """Those in which the actor speaks for a side, the last changed first. At most seventeen statements."""
    organisations, houses = permissions.represented(actor), permissions.spoken_houses(actor)
    mine = Q(partner_id__in=organisations) | Q(need__organisation_id__in=organisations) | Q(need__house_id__in=houses)
    return rows(Match.objects.filter(mine).order_by("-changed_at", "-pk")[:limit], actor)


def brokered_matches(actor: Actor, *, states: Iterable[MatchState], limit: int = 200) -> list[MatchRow]:
    """Those between which the actor stands, the longest unchanged first. At most eighteen statements."""
    found = Match.objects.filter(
        need__broker_house_id__in=postings.brokered_houses(actor), state__in=[state.value for state in states]
    )
    return rows(found.order_by("changed_at", "pk")[:limit], actor)


def sides_of(found: Match, actor: Actor) -> set[Side]:
    """The sides on which the actor stands: one for most."""
    need = found.need
    sides = set()
    if permissions.speaks_for(actor, organisation_id=need.organisation_id, house_id=need.house_id):
        sides.add(Side.OWNER)
    if permissions.represents(actor, found.partner_id):
        sides.add(Side.PARTNER)
    if permissions.brokers(actor, house_id=need.broker_house_id):
        sides.add(Side.BROKER)
    # An anonymous need's owner is asked by the broker alone; a company that is not interested takes no part.
    return sides


def side_of(found: Match, actor: Actor) -> Side | None:
    """The one side for which the actor speaks; of several the broker last."""
    sides = sides_of(found, actor)
    return next((side for side in _ORDER if side in sides), None)


def require_organisation(organisation_id: int) -> Ref:
    """An organisation to link to. One statement. Raises NotFound."""
    found = network.organisation_refs([organisation_id]).get(organisation_id)
    if found is None:
        raise NotFound(what="organisation")
    return found


def evidence_store() -> BlobStore:
    """Where the evidence of outcomes lies."""
    return BlobStore(Path(settings.KHANEH_HOME) / "files" / "exchange")


def rows(found: QuerySet[Match], actor: Actor, *, now: datetime | None = None) -> list[MatchRow]:
    """Those in which the actor takes part, in the order of the query. At most seventeen statements; with `now` two more a match."""
    stored = [(one, side) for one in found.select_related("need", "offer") if (side := side_of(one, actor))]
    ids = [one.pk for one, _ in stored]
    needs = postings.postings_by_ids({one.need_id for one, _ in stored}, actor=actor)
    partners = network.organisation_refs({one.partner_id for one, _ in stored})
    agreements: dict[int, list[AgreementRow]] = defaultdict(list)
    for text in Agreement.objects.filter(match_id__in=ids).order_by("-version"):
        agreements[text.match_id].append(_agreement(text))
    outcomes: dict[int, list[OutcomeRow]] = defaultdict(list)
    for said in Outcome.objects.filter(match_id__in=ids).order_by("-told_at", "-pk"):
        outcomes[said.match_id].append(_outcome(said))
    told = []
    for one, side in stored:
        need, known = needs[one.need_id], one.state in KNOWN
        told.append(
            MatchRow(
                id=one.pk,
                need=need,
                offer=Ref(one.offer.pk, "", Label("", "", "")) if one.offer else None,
                offer_title=one.offer.title if one.offer else "",
                partner=partners[one.partner_id],
                owner=need.organisation,
                by_partner=one.by_partner,
                state=MatchState(one.state),
                words=one.words,
                evidence=tuple(Evidence.from_dict(stored) for stored in one.evidence),
                side=side,
                made_at=one.made_at,
                changed_at=one.changed_at,
                owner_said_yes=one.owner_yes_at,
                introduced_at=one.introduced_at,
                meeting_at=one.meeting_at,
                meeting_where=one.meeting_where,
                talks_at=one.talks_at,
                agreed_at=one.agreed_at,
                end_reason=EndReason(one.end_reason) if one.end_reason else None,
                # What one side said on leaving is not carried to the other.
                end_note=one.end_note if side is Side.BROKER else "",
                agreements=tuple(agreements[one.pk]),
                outcomes=tuple(outcomes[one.pk]),
                contacts=tuple(_contacts(one, side, now)) if known and now is not None else (),
            )
        )
    return told


def _contacts(one: Match, side: Side, now: datetime) -> list[tuple[str, str]]:
    """Names and addresses of those who speak for the other side; of both for the broker."""
    ids: list[int] = []
    if side is not Side.OWNER:
        if one.need.made_by_id is not None:
            ids.append(one.need.made_by_id)
        else:
            ids += speaking(one.need.organisation_id, None, now)
    if side is not Side.PARTNER:
        ids += speaking(one.partner_id, None, now)
    names, emails = people.account_names(ids), people.account_emails(ids)
    return [(names.get(number, ""), emails[number]) for number in dict.fromkeys(ids) if number in emails]


def speaking(organisation_id: int, house_id: int | None, now: datetime) -> list[int]:
    """The accounts that speak for an organisation, or for one of its houses. At most four statements."""
    held = people.roles_at(actor=SYSTEM, organisation_id=organisation_id, now=now)
    found = {row.account_id for row in held if row.role in permissions.REPRESENTATIVES and row.is_valid(now)}
    if house_id is not None:
        there = people.roles_at(actor=SYSTEM, house_id=house_id, now=now)
        found |= {row.account_id for row in there if row.role in permissions.HOUSE_SPEAKERS and row.is_valid(now)}
    return sorted(found)


def brokers_of(posting: Posting, now: datetime) -> list[int]:
    """The accounts that are brokers of a need's or offer's house, those there first, else those above. At most six statements."""
    there = people.roles_at(actor=SYSTEM, house_id=posting.broker_house_id, now=now)
    found = [row.account_id for row in there if row.role in permissions.BROKERS and row.is_valid(now)]
    if not found:
        above = people.roles_above(actor=SYSTEM, house_id=posting.broker_house_id, now=now)
        found = [row.account_id for row in above if row.role in permissions.BROKERS and row.is_valid(now)]
    return sorted(set(found))


def _agreement(one: Agreement) -> AgreementRow:
    return AgreementRow(
        one.pk,
        one.version,
        one.template,
        one.language,
        one.text,
        Side(one.side),
        one.made_at,
        one.owner_at,
        one.partner_at,
    )


def _outcome(one: Outcome) -> OutcomeRow:
    return OutcomeRow(
        one.pk, OutcomeKind(one.kind), one.words, Side(one.side), one.file_digest, one.file_name, one.link, one.told_at,
        one.confirmed_at,
    )  # fmt: skip
