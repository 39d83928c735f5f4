"""The spaces of the demonstration: every code leads somewhere, every name is in three languages, every habit fits its space and its hours."""

from __future__ import annotations

import csv
import json
import unicodedata
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import demo
from khaneh.domains.network.types import Role
from khaneh.domains.policies.rules import stored
from khaneh.domains.policies.rules.conflicts import conflicts
from khaneh.domains.spaces.rules import drafts
from khaneh.domains.spaces.rules.acts import BOOKING
from khaneh.domains.spaces.types import KIND_GROUPS, ClosureKind, SpaceDraft, SpaceGroup
from khaneh.interfaces.cli import demo_season, demo_spaces

FOLDER = Path(str(demo.__file__)).parent
SPACES = FOLDER / "spaces"
TODAY = date(2026, 11, 24)


def rows(name: str, folder: str = "spaces") -> list[dict[str, str]]:
    with (FOLDER / folder / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def spaces() -> dict[str, SpaceDraft]:
    return {row["code"]: demo_spaces.draft_of(row) for row in rows("spaces")}


@pytest.fixture(scope="module")
def houses() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in rows("houses", "network")}


@pytest.fixture(scope="module")
def season() -> list[demo_season.Line]:
    return demo_season.lines_of(SPACES / "season.csv")


def tree(spaces: dict[str, SpaceDraft], code: str) -> list[str]:
    """A space and all that it is in."""
    return [code, *(tree(spaces, spaces[code].parent_code) if spaces[code].parent_code else ())]


def test_at_least_ten_houses_have_spaces_and_machines(spaces: dict[str, SpaceDraft]) -> None:
    machines = {one.house_code for one in spaces.values() if KIND_GROUPS[one.kind] is SpaceGroup.MACHINE}
    assert len(machines) >= 10
    assert len({one.house_code for one in spaces.values()}) >= 20
    assert {KIND_GROUPS[one.kind] for one in spaces.values()} == set(SpaceGroup)


def test_a_vocational_centre_has_two_workshops_with_machines_in_them(
    spaces: dict[str, SpaceDraft], houses: dict[str, dict[str, str]]
) -> None:
    inside = {one.parent_code for one in spaces.values() if KIND_GROUPS[one.kind] is SpaceGroup.MACHINE}
    workshops = Counter(one.house_code for one in spaces.values() if one.kind == "workshop" and one.code in inside)
    assert workshops["NA-SKILL"] == workshops["YZ-SKILL"] == 2
    assert houses["NA-SKILL"]["kind"] == houses["YZ-SKILL"]["kind"] == "skill_complex"


def test_spaces_are_what_spaces_may_be(spaces: dict[str, SpaceDraft], houses: dict[str, dict[str, str]]) -> None:
    known = {row["code"] for row in rows("qualifications")}
    assert len(spaces) == len(rows("spaces"))
    for code, draft in spaces.items():
        assert drafts.problems(draft) == {}, code
        assert houses[draft.house_code]["state"] == "open", code
        assert all(draft.names), code
        assert all(draft.descriptions) or not any(draft.descriptions), code
        assert all(draft.instructions) or not any(draft.instructions), code
        assert set(draft.requires) <= known, code
        if draft.parent_code:
            above = spaces[draft.parent_code]
            assert (above.house_code, above.quantity) == (draft.house_code, 1), code
            assert list(spaces).index(draft.parent_code) < list(spaces).index(code), code


def test_every_qualification_opens_something_or_is_asked_of_staff_and_is_described(
    spaces: dict[str, SpaceDraft],
) -> None:
    opening = {one for draft in spaces.values() for one in draft.requires}
    asked_of_staff = {next(iter(row.values())) for row in rows("requirements", "term")}
    assert {row["code"] for row in rows("qualifications")} == opening | asked_of_staff
    for row in rows("qualifications"):
        assert all(row[f"{what}_{language}"] for what in ("name", "description") for language in ("fa", "vi", "en")), (
            row
        )


