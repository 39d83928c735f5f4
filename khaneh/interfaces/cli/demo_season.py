"""The demonstration's season of bookings: weeks that are over, the one that is under way, and those to come.

`season.csv` says who comes when, in weeks before and after that of today. From it follows everything that happened, instant by instant: booked,
approved, cancelled, come, over. It is played in that order through the services, each act with the clock of its instant, so that quotas,
overlaps and qualifications are judged as they would have been. What the doors were closed for, a holiday for instance, is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from khaneh.interfaces.cli import demo_spaces

# When a day is over in all houses of the demonstration.
_NIGHT = time(20, 30)
# Who gives a booking up does so before anybody minds.
_GIVEN_UP = timedelta(hours=50)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of season.csv: somebody's habit. `weeks` count from the week of today (Monday to Sunday), as do those that were given up or missed."""

    number: int
    space: str
    email: str
    organisation: str
    weekday: int
    starts: time
    minutes: int
    people: int
    title: str
    weeks: tuple[int, ...]
    lead: timedelta
    series: bool
    desk: bool
    answer: str
    cancelled: frozenset[int]
    absent: frozenset[int]

    def begins(self, week: int, today: date, zone: ZoneInfo) -> datetime:
        """The instant at which the booking of a week starts."""
        monday = today - timedelta(days=today.isoweekday() - 1)
        day = monday + timedelta(weeks=week, days=self.weekday - 1)
        return datetime.combine(day, self.starts, zone).astimezone(UTC)


class Act(NamedTuple):
    """Something that happens. `week` is None for a whole series; for the end of a day there is no line."""

    at: datetime
    what: str
    line: Line | None
    week: int | None


def lines_of(path: Path) -> list[Line]:
    """The habits of a file."""
    found = []
    for number, row in enumerate(demo_spaces.lines_of(path)):
        ways = set(row["ways"].split(";"))
        found.append(
            Line(
                number=number,
                space=row["space"],
                email=row["email"],
                organisation=row["organisation"],
                weekday=int(row["weekday"]),
                starts=time.fromisoformat(row["starts"]),
                minutes=int(row["minutes"]),
                people=int(row["people"]),
                title=row["title"],
                weeks=tuple(weeks_of(row["weeks"])),
                lead=timedelta(days=int(row["lead_days"])),
                series="series" in ways,
                desk="desk" in ways,
                answer=row["answer"],
                cancelled=frozenset(weeks_of(row["cancelled"])),
                absent=frozenset(weeks_of(row["absent"])),
            )
        )
    return found


def weeks_of(text: str) -> Iterator[int]:
    """`-4..3` is each of eight weeks, `-4..3/2` every second of them, `-1;2` two weeks; nothing is none."""
    for part in filter(None, text.split(";")):
        ends, _, step = part.partition("/")
        first, _, last = ends.partition("..")
        yield from range(int(first), int(last or first) + 1, int(step or 1))


def acts_of(lines: list[Line], zones: Mapping[str, ZoneInfo], now: datetime) -> list[Act]:
    """Everything that has happened until now, in its order. `zones` are those of the spaces' houses."""
    found: list[Act] = []
    days: set[date] = set()
    for line in lines:
        zone = zones[line.space]
        today = now.astimezone(zone).date()
        minutes = timedelta(minutes=line.number * 7 % 420)
        first = True
        for week in line.weeks:
            starts = line.begins(week, today, zone)
            asked = min(starts - line.lead, now - timedelta(hours=3) - minutes, starts - timedelta(hours=2))
            if not line.series or first:
                found.append(Act(asked, "book", line, None if line.series else week))
                first_asked, first = asked, False
            if line.series:
                asked = first_asked
            if line.answer:
                found.append(Act(min(asked + timedelta(days=1), now, starts), "answer", line, week))
            if week in line.cancelled:
                given_up = max(min(starts - _GIVEN_UP, now), asked + timedelta(hours=1))
                found.append(Act(given_up, "cancel", line, week))
            elif week not in line.absent:
                found.append(Act(starts + timedelta(minutes=line.number % 9 - 4), "arrive", line, week))
            days.add(starts.date())
    found += [Act(datetime.combine(day, _NIGHT, UTC), "night", None, None) for day in days]
    order = ("book", "answer", "cancel", "arrive", "night")
    return sorted(
        (one for one in found if one.at <= now),
        key=lambda one: (one.at, order.index(one.what), one.line.number if one.line else 0, one.week or 0),
    )


