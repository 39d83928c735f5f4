"""The demonstration's selections: one call judged and ranked, with reviews still to write, and one decided up to its signed contracts.

Days count from a call's deadline; each act is done through the services with the clock of its day, by whom it would be done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from khaneh.interfaces.cli.demo_spaces import account_ids, lines_of, open_accounts
from khaneh.interfaces.cli.exits import Failed

_Line = Mapping[str, str]
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_DOMAIN = "@demo.example.org"


def load(folder: Path, *, now: datetime) -> Counter[str]:
    """Select in the first call of each programme that is named, unless it was begun; gives how much of what. One transaction. Raises Failed."""
    from khaneh.domains.selection import queries
    from khaneh.infrastructure import db
    from khaneh.kernel.actor import SYSTEM
    from khaneh.kernel.refusal import Refusal

    done: Counter[str] = Counter()
    rounds = lines_of(folder / "rounds.csv")
    calls = {line["call"]: _first_call(line["call"]) for line in rounds}
    if any(queries.round_of_call(call_id, actor=SYSTEM) is not None for call_id in calls.values()):
        return done
    open_accounts(folder, since=now)
    tables = {name: lines_of(folder / f"{name}.csv") for name in ("reviewers", "reviews", "decisions")}
    try:
        with db.transaction():
            for line in rounds:
                mine = {name: [one for one in lines if one["call"] == line["call"]] for name, lines in tables.items()}
                done += _select(line, calls[line["call"]], mine, now)
    except Refusal as refusal:
        raise Failed(f"{folder}: {refusal}") from refusal
    return done


def _first_call(programme: str) -> int:
    from khaneh.domains.programmes import queries
    from khaneh.kernel.actor import SYSTEM

    house_id = queries.programme(programme).house.id
    return min(one.id for one in queries.calls_of_house(house_id, actor=SYSTEM) if one.programme.code == programme)


def _select(line: _Line, call_id: int, tables: Mapping[str, list[dict[str, str]]], now: datetime) -> Counter[str]:
    from khaneh.domains.people import queries as people
    from khaneh.domains.programmes import queries as programmes
    from khaneh.domains.selection import queries, services

    closed = programmes.call(call_id).closes_at or now
    known = account_ids({line["officer"]} | {one["email"] for one in tables["reviewers"]})
    # Roles were given a moment after the loading began.
    officer = people.actor(known[line["officer"]], now=now + _DAY)
    begun = _after(closed, line["fixed"])
    round_id = services.open_round(actor=officer, call_id=call_id, now=begun)
    rules = replace(queries.usual(), reviews_wanted=int(line["reviews_wanted"]), waiting=int(line["waiting"]))
    services.change_round(actor=officer, round_id=round_id, draft=rules, now=begun)
    services.fix_round(actor=officer, round_id=round_id, now=begun)
    pool = {
        one["email"]: services.add_reviewer(
            actor=officer, round_id=round_id, email=one["email"], competence=one["competence"], load=int(one["load"]), now=begun
        )
        for one in tables["reviewers"]
    }  # fmt: skip
    applications = {one.account_id: one.id for one in programmes.applications_of(call_id)}
    writers = account_ids({one["application"] + _DOMAIN for one in tables["reviews"]})
    numbers = {email.removesuffix(_DOMAIN): applications[account_id] for email, account_id in writers.items()}
    criteria = [one.code for one in programmes.call(call_id).criteria]
    for one in tables["reviews"]:
        email = one["reviewer"] + _DOMAIN
        review_id = services.assign(
            actor=officer, reviewer_id=pool[email], application_id=numbers[one["application"]], now=begun + _HOUR
        )
        _review(one, review_id, known[email], criteria, _after(closed, one["day"]), now)
    services.make_ranking(actor=officer, round_id=round_id, now=_after(closed, line["ranked"]))
    if line["decided"]:
        at = _after(closed, line["decided"])
        for one in tables["decisions"]:
            _decide(one, numbers[one["application"]], writers[one["application"] + _DOMAIN], line["officer"], at, now)
        _end(call_id, line["officer"], at + 10 * _DAY, now)
    return Counter(rounds=1, **{name: len(lines) for name, lines in tables.items()})


def _review(line: _Line, review_id: int, account_id: int, criteria: list[str], at: datetime, now: datetime) -> None:
    """One review as far as it went; what it is called when something ties its writer is the kind of the tie."""
    from khaneh.domains.people import queries as people
    from khaneh.domains.selection import services
    from khaneh.domains.selection.types import TieKind

    actor = people.actor(account_id, now=now + _DAY)
    if line["life"] == "assigned":
        return
    if line["life"] not in ("drafted", "submitted"):
        services.declare_conflict(
            actor=actor, review_id=review_id, kind=TieKind(line["life"]), note=line["comment"], lasting=True, now=at
        )
        return
    services.declare_clear(actor=actor, review_id=review_id, now=at)
    marks = {
        code: services.Mark(int(score) if score else None)
        for code, score in zip(criteria, line["scores"].split(";"), strict=True)
    }
    write = services.submit_review if line["life"] == "submitted" else services.save_review
    write(actor=actor, review_id=review_id, marks=marks, comment=line["comment"], note=line["note"], now=at + 2 * _HOUR)


def _decide(line: _Line, application_id: int, writer_id: int, officer: str, at: datetime, now: datetime) -> None:
    """A decision, and the contract of who was accepted."""
    from khaneh.domains.people import queries as people
    from khaneh.domains.selection import services
    from khaneh.domains.selection.types import DecisionKind

    (officer_id,) = account_ids({officer}).values()
    actor = people.actor(officer_id, now=now + _DAY)
    services.decide(
        actor=actor, application_id=application_id, kind=DecisionKind(line["kind"]), reason=line["reason"], seen=0, now=at
    )  # fmt: skip
    if line["contract"]:
        contract = services.issue_contract(actor=actor, application_id=application_id, now=at + 2 * _DAY)
        if line["contract"] == "signed":
            writer = people.actor(writer_id, now=now + _DAY)
            services.sign_contract(actor=writer, contract_id=contract, name=writer.name, now=at + 5 * _DAY)


def _end(call_id: int, officer: str, at: datetime, now: datetime) -> None:
    """The results are public."""
    from khaneh.domains.people import queries as people
    from khaneh.domains.programmes import services

    (officer_id,) = account_ids({officer}).values()
    services.decide_call(actor=people.actor(officer_id, now=now + _DAY), call_id=call_id, now=at)


def _after(closed: datetime, days: str) -> datetime:
    return closed + int(days) * _DAY
