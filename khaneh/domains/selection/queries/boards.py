"""What officers look at: applications with their reviews, who judges, who could, and the trail."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime

from khaneh.domains.people import queries as people
from khaneh.domains.programmes import queries as programmes
from khaneh.domains.programmes.types import ApplicationState, CriterionRow
from khaneh.domains.selection import permissions
from khaneh.domains.selection.models import Appeal, Contract, Decision, Review, Reviewer, Round, Score, Trail
from khaneh.domains.selection.queries import proposing
from khaneh.domains.selection.queries.parties import applicants
from khaneh.domains.selection.rules import normalising
from khaneh.domains.selection.types.lists import WAITING, AppealState, ContractState, DecisionKind, ReviewState, TieKind
from khaneh.domains.selection.types.ranking import Weighted
from khaneh.domains.selection.types.rows import (
    AppealRow,
    BoardLine,
    ContractRow,
    DecisionRow,
    ProposalRow,
    ReviewerRow,
    ReviewRow,
    ScoreRow,
    TrailRow,
)
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound

# Before it meets the conditions an application is not judged; a draft is nobody's.
SHOWN = tuple(
    state
    for state in ApplicationState
    if state not in (ApplicationState.DRAFT, ApplicationState.SUBMITTED, ApplicationState.INELIGIBLE)
)


def board(round_id: int, *, actor: Actor, application_ids: Iterable[int] | None = None) -> list[BoardLine]:
    """The applications of a round with reviews, decision and appeal, by number. A fixed number of statements. Raises NotFound."""
    found = run_round(round_id, actor)
    rows = programmes.applications_of(found.call_id, SHOWN)
    if application_ids is not None:
        wanted = set(application_ids)
        rows = [row for row in rows if row.id in wanted]
    ids = [row.id for row in rows]
    criteria = programmes.call(found.call_id).criteria
    reviews = _reviews(ids, criteria)
    decisions = last_decisions(ids)
    appeals = appeals_of(ids)
    who = applicants(rows)
    return [
        BoardLine(
            row,
            _name(who[row.id].organisation, who[row.id].people, actor.language),
            tuple(reviews.get(row.id, ())),
            decisions.get(row.id),
            appeals.get(decisions[row.id].id) if row.id in decisions else None,
        )
        for row in rows
    ]


def application_of(round_id: int, application_id: int, *, actor: Actor) -> BoardLine:
    """One line of the board. Raises NotFound."""
    found = board(round_id, actor=actor, application_ids=[application_id])
    if not found:
        raise NotFound(what="application")
    return found[0]


def reviewers(round_id: int, *, actor: Actor) -> list[ReviewerRow]:
    """Who judges, with what they have on their hands; who left last. Five statements. Raises NotFound."""
    run_round(round_id, actor)
    found = list(Reviewer.objects.filter(round_id=round_id).order_by("pk"))
    names = people.account_names(one.account_id for one in found)
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for reviewer_id, state in Review.objects.filter(round_id=round_id).values_list("reviewer_id", "state"):
        counts[reviewer_id][state] += 1
    rows = [
        ReviewerRow(
            one.pk,
            one.account_id,
            names.get(one.account_id or 0, ""),
            one.competence,
            one.load,
            sum(counts[one.pk][state] for state in WAITING),
            counts[one.pk][ReviewState.SUBMITTED],
            counts[one.pk][ReviewState.CONFLICTED] + counts[one.pk][ReviewState.SET_ASIDE],
            one.left_at,
        )
        for one in found
    ]
    return sorted(rows, key=lambda one: (one.left_at is not None, one.id))


def proposals_for(round_id: int, application_id: int, *, actor: Actor, now: datetime) -> list[ProposalRow]:
    """Who could judge an application. A fixed number of statements. Raises NotFound."""
    found = run_round(round_id, actor)
    row = programmes.application(application_id)
    if row.call_id != found.call_id:
        raise NotFound(what="application")
    return proposing.proposals(found, row, now=now)


def trail(round_id: int, *, actor: Actor, application_id: int | None = None, limit: int = 200) -> list[TrailRow]:
    """The acts of a round, or those on one application, the last first. Four statements. Raises NotFound."""
    run_round(round_id, actor)
    found = Trail.objects.filter(round_id=round_id)
    if application_id is not None:
        found = found.filter(application_id=application_id)
    rows = list(found.order_by("-pk")[:limit])
    names = people.account_names(one.account_id for one in rows)
    return [
        TrailRow(one.kind, one.application_id, one.facts, names.get(one.account_id or 0, ""), one.at) for one in rows
    ]


def contract_of(round_id: int, application_id: int, *, actor: Actor) -> ContractRow | None:
    """The contract of an application that was not taken back. Three statements. Raises NotFound."""
    run_round(round_id, actor)
    found = Contract.objects.filter(round_id=round_id, application_id=application_id)
    one = found.exclude(state=ContractState.TAKEN_BACK.value).first()
    return contract_row(one) if one else None


def contract_row(one: Contract) -> ContractRow:
    """A contract."""
    return ContractRow(
        one.pk, one.number, one.language, one.text, one.digest, ContractState(one.state), one.issued_at,
        one.signed_name, one.signed_at,
    )  # fmt: skip


def run_round(round_id: int, actor: Actor) -> Round:
    """A round, for who runs it. At most two statements. Raises NotFound."""
    found = Round.objects.filter(pk=round_id).first()
    if found is None:
        raise NotFound(what="round")
    permissions.require_run(actor, found.house_id)
    return found


def last_decisions(application_ids: Iterable[int]) -> dict[int, DecisionRow]:
    """The decision that holds of each application. Two statements."""
    found = list(
        Decision.objects.filter(application_id__in=list(application_ids))
        .order_by("application_id", "-number")
        .distinct("application_id")
    )
    names = people.account_names(one.decided_by_id for one in found)
    return {
        one.application_id: DecisionRow(
            one.pk, one.application_id, one.number, DecisionKind(one.kind), one.reason, one.departs, one.line,
            one.decided_by_id, names.get(one.decided_by_id or 0, ""), one.decided_at,
        )
        for one in found
    }  # fmt: skip


def appeals_of(application_ids: Iterable[int]) -> dict[int, AppealRow]:
    """Appeals by the decision that they are against. One statement."""
    found = Appeal.objects.filter(decision__application_id__in=list(application_ids)).select_related("decision")
    return {
        one.decision_id: AppealRow(
            one.pk, one.decision_id, one.decision.application_id, one.text, AppealState(one.state), one.answer,
            one.made_at, one.answered_at,
        )
        for one in found
    }  # fmt: skip


def score_rows(criteria: Iterable[CriterionRow], scores: Iterable[Score]) -> tuple[ScoreRow, ...]:
    """A line for each criterion, scored or not."""
    known = {one.criterion_id: one for one in scores}
    return tuple(
        ScoreRow(one, known[one.id].value, known[one.id].comment) if one.id in known else ScoreRow(one, None, "")
        for one in criteria
    )


def _reviews(application_ids: list[int], criteria: tuple[CriterionRow, ...]) -> dict[int, list[ReviewRow]]:
    found: dict[int, list[ReviewRow]] = defaultdict(list)
    reviews = list(
        Review.objects.filter(application_id__in=application_ids)
        .select_related("reviewer")
        .prefetch_related("scores")
        .order_by("pk")
    )
    names = people.account_names(one.reviewer.account_id for one in reviews)
    weighted = tuple(Weighted(one.code, one.weight, one.scale_max) for one in criteria)
    for one in reviews:
        scores = score_rows(criteria, one.scores.all())
        values = [score.value for score in scores if score.value is not None]
        found[one.application_id].append(
            ReviewRow(
                id=one.pk,
                reviewer_id=one.reviewer_id,
                reviewer=names.get(one.reviewer.account_id or 0, ""),
                application_id=one.application_id,
                state=ReviewState(one.state),
                version=one.version,
                total=normalising.total(values, weighted) if criteria and len(values) == len(criteria) else None,
                comment=one.comment,
                note=one.note,
                conflict=TieKind(one.conflict) if one.conflict else None,
                conflict_note=one.conflict_note,
                assigned_at=one.assigned_at,
                declared_at=one.declared_at,
                submitted_at=one.submitted_at,
                scores=scores,
            )
        )
    return found


def _name(organisation: object, names: tuple[str, ...], language: str) -> str:
    picked = getattr(organisation, "names", None)
    return picked.pick(language) if picked is not None else next(iter(names), "")
