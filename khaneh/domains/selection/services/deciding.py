"""Decisions: by officers, with reasons, one after the other; letters follow in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from khaneh.domains.people import queries as people
from khaneh.domains.programmes import queries as programmes
from khaneh.domains.programmes import services as acting
from khaneh.domains.programmes.types import ApplicationRow, ApplicationState
from khaneh.domains.selection import notices
from khaneh.domains.selection.errors import ApplicationStateRefused, DecidedMeanwhile, NoPlaceLeft, OwnMatter
from khaneh.domains.selection.models import Decision, RankingRun, Round
from khaneh.domains.selection.queries.casing import key_of
from khaneh.domains.selection.queries.parties import ties_of
from khaneh.domains.selection.queries.rankings import lines_of
from khaneh.domains.selection.services import holding, writing
from khaneh.domains.selection.types.lists import DECIDED, DecisionKind, LetterKind
from khaneh.domains.selection.types.ranking import Line, Standing
from khaneh.infrastructure import db
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound

LONGEST_REASON = 4000
# From here an officer decides; whoever was accepted is declined only by an own decision about the contract.
_OPEN = (ApplicationState.UNDER_REVIEW, ApplicationState.INTERVIEW, ApplicationState.WAITING_LIST)
_PROPOSED = {
    Standing.PLACE: DecisionKind.ACCEPTED,
    Standing.WAITING: DecisionKind.WAITING_LIST,
    Standing.NONE: DecisionKind.DECLINED,
}


def decide(*, actor: Actor, application_id: int, kind: DecisionKind, reason: str, seen: int, now: datetime) -> int:
    """Decide about one application. `seen` is the number of the last decision that was on the officer's page, 0 for none: of two who decide at one
    moment the second is told. Nobody decides about whom they are tied to. Gives the decision's number in the database.

    Raises NotFound, Invalid, DecidedMeanwhile, ApplicationStateRefused, NoPlaceLeft, OwnMatter.
    """
    wrong = _problems(kind, reason)
    if wrong:
        raise Invalid(fields=wrong)
    with db.transaction():
        row = programmes.application(application_id)
        found = holding.held_round(round_of(row.call_id), actor=actor, applications=[application_id])
        row = programmes.application(application_id)
        last = last_decision(application_id)
        if (last.number if last else 0) != seen:
            names = people.account_names([last.decided_by_id if last else None])
            raise DecidedMeanwhile(
                application_id=application_id,
                kind=last.kind if last else "",
                name=names.get(last.decided_by_id or 0, "") if last else "",
            )
        run = RankingRun.objects.filter(round=found).order_by("-number").first()
        lines = {line.key: line for line in lines_of(run)} if run else {}
        return _decide(
            found, row, kind, reason.strip(), last, run, lines.get(key_of(application_id)), actor=actor, now=now
        )


def decide_by_ranking(
    *, actor: Actor, run_id: int, reason: str, now: datetime, application_ids: Iterable[int] | None = None
) -> int:
    """Decide as a ranking proposes about everything that is open (or these applications of it); what was decided stays.

    It must be the last ranking of its round. Gives how many were decided. Raises NotFound, Invalid, NoPlaceLeft, OwnMatter.
    """
    if wrong := _problems(DecisionKind.ACCEPTED, reason):
        raise Invalid(fields=wrong)
    with db.transaction():
        run = RankingRun.objects.filter(pk=run_id).first()
        if run is None:
            raise NotFound(what="ranking")
        lines = lines_of(run)
        wanted = {int(line.key[1:]) for line in lines}
        wanted = wanted if application_ids is None else wanted & set(application_ids)
        found = holding.held_round(run.round_id, actor=actor, applications=wanted)
        if RankingRun.objects.filter(round=found, number__gt=run.number).exists():
            raise Invalid(fields={"ranking": "not_the_last"})
        rows = programmes.applications_by_ids(wanted)
        decided = 0
        for line in lines:
            row = rows.get(int(line.key[1:]))
            if row is None or row.state not in (ApplicationState.UNDER_REVIEW, ApplicationState.INTERVIEW):
                continue
            last = last_decision(row.id)
            _decide(found, row, _PROPOSED[line.standing], reason.strip(), last, run, line, actor=actor, now=now)
            decided += 1
    return decided


def reopen(found: Round, row: ApplicationRow, reason: str, *, actor: Actor, now: datetime) -> None:
    """An appeal was upheld: the application is under review again. Inside the caller's transaction and locks."""
    acting.advance(actor=actor, application_id=row.id, to=ApplicationState.UNDER_REVIEW, reason=reason, now=now)
    write_down(found, row.id, DecisionKind.REOPENED, reason, last_decision(row.id), actor=actor, now=now)


