"""The frozen values that services and queries of meetings exchange. Instants are aware. No Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from khaneh.domains.meetings.types.lists import (
    GuestKind,
    InterestState,
    MatchmakingState,
    MeetingState,
    Outcome,
    ParticipantState,
    PersonState,
    PitchOrder,
)
from khaneh.domains.network.types import Ref
from khaneh.kernel.labels import Label

_NOTHING = Label("", "", "")


class Hours(NamedTuple):
    """From when until when people meet, on one day."""

    starts: datetime
    ends: datetime


class TableDraft(NamedTuple):
    """Where one meeting at a time takes place: a table, a room in words, or an address on the net."""

    name: str
    online_url: str = ""


@dataclass(frozen=True, slots=True)
class MatchmakingDraft:
    """What a matchmaking session shall be. `hours` are cut into rounds of `slot_minutes` with pauses between them.

    `guests` are those who may come, `sectors` ISIC codes of which a participant has one (none: any). `most_meetings` is how many the plan
    gives each participant at most. Until `closes_at` (or the first round) people register.
    """

    house_id: int
    names: Label
    hours: tuple[Hours, ...]
    event_id: int | None = None
    descriptions: Label = _NOTHING
    place: Label = _NOTHING
    slot_minutes: int = 20
    pause_minutes: int = 5
    guests: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    most_meetings: int = 12
    closes_at: datetime | None = None
    tables: tuple[TableDraft, ...] = ()


class RoundRow(NamedTuple):
    """A time at which one meeting a table takes place; `number` from 1 on."""

    id: int
    number: int
    starts: datetime
    ends: datetime


class TableRow(NamedTuple):
    """A table, a room or a place on the net; `number` from 1 on."""

    id: int
    number: int
    name: str
    online_url: str


@dataclass(frozen=True, slots=True)
class MatchmakingRow:
    """A matchmaking session. `zone` is that of its house's clocks; `starts` and `ends` are those of its first and last round."""

    id: int
    house: Ref
    zone: str
    event_id: int | None
    names: Label
    descriptions: Label
    place: Label
    state: MatchmakingState
    reason: str
    starts: datetime
    ends: datetime
    slot_minutes: int
    pause_minutes: int
    guests: tuple[GuestKind, ...]
    sectors: tuple[str, ...]
    most_meetings: int
    closes_at: datetime | None
    participants: int
    changed_at: datetime

    def registers(self, now: datetime) -> bool:
        """Whether people register at this moment."""
        return self.state is MatchmakingState.OPEN and now < (self.closes_at or self.starts)

    def is_over(self, now: datetime) -> bool:
        """Whether its last round has ended."""
        return self.ends <= now


@dataclass(frozen=True, slots=True)
class ParticipantDraft:
    """What a participant says of themselves: what they offer and what they look for. `published`: on the page that everybody sees."""

    offers: str
    seeks: str
    published: bool = False


class Standing(NamedTuple):
    """As whom somebody could take part: their organisation, their team in a house, or themselves as a mentor. `key` names it in a form."""

    key: str
    kind: GuestKind
    names: Label
    sectors: tuple[str, ...]
    organisation_id: int | None = None
    residency_id: int | None = None


class PersonRow(NamedTuple):
    """Somebody who comes for a participant, or was asked to."""

    id: int
    account_id: int
    name: str
    state: PersonState


