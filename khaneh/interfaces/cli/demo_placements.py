"""The demonstration's work: vacancies that are open or over, who looks for one, offers in every state, and what became of graduates.

`week` counts from today; each act is done through the services with the clock of its day, by whom it would be done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from khaneh.interfaces.cli.demo_spaces import account_ids, label_of, lines_of

_Line = Mapping[str, str]
_ANSWERED, _BEGUN, _LEFT = timedelta(days=2), timedelta(days=7), timedelta(days=40)
# A few days after the third and the twelfth month.
_AFTER = {3: timedelta(days=95), 12: timedelta(days=369)}
# How far each life goes: accepted, begun, the milestones that are confirmed.
_ACCEPTED = frozenset({"accepted", "started", "confirmed_3", "confirmed_12", "ended"})
_MILESTONES = {"confirmed_3": (3,), "confirmed_12": (3, 12)}


class _Offer(NamedTuple):
    """An offer that was made, and whom it was made to."""

    placement_id: int
    account_id: int
    at: datetime


def load(folder: Path, *, now: datetime, done: Counter[str]) -> None:
    """Everything of vacancies.csv, seekers.csv, placements.csv and statements.csv; at the end what the clock does. Raises Refusal."""
    from khaneh.domains.placements import services

    vacancies = {line["key"]: _vacancy(line, now) for line in lines_of(folder / "vacancies.csv")}
    done["vacancies"] += len(vacancies)
    seekers, placements = lines_of(folder / "seekers.csv"), lines_of(folder / "placements.csv")
    statements = lines_of(folder / "statements.csv")
    known = account_ids({line["email"] for line in (*seekers, *placements, *statements)})
    numbers = {line["email"]: _seeker(line, known[line["email"]], now) for line in seekers}
    done["seekers"] += len(numbers)
    for line in placements:
        _placement(line, vacancies[line["vacancy"]], numbers[line["email"]], known[line["email"]], now)
        done["placements"] += line["life"] != "interest"
    for line in statements:
        _statement(line, known[line["email"]], now)
        done["statements"] += 1
    services.sweep(now=now)


def _vacancy(line: _Line, now: datetime) -> int:
    from khaneh.domains.network import queries as network
    from khaneh.domains.placements import services
    from khaneh.domains.placements.types import Level, QualificationWish, SkillWish, VacancyDraft, VacancyKind
    from khaneh.kernel.actor import SYSTEM

    pay, currency = line["pay"].split(" ")
    least, most = pay.split("..")
    skills = [[*text.rstrip("!").split(":"), text[-1]] for text in _several(line["skills"])]
    draft = VacancyDraft(
        kind=VacancyKind(line["kind"]),
        names=label_of(line, "name"),
        descriptions=label_of(line, "description"),
        count=int(line["count"]),
        region_code=line["region"],
        hours=int(line["hours"]),
        pay_from=int(least),
        pay_to=int(most),
        pay_currency=currency,
        closes_on=(now + _weeks(line["closes_week"])).date(),
        skills=tuple(SkillWish(code, Level(int(level)), end == "!") for code, level, end in skills),
        qualifications=tuple(
            QualificationWish(text.rstrip("!"), text.endswith("!")) for text in _several(line["qualifications"])
        ),
    )
    at = now + _weeks(line["opened_week"])
    organisation_id = network.organisation(line["organisation"]).row.id
    number = services.add_vacancy(actor=SYSTEM, organisation_id=organisation_id, draft=draft, now=at).id
    services.publish_vacancy(actor=SYSTEM, vacancy_id=number, now=at)
    return number


def _seeker(line: _Line, account_id: int, now: datetime) -> int:
    """A profile, shown to employers where its holder consents; gives the number by which they know it."""
    from khaneh.domains.people import queries as people
    from khaneh.domains.placements import services
    from khaneh.domains.placements.types import Level, Mastered, SeekerDraft, VacancyKind

    skills = [text.split(":") for text in _several(line["skills"])]
    draft = SeekerDraft(
        region_code=line["region"],
        km=int(line["km"]),
        kinds=tuple(VacancyKind(kind) for kind in _several(line["kinds"])),
        remote=line["remote"] == "yes",
        about=line["about"],
        skills=tuple(Mastered(code, Level(int(level))) for code, level in skills),
    )
    at = now + _weeks(line["week"])
    who = people.actor(account_id, now=now)
    made = services.save_profile(actor=who, draft=draft, now=at)
    if line["consent"] == "yes":
        services.give_consent(actor=who, now=at)
    return made.id


def _placement(line: _Line, vacancy_id: int, seeker_id: int, account_id: int, now: datetime) -> None:
    """One life, as far as it went. What nobody answered in time lapses when the clock is asked."""
    from khaneh.domains.people import queries as people
    from khaneh.domains.placements import services
    from khaneh.kernel.actor import SYSTEM

    at, life = now + _weeks(line["week"]), line["life"]
    who = people.actor(account_id, now=now)
    if life == "interest":
        services.show_interest(actor=who, vacancy_id=vacancy_id, note=line["note"], now=at)
        return
    number = services.offer(actor=SYSTEM, vacancy_id=vacancy_id, seeker_id=seeker_id, note=line["note"], now=at)
    if life == "declined":
        services.decline(actor=who, placement_id=number, now=at + _ANSWERED)
    elif life == "withdrawn":
        services.withdraw_offer(actor=SYSTEM, placement_id=number, now=at + _ANSWERED)
    elif life in _ACCEPTED:
        services.accept(actor=who, placement_id=number, now=at + _ANSWERED)
        if life != "accepted":
            _at_work(_Offer(number, account_id, at), life)


def _at_work(one: _Offer, life: str) -> None:
    """What the employer said of somebody who came."""
    from khaneh.domains.placements import services
    from khaneh.domains.placements.types import EndReason
    from khaneh.kernel.actor import SYSTEM

    begun = one.at + _BEGUN
    services.start(actor=SYSTEM, placement_id=one.placement_id, started_on=begun.date(), now=begun)
    for months in _MILESTONES.get(life, ()):
        services.confirm(actor=SYSTEM, placement_id=one.placement_id, months=months, now=begun + _AFTER[months])
    if life == "ended":
        left = begun + _LEFT
        services.end_placement(
            actor=SYSTEM, placement_id=one.placement_id, ended_on=left.date(), reason=EndReason.RESIGNED, now=left
        )


def _statement(line: _Line, account_id: int, now: datetime) -> None:
    """What a graduate says of themself, or an employer told the house; where both did, the employer a week later."""
    from khaneh.domains.people import queries as people
    from khaneh.domains.placements import services
    from khaneh.domains.placements.types import StatedKind, StatementDraft, Teller
    from khaneh.kernel.actor import SYSTEM

    told = now + _weeks(line["told_week"])
    by_employer = line["said_by"] == Teller.EMPLOYER
    draft = StatementDraft(
        kind=StatedKind(line["kind"]),
        since=(now + _weeks(line["since_week"])).date(),
        told_on=told.date(),
        said_by=Teller(line["said_by"]),
        where=line["where"],
        confirmed_by=line["confirmed_by"] if by_employer else "",
        agreed=not by_employer,
    )
    who = SYSTEM if by_employer else people.actor(account_id, now=now)
    made = services.state_outcome(actor=who, account_id=account_id, draft=draft, now=told)
    if line["confirmed_by"] and not by_employer:
        later = told + timedelta(weeks=1)
        services.confirm_statement(
            actor=SYSTEM, statement_id=made.id, confirmed_by=line["confirmed_by"], confirmed_on=later.date(), now=later
        )


def _weeks(text: str) -> timedelta:
    return timedelta(weeks=int(text))


def _several(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split(";")))
