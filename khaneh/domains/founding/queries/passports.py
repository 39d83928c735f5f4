"""Passports: for everybody by the house, and for the desk all of them with what is due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from khaneh.domains.founding import permissions
from khaneh.domains.founding.models import Assessment, Item, Passport, PassportEntry, Score
from khaneh.domains.founding.queries import standards
from khaneh.domains.founding.rules import scoring
from khaneh.domains.founding.types import (
    AssessmentState,
    EntryRow,
    PassportRow,
    PassportState,
    SectionRow,
    StandardRow,
    UnmeasuredRow,
)
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import PUBLIC_STATES, HouseFilter, HouseState
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotFound


def passport_of(house_id: int, *, today: date) -> PassportRow | None:
    """The passport of a house with its history and what each part of the checklist came to, for everybody. Eleven statements at most,
    one where there is none."""
    found = list(Passport.objects.filter(house_id=house_id))
    if not found or network.house_facts(house_id).state not in PUBLIC_STATES:
        return None
    return _rows(found, today)[0]


def passport(code: str, *, today: date) -> PassportRow:
    """The same by the house's code. Raises NotFound."""
    house_id = network.house_ids_by_code([code]).get(code)
    found = passport_of(house_id, today=today) if house_id is not None else None
    if found is None:
        raise NotFound(what="passport")
    return found


def has_passport(house_id: int) -> bool:
    """Whether a house was ever measured. One statement."""
    return Passport.objects.filter(house_id=house_id).exists()


def passports(*, actor: Actor, today: date, limit: int = 300) -> list[PassportRow]:
    """Those of the houses where the actor may see what is proposed, the soonest due first. Twelve statements."""
    every = Passport.objects.order_by("due_on", "pk")
    seen = permissions.seen(actor, every.values_list("house_id", flat=True))
    return _rows(list(every.filter(house_id__in=seen)[:limit]), today)


def unmeasured(*, actor: Actor, now: datetime, language: str, limit: int = 300) -> list[UnmeasuredRow]:
    """Houses in service without a passport that the actor may assess and for whose kind a standard is in force, by name. Sixteen statements."""
    if not (actor.is_system or actor.holds_somewhere(permissions.ASSESSORS)):
        return []
    by_kind: dict[str, dict[str, StandardRow]] = defaultdict(dict)
    for row in standards.standards(in_force=True):
        by_kind[row.kind].setdefault(row.code, row)
    if not by_kind:
        return []
    wanted = HouseFilter(kinds=frozenset(by_kind), states=frozenset({HouseState.OPEN, HouseState.SUSPENDED}))
    found = network.houses(wanted, actor=SYSTEM, now=now, language=language, limit=10_000).rows
    measured = set(Passport.objects.filter(house_id__in=[row.id for row in found]).values_list("house_id", flat=True))
    found = tuple(row for row in found if row.id not in measured)
    places = network.places_of_houses(row.id for row in found)
    drafted = Assessment.objects.filter(house_id__in=list(places), state=AssessmentState.DRAFTED.value)
    drafting = set(drafted.values_list("house_id", flat=True))
    return [
        UnmeasuredRow(row.id, row.code, row.names, row.kind, tuple(by_kind[row.kind].values()), row.id in drafting)
        for row in found
        if permissions.may_judge(actor, places[row.id])
    ][:limit]


def still_open(house_ids: Iterable[int]) -> set[int]:
    """Those that are in service. Statements only for houses that were not asked for lately."""
    states = (HouseState.OPEN, HouseState.SUSPENDED)
    return {number for number in house_ids if network.house_facts(number).state in states}


def given_for(entry: PassportEntry) -> list[dict[int, int]]:
    """The scores that made an entry, an assessor's by item. One statement."""
    of = Assessment.objects.filter(state=AssessmentState.SUBMITTED.value)
    of = of.filter(proposal_id=entry.proposal_id) if entry.proposal_id else of.filter(entry_id=entry.pk)
    scores: dict[int, dict[int, int]] = defaultdict(dict)
    for number, item_id, score in Score.objects.filter(assessment__in=of).values_list(
        "assessment_id", "item_id", "score"
    ):
        scores[number][item_id] = score
    return list(scores.values())


def _rows(found: list[Passport], today: date) -> list[PassportRow]:
    refs = network.house_refs(one.house_id for one in found)
    entries: dict[int, list[PassportEntry]] = defaultdict(list)
    history = PassportEntry.objects.filter(passport_id__in=[one.pk for one in found])
    for entry in history.select_related("standard").order_by("-on", "-pk"):
        entries[entry.passport_id].append(entry)
    known = standards.with_items(one.standard_id for one in found)
    words: dict[tuple[int, str], Label] = {}
    failing = Item.objects.filter(
        standard_id__in={entry.standard_id for rows in entries.values() for entry in rows if entry.failed}
    )
    for number, code, names in failing.values_list("standard_id", "code", "names"):
        words[number, code] = Label.from_dict(names)
    whole = len(found) == 1
    return [
        PassportRow(
            id=one.pk,
            house=refs[one.house_id],
            standard=known[one.standard_id],
            state=PassportState(one.state),
            permille=one.permille,
            assessed_on=one.assessed_on,
            due_on=one.due_on,
            overdue=one.due_on < today,
            entries=tuple(
                EntryRow(
                    entry.on, entry.standard.code, entry.standard.version, entry.permille, entry.meets,
                    tuple(words[entry.standard_id, code] for code in entry.failed), entry.proposal_id is not None,
                )
                for entry in entries[one.pk]
            ),
            sections=tuple(
                SectionRow(*part)
                for part in scoring.sections(known[one.standard_id].items, given_for(entries[one.pk][0]))
            )
            if whole and entries[one.pk]
            else (),
        )
        for one in found
    ]  # fmt: skip
