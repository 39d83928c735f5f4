"""When a house is open: weekly hours, holidays and exceptions, on the clocks of its time zone.

A span belongs to the day on which it starts: a house open from 20:00 to 02:00 on Thursdays closes at 02:00 on Friday, whatever
rule Friday has. Times of day are minutes after midnight, so that 24:00 and 02:00 of the following day can be written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from khaneh.kernel.calendars.days import DayOfYear
from khaneh.kernel.labels import Label

DAY = 24 * 60
# Further than this nobody plans a visit; a house without hours would otherwise be searched for ever.
HORIZON_DAYS = 400


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From `opens` to `closes`, in minutes after the midnight that starts the day; `closes` may be up to a day after `opens`.

    Raises ValueError for a span that is empty, longer than a day or starts on another day.
    """

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not (0 <= self.opens < DAY and self.opens < self.closes <= self.opens + DAY):
            raise ValueError(f"not a span of a day: {self.opens} to {self.closes}")

    @classmethod
    def of(cls, opens: int, closes: int) -> Span:
        """A span whose end may be written as a time of the following day: 20:00 to 02:00. Equal times are a whole day."""
        return cls(opens, closes if closes > opens else closes + DAY)


@dataclass(frozen=True, slots=True)
class WeeklySpan:
    """A span on one day of every week (ISO: Monday is 1), within a season if dates are given, both days included.

    Spans of the same dates are one week. Of the weeks whose season holds a day the one with the shortest season decides it (of equally
    long ones the later), so that the month of fasting beats the summer and both beat the usual week.
    """

    weekday: int
    span: Span
    first: date | None = None
    last: date | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.weekday <= 7:
            raise ValueError(f"not a weekday: {self.weekday}")

    def in_season(self, day: date) -> bool:
        """Whether the span's season holds `day`, whatever the weekday."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    @property
    def _narrowness(self) -> tuple[int, int, int]:
        bounds = [bound for bound in (self.first, self.last) if bound is not None]
        length = (bounds[1] - bounds[0]).days if len(bounds) == 2 else 0
        return len(bounds), -length, bounds[0].toordinal() if bounds else 0


class Dates(NamedTuple):
    """One or more explicit days, both ends included."""

    first: date
    last: date

    def matches(self, day: date) -> bool:
        """Whether `day` is one of them."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class DayRule:
    """What replaces the weekly hours on the days it matches: closed without spans, else open in exactly those.

    Of the rules that match a day the one with the highest `rank` decides (a house's own above its region's above its country's), then
    one with spans, so that a stated exception beats a holiday of the same rank.
    """

    when: DayOfYear | Dates
    name: Label
    spans: tuple[Span, ...] = ()
    rank: int = 0


class Status(NamedTuple):
    """Open or not at an instant. Instants are UTC.

    `until` is when it closes (None while closed, or if it is open beyond the horizon); `opens_at` is the next opening (None while open, or
    when none is in sight); `rule` is what decided the day, if not its weekly hours.
    """

    is_open: bool
    until: datetime | None = None
    opens_at: datetime | None = None
    rule: DayRule | None = None


@dataclass(frozen=True, slots=True)
class OpeningCalendar:
    """A house's time: weekly hours, the rules that replace them, and the zone of its clocks (IANA name)."""

    zone: str
    weekly: tuple[WeeklySpan, ...] = ()
    rules: tuple[DayRule, ...] = ()
    # Days that were asked for: every loan of a day is due on the same few.
    _known: dict[date, tuple[Span, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def rule(self, day: date) -> DayRule | None:
        """The rule that decides a day, or None when its weekly hours do."""
        matching = [rule for rule in self.rules if rule.when.matches(day)]
        return max(matching, key=lambda rule: (rule.rank, bool(rule.spans))) if matching else None

    def week(self, day: date) -> tuple[WeeklySpan, ...]:
        """The whole week that holds on a day: that of the narrowest season, else the usual one."""
        holding = [weekly for weekly in self.weekly if weekly.in_season(day)]
        narrowest = max(holding, key=lambda weekly: weekly._narrowness, default=None)
        if narrowest is None:
            return ()
        return tuple(weekly for weekly in holding if (weekly.first, weekly.last) == (narrowest.first, narrowest.last))

    def spans(self, day: date) -> tuple[Span, ...]:
        """The spans that start on a day, in order; those that touch are one."""
        known = self._known.get(day)
        if known is None:
            if len(self._known) > HORIZON_DAYS:
                self._known.clear()
            known = self._known[day] = self._spans(day)
        return known

    def _spans(self, day: date) -> tuple[Span, ...]:
        rule = self.rule(day)
        weekday = day.isoweekday()
        found = rule.spans if rule else tuple(one.span for one in self.week(day) if one.weekday == weekday)
        merged: list[Span] = []
        for span in sorted(found):
            if merged and span.opens <= merged[-1].closes:
                merged[-1] = Span(merged[-1].opens, min(max(span.closes, merged[-1].closes), merged[-1].opens + DAY))
            else:
                merged.append(span)
        return tuple(merged)

    def intervals(self, first: date, days: int) -> Iterator[tuple[datetime, datetime]]:
        """Open intervals (UTC, half open) that start on the given days; where one day runs into the next they are joined."""
        pending: tuple[datetime, datetime] | None = None
        for number in range(days):
            day = first + timedelta(days=number)
            for span in self.spans(day):
                start, end = self._instant(day, span.opens), self._instant(day, span.closes)
                if end <= start:
                    continue  # the span lies in the hour that the clocks skip
                if pending and start <= pending[1]:
                    pending = (pending[0], max(pending[1], end))
                    continue
                if pending:
                    yield pending
                pending = (start, end)
        if pending:
            yield pending

    def today(self, now: datetime) -> date:
        """The day that it is on the house's clocks at an aware instant."""
        return now.astimezone(ZoneInfo(self.zone)).date()

    def status(self, now: datetime) -> Status:
        """Open or closed at an aware instant, until when, and when next. Raises ValueError for a naive one."""
        if now.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        today = self.today(now)
        rule = self.rule(today)
        if not self.weekly and not any(rule.spans for rule in self.rules):
            return Status(is_open=False, rule=rule)
        horizon = now + timedelta(days=HORIZON_DAYS)
        for start, end in self.intervals(today - timedelta(days=2), HORIZON_DAYS + 2):
            if start <= now < end:
                return Status(is_open=True, until=end if end < horizon - timedelta(days=3) else None, rule=rule)
            if start > now:
                return Status(is_open=False, opens_at=start, rule=rule)
        return Status(is_open=False, rule=rule)

    def _instant(self, day: date, minutes: int) -> datetime:
        # A time that the clocks skip is read with the offset before the jump, a repeated one as its first occurrence (PEP 495, fold 0).
        wall = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(self.zone)) + timedelta(minutes=minutes)
        return wall.astimezone(UTC)