@dataclass(frozen=True, slots=True)
class ParticipantRow:
    """A participant. `absent` are rounds at which they cannot meet."""

    id: int
    kind: GuestKind
    names: Label
    organisation: Ref | None
    sectors: tuple[str, ...]
    offers: str
    seeks: str
    published: bool
    state: ParticipantState
    people: tuple[PersonRow, ...]
    absent: frozenset[int]
    reason: str = ""

    @property
    def coming(self) -> tuple[PersonRow, ...]:
        """Those who have said that they come."""
        return tuple(one for one in self.people if one.state is PersonState.COMING)


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting of two. `round` and `table` are there once it has a time. `outcome` and `note` are those of whoever asks, and nobody else's."""

    id: int
    matchmaking_id: int
    asker: ParticipantRow
    asked: ParticipantRow
    message: str
    answer: str
    state: MeetingState
    round: RoundRow | None
    table: TableRow | None
    by_hand: bool
    absent_id: int | None
    changed_at: datetime
    revision: int
    outcome: Outcome | None = None
    note: str = ""

    def other(self, participant_id: int) -> ParticipantRow:
        """The other side."""
        return self.asked if self.asker.id == participant_id else self.asker


class Suggestion(NamedTuple):
    """Somebody worth meeting. `score` from 0 to 100; `words` are what one side looks for and the other offers, `sectors` those of both."""

    participant: ParticipantRow
    score: int
    they_offer: tuple[str, ...]
    they_seek: tuple[str, ...]
    sectors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnPage:
    """A matchmaking session as one of its participants sees it. `free` are the rounds at which each open meeting could be.

    `elsewhere` are those at which somebody of the participant is at something else: not by choice, so they are told which.
    """

    row: MatchmakingRow
    me: ParticipantRow
    rounds: tuple[RoundRow, ...]
    meetings: tuple[MeetingRow, ...]
    suggestions: tuple[Suggestion, ...]
    elsewhere: frozenset[int]
    free: Mapping[int, tuple[RoundRow, ...]]


@dataclass(frozen=True, slots=True)
class DeskPage:
    """A matchmaking session as its organiser sees it. `plan` is the last one that was made, None before; `free` are the rounds at which each
    agreed meeting without a time could be.
    """

    row: MatchmakingRow
    rounds: tuple[RoundRow, ...]
    tables: tuple[TableRow, ...]
    participants: tuple[ParticipantRow, ...]
    meetings: tuple[MeetingRow, ...]
    plan: PlanRow | None
    figures: Figures
    free: Mapping[int, tuple[RoundRow, ...]]


class PlanRow(NamedTuple):
    """A plan that was made: how many meetings had a place by it, of how many; `digest` names the file that it is made from again."""

    id: int
    made_at: datetime
    placed: int
    wanted: int
    digest: str


@dataclass(frozen=True, slots=True)
class Figures:
    """What a session came to. Of what sides say privately, small numbers are None, and never one of them alone."""

    participants: int
    asked: int
    accepted: int
    placed: int
    held: int
    missed: int
    outcomes: Mapping[Outcome, int | None] = field(default_factory=dict)
    answered: int | None = None


@dataclass(frozen=True, slots=True)
class PitchDraft:
    """A pitch: of a team in a house or an organisation, so many minutes, by whom."""

    title: str
    minutes: int = 5
    summary: str = ""
    speaker: str = ""
    residency_id: int | None = None
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class PitchRow:
    """A pitch in the running order; `starts` is reckoned from the event's start and the minutes before it. `interests` is for who runs the day."""

    id: int
    event_id: int
    number: int
    names: Label
    organisation: Ref | None
    title: str
    summary: str
    speaker: str
    minutes: int
    starts: datetime
    mine: bool = False
    interest: InterestRow | None = None
    interests: int = 0


@dataclass(frozen=True, slots=True)
class InterestRow:
    """A question for contact. `contact` is the other side's name and address, and is there after the team's yes alone."""

    id: int
    pitch_id: int
    pitch: str
    asked_by: str
    of: Label | None
    message: str
    state: InterestState
    at: datetime
    contact: str = ""


@dataclass(frozen=True, slots=True)
class DemoDayRow:
    """The running order of a demo day. `seed` is the number from which it was drawn, so that anybody can draw it again."""

    event_id: int
    order: PitchOrder
    seed: str
    pause_minutes: int
    pitches: tuple[PitchRow, ...]
