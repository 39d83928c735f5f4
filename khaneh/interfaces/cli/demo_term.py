"""The demonstration's term: courses that open machines, events with a tour, vacancies. Made through the services; what
is over by today is held by `demo_finished`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from khaneh.interfaces.cli import demo_finished, demo_placements
from khaneh.interfaces.cli.demo_spaces import account_ids, instant_of, label_of, lines_of, money_of
from khaneh.interfaces.cli.exits import Failed


def load(folder: Path, *, now: datetime) -> Counter[str]:
    """Make the term, unless its first course is there; gives how much of what. One transaction. Raises Failed."""
    from khaneh.domains.learning import queries as learning
    from khaneh.infrastructure import db
    from khaneh.kernel.refusal import NotFound, Refusal

    courses = lines_of(folder / "courses.csv")
    try:
        learning.course(courses[0]["code"], now=now)
    except NotFound:
        pass
    else:
        return Counter()
    done: Counter[str] = Counter()
    try:
        with db.transaction():
            _courses(folder, now, done)
            demo_finished.load(folder, now=now, done=done)
            _events(folder, now, done)
            demo_placements.load(folder, now=now, done=done)
    except Refusal as refusal:
        raise Failed(f"{folder}: {refusal}") from refusal
    return done


def _courses(folder: Path, now: datetime, done: Counter[str]) -> None:
    from khaneh.domains.learning import services
    from khaneh.domains.learning.types import CourseDraft, CourseKind
    from khaneh.kernel.actor import SYSTEM

    for line in lines_of(folder / "courses.csv"):
        draft = CourseDraft(
            code=line["code"],
            kind=CourseKind(line["kind"]),
            names=label_of(line, "name"),
            descriptions=label_of(line, "description"),
            house_code=line["house"],
            hours=int(line["hours"]),
            requires=_several(line["requires"]),
            awards=_several(line["awards"]),
            pass_mark=int(line["pass_mark"]) if line["pass_mark"] else None,
            price=money_of(line["price"]),
        )
        services.add_course(actor=SYSTEM, draft=draft, now=now)
        services.publish_course(actor=SYSTEM, code=draft.code, now=now)
        done["courses"] += 1
    first: dict[str, int] = {}
    for line in lines_of(folder / "runs.csv"):
        number = _run(line, now)
        first.setdefault(line["course"], number)
        done["runs"] += 1
    for line in lines_of(folder / "enrolments.csv"):
        _tried(
            done, "enrolments", services.enrol, run_id=first[line["course"]], account_id=_account(line),
            organisation_id=_organisation(line["organisation"]), now=now,
        )  # fmt: skip


def _run(line: Mapping[str, str], now: datetime) -> int:
    """Plan and open a run; where its room is not to be had on these days, without one."""
    from khaneh.domains.learning import services
    from khaneh.domains.learning.types import MeetingDraft, RunDraft
    from khaneh.domains.spaces import queries as spaces
    from khaneh.kernel.actor import SYSTEM
    from khaneh.kernel.refusal import Refusal

    starts, _ = instant_of(line, now)
    (teacher,) = account_ids({line["teacher"]}).values()

    def planned(places: tuple[int, ...]) -> int:
        meetings = tuple(
            MeetingDraft(begins, begins + timedelta(minutes=int(line["minutes"])), places)
            for begins in (starts + timedelta(weeks=week) for week in range(int(line["meetings"])))
        )
        draft = RunDraft(line["course"], line["house"], int(line["capacity"]), meetings, least=3, teachers=(teacher,))
        return services.plan_run(actor=SYSTEM, draft=draft, now=now).id

    try:
        number = planned((spaces.space(line["space"]).id,) if line["space"] else ())
    except Refusal:
        number = planned(())
    services.open_run(actor=SYSTEM, run_id=number, now=now)
    return number


def _events(folder: Path, now: datetime, done: Counter[str]) -> None:
    from khaneh.domains.events import services
    from khaneh.domains.events.types import Admission, EventDraft, LegDraft, ShareDraft
    from khaneh.domains.network import queries as network
    from khaneh.kernel.actor import SYSTEM

    houses = network.house_ids_by_code()
    made: dict[str, int] = {}
    prices: dict[str, Any] = {}
    for line in lines_of(folder / "events.csv"):
        starts, zone = instant_of(line, now)
        day = starts.astimezone(zone).date()
        legs = tuple(
            LegDraft(
                arrives=datetime.combine(day, time.fromisoformat(leg["arrives"]), zone),
                leaves=datetime.combine(day, time.fromisoformat(leg["leaves"]), zone),
                house_id=houses[leg["house"]],
                place=label_of(leg, "place"),
                transport=leg["transport"],
                seats=int(leg["seats"]) if leg["seats"] else None,
                meeting=label_of(leg, "meeting"),
            )
            for leg in lines_of(folder / "legs.csv")
            if leg["event"] == line["key"]
        )
        shares = tuple(
            ShareDraft(houses[share["house"]], int(share["places"]))
            for share in lines_of(folder / "shares.csv")
            if share["event"] == line["key"]
        )
        draft = EventDraft(
            house_id=houses[line["house"]],
            kind=line["kind"],
            names=label_of(line, "name"),
            descriptions=label_of(line, "description"),
            starts=starts,
            ends=starts + timedelta(minutes=int(line["minutes"])),
            organiser_ids=tuple(network.organisation(code).row.id for code in _several(line["organisers"])),
            sectors=_several(line["sectors"]),
            place=label_of(line, "place"),
            admission=Admission(line["admission"]),
            capacity=None if line["admission"] == Admission.FREE else int(line["capacity"]),
            price=money_of(line["price"]),
            shares=shares,
            release_at=starts - timedelta(days=3) if shares else None,
            legs=legs,
        )
        prices[line["key"]] = draft.price
        made[line["key"]] = services.propose_event(actor=SYSTEM, draft=draft, now=now).id
        services.open_event(actor=SYSTEM, event_id=made[line["key"]], now=now)
        done["events"] += 1
    for line in lines_of(folder / "registrations.csv"):
        _tried(
            done, "registrations", services.register, event_id=made[line["event"]], account_id=_account(line),
            organisation_id=_organisation(line["organisation"]), people_count=int(line["people"]), agreed=prices[line["event"]], now=now,
        )  # fmt: skip


def _tried(done: Counter[str], what: str, act: Any, **wanted: Any) -> None:
    """What somebody else may have made impossible is counted by its code."""
    from khaneh.kernel.actor import SYSTEM
    from khaneh.kernel.refusal import Refusal

    try:
        act(actor=SYSTEM, **wanted)
    except Refusal as refused:
        done[refused.code] += 1
    else:
        done[what] += 1


def _account(line: Mapping[str, str]) -> int:
    return account_ids({line["email"]})[line["email"]]


def _organisation(code: str) -> int | None:
    from khaneh.domains.network import queries as network

    return network.organisation(code).row.id if code else None


def _several(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split(";")))
