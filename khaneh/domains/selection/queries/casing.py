"""Everything that a ranking depends on, as it stands."""

from __future__ import annotations

from khaneh.domains.programmes import queries as programmes
from khaneh.domains.programmes.types import ApplicationState, CallRow, QuotaKind
from khaneh.domains.selection.models import Review, Round
from khaneh.domains.selection.rules import drafts
from khaneh.domains.selection.types.lists import ReviewState
from khaneh.domains.selection.types.ranking import (
    Candidate,
    Case,
    FactorKind,
    Group,
    Marked,
    Method,
    Quota,
    Weighted,
)

# Who has been judged. Who withdrew or does not meet the conditions is not ranked.
RANKED = (
    ApplicationState.UNDER_REVIEW,
    ApplicationState.INTERVIEW,
    ApplicationState.ACCEPTED,
    ApplicationState.WAITING_LIST,
    ApplicationState.DECLINED,
    ApplicationState.CONTRACTED,
)


def case_of(found: Round) -> Case:
    """The case of a round: its rules, the applications that are judged, the reviews that were submitted. A fixed number of statements."""
    call = programmes.call(found.call_id)
    rows = programmes.applications_of(found.call_id, RANKED)
    ranked = {row.id for row in rows}
    reviews = (
        Review.objects.filter(round=found, state__in=[ReviewState.SUBMITTED, ReviewState.SET_ASIDE])
        .prefetch_related("scores")
        .order_by("pk")
    )
    marked = []
    for one in reviews:
        if one.application_id not in ranked:
            continue
        values = {score.criterion_id: score.value for score in one.scores.all()}
        marked.append(
            Marked(
                key=f"R{one.pk}",
                reviewer=f"P{one.reviewer_id}",
                application=key_of(one.application_id),
                values=tuple(values.get(criterion.id, 0) for criterion in call.criteria),
                aside=one.conflict if one.state == ReviewState.SET_ASIDE else "",
            )
        )
    return Case(
        seed=found.seed,
        method=method_of(found),
        criteria=tuple(Weighted(one.code, one.weight, one.scale_max) for one in call.criteria),
        equity=drafts.equity_from(found.equity),
        quotas=quotas_of(call),
        candidates=tuple(
            Candidate(key_of(row.id), tuple(ref.code for ref in row.regions), row.decile, bool(row.rural))
            for row in rows
        ),
        reviews=tuple(marked),
    )


def method_of(found: Round) -> Method:
    """How a round ranks."""
    return Method(
        places=found.places, waiting=found.waiting, reviews_wanted=found.reviews_wanted, shrink=found.shrink,
        tie_step=found.tie_step, spread=found.spread, lowest=found.lowest, cap=found.cap,
    )  # fmt: skip


def quotas_of(call: CallRow) -> tuple[Quota, ...]:
    """The quotas of a call, in the order in which it published them."""
    found = []
    for one in call.quotas:
        if one.kind is QuotaKind.RURAL:
            group = Group(FactorKind.RURAL)
        elif one.kind is QuotaKind.REGION:
            group = Group(FactorKind.REGION, one.region.code if one.region else "")
        else:
            group = Group(FactorKind.DECILE, str(one.decile_max or 0))
        found.append(Quota(str(one.id), group, one.places))
    return tuple(found)


def key_of(application_id: int) -> str:
    """By what a case names an application."""
    return f"A{application_id}"


def number_of(key: str) -> int:
    """The application that a case names so."""
    return int(key.removeprefix("A"))
