"""Services that a team asks its house for, and what becomes of them."""

from __future__ import annotations

from datetime import datetime

from khaneh.domains.residencies import notices, permissions
from khaneh.domains.residencies.errors import StateRefused
from khaneh.domains.residencies.models import Request
from khaneh.domains.residencies.rules import drafts
from khaneh.domains.residencies.services import holding
from khaneh.domains.residencies.types import REQUEST_KINDS, RequestState
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound

_STEPS = {
    RequestState.ASKED: frozenset({RequestState.TAKEN_UP, RequestState.DONE, RequestState.REFUSED}),
    RequestState.TAKEN_UP: frozenset({RequestState.DONE, RequestState.REFUSED}),
}


def ask(*, actor: Actor, residency_id: int, kind: str, text: str, key: str, now: datetime) -> int:
    """A team asks for something. Gives the request's number; the same `key` again gives the same one. Raises NotFound, StateRefused, Invalid."""
    wrong = drafts.text_problem("text", text)
    if kind not in REQUEST_KINDS:
        wrong["kind"] = "not_in_list" if kind else "required"
    if wrong:
        raise Invalid(fields=wrong)
    with db.transaction():
        one = holding.held(residency_id)
        permissions.require_team(actor, one)
        made = Request.objects.filter(made_key=key, residency_id=residency_id).first()
        if made is not None:
            return made.pk
        holding.open_one(one)
        made = Request.objects.create(
            residency_id=one.pk, kind=kind, text=text.strip(), asked_by_id=actor.account_id, asked_at=now,
            changed_at=now, made_key=key,
        )  # fmt: skip
        journal.record(
            "residencies.request.asked", actor=actor, house_id=one.house_id, residency_id=one.pk, request_id=made.pk
        )
        notices.tell_house("residencies.asked", one, now=now, request=made.pk)
    return made.pk


def answer_request(*, actor: Actor, request_id: int, state: RequestState, answer: str, now: datetime) -> None:
    """The house takes it up, does it or says why not. Raises NotFound, NotAllowed, OwnTeam, StateRefused, Invalid."""
    if state is not RequestState.TAKEN_UP or answer.strip():
        wrong = drafts.text_problem("answer", answer)
        if wrong:
            raise Invalid(fields=wrong)
    residency_id = Request.objects.filter(pk=request_id).values_list("residency_id", flat=True).first()
    if residency_id is None:
        raise NotFound(what="request")
    with db.transaction():
        one = holding.held(residency_id)
        holding.run_by(actor, one)
        found = Request.objects.get(pk=request_id)
        if state not in _STEPS.get(RequestState(found.state), frozenset()):
            raise StateRefused(what="request", state=found.state)
        Request.objects.filter(pk=request_id).update(
            state=state.value, answer=answer.strip() or found.answer, answered_by_id=actor.account_id, changed_at=now
        )
        journal.record(
            f"residencies.request.{state.value}", actor=actor, house_id=one.house_id, residency_id=one.pk,
            request_id=request_id,
        )  # fmt: skip
        notices.tell_team("residencies.answered", one, now=now, request=request_id, step=state.value)


def withdraw_request(*, actor: Actor, request_id: int, now: datetime) -> None:
    """The team needs it no more. Raises NotFound, StateRefused."""
    residency_id = Request.objects.filter(pk=request_id).values_list("residency_id", flat=True).first()
    if residency_id is None:
        raise NotFound(what="request")
    with db.transaction():
        one = holding.held(residency_id)
        permissions.require_team(actor, one)
        found = Request.objects.get(pk=request_id)
        if found.state == RequestState.WITHDRAWN:
            return
        if RequestState(found.state) not in _STEPS:
            raise StateRefused(what="request", state=found.state)
        Request.objects.filter(pk=request_id).update(state=RequestState.WITHDRAWN.value, changed_at=now)
        journal.record(
            "residencies.request.withdrawn", actor=actor, house_id=one.house_id, residency_id=one.pk,
            request_id=request_id,
        )  # fmt: skip
