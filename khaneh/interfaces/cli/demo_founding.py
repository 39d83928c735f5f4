"""The demonstration's founding: standards, proposals in several states, tasks with money, and a passport with a history.

`week` counts from today; each act is done through the services with the clock of its day, by whom it would be done.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from khaneh.interfaces.cli.demo_spaces import account_ids, label_of, lines_of
from khaneh.interfaces.cli.exits import Failed
from khaneh.kernel.actor import Actor

_Line = Mapping[str, str]
_DAYS = timedelta(days=1)
# How long after a proposal it is assessed, decided, fitted out.
_ASSESSED, _DECIDED, _BEGUN = timedelta(days=5), timedelta(days=9), timedelta(days=12)
_LIVES = ("proposed", "assessed", "fitting_out", "open")


def load(folder: Path, *, now: datetime) -> Counter[str]:
    """Make what is not there yet; gives how much of what. One transaction. Raises Failed."""
    from khaneh.domains.founding import queries
    from khaneh.infrastructure import db
    from khaneh.kernel.actor import SYSTEM
    from khaneh.kernel.refusal import Refusal

    done: Counter[str] = Counter()
    if queries.standards(actor=SYSTEM):
        return done
    try:
        with db.transaction():
            for line in lines_of(folder / "standards.csv"):
                _standard(folder, line, now)
                done["standards"] += 1
            tasks: dict[str, list[_Line]] = defaultdict(list)
            for line in lines_of(folder / "tasks.csv"):
                tasks[line["proposal"]].append(line)
            for line in lines_of(folder / "proposals.csv"):
                _proposal(line, tasks[line["code"]], now)
                done["proposals"] += 1
            for line in lines_of(folder / "assessments.csv"):
                _assessed_again(line, now)
                done["assessments"] += 1
    except Refusal as refusal:
        raise Failed(f"{folder}: {refusal}") from refusal
    return done


def _standard(folder: Path, line: _Line, now: datetime) -> None:
    """A standard, with the checklist of the file that has its code, as the desk takes one in."""
    from khaneh.domains.founding import services
    from khaneh.domains.founding.types import StandardDraft
    from khaneh.kernel.actor import SYSTEM

    at = now + _weeks(line["week"])
    draft = StandardDraft(
        code=line["code"],
        authority_code=line["authority"],
        kind=line["kind"],
        names=label_of(line, "name"),
        descriptions=label_of(line, "description"),
        pass_percent=int(line["pass_percent"]),
        assessors=int(line["assessors"]),
        valid_months=int(line["valid_months"]),
    )
    made = services.add_standard(actor=SYSTEM, draft=draft, now=at)
    checklist = folder / f"{line['code']}.csv"
    report = services.import_items(actor=SYSTEM, standard_id=made.id, data=checklist.read_bytes())
    if not report.applied:
        wrong = [(one.line, one.problems) for one in report.lines if one.problems]
        raise Failed(f"{checklist}: {wrong}")
    services.publish_standard(actor=SYSTEM, standard_id=made.id, now=at)


def _proposal(line: _Line, tasks: list[_Line], now: datetime) -> None:
    """One life, as far as it went."""
    from khaneh.domains.founding import queries, services
    from khaneh.domains.founding.types import ProposalDraft
    from khaneh.domains.people import queries as people

    at, far = now + _weeks(line["week"]), _LIVES.index(line["life"])
    known = account_ids({line[name] for name in ("by", "assessor", "decider") if line[name]})
    actors = {email: people.actor(number, now=now) for email, number in known.items()}
    amount, currency = line["asked"].split(" ")
    draft = ProposalDraft(
        code=line["code"],
        standard_id=queries.standard(line["standard"]).id,
        plan=line["plan"],
        names=label_of(line, "name"),
        parent_code=line["parent"],
        area=int(line["area"]),
        asked=int(amount),
        currency=currency,
    )
    proposer = actors[line["by"]]
    number = services.propose(actor=proposer, draft=draft, now=at).id
    if far < 1:
        return
    begun = services.begin(actor=actors[line["assessor"]], proposal_id=number, now=at + _ASSESSED)
    _judge(actors[line["assessor"]], begun.id, line, at + _ASSESSED)
    if far < 2:
        return
    decider = actors[line["decider"]]
    services.approve(
        actor=decider, proposal_id=number, reason=line["reason"], budget=int(line["budget"]), now=at + _DECIDED
    )
    services.begin_fitting_out(actor=decider, proposal_id=number, now=at + _BEGUN)
    last = max([at + _BEGUN, *(_task(decider, number, task, now) for task in tasks)])
    if far == 3:
        services.open_house(actor=decider, proposal_id=number, now=last + 3 * _DAYS)
        _open_as(line["code"], line["parent"], now=last + 3 * _DAYS)


def _open_as(code: str, parent: str, *, now: datetime) -> None:
    """A house that opens does so at the hours of the one that it is in."""
    from khaneh.domains.network import queries, services
    from khaneh.domains.network.types import WeeklyHours
    from khaneh.domains.spaces import services as spaces
    from khaneh.kernel.actor import SYSTEM

    rows = queries.weekly_rows(queries.house_ids_by_code([parent])[parent])
    week = [WeeklyHours(row.weekday, row.span, row.first, row.last) for row in rows]
    change = partial(services.set_opening_hours, actor=SYSTEM, house_code=code, week=week)
    spaces.change_opening(actor=SYSTEM, change=change, now=now)


def _task(by: Actor, proposal_id: int, line: _Line, now: datetime) -> datetime:
    """Something to be done, with what was spent; gives when the last of it was noted."""
    from khaneh.domains.founding import services
    from khaneh.domains.founding.types import TaskDraft, TaskState

    due = now + _weeks(line["due_week"])
    draft = TaskDraft(line["title"], due.date(), int(line["planned"]))
    at = min(due, now) - 2 * _DAYS
    number = services.add_task(actor=by, proposal_id=proposal_id, draft=draft, now=at)
    for text in filter(None, line["spends"].split(";")):
        amount, receipt = text.split(":")
        services.spend(
            actor=by, proposal_id=proposal_id, amount=int(amount), receipt=receipt, spent_on=at.date() - _DAYS,
            task_id=number, now=at,
        )  # fmt: skip
    if line["done_week"]:
        at = now + _weeks(line["done_week"])
        services.set_task_state(actor=by, task_id=number, state=TaskState.DONE, now=at)
    return at


def _assessed_again(line: _Line, now: datetime) -> None:
    from khaneh.domains.founding import services
    from khaneh.domains.people import queries as people

    at = now + _weeks(line["week"])
    assessor = people.actor(account_ids({line["assessor"]})[line["assessor"]], now=now)
    begun = services.begin_again(actor=assessor, house_code=line["house"], now=at)
    _judge(assessor, begun.id, line, at)


def _judge(assessor: Actor, assessment_id: int, line: _Line, at: datetime) -> None:
    """Scores in the order of the checklist, each with the evidence that the item asks for; what it asks a photograph for has been drawn."""
    from khaneh.domains.founding import queries, services
    from khaneh.domains.founding.types import ScoreDraft

    begun = queries.assessment(assessment_id, actor=assessor)
    items = queries.with_items([begun.standard_id])[begun.standard_id].items
    scores = [
        ScoreDraft(item.id, int(score), item.evidence.pick(assessor.language))
        for item, score in zip(items, line["scores"].split(";"), strict=True)
    ]
    services.save_scores(actor=assessor, assessment_id=assessment_id, scores=scores, summary=line["summary"])
    for item, one in zip(items, scores, strict=True):
        if item.photo and one.score:
            services.add_photo(
                actor=assessor, assessment_id=assessment_id, item_id=item.id, content=_drawing(item.code, one.score),
                alt=item.names.pick(assessor.language), now=at,
            )  # fmt: skip
    services.submit(actor=assessor, assessment_id=assessment_id, now=at)


def _drawing(code: str, score: int) -> bytes:
    """A picture where a photograph would be: a plain hall whose colours follow from what it is of. The demonstration has no photographs."""
    import pyvips

    turn = sum(code.encode())
    wall, floor = ([150 + turn * step % 90 for step in (3, 5, 7)], [90 + turn * step % 60 for step in (2, 3, 5)])
    hall = (pyvips.Image.black(480, 320, bands=3) + wall).cast("uchar")
    hall = hall.draw_rect(floor, 0, 210, 480, 110, fill=True)
    for desk in range(score):
        hall = hall.draw_rect([70, 58, 46], 30 + desk * 112, 190, 84, 46, fill=True)
    return bytes(hall.pngsave_buffer())


def _weeks(text: str) -> timedelta:
    return timedelta(weeks=int(text))
