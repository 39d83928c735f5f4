"""Enrolling: asked of everybody alike, for oneself, for a party, by an organisation, at the desk; answering requests; leaving."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from khaneh.domains.learning import notices, permissions
from khaneh.domains.learning.errors import (
    EnrolledAlready,
    EnrolmentEnded,
    InTwoPlaces,
    NotEnrolling,
    TooLateToWithdraw,
    TooManyPeople,
)
from khaneh.domains.learning.models import Enrolment, Party, Run
from khaneh.domains.learning.queries.clashes import clashes
from khaneh.domains.learning.queries.enrolments import withdraw_until
from khaneh.domains.learning.queries.rows import run_rows
from khaneh.domains.learning.rules import queue
from khaneh.domains.learning.services import charging, judging, waiting
from khaneh.domains.learning.services.judging import Wish, hold
from khaneh.domains.learning.types import (
    OPEN_ENROLMENTS,
    SEATED,
    Channel,
    EndReason,
    Enrolled,
    EnrolmentState,
    Override,
    Quote,
    RunRow,
    RunState,
)
from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as accounts
from khaneh.domains.policies import services as policies
from khaneh.domains.policies.types import Answer
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound, Refusal

LONGEST_REASON = 1000
_NO_OVERRIDE = Override()
_GONE = (EnrolmentState.WITHDRAWN, EnrolmentState.REFUSED, EnrolmentState.CANCELLED)


def enrol(
    *,
    actor: Actor,
    run_id: int,
    now: datetime,
    account_id: int | None = None,
    organisation_id: int | None = None,
    people: Sequence[int] = (),
    channel: Channel = Channel.WEB,
    override: Override = _NO_OVERRIDE,
    knowing: Collection[str] = (),
) -> Enrolled:
    """Enrol the actor, or `account_id` (by the desk of the house), or `people`, all of them or none, perhaps for an organisation.

    Whoever acts for the organisation names whom they like; others name themselves, unless they work at the desk. The state says what it came
    to: enrolled, requested where somebody must approve, waiting where there are not seats enough or others have waited longer. Whoever would be
    in two places at once says that they know by the keys of those clashes (`knowing`); the system itself is not asked. Raises NotFound,
    NotAllowed, NotEnrolling, EnrolledAlready, TooManyPeople, PolicyRefused, InTwoPlaces, BalanceShort, Invalid. About 40 statements, and
    six a person more.
    """
    with policies.asked() as ask, db.transaction():
        run, wanted = _prepare(actor, run_id, account_id, organisation_id, people, override)
        _refuse_impossible(run, wanted)
        answers: list[tuple[int, Answer]] = []
        for number in wanted:
            wish = Wish(run, number, organisation_id, len(wanted), channel)
            question = judging.question(wish, learner=_learner(actor, number, now), now=now)
            answers.append((number, ask(question, override.rights)))
        state = _state(run, wanted, [answer for _, answer in answers])
        _refuse_unknowing(run_id, wanted, knowing, actor, now)
        made = Party.objects.create(
            run_id=run_id, account_id=actor.account_id or wanted[0], organisation_id=organisation_id, joined_at=now,
            channel=channel.value, override=_stored(override),
        )  # fmt: skip
        free = queue.seats(_taken(run_id), len(wanted), run.capacity) if state in SEATED else []
        rows = [
            Enrolment(
                run_id=run_id, party=made, account_id=number, state=state.value, seat=free[turn] if free else None,
                code=new_code(), decision_id=answer.decision_id, terms=judging.terms_kept(answer),
                enrolled_at=now if state is EnrolmentState.ENROLLED else None, changed_at=now,
                **_stored_price(judging.price_of(run, answer)),
            )
            for turn, (number, answer) in enumerate(answers)
        ]  # fmt: skip
        numbers = tuple(one.pk for one in Enrolment.objects.bulk_create(rows))
        journal.record(
            "learning.enrolment.made", actor=actor, house_id=run.house.id, run_id=run_id, party_id=made.pk,
            people=len(numbers), state=state.value, **({"rights": sorted(override.rights)} if override.rights else {}),
        )  # fmt: skip
        notices.tell(state.value, numbers, house_id=run.house.id, now=now)
        charging.settle(numbers, actor=actor, now=now)
    return Enrolled(made.pk, numbers, state, judging.price_of(run, answers[0][1]))


def quote(
    *,
    actor: Actor,
    run_id: int,
    now: datetime,
    account_id: int | None = None,
    organisation_id: int | None = None,
    people: Sequence[int] = (),
    channel: Channel = Channel.WEB,
) -> Quote:
    """What enrolling would meet: the page between choosing and confirming. Writes nothing. Raises NotFound, NotAllowed.

    Of a party the first for whom something stands in the way is answered for.
    """
    with db.transaction():
        run, wanted = _prepare(actor, run_id, account_id, organisation_id, people, _NO_OVERRIDE)
        refusal, facts = "", dict[str, object]()
        answers: list[Answer] = []
        state: EnrolmentState | None = None
        try:
            _refuse_impossible(run, wanted)
        except Refusal as refused:
            refusal, facts = refused.code, refused.facts
        else:
            for number in wanted:
                wish = Wish(run, number, organisation_id, len(wanted), channel)
                question = judging.question(wish, learner=_learner(actor, number, now), now=now)
                answers.append(policies.decide(question, store=False))
            state = _state(run, wanted, answers)
        answer = next((one for one in answers if not one.permitted), answers[0] if answers else None)
        return Quote(
            run=run,
            state=state if answer is not None and answer.permitted else None,
            answer=answer,
            price=judging.price_of(run, answer) if answer is not None else run.course.price,
            refusal=refusal,
            facts=facts,
            lacks=tuple(dict.fromkeys(code for number in wanted for code in judging.lacking(run, number))),
            clashes=tuple(clashes(run_id, wanted, actor=actor, now=now)),
        )


def approve(*, actor: Actor, enrolment_id: int, now: datetime) -> EnrolmentState:
    """Let somebody in who asked, with everybody of their party: enrolled, or waiting where there are not seats enough.

    Raises NotFound, NotAllowed, EnrolmentEnded, NotEnrolling.
    """
    with db.transaction():
        party, run = _asked(actor, enrolment_id)
        asking = Enrolment.objects.filter(party=party, state=EnrolmentState.REQUESTED.value).order_by("pk")
        numbers = list(asking.values_list("pk", flat=True))
        free = queue.seats(_taken(run.id), len(numbers), run.capacity)
        fits = len(free) == len(numbers) and not waiting.is_awaited(run.id)
        state = EnrolmentState.ENROLLED if fits else EnrolmentState.WAITING
        for turn, number in enumerate(numbers):
            Enrolment.objects.filter(pk=number).update(
                state=state.value, seat=free[turn] if fits else None, enrolled_at=now if fits else None, changed_at=now
            )
        journal.record(
            "learning.enrolment.approved",
            actor=actor,
            house_id=run.house.id,
            run_id=run.id,
            party_id=party.pk,
            state=state.value,
        )
        notices.tell(state.value, numbers, house_id=run.house.id, now=now)
        charging.settle(numbers, actor=actor, now=now)
    return state


def refuse(*, actor: Actor, enrolment_id: int, reason: str, now: datetime) -> None:
    """Do not let in who asked, with everybody of their party; they are told why. Raises NotFound, NotAllowed, EnrolmentEnded, Invalid."""
    reason = checked_reason(reason, required=True)
    with db.transaction():
        party, run = _asked(actor, enrolment_id, live=False)
        asking = Enrolment.objects.filter(party=party, state=EnrolmentState.REQUESTED.value)
        numbers = list(asking.order_by("pk").values_list("pk", flat=True))
        asking.update(
            state=EnrolmentState.REFUSED.value, end_reason=EndReason.STAFF.value, reason=reason, changed_at=now
        )
        journal.record(
            "learning.enrolment.refused", actor=actor, house_id=run.house.id, run_id=run.id, party_id=party.pk
        )
        notices.tell("refused", numbers, house_id=run.house.id, now=now)


def withdraw(*, actor: Actor, enrolment_id: int, now: datetime, reason: str = "") -> None:
    """Give a place, a request, an offer or the waiting up; the others of a party stay. What becomes free is offered to who waits.

    Until the hours that the policies gave; the desk until the run is over, and then who it was is told. Raises NotFound, EnrolmentEnded,
    TooLateToWithdraw, Invalid.
    """
    reason = checked_reason(reason)
    with db.transaction():
        found = held_enrolment(actor, enrolment_id)
        if found.state not in [state.value for state in OPEN_ENROLMENTS]:
            raise EnrolmentEnded(enrolment_id=enrolment_id, state=found.state)
        run = Run.objects.get(pk=found.run_id)
        own = actor.account_id is not None and actor.account_id in (found.account_id, found.party.account_id)
        at_desk = permissions.may_desk(actor, house_id=run.house_id)
        until = withdraw_until(found, run.starts or now)
        if until is not None and now > until and not at_desk and found.state == EnrolmentState.ENROLLED:
            raise TooLateToWithdraw(enrolment_id=enrolment_id, until=until.isoformat())
        why = EndReason.LEARNER if own else EndReason.STAFF
        Enrolment.objects.filter(pk=enrolment_id).update(
            state=EnrolmentState.WITHDRAWN.value, seat=None, end_reason=why.value, reason=reason, changed_at=now
        )
        waiting.settle_offer(found.party_id, now=now)
        journal.record(
            "learning.enrolment.withdrawn", actor=actor, house_id=run.house_id, run_id=run.pk, enrolment_id=enrolment_id
        )
        if not own:
            notices.tell("ended", [enrolment_id], house_id=run.house_id, now=now)
        waiting.offer(run.pk, now=now)
        charging.settle([enrolment_id], actor=actor, now=now)


def held_enrolment(actor: Actor, enrolment_id: int) -> Enrolment:
    """An enrolment that the actor may deal with (their own, their party's, or at the desk), its run held. Raises NotFound."""
    seen = (
        Enrolment.objects.filter(pk=enrolment_id)
        .values_list("account_id", "party__account_id", "run_id", "run__house_id")
        .first()
    )
    if seen is None:
        raise NotFound(what="enrolment")
    own = actor.account_id is not None and actor.account_id in seen[:2]
    if not (own or permissions.may_desk(actor, house_id=seen[3])):
        raise NotFound(what="enrolment")
    hold(run_ids=[seen[2]])
    return Enrolment.objects.select_related("party").get(pk=enrolment_id)


def new_code() -> str:
    """What somebody shows at the door: unguessable, and short enough to be read out."""
    return "".join(secrets.choice("ABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _ in range(10))


def checked_reason(reason: str, *, required: bool = False) -> str:
    """Words without spaces around them. Raises Invalid."""
    reason = reason.strip()
    if len(reason) > LONGEST_REASON or (required and not reason):
        raise Invalid(fields={"reason": "too_long" if reason else "required"})
    return reason


def _prepare(
    actor: Actor,
    run_id: int,
    account_id: int | None,
    organisation_id: int | None,
    named: Sequence[int],
    override: Override,
) -> tuple[RunRow, list[int]]:
    """Who may ask for whom, with the locks held. Raises NotFound, NotAllowed, Invalid."""
    who = account_id if account_id is not None else actor.account_id
    wanted = list(dict.fromkeys(named)) or ([who] if who is not None else [])
    if not wanted:
        raise NotAllowed(act="learning.enrol")
    house_id = Run.objects.filter(pk=run_id).values_list("house_id", flat=True).first()
    if house_id is None:
        raise NotFound(what="run")
    others = set(wanted) - {actor.account_id}
    represents = organisation_id is not None and permissions.acts_for(actor, organisation_id)
    if organisation_id is not None and not (represents or permissions.may_desk(actor, house_id=house_id)):
        raise NotAllowed(act="learning.enrol_for_organisation")
    if others and not represents:
        permissions.require_desk(actor, house_id=house_id)
    permissions.require_rights(actor, house_id=house_id, rights=override.rights)
    hold(run_ids=[run_id], account_ids=wanted)
    if set(wanted) - accounts.account_names(wanted).keys():
        raise NotFound(what="account")
    if organisation_id is not None and organisation_id not in network.organisation_refs([organisation_id]):
        raise NotFound(what="organisation")
    run = run_rows(Run.objects.filter(pk=run_id), account_id=actor.account_id)[0]
    if run.state is RunState.PLANNED and not permissions.may_desk(actor, house_id=house_id):
        raise NotFound(what="run")
    return run, wanted


def _refuse_impossible(run: RunRow, wanted: list[int]) -> None:
    """What no right passes over. Raises NotEnrolling, TooManyPeople, EnrolledAlready."""
    if run.state not in (RunState.OPEN, RunState.RUNNING):
        raise NotEnrolling(run_id=run.id, state=run.state.value)
    if len(wanted) > run.capacity:
        raise TooManyPeople(people=len(wanted), capacity=run.capacity)
    inside = (
        Enrolment.objects.filter(run_id=run.id, account_id__in=wanted)
        .exclude(state__in=[state.value for state in _GONE])
        .order_by("account_id")
    )
    if already := list(inside.values_list("account_id", flat=True)):
        raise EnrolledAlready(account_ids=already)


def _refuse_unknowing(
    run_id: int, wanted: Collection[int], knowing: Collection[str], actor: Actor, now: datetime
) -> None:
    """Raises InTwoPlaces where somebody is elsewhere then, and the actor has not said that they know."""
    found = [] if actor.is_system else clashes(run_id, wanted, actor=actor, now=now)
    if any(one.key not in knowing for one in found):
        raise InTwoPlaces(
            clashes=[
                {
                    "kind": one.kind.value, "id": one.id, "account_id": one.account_id, "names": one.names.to_dict(),
                    "starts": one.starts.isoformat(), "ends": one.ends.isoformat(),
                }
                for one in found
            ],
            known=list(dict.fromkeys(one.key for one in found)),
        )  # fmt: skip


def _state(run: RunRow, wanted: list[int], answers: list[Answer]) -> EnrolmentState:
    if any(answer.terms.get("approval") for answer in answers):
        return EnrolmentState.REQUESTED
    # Who has waited longer is not passed by, even where seats are saved up for a party.
    if len(wanted) > run.free or waiting.is_awaited(run.id):
        return EnrolmentState.WAITING
    return EnrolmentState.ENROLLED


def _asked(actor: Actor, enrolment_id: int, *, live: bool = True) -> tuple[Party, RunRow]:
    """The party of a request, for who plans in the house, with the run held. Raises NotFound, NotAllowed, EnrolmentEnded, NotEnrolling."""
    found = held_enrolment(actor, enrolment_id)
    run = run_rows(Run.objects.filter(pk=found.run_id))[0]
    permissions.require_plan(actor, house_id=run.house.id)
    if found.state != EnrolmentState.REQUESTED:
        raise EnrolmentEnded(enrolment_id=enrolment_id, state=found.state)
    if live and run.state not in (RunState.OPEN, RunState.RUNNING):
        raise NotEnrolling(run_id=run.id, state=run.state.value)
    return found.party, run


def _taken(run_id: int) -> set[int]:
    seats = Enrolment.objects.filter(run_id=run_id, seat__isnull=False).values_list("seat", flat=True)
    return {seat for seat in seats if seat is not None}


def _learner(actor: Actor, account_id: int, now: datetime) -> Actor:
    return actor if actor.account_id == account_id else accounts.actor(account_id, now=now)


def _stored(override: Override) -> dict[str, Any] | None:
    if not override.rights:
        return None
    reason = checked_reason(override.reason, required=True)
    return {"rights": sorted(override.rights), "reason": reason}


def _stored_price(price: Money | None) -> dict[str, Any]:
    return {"price_amount": price.amount if price else None, "price_currency": price.currency if price else ""}
