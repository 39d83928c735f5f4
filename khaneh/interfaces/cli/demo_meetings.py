"""The demonstration's matchmaking session, with who takes part, who asked whom and a plan, and its demo day, with who wants to know more.

A session belongs to the house's next event of a kind, on that day; without one it is in three weeks. Each act is done through the services by
whom it would be done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from khaneh.interfaces.cli.demo_spaces import account_ids, label_of, lines_of
from khaneh.interfaces.cli.exits import Failed

_Line = Mapping[str, str]
_ADMINISTRATOR = "administrator"


def load(folder: Path, *, now: datetime) -> Counter[str]:
    """Make what is not there yet; gives how much of what. One transaction. Raises Failed."""
    from khaneh.domains.meetings import queries
    from khaneh.domains.network import queries as network
    from khaneh.infrastructure import db
    from khaneh.kernel.actor import SYSTEM
    from khaneh.kernel.refusal import Refusal

    done: Counter[str] = Counter()
    houses = network.house_ids_by_code()
    sessions = lines_of(folder / "sessions.csv")
    if queries.matchmakings_of_house(houses[sessions[0]["house"]], actor=SYSTEM, limit=1):
        return done
    try:
        with db.transaction():
            _open_accounts(lines_of(folder / "participants.csv"))
            for line in sessions:
                _session(line, folder, houses, now, done)
            _pitches(folder, houses, now, done)
    except Refusal as refusal:
        raise Failed(f"{folder}: {refusal}") from refusal
    return done


def _open_accounts(lines: list[dict[str, str]]) -> None:
    from khaneh.domains.people import services as people
    from khaneh.interfaces.cli.demonstration import PASSWORD
    from khaneh.kernel.actor import SYSTEM

    for line in lines:
        if line["name"]:
            people.open_account(
                actor=SYSTEM, email=line["email"], password=PASSWORD, name=line["name"], language=line["language"]
            )


def _session(line: _Line, folder: Path, houses: Mapping[str, int], now: datetime, done: Counter[str]) -> None:
    from khaneh.domains.meetings import queries, services
    from khaneh.domains.meetings.types import Hours, MatchmakingDraft, TableDraft
    from khaneh.domains.network import queries as network
    from khaneh.kernel.actor import SYSTEM

    house_id = houses[line["house"]]
    event = _event(houses[line["event_house"]], line["event_kind"], now)
    zone = ZoneInfo(network.house_facts(house_id).calendar.zone)
    day = (
        event.starts.astimezone(zone).date()
        if event is not None
        else (now + timedelta(weeks=3)).astimezone(zone).date()
    )
    starts = datetime.combine(day, time.fromisoformat(line["starts"]), zone)
    tables = tuple(
        TableDraft(name.strip(), f"https://{address}" if found else "")
        for name, found, address in (one.partition("https://") for one in line["tables"].split(";"))
    )
    draft = MatchmakingDraft(
        house_id=house_id, names=label_of(line, "name"), descriptions=label_of(line, "description"),
        place=label_of(line, "place"), hours=(Hours(starts, starts + timedelta(minutes=int(line["minutes"]))),),
        event_id=event.id if event is not None and event.house.id == house_id else None,
        slot_minutes=int(line["slot"]), pause_minutes=int(line["pause"]), most_meetings=int(line["most"]), tables=tables,
    )  # fmt: skip
    number = services.add_matchmaking(actor=SYSTEM, draft=draft, key=f"demo:{line['key']}", now=now)
    services.open_matchmaking(actor=SYSTEM, matchmaking_id=number, now=now)
    done["sessions"] += 1
    rounds = {row.number: row.id for row in queries.rounds(number)}
    sides = {one["code"]: _participant(one, number, rounds, now) for one in lines_of(folder / "participants.csv")}
    done["participants"] += len(sides)
    for one in lines_of(folder / "requests.csv"):
        _request(one, number, sides, rounds, now)
        done["meetings"] += 1
    services.plan(actor=SYSTEM, matchmaking_id=number, afresh=False, now=now)


def _participant(one: _Line, session: int, rounds: Mapping[int, int], now: datetime) -> tuple[Any, int]:
    from khaneh.domains.meetings import services
    from khaneh.domains.meetings.types import ParticipantDraft

    who = _speaker(one["code"], one["email"])
    made = services.register(
        actor=who, matchmaking_id=session, standing=f"organisation-{who.grants[0].organisation_id}",
        draft=ParticipantDraft(one["offers"], one["seeks"], one["published"] == "1"), now=now,
    )  # fmt: skip
    away = {int(number) for number in one["absent"].split(";") if number}
    if away:
        free = [rounds[number] for number in rounds if number not in away]
        services.say_when(actor=who, matchmaking_id=session, available=free, now=now)
    return who, made


def _request(
    one: _Line, session: int, sides: Mapping[str, tuple[Any, int]], rounds: Mapping[int, int], now: datetime
) -> None:
    from khaneh.domains.meetings import services
    from khaneh.domains.meetings.errors import RoundTaken

    (asker, _), (asked, other) = sides[one["asker"]], sides[one["asked"]]
    number = services.ask(actor=asker, matchmaking_id=session, participant_id=other, message=one["message"], now=now)
    if one["state"] == "accepted":
        at = rounds[int(one["round"])] if one["round"] else None
        try:
            services.accept(actor=asked, meeting_id=number, round_id=at, answer=one["answer"], now=now)
        except RoundTaken:
            # Somebody is elsewhere then; the plan finds them another time.
            services.accept(actor=asked, meeting_id=number, round_id=None, answer=one["answer"], now=now)
    elif one["state"] == "declined":
        services.decline(actor=asked, meeting_id=number, answer=one["answer"], now=now)


def _pitches(folder: Path, houses: Mapping[str, int], now: datetime, done: Counter[str]) -> None:
    from khaneh.domains.meetings import services
    from khaneh.domains.meetings.types import PitchDraft
    from khaneh.domains.network import queries as network
    from khaneh.kernel.actor import SYSTEM

    made: dict[str, int] = {}
    event = None
    for one in lines_of(folder / "pitches.csv"):
        event = _event(houses[one["house"]], one["kind"], now)
        if event is None:
            return
        draft = PitchDraft(
            title=one["title"], minutes=int(one["minutes"]), summary=one["summary"], speaker=one["speaker"],
            organisation_id=network.organisation_id(one["code"]),
        )  # fmt: skip
        made[one["code"]] = services.add_pitch(actor=SYSTEM, event_id=event.id, draft=draft, now=now)
        done["pitches"] += 1
    if event is not None:
        services.draw_order(actor=SYSTEM, event_id=event.id, seed="Vinh", now=now)
    for one in lines_of(folder / "interests.csv"):
        who = _speaker(one["by"], one["email"])
        number = services.ask_contact(
            actor=who, pitch_id=made[one["code"]], organisation_id=who.grants[0].organisation_id, message=one["message"],
            now=now,
        )  # fmt: skip
        if one["state"] == "accepted":
            team = _speaker(one["code"], next(
                row["email"] for row in lines_of(folder / "participants.csv") if row["code"] == one["code"]
            ))  # fmt: skip
            services.answer_contact(actor=team, interest_id=number, accepts=True, now=now)


def _event(house_id: int, kind: str, now: datetime) -> Any:
    """The house's next event of a kind that is open, from tomorrow on."""
    from khaneh.domains.events import queries
    from khaneh.domains.events.types import EventFilter, EventState

    wanted = EventFilter(
        house_ids=(house_id,), kinds=(kind,), first=now + timedelta(days=1), last=now + timedelta(days=400),
        states=(EventState.OPEN, EventState.FULL),
    )  # fmt: skip
    found = [one for one in queries.calendar(wanted, limit=20).events if one.starts > now + timedelta(days=1)]
    return found[0] if found else None


def _speaker(code: str, email: str) -> Any:
    """Somebody with the right to speak for an organisation, for as long as the demonstration is made."""
    from khaneh.domains.network import queries as network
    from khaneh.kernel.actor import Actor, Grant

    (account_id,) = account_ids({email}).values()
    return Actor(account_id=account_id, grants=(Grant(_ADMINISTRATOR, organisation_id=network.organisation_id(code)),))