def play(folder: Path, *, now: datetime, weeks: range | None = None) -> Counter[str]:
    """Play the season up to now, unless it was; `weeks` are those that are wanted, all without. Gives how often what was done, and refused.

    One transaction: a season that was interrupted was not played.
    """
    from khaneh.domains.spaces import services
    from khaneh.infrastructure import db

    lines = lines_of(folder / "season.csv")
    if weeks is not None:
        lines = [_within(line, weeks) for line in lines]
    lines = [line for line in lines if line.weeks]
    stage = _Stage(folder, lines, now)
    if not lines or stage.was_played():
        return Counter()
    done: Counter[str] = Counter()
    with db.transaction():
        for act in acts_of(lines, stage.zones, now):
            done[stage.perform(act)] += 1
        services.tidy(now=now)
        for name, perform in (("closures", stage.close), ("waiting", stage.wait)):
            for row in demo_spaces.lines_of(folder / f"{name}.csv"):
                if weeks is None or int(row["week"]) in weeks:
                    done[perform(row)] += 1
    return done


def _within(line: Line, weeks: range) -> Line:
    return replace(line, weeks=tuple(week for week in line.weeks if week in weeks))


class _Stage:
    """Where it is played: the spaces, people and organisations by the codes of the files, and which booking is whose."""

    def __init__(self, folder: Path, lines: list[Line], now: datetime) -> None:
        from khaneh.domains.network import queries as network
        from khaneh.domains.spaces import queries

        self.now = now
        self.people = demo_spaces.account_ids({line.email for line in lines})
        houses = network.house_ids_by_code({row["house"] for row in demo_spaces.lines_of(folder / "spaces.csv")})
        self.spaces = {row.code: row for house_id in houses.values() for row in queries.spaces_of_house(house_id)}
        self.zones = {
            code: ZoneInfo(network.house_facts(row.house.id).calendar.zone) for code, row in self.spaces.items()
        }
        codes = {line.organisation for line in lines if line.organisation}
        self.organisations = {code: network.organisation(code).row.id for code in sorted(codes)}
        self.booked: dict[tuple[int, int], int] = {}
        self._acts: dict[str, Callable[[Act], None]] = {
            "book": self._book,
            "answer": self._answer,
            "cancel": self._cancel,
            "arrive": self._arrive,
            "night": self._night,
        }

    def was_played(self) -> bool:
        """Whether one of the first people has ever booked anything."""
        from khaneh.domains.spaces import queries

        some = [self.people[email] for email in sorted(self.people)[:3]]
        return any(queries.bookings_of(one, now=self.now, past=past, limit=1) for one in some for past in (True, False))

    def perform(self, act: Act) -> str:
        """What was done: the act's name, or the refusal's code."""
        from khaneh.domains.policies.types import PolicyRefused
        from khaneh.kernel.refusal import Refusal

        try:
            self._acts[act.what](act)
        except PolicyRefused as refused:
            return str(refused.facts["reasons"][0]["code"])
        except Refusal as refused:
            return refused.code
        return act.what

    def _book(self, act: Act) -> None:
        from khaneh.domains.spaces import services
        from khaneh.domains.spaces.types import Channel
        from khaneh.kernel.actor import SYSTEM

        line = _known(act.line)
        organisation_id = self.organisations[line.organisation] if line.organisation else None
        if line.series:
            self._book_series(act, line, organisation_id)
            return
        week = act.week or 0
        zone = self.zones[line.space]
        starts = line.begins(week, self.now.astimezone(zone).date(), zone)
        done = services.book(
            actor=SYSTEM,
            space_id=self.spaces[line.space].id,
            account_id=self.people[line.email],
            organisation_id=organisation_id,
            starts=starts,
            ends=starts + timedelta(minutes=line.minutes),
            people_count=line.people,
            title=line.title,
            channel=Channel.DESK if line.desk else Channel.WEB,
            now=act.at,
        )
        self.booked[line.number, week] = done.booking_id

    def _book_series(self, act: Act, line: Line, organisation_id: int | None) -> None:
        from khaneh.domains.spaces import services
        from khaneh.domains.spaces.errors import SeriesChanged
        from khaneh.domains.spaces.types import Pattern, Repeat, SeriesPlan
        from khaneh.kernel.actor import SYSTEM

        zone = self.zones[line.space]
        first = line.begins(line.weeks[0], self.now.astimezone(zone).date(), zone).astimezone(zone).date()
        every = line.weeks[1] - line.weeks[0] if len(line.weeks) > 1 else 1
        pattern = Pattern(Repeat.WEEKLY, first, count=len(line.weeks), every=every)

        def book(only: list[int] | None) -> SeriesPlan:
            return services.book_series(
                actor=SYSTEM,
                space_id=self.spaces[line.space].id,
                pattern=pattern,
                at=line.starts,
                minutes=line.minutes,
                account_id=self.people[line.email],
                organisation_id=organisation_id,
                people_count=line.people,
                title=line.title,
                only=only,
                now=act.at,
            )

        try:
            plan = book(None)
        except SeriesChanged as refused:
            against = {one["number"] for one in refused.facts["days"]}
            plan = book([number for number in range(1, len(line.weeks) + 1) if number not in against])
        for one in plan.occurrences:
            if one.booking_id is not None:
                self.booked[line.number, line.weeks[one.number - 1]] = one.booking_id

    def _answer(self, act: Act) -> None:
        from khaneh.domains.spaces import services
        from khaneh.kernel.actor import SYSTEM

        line = _known(act.line)
        if number := self.booked.get((line.number, act.week or 0)):
            if line.answer == "approve":
                services.approve(actor=SYSTEM, booking_id=number, now=act.at)
            else:
                services.refuse(actor=SYSTEM, booking_id=number, reason=line.answer, now=act.at)

    def _cancel(self, act: Act) -> None:
        from khaneh.domains.spaces import services
        from khaneh.kernel.actor import Actor

        line = _known(act.line)
        if number := self.booked.get((line.number, act.week or 0)):
            services.cancel(actor=Actor(account_id=self.people[line.email]), booking_id=number, now=act.at)

    def _arrive(self, act: Act) -> None:
        from khaneh.domains.spaces import services
        from khaneh.kernel.actor import SYSTEM

        line = _known(act.line)
        if number := self.booked.get((line.number, act.week or 0)):
            services.check_in(actor=SYSTEM, booking_id=number, now=act.at)

    def _night(self, act: Act) -> None:
        from khaneh.domains.spaces import services

        services.tidy(now=act.at)

    def close(self, line: Mapping[str, str]) -> str:
        """A line of closures.csv: so many days from an hour of a weekday on."""
        from khaneh.domains.spaces import services
        from khaneh.domains.spaces.types import ClosureKind
        from khaneh.kernel.actor import SYSTEM
        from khaneh.kernel.refusal import Refusal

        space, starts = self._place(line, line["opens"])
        try:
            services.close_space(
                actor=SYSTEM,
                space_id=space,
                kind=ClosureKind(line["kind"]),
                starts=starts,
                ends=starts + timedelta(days=int(line["days"])),
                units=[int(unit) for unit in line["units"].split(";") if unit],
                note=line["note"],
                now=self.now,
            )
        except Refusal as refused:
            return refused.code
        return "close"

    def wait(self, line: Mapping[str, str]) -> str:
        """A line of waiting.csv: somebody waits for something to become free within a day."""
        from khaneh.domains.network import queries as network
        from khaneh.domains.spaces import services
        from khaneh.kernel.actor import SYSTEM
        from khaneh.kernel.refusal import Refusal

        space, first = self._place(line, line["from"])
        organisation = line["organisation"]
        try:
            services.join_waiting_list(
                actor=SYSTEM,
                house_id=self.spaces[line["space"]].house.id,
                space_id=space,
                first=first,
                last=self._place(line, line["until"])[1],
                minutes=int(line["minutes"]),
                units=int(line["units"]),
                people_count=int(line["people"]),
                title=line["title"],
                account_id=demo_spaces.account_ids({line["email"]})[line["email"]],
                organisation_id=network.organisation(organisation).row.id if organisation else None,
                now=self.now,
            )
        except Refusal as refused:
            return refused.code
        return "wait"

    def _place(self, line: Mapping[str, str], at: str) -> tuple[int, datetime]:
        zone = self.zones[line["space"]]
        today = self.now.astimezone(zone).date()
        day = today + timedelta(weeks=int(line["week"]), days=int(line["weekday"]) - today.isoweekday())
        return self.spaces[line["space"]].id, datetime.combine(day, time.fromisoformat(at), zone)


def _known(line: Line | None) -> Line:
    if line is None:
        raise TypeError("an act without a line")
    return line
