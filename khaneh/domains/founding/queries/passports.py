"""Passports: for everybody by the house, and for the desk all of them with what is due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from khaneh.domains.founding import permissions
from khaneh.domains.founding.models import Assessment, Item, Passport, PassportEntry, Score
from khaneh.domains.founding.queries import standards
from khaneh.domains.founding.rules import scoring
from khaneh.domains.founding.types import AssessmentState, EntryRow, PassportRow, PassportState, SectionRow
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import PUBLIC_STATES, HouseState
from khaneh.kernel.actor import Actor
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
