"""The demonstration's programmes: calls at every stage with their forms, forty applications, questions that were asked.

Days count from today; each act is done through the services with the clock of its day, by whom it would be done.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from khaneh.interfaces.cli.demo_spaces import account_ids, lines_of, open_accounts
from khaneh.interfaces.cli.exits import Failed

_DAY = timedelta(days=1)


def load(folder: Path, *, now: datetime) -> Counter[str]:
    """Make calls and applications, unless the first programme is there; gives how much of what. One transaction. Raises Failed."""
    from khaneh.domains.programmes import queries
    from khaneh.infrastructure import db
    from khaneh.kernel.refusal import NotFound, Refusal

    told = json.loads((folder / "calls.json").read_text(encoding="utf-8"))
    try:
        queries.programme(told["calls"][0]["programme"])
    except NotFound:
        pass
    else:
        return Counter()
    open_accounts(folder, since=now)
    lines = lines_of(folder / "applications.csv")
    known = account_ids({line["email"] for line in lines})
    done: Counter[str] = Counter()
    try:
        with db.transaction():
            calls = {one["key"]: _call(one, told, now) for one in told["calls"]}
            done["calls"] = len(calls)
            numbers = [_application(line, calls, known, now) for line in lines]
            done["applications"] = len(numbers)
            for one in told["questions"]:
                _question(one, calls, known, now)
            _check(told["calls"], calls, list(zip(lines, numbers, strict=True)), now)
    except Refusal as refusal:
        raise Failed(f"{folder}: {refusal}") from refusal
    return done


def _call(one: Mapping[str, Any], told: Mapping[str, Any], now: datetime) -> int:
    from khaneh.domains.network import queries as network
    from khaneh.domains.programmes import services
    from khaneh.domains.programmes.types import (
        CallDraft,
        CriterionDraft,
        ProgrammeDraft,
        ProgrammeKind,
        Question,
        QuotaDraft,
        QuotaKind,
    )
    from khaneh.kernel.actor import SYSTEM
    from khaneh.kernel.labels import Label

    house_id = network.house_ids_by_code([one["house"]])[one["house"]]
    facts = network.house_facts(house_id)
    before = min(now, now + one["opens"] * _DAY) - 7 * _DAY
    if one["programme_names"]:
        draft = ProgrammeDraft(
            one["programme"], ProgrammeKind(one["kind"]), Label.from_dict(one["programme_names"]),
            Label.from_dict(one["descriptions"]),
        )  # fmt: skip
        services.add_programme(actor=SYSTEM, house_id=house_id, draft=draft, now=before)
    zone = ZoneInfo(facts.calendar.zone)
    made = services.add_call(
        actor=SYSTEM, programme_code=one["programme"], now=before,
        draft=CallDraft(
            names=Label.from_dict(one["names"]),
            descriptions=Label.from_dict(one["descriptions"]),
            places=one["places"],
            for_persons=one["persons"],
            for_kinds=tuple(code for code in one["kinds"].split(";") if code),
            opens_at=_at(now, one["opens"], 8, zone),
            closes_at=_at(now, one["closes"], 14, zone),
            results_on=(now + one["results"] * _DAY).date(),
            criteria=tuple(
                CriterionDraft(it["code"], Label.from_dict(it["names"]), it["weight"], it["scale_max"])
                for it in told["criteria"]
            ),
            quotas=tuple(QuotaDraft(QuotaKind(kind), places, region, decile) for kind, places, region, decile in one["quotas"]),
        ),
    )  # fmt: skip
    questions = [
        Question.from_dict({**it, "currency": facts.currency} if it["kind"] == "money" else it) for it in told["form"]
    ]
    services.save_form(actor=SYSTEM, call_id=made.id, questions=questions, revision=None, now=before)
    services.publish_form(actor=SYSTEM, call_id=made.id, now=before)
    services.publish_call(actor=SYSTEM, call_id=made.id, now=before)
    return made.id


def _application(line: Mapping[str, str], calls: Mapping[str, int], known: Mapping[str, int], now: datetime) -> int:
    from khaneh.domains.network import queries as network
    from khaneh.domains.people import queries as people
    from khaneh.domains.programmes import queries, services
    from khaneh.domains.programmes.types import ApplicationDraft

    call = queries.call(calls[line["call"]])
    opens, closes = call.opens_at or now, call.closes_at or now
    turn = int(line["email"][7:9])
    latest = min(closes, now)
    begun = opens + (latest - opens) * (turn % 7 + 1) / 12
    sent = latest - timedelta(hours=3 + turn % 9 * 11)
    # Roles were given a moment after the loading began.
    actor = people.actor(known[line["email"]], now=now + _DAY)
    organisation = network.organisation(line["organisation"]).row.id if line["organisation"] else None
    row = services.begin(
        actor=actor, call_id=call.id, organisation_id=organisation, title=line["title"], now=begun, key="demonstration"
    )
    answers = {
        "plan": line["plan"], "stage": line["stage"], "people": line["people"], "needs": line["needs"].split(";"),
        "cost": line["cost"], "buyers": line["buyers"], "rights": "yes", "team": [[line["name"], ""]],
    }  # fmt: skip
    row = services.save(
        actor=actor, application_id=row.id, revision=row.revision, now=begun, language=line["language"],
        draft=ApplicationDraft(line["title"], line["summary"], line["region"], answers),
    )  # fmt: skip
    if line["life"] != "draft":
        services.submit(actor=actor, application_id=row.id, revision=row.revision, now=sent)
    if line["life"] == "withdrawn":
        services.withdraw(actor=actor, application_id=row.id, reason=line["reason"], now=sent + timedelta(hours=1))
    return row.id


def _question(one: Mapping[str, Any], calls: Mapping[str, int], known: Mapping[str, int], now: datetime) -> None:
    from khaneh.domains.people import queries as people
    from khaneh.domains.programmes import queries, services
    from khaneh.kernel.actor import SYSTEM
    from khaneh.kernel.labels import Label

    call = queries.call(calls[one["call"]])
    asked = (call.opens_at or now) + 2 * _DAY
    actor = people.actor(known[one["email"]], now=now)
    number = services.ask(actor=actor, call_id=call.id, text=one["text"], now=asked)
    if one["answer"]:
        services.answer_question(
            actor=SYSTEM, question_id=number, answers=Label.from_dict(one["answer"]), now=asked + _DAY
        )


def _check(
    told: list[Mapping[str, Any]],
    calls: Mapping[str, int],
    made: list[tuple[dict[str, str], int]],
    now: datetime,
) -> None:
    """After the deadline: by the conditions, and by hand of whom a line says so. Who is chosen is a matter of demo_selection."""
    from khaneh.domains.programmes import queries, services
    from khaneh.domains.programmes.types import ApplicationState
    from khaneh.kernel.actor import SYSTEM

    for one in told:
        if one["life"] != "closed":
            continue
        at = (queries.call(calls[one["key"]]).closes_at or now) + timedelta(hours=1)
        services.check_conditions(actor=SYSTEM, call_id=calls[one["key"]], now=at)
        for line, number in made:
            if line["call"] == one["key"] and line["life"] == "ineligible":
                services.advance(
                    actor=SYSTEM, application_id=number, to=ApplicationState.INELIGIBLE, now=at + _DAY,
                    reason=line["reason"],
                )  # fmt: skip


def _at(now: datetime, days: int, hour: int, zone: ZoneInfo) -> datetime:
    day = now.astimezone(zone).date() + days * _DAY
    return datetime.combine(day, time(hour), zone)
