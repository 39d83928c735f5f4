"""Milestones: planned by the house with the team, shown by evidence, judged by the house."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max

from khaneh.domains.residencies import notices, permissions
from khaneh.domains.residencies.errors import FileRefused, NoEvidence, StateRefused
from khaneh.domains.residencies.models import Evidence, Milestone, Residency, Tranche
from khaneh.domains.residencies.queries.evidence import store
from khaneh.domains.residencies.rules import drafts, files
from khaneh.domains.residencies.services import holding
from khaneh.domains.residencies.types import MilestoneDraft, MilestoneState, ResidencyState, TrancheState
from khaneh.infrastructure import db, journal
from khaneh.infrastructure.blobs import BlobTooLarge
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound


def plan_milestone(*, actor: Actor, residency_id: int, draft: MilestoneDraft, now: datetime) -> int:
    """Agree on something to reach; the very same again is the same one. Gives its number.

    Raises NotFound, NotAllowed, OwnTeam, StateRefused, Invalid.
    """
    with db.transaction():
        one = holding.held(residency_id)
        holding.run_by(actor, one)
        holding.open_one(one)
        wrong = drafts.milestone_problems(draft, starts_on=one.starts_on, ends_on=one.ends_on)
        if wrong:
            raise Invalid(fields=wrong)
        mine = Milestone.objects.filter(residency_id=one.pk)
        same = mine.filter(names=draft.names.to_dict(), due_on=draft.due_on).first()
        if same is not None:
            return same.pk
        last = mine.aggregate(last=Max("number"))["last"] or 0
        made = Milestone.objects.create(
            residency_id=one.pk, number=last + 1, names=draft.names.to_dict(), wanted=draft.wanted.strip(),
            due_on=draft.due_on,
        )  # fmt: skip
        journal.record(
            "residencies.milestone.planned", actor=actor, house_id=one.house_id, residency_id=one.pk,
            milestone_id=made.pk,
        )  # fmt: skip
    return made.pk


def add_evidence(*, actor: Actor, milestone_id: int, name: str, data: bytes, now: datetime) -> int:
    """Keep a file of the team's that shows something. Gives its number; the same content again is the same file.

    Raises NotFound, StateRefused, FileRefused.
    """
    name = " ".join(name.replace("\\", "/").rpartition("/")[2].split())[-200:]
    if not data:
        raise FileRefused(why="empty")
    if len(data) > files.MOST_BYTES:
        raise FileRefused(why="too_large")
    media = files.media_of(name, data)
    if media is None:
        raise FileRefused(why="not_what_it_says")
    with db.transaction():
        one, milestone = _held(milestone_id)
        permissions.require_team(actor, one)
        _open(one, milestone, MilestoneState.PLANNED)
        if Evidence.objects.filter(milestone_id=milestone_id).count() >= files.MOST_FILES:
            raise FileRefused(why="too_many")
        try:
            blob = store().put([data], limit=files.MOST_BYTES)
        except BlobTooLarge as refusal:
            raise FileRefused(why="too_large") from refusal
        made, _ = Evidence.objects.get_or_create(
            milestone_id=milestone_id,
            digest=blob.digest,
            defaults={
                "name": name, "media": media, "size": blob.size, "given_by_id": actor.account_id, "given_at": now,
            },
        )  # fmt: skip
    return made.pk


def submit_milestone(*, actor: Actor, milestone_id: int, said: str, now: datetime) -> None:
    """The team says that it is reached and shows it. Raises NotFound, StateRefused, NoEvidence, Invalid."""
    if len(said) > drafts.LONGEST_NOTE:
        raise Invalid(fields={"said": "too_long"})
    with db.transaction():
        one, milestone = _held(milestone_id)
        permissions.require_team(actor, one)
        if milestone.state == MilestoneState.SUBMITTED and milestone.said == said.strip():
            return
        _open(one, milestone, MilestoneState.PLANNED)
        if not said.strip() and not Evidence.objects.filter(milestone_id=milestone_id).exists():
            raise NoEvidence
        _write(milestone, MilestoneState.SUBMITTED, actor, one, said=said.strip(), submitted_at=now)
        notices.tell_house("residencies.submitted", one, now=now, milestone=milestone_id)


def decide_milestone(*, actor: Actor, milestone_id: int, reached: bool, answer: str, now: datetime) -> None:
    """The house finds that it is reached, or gives it back with what lacks. Raises NotFound, NotAllowed, OwnTeam, StateRefused, Invalid."""
    wrong = drafts.text_problem("answer", answer) if answer or not reached else {}
    if wrong:
        raise Invalid(fields=wrong)
    with db.transaction():
        one, milestone = _held(milestone_id)
        holding.run_by(actor, one)
        _open(one, milestone, MilestoneState.SUBMITTED)
        facts = {"decided_at": now, "decided_by_id": actor.account_id} if reached else {}
        state = MilestoneState.REACHED if reached else MilestoneState.PLANNED
        _write(milestone, state, actor, one, answer=answer.strip(), **facts)
        notices.tell_team("residencies.decided", one, now=now, milestone=milestone_id, step=state.value)


def drop_milestone(*, actor: Actor, milestone_id: int, answer: str, now: datetime) -> None:
    """It is not asked for any more; what was promised for it is not given. Raises NotFound, NotAllowed, OwnTeam, StateRefused, Invalid."""
    wrong = drafts.text_problem("answer", answer)
    if wrong:
        raise Invalid(fields=wrong)
    with db.transaction():
        lines = Tranche.objects.filter(milestone_id=milestone_id).values_list("line_id", flat=True)
        one, milestone = _held(milestone_id, lines=list(lines))
        holding.run_by(actor, one)
        _open(one, milestone, MilestoneState.PLANNED, MilestoneState.SUBMITTED)
        promised = Tranche.objects.filter(milestone_id=milestone_id, state=TrancheState.PROMISED.value)
        promised.update(state=TrancheState.CANCELLED.value)
        _write(
            milestone, MilestoneState.DROPPED, actor, one, answer=answer.strip(), decided_at=now,
            decided_by_id=actor.account_id,
        )  # fmt: skip
        notices.tell_team("residencies.decided", one, now=now, milestone=milestone_id, step="dropped")


def _held(milestone_id: int, lines: list[int] | None = None) -> tuple[Residency, Milestone]:
    residency_id = Milestone.objects.filter(pk=milestone_id).values_list("residency_id", flat=True).first()
    if residency_id is None:
        raise NotFound(what="milestone")
    one = holding.held(residency_id, lines=lines or ())
    return one, Milestone.objects.get(pk=milestone_id)


def _open(one: Residency, milestone: Milestone, *states: MilestoneState) -> None:
    holding.open_one(one, ResidencyState.MOVED_IN, ResidencyState.OFFERED)
    if milestone.state not in states:
        raise StateRefused(what="milestone", state=milestone.state)


def _write(milestone: Milestone, state: MilestoneState, actor: Actor, one: Residency, **facts: object) -> None:
    Milestone.objects.filter(pk=milestone.pk).update(state=state.value, **facts)
    journal.record(
        f"residencies.milestone.{'returned' if state is MilestoneState.PLANNED else state.value}", actor=actor,
        house_id=one.house_id, residency_id=one.pk, milestone_id=milestone.pk,
    )  # fmt: skip