@pytest.mark.parametrize(
    "path", [*sorted(SPACES.glob("*.csv")), *sorted((FOLDER / "term").glob("*.csv"))], ids=lambda path: path.stem
)
def test_texts_are_composed_and_persian_is_in_persian_letters(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", text)
    assert not set("يكى") & set(text)


def test_rules_of_houses_are_rules_without_contradictions(houses: dict[str, dict[str, str]]) -> None:
    written: dict[str, list[dict[str, Any]]] = json.loads((SPACES / "rules.json").read_text(encoding="utf-8"))
    assert written.keys() <= houses.keys()
    for code, rules in written.items():
        made = [demo_spaces.rule_of(one) for one in rules]
        # The same as what reads the rules that ship with a domain makes of them.
        assert made == [stored.rule_from_data(one) for one in rules], code
        numbered = [stored.rule_from_data({**one, "id": number}) for number, one in enumerate(rules, 1)]
        assert not conflicts(numbered, stored.definition_of(BOOKING)), code
        for rule in made:
            assert rule.effect is None or all(rule.reason or ()), code


def test_people_have_accounts_and_places_that_exist(houses: dict[str, dict[str, str]]) -> None:
    organisations = {row["code"] for row in rows("organisations", "network")}
    for row in rows("people"):
        assert row["email"].endswith("@demo.example.org")
        assert row["organisation"] in {"", *organisations}
        assert row["house"] in {"", *houses}
        assert bool(row["role"]) == bool(row["organisation"] or row["house"])
        assert row["role"] in {"", *Role}


def test_who_books_is_somebody_and_holds_what_the_space_asks_for(
    spaces: dict[str, SpaceDraft], season: list[demo_season.Line]
) -> None:
    accounts = rows("accounts", ".")
    people = {row["email"] for row in [*rows("people"), *accounts]}
    members = {row["email"] for row in rows("members", "members")}
    organisations = {row["code"] for row in rows("organisations", "network")}
    held: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows("holdings"):
        held[row["email"]].add(row["qualification"])
    for line in season:
        assert line.email in people, line
        assert line.organisation in organisations if line.organisation else line.email in members, line
        asked = {one for code in tree(spaces, line.space) for one in spaces[code].requires}
        assert asked <= held[line.email], line


def test_habits_fit_their_spaces_and_opening_hours(
    spaces: dict[str, SpaceDraft], season: list[demo_season.Line]
) -> None:
    hours: defaultdict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for row in rows("opening_hours", "network"):
        opens, closes = (int(text[:2]) * 60 + int(text[3:]) for text in (row["opens"], row["closes"]))
        hours[row["house_code"], row["weekday"]].append((opens, closes))
    for line in season:
        space = spaces[line.space]
        starts = line.starts.hour * 60 + line.starts.minute
        assert starts % space.slot_minutes == 0, line
        assert line.minutes % space.slot_minutes == 0, line
        assert space.min_minutes <= line.minutes <= space.max_minutes, line
        assert 1 <= line.people <= space.capacity, line
        open_ = hours[space.house_code, str(line.weekday)]
        always = open_ == [(0, 1440)]
        assert always or any(begins <= starts and starts + line.minutes <= ends for begins, ends in open_), line
        assert line.weeks, line
        assert line.cancelled | line.absent <= set(line.weeks), line


def test_no_more_than_there_are_come_at_once(spaces: dict[str, SpaceDraft], season: list[demo_season.Line]) -> None:
    """What is confirmed never meets; requests that wait for an answer may, so that answering one has to be weighed."""
    for week in range(-4, 6):
        held = [
            (line, line.weekday * 1440 + line.starts.hour * 60 + line.starts.minute)
            for line in season
            if week in line.weeks and week not in line.cancelled and (line.answer or not spaces[line.space].approval)
        ]
        for line, begins in held:
            space = spaces[line.space]
            meeting = [
                other
                for other, at in held
                if at < begins + line.minutes + space.cleanup_minutes
                and begins - space.setup_minutes < at + other.minutes
            ]
            same = [other for other in meeting if other.space == line.space]
            assert len(same) <= space.quantity, same
            above = tree(spaces, line.space)[1:]
            assert not [other for other in meeting if other.space in above], line


def test_closures_and_waiting_are_at_spaces_that_exist(spaces: dict[str, SpaceDraft]) -> None:
    people = {row["email"] for row in rows("people")}
    for row in rows("closures"):
        assert row["kind"] in set(ClosureKind)
        assert all(1 <= int(unit) <= spaces[row["space"]].quantity for unit in row["units"].split(";") if unit)
    for row in rows("waiting"):
        assert row["space"] in spaces
        assert row["email"] in people
