"""Who could judge what: competence, load and ties of a round's reviewers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from khaneh.domains.people import queries as people
from khaneh.domains.profiles import queries as profiles
from khaneh.domains.profiles.types import Told
from khaneh.domains.programmes import queries as programmes
from khaneh.domains.programmes.types import ApplicationRow, ApplicationState
from khaneh.domains.selection.models import Review, Reviewer, Round
from khaneh.domains.selection.queries.parties import ties_between
from khaneh.domains.selection.rules import competence
from khaneh.domains.selection.rules.competence import Wanted
from khaneh.domains.selection.types.lists import WAITING, ReviewState
from khaneh.domains.selection.types.rows import ProposalRow
from khaneh.kernel.labels import LANGUAGES

JUDGED = (ApplicationState.ELIGIBLE, ApplicationState.UNDER_REVIEW)
_COUNTED = [*(state.value for state in WAITING), ReviewState.SUBMITTED.value]


def proposals(found: Round, row: ApplicationRow, *, now: datetime) -> list[ProposalRow]:
    """The reviewers who have not got an application, those whom nothing ties and who have room first, then by fit. A fixed number of statements."""
    reviewers = _pool(found)
    fits = profiles.fits(_tell(reviewers), {row.id: told(row)})
    ties = ties_between([one.account_id or 0 for one in reviewers], [row], now=now)
    names = people.account_names(one.account_id for one in reviewers)
    given = _given(found)
    had = set(
        Review.objects.filter(round=found, application_id=row.id)
        .exclude(state=ReviewState.TAKEN_BACK.value)
        .values_list("reviewer_id", flat=True)
    )
    rows = [
        ProposalRow(
            one.pk,
            names.get(one.account_id or 0, ""),
            fits[one.pk, row.id],
            max(0, one.load - given[one.pk]),
            ties.get((one.account_id or 0, row.id), ()),
        )
        for one in reviewers
        if one.pk not in had
    ]
    return sorted(rows, key=lambda one: (bool(one.ties), one.free == 0, -one.fit.score, -one.free, one.reviewer_id))


def pairs(found: Round, *, now: datetime) -> list[tuple[int, int]]:
    """What to assign so that every application has the reviews that it lacks: (application, reviewer). A fixed number of statements."""
    rows = programmes.applications_of(found.call_id, JUDGED)
    reviewers = _pool(found)
    ties = ties_between([one.account_id or 0 for one in reviewers], rows, now=now)
    had: dict[int, set[int]] = {}
    counted: Counter[int] = Counter()
    reviews = Review.objects.filter(round=found).exclude(state=ReviewState.TAKEN_BACK.value)
    for application_id, reviewer_id, state in reviews.values_list("application_id", "reviewer_id", "state"):
        had.setdefault(application_id, set()).add(reviewer_id)
        counted[application_id] += state in _COUNTED
    given = _given(found)
    wanted = [
        Wanted(
            row.id,
            found.reviews_wanted - counted[row.id],
            [
                one.pk
                for one in reviewers
                if one.pk not in had.get(row.id, set()) and (one.account_id or 0, row.id) not in ties
            ],
        )
        for row in rows
    ]
    fits = profiles.fits(_tell(reviewers), {row.id: told(row) for row in rows}, evidence=False)
    return competence.assign(wanted, {one.pk: max(0, one.load - given[one.pk]) for one in reviewers}, fits)


def told(row: ApplicationRow) -> Told:
    """What an application says, as one text in its language: title, summary and whatever was answered in words."""
    language = row.language[:2]
    return Told("\n".join([row.title, row.summary, *_texts(row.answers)]), language if language in LANGUAGES else "")


def compared() -> Iterator[Told]:
    """What reviewers tell of their competence, and what the applications say that wait for reviews. Two statements, and two a round."""
    rounds = set(
        Reviewer.objects.filter(left_at__isnull=True, account__isnull=False).values_list("round_id", "round__call_id")
    )
    for round_id, call_id in sorted(rounds):
        rows = programmes.applications_of(call_id, JUDGED)
        if rows:
            for competence_told in Reviewer.objects.filter(
                round_id=round_id, left_at__isnull=True, account__isnull=False
            ).values_list("competence", flat=True):
                yield from profiles.told(competence_told)
        yield from (told(row) for row in rows)


def _texts(answers: Any) -> list[str]:
    if isinstance(answers, str):
        return [answers]
    if isinstance(answers, dict):
        return [text for value in answers.values() for text in _texts(value)]
    if isinstance(answers, list | tuple):
        return [text for value in answers for text in _texts(value)]
    return []


def _pool(found: Round) -> list[Reviewer]:
    return list(Reviewer.objects.filter(round=found, left_at__isnull=True, account__isnull=False).order_by("pk"))


def _tell(reviewers: Iterable[Reviewer]) -> dict[int, Sequence[Told]]:
    """What is known of each one's competence: the words of the pool, and what they publish of themselves as a mentor. One statement."""
    listed = list(reviewers)
    published = profiles.mentors_tell(one.account_id for one in listed if one.account_id is not None)
    return {one.pk: (*profiles.told(one.competence), *published.get(one.account_id or 0, ())) for one in listed}


def _given(found: Round) -> Counter[int]:
    given = Review.objects.filter(round=found, state__in=_COUNTED).values_list("reviewer_id", flat=True)
    return Counter(given)
