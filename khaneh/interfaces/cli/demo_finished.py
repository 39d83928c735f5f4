"""The demonstration's courses that are over: who was there, what they were given, and what the staff is asked to be trained in.

Each act is done through the services with the clock of its day, the oldest run first, so that qualifications run out when they would have.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from khaneh.interfaces.cli import accounts
from khaneh.interfaces.cli.demo_spaces import account_ids, instant_of, lines_of

_Line = Mapping[str, str]
# How long before the first meeting people enrol, and after the end of the last one it is judged.
_BEFORE, _AFTER = timedelta(days=10), timedelta(hours=1)


def load(folder: Path, *, now: datetime, done: Counter[str]) -> None:
    """Hold the runs of finished.csv with the learners of learners.csv, and ask the staff for what requirements.csv says. Raises Refusal."""
    _open_accounts(folder / "people.csv", now)
    _ask_the_staff(folder / "requirements.csv", now)
    learners: dict[str, list[_Line]] = defaultdict(list)
    for line in lines_of(folder / "learners.csv"):
        learners[line["run"]].append(line)
    runs = lines_of(folder / "finished.csv")
    known = account_ids(
        {line["email"] for found in learners.values() for line in found} | {line["teacher"] for line in runs}
    )
    for line in sorted(runs, key=lambda one: int(one["week"])):
        done["certificates"] += _held(line, learners[line["key"]], known, now)


def _open_accounts(path: Path, now: datetime) -> None:
    """Without a password, so that nobody signs in as them; who works in a house has done so since a week that is over."""
    from khaneh.domains.network import queries as network
    from khaneh.domains.network.types import Role
    from khaneh.domains.people import services
    from khaneh.kernel.actor import SYSTEM

    lines = lines_of(path)
    houses = network.house_ids_by_code({line["house"] for line in lines if line["house"]})
    for line in lines:
        made = accounts.open_account(email=line["email"], password=None, name=line["name"], language=line["language"])
        if made and line["role"]:
            (account_id,) = account_ids({line["email"]}).values()
            services.grant_role(
                actor=SYSTEM, account_id=account_id, role=Role(line["role"]), house_id=houses[line["house"]],
                now=now + _weeks(line["since_week"]), reason="given by the demonstration",
            )  # fmt: skip


def _ask_the_staff(path: Path, now: datetime) -> None:
    from khaneh.domains.learning import services
    from khaneh.domains.learning.types import RequirementDraft
    from khaneh.kernel.actor import SYSTEM

    for line in lines_of(path):
        draft = RequirementDraft(
            qualification_code=line["qualification"],
            roles=tuple(line["roles"].split(";")),
            due_on=(now + _weeks(line["due_week"])).date(),
            grace_days=int(line["grace_days"]),
        )
        services.require_training(actor=SYSTEM, draft=draft, now=now + _weeks(line["since_week"]))


def _held(line: _Line, learners: list[_Line], known: Mapping[str, int], now: datetime) -> int:
    """Everything that happened to one run, from its plan to its certificates; gives how many there are."""
    from khaneh.domains.learning import services
    from khaneh.domains.learning.types import MeetingDraft, RunDraft
    from khaneh.kernel.actor import SYSTEM

    starts, _ = instant_of(line, now)
    length = timedelta(minutes=int(line["minutes"]))
    meetings = [starts + timedelta(weeks=week) for week in range(int(line["meetings"]))]
    draft = RunDraft(
        line["course"], line["house"], int(line["capacity"]),
        tuple(MeetingDraft(begins, begins + length) for begins in meetings), teachers=(known[line["teacher"]],),
    )  # fmt: skip
    planned = starts - 2 * _BEFORE
    run_id = services.plan_run(actor=SYSTEM, draft=draft, now=planned).id
    services.open_run(actor=SYSTEM, run_id=run_id, now=planned)
    enrolments = _enrolled(line, learners, known, run_id, starts - _BEFORE)
    judged = meetings[-1] + length + _AFTER
    for learner in learners:
        for number, begins in list(enumerate(meetings, 1))[: int(learner["came"])]:
            services.record_attendance(
                actor=SYSTEM, run_id=run_id, meeting=number, now=begins, account_id=known[learner["email"]]
            )
        if learner["score"]:
            services.assess(
                actor=SYSTEM, enrolment_id=enrolments[learner["email"]], now=judged, score=int(learner["score"])
            )
    return services.finish_run(actor=SYSTEM, run_id=run_id, now=judged).completed


def _enrolled(
    line: _Line, learners: list[_Line], known: Mapping[str, int], run_id: int, at: datetime
) -> dict[str, int]:
    """Enrol the learners, a class of an organisation together, and have what it costs paid; their enrolments by address."""
    from khaneh.domains.credits import services as ledger
    from khaneh.domains.credits.types import Holder, Means
    from khaneh.domains.learning import services
    from khaneh.domains.network import queries as network
    from khaneh.kernel.actor import SYSTEM

    house_id = network.house_ids_by_code([line["house"]])[line["house"]]
    organisation_id = network.organisation(line["organisation"]).row.id if line["organisation"] else None
    emails = [learner["email"] for learner in learners]
    found: dict[str, int] = {}
    for party in [emails] if organisation_id is not None else [[email] for email in emails]:
        people = [known[email] for email in party]
        done = services.enrol(actor=SYSTEM, run_id=run_id, people=people, organisation_id=organisation_id, now=at)
        found |= zip(party, done.enrolment_ids, strict=True)
        if done.price is not None:
            payer = Holder(None, organisation_id) if organisation_id is not None else Holder(people[0], None)
            ledger.pay(
                actor=SYSTEM, holder=payer, unit=done.price.currency, amount=done.price.amount * len(party),
                means=Means.TRANSFER, house_id=house_id, now=at,
            )  # fmt: skip
    return found


def _weeks(text: str) -> timedelta:
    return timedelta(weeks=int(text))
