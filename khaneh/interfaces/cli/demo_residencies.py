"""The demonstration's residencies: teams that were offered a place, work in a house, have graduated or left, with what they were given.

`week` counts from today, of a milestone from the first day of its team; each act is done through the services with the clock of its day.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from pathlib import Path

from khaneh.interfaces.cli.demo_spaces import account_ids, label_of, lines_of
from khaneh.interfaces.cli.exits import Failed

_Line = Mapping[str, str]
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_MOST_ALLOTTED = timedelta(days=360)
_MARKS = {"team": 4, "product": 4, "customers": 3, "money": 3, "wellbeing": 4}


def load(folder: Path, *, now: datetime) -> Counter[str]:
    """Make what is not there yet; gives how much of what. One transaction. Raises Failed."""
    from khaneh.domains.network import queries as network
    from khaneh.domains.residencies import queries
    from khaneh.infrastructure import db
    from khaneh.kernel.actor import SYSTEM
    from khaneh.kernel.refusal import Refusal

    done: Counter[str] = Counter()
    # By day in all houses, so that what happens on a day happens on the same one everywhere.
    now = now.replace(hour=6, minute=0, second=0, microsecond=0)
    houses = network.house_ids_by_code()
    teams = lines_of(folder / "residencies.csv")
    if queries.residencies_of_house(houses[teams[0]["house"]], actor=SYSTEM, now=now, limit=1):
        return done
    milestones: dict[str, list[_Line]] = defaultdict(list)
    for line in lines_of(folder / "milestones.csv"):
        milestones[line["residency"]].append(line)
    told: dict[str, list[_Line]] = defaultdict(list)
    for line in lines_of(folder / "follow_ups.csv"):
        told[line["residency"]].append(line)
    try:
        with db.transaction():
            budgets = {line["key"]: _budget(line, now) for line in lines_of(folder / "lines.csv")}
            done["budget lines"] += len(budgets)
            for line in teams:
                _team(line, milestones[line["key"]], told[line["key"]], budgets, houses[line["house"]], now, done)
                done["residencies"] += 1
    except Refusal as refusal:
        raise Failed(f"{folder}: {refusal}") from refusal
    return done


def _budget(line: _Line, now: datetime) -> int:
    from khaneh.domains.residencies import services
    from khaneh.domains.residencies.types import LineDraft, SupportKind
    from khaneh.kernel.actor import SYSTEM

    first = (now + _weeks(line["week"])).date()
    draft = LineDraft(
        house_code=line["house"],
        giver_code=line["giver"],
        agreement=line["agreement"],
        names=label_of(line, "name"),
        kind=SupportKind(line["kind"]),
        amount=int(line["amount"]),
        unit=line["unit"],
        first=first,
        last=first + _weeks(line["weeks"]),
    )
    return services.add_line(actor=SYSTEM, draft=draft, key=f"demo:{line['key']}", now=now + _weeks(line["week"]))


def _team(
    line: _Line,
    milestones: list[_Line],
    told: list[_Line],
    budgets: Mapping[str, int],
    house_id: int,
    now: datetime,
    done: Counter[str],
) -> None:
    from khaneh.domains.people import queries as people
    from khaneh.domains.residencies import services
    from khaneh.domains.residencies.types import OverReason, ResidencyDraft
    from khaneh.kernel.actor import SYSTEM

    begins = now + _weeks(line["week"])
    offered = min(begins, now) - 10 * _DAY
    (founder_id,) = account_ids({line["founder"]}).values()
    founder = people.actor(founder_id, now=now)
    draft = ResidencyDraft(
        names=label_of(line, "name"),
        founder_email=line["founder"],
        starts_on=begins.date(),
        ends_on=(begins + _weeks(line["weeks"])).date(),
        organisation_code=line["organisation"],
        plan=line["plan"],
        people=int(line["people"]),
    )
    number = services.offer_residency(
        actor=SYSTEM, house_id=house_id, draft=draft, key=f"demo:{line['key']}", now=offered
    )
    if line["life"] != "offered":
        services.move_in(actor=SYSTEM, residency_id=number, now=begins)
        _place(line, number, begins, done)
        _mentored(line, number, founder_id, begins, now)
    for one in milestones:
        _milestone(one, number, founder_id, budgets, begins, now)
        done["milestones"] += 1
    over = begins + _weeks(line["weeks"]) - 7 * _DAY
    if line["life"] == "left":
        gone = begins + 26 * timedelta(weeks=1)
        services.leave(actor=founder, residency_id=number, reason=OverReason(line["reason"]), now=gone)
    elif line["life"] == "graduated":
        services.graduate(actor=SYSTEM, residency_id=number, now=over)
        services.consent(actor=founder, residency_id=number, given=True, now=over)
        for one in told:
            _told(one, number, founder_id, over)
            done["follow-ups"] += 1


def _place(line: _Line, number: int, begins: datetime, done: Counter[str]) -> None:
    """A desk for the stay, where one is free for all of it: what others have booked before stays theirs."""
    from khaneh.domains.residencies import services
    from khaneh.domains.residencies.errors import PlaceTaken
    from khaneh.domains.spaces import queries as spaces
    from khaneh.kernel.actor import SYSTEM

    if not line["space"]:
        return
    last = begins + min(_weeks(line["weeks"]), _MOST_ALLOTTED)
    try:
        services.allot(
            actor=SYSTEM, residency_id=number, space_id=spaces.space(line["space"]).id, first=begins.date(),
            last=last.date(), now=begins,
        )  # fmt: skip
    except PlaceTaken:
        done["residencies.place_taken"] += 1
    else:
        done["places"] += 1


def _mentored(line: _Line, number: int, founder_id: int, begins: datetime, now: datetime) -> None:
    """A mentor with a session that was held, how they found the team, and a time to come."""
    from khaneh.domains.people import queries as people
    from khaneh.domains.residencies import services
    from khaneh.kernel.actor import SYSTEM

    account = people.account_by_email(line["mentor"]) if line["mentor"] else None
    if account is None:
        return
    mentor, founder = people.actor(account.id, now=now), people.actor(founder_id, now=now)
    at = begins + 3 * _DAY
    services.appoint_mentor(actor=SYSTEM, residency_id=number, account_id=account.id, now=at)
    starts = datetime.combine((at + 7 * _DAY).date(), time(6), at.tzinfo)
    slot = services.offer_slot(actor=mentor, starts=starts, ends=starts + _HOUR, place="", now=at)
    session = services.book_session(
        actor=founder, residency_id=number, slot_id=slot, topic=line["plan"].split(":")[0][:80], now=at
    )
    services.hold_session(actor=mentor, session_id=session, came=True, summary="", now=starts + _HOUR)
    services.check_health(actor=mentor, residency_id=number, scores=_MARKS, note="", now=starts + _HOUR)
    if line["life"] == "moved_in":
        for days in (4, 11):
            coming = datetime.combine((now + days * _DAY).date(), time(7), now.tzinfo)
            services.offer_slot(actor=mentor, starts=coming, ends=coming + _HOUR, place="", now=now)


def _milestone(
    line: _Line, number: int, founder_id: int, budgets: Mapping[str, int], begins: datetime, now: datetime
) -> None:
    """One milestone as far as it went, with the tranche that waits for it."""
    from khaneh.domains.people import queries as people
    from khaneh.domains.residencies import services
    from khaneh.domains.residencies.types import MilestoneDraft
    from khaneh.kernel.actor import SYSTEM

    due = begins + _weeks(line["week"])
    agreed = min(begins, now)
    draft = MilestoneDraft(label_of(line, "name"), due.date(), line["wanted"])
    milestone = services.plan_milestone(actor=SYSTEM, residency_id=number, draft=draft, now=agreed)
    tranche = None
    if line["line"]:
        tranche = services.promise(
            actor=SYSTEM, residency_id=number, line_id=budgets[line["line"]], amount=int(line["amount"]),
            milestone_id=milestone, key=f"demo:{number}:{milestone}", now=agreed,
        )  # fmt: skip
    founder = people.actor(founder_id, now=now)
    if line["life"] in ("reached", "submitted"):
        services.submit_milestone(actor=founder, milestone_id=milestone, said=line["said"], now=due - 2 * _DAY)
    if line["life"] == "reached":
        services.decide_milestone(actor=SYSTEM, milestone_id=milestone, reached=True, answer="", now=due)
        if tranche is not None:
            paid = services.pay(actor=SYSTEM, tranche_id=tranche, now=due + _DAY)
            services.acknowledge(actor=founder, support_id=paid, now=due + 2 * _DAY)


def _told(line: _Line, number: int, founder_id: int, over: datetime) -> None:
    from khaneh.domains.people import queries as people
    from khaneh.domains.residencies import services
    from khaneh.domains.residencies.types import Fate, FollowUpDraft

    year = int(line["year"])
    draft = FollowUpDraft(Fate(line["fate"]), int(line["people"]), line["band"], line["exports"] == "yes")
    at = over + timedelta(days=366 * year)
    services.answer_follow_up(
        actor=people.actor(founder_id, now=at), residency_id=number, year=year, draft=draft, now=at
    )


def _weeks(text: str) -> timedelta:
    return timedelta(weeks=int(text))