def release(*, application_id: int, actor: Actor, now: datetime) -> None:
    """Whoever had a place has withdrawn: it is free again. Called in the transaction in which they do, with the application's lock."""
    last = last_decision(application_id)
    if last is not None and last.kind == DecisionKind.ACCEPTED:
        found = Round.objects.get(pk=last.round_id)
        write_down(found, application_id, DecisionKind.RELEASED, "withdrawn", last, actor=actor, now=now)


def last_decision(application_id: int) -> Decision | None:
    """The decision that holds. One statement."""
    return Decision.objects.filter(application_id=application_id).order_by("-number").first()


def round_of(call_id: int) -> int:
    """The round of a call. Raises NotFound."""
    number = Round.objects.filter(call_id=call_id).values_list("pk", flat=True).first()
    if number is None:
        raise NotFound(what="round")
    return number


def places_taken(found: Round) -> int:
    """How many places of a round are given. One statement."""
    last = Decision.objects.filter(round=found).order_by("application_id", "-number").distinct("application_id")
    return sum(kind == DecisionKind.ACCEPTED for kind in last.values_list("kind", flat=True))


def write_down(
    found: Round,
    application_id: int,
    kind: DecisionKind,
    reason: str,
    last: Decision | None,
    *,
    actor: Actor,
    now: datetime,
    **facts: Any,
) -> Decision:
    """Keep a decision, and note it in the trail."""
    made = Decision.objects.create(
        round=found, application_id=application_id, number=last.number + 1 if last else 1, kind=kind.value,
        reason=reason, decided_by_id=actor.account_id, decided_at=now, **facts,
    )  # fmt: skip
    holding.note(
        "decision.made", actor=actor, of=found, now=now, application_id=application_id, decision=kind.value,
        number=made.number, departs=made.departs,
    )  # fmt: skip
    return made


def _decide(
    found: Round,
    row: ApplicationRow,
    kind: DecisionKind,
    reason: str,
    last: Decision | None,
    run: RankingRun | None,
    line: Line | None,
    *,
    actor: Actor,
    now: datetime,
) -> int:
    if row.state not in _OPEN:
        raise ApplicationStateRefused(application_id=row.id, state=row.state.value)
    if actor.account_id is not None and (kinds := ties_of(actor.account_id, row.id, now=now)):
        raise OwnMatter(why=kinds[0].value)
    if kind is DecisionKind.ACCEPTED and places_taken(found) >= found.places:
        raise NoPlaceLeft(places=found.places)
    # Programmes refuses a step to where it is already: a second letter of the same would only puzzle.
    acting.advance(actor=actor, application_id=row.id, to=DECIDED[kind], reason=reason, now=now)
    made = write_down(
        found, row.id, kind, reason, last, actor=actor, now=now, ranking=run, line=line.to_dict() if line else None,
        departs=line is None or _PROPOSED[line.standing] is not kind,
    )  # fmt: skip
    writing.write(found, row, LetterKind(kind.value), reason=reason, now=now)
    notices.tell_applicants("selection.letter", found, row, now=now, key=f"decision:{made.pk}")
    return made.pk


def _problems(kind: DecisionKind, reason: str) -> dict[str, str]:
    wrong = {}
    if kind not in DECIDED:
        wrong["kind"] = "not_in_list"
    if not reason.strip():
        wrong["reason"] = "required"
    elif len(reason) > LONGEST_REASON:
        wrong["reason"] = "too_long"
    return wrong
