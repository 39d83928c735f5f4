"""Assessments: begun, filled in, submitted; of a proposal until enough have been, or of a house in service, whose passport follows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from khaneh.domains.founding import notices, permissions, queries
from khaneh.domains.founding.errors import (
    AssessmentClosed,
    AssessmentIncomplete,
    NotImpartial,
    StandardNotInForce,
)
from khaneh.domains.founding.models import Assessment, Passport, Photo, Proposal, Score
from khaneh.domains.founding.rules import scoring
from khaneh.domains.founding.services import holding, passports
from khaneh.domains.founding.types import (
    LONGEST_TEXT,
    AssessmentRow,
    AssessmentState,
    ProposalState,
    ScoreDraft,
    StandardRow,
)
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import HouseState
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound

_SUBMITTED = AssessmentState.SUBMITTED.value


def begin(*, actor: Actor, proposal_id: int, now: datetime) -> AssessmentRow:
    """Begin to assess a proposal; what one has begun already is given. Raises NotFound, NotAllowed, NotImpartial, ProposalStateRefused."""
    with db.transaction():
        found, place = holding.held_proposal(proposal_id, actor=actor)
        permissions.require(permissions.may_assess(actor, place), "assess")
        holding.require_state(found, ProposalState.PROPOSED, act="assess")
        if found.made_by_id is not None and found.made_by_id == actor.account_id:
            raise NotImpartial(role="proposer")
        made, is_fresh = Assessment.objects.exclude(state=AssessmentState.GIVEN_UP.value).get_or_create(
            proposal=found,
            assessor_id=actor.account_id,
            defaults={"standard_id": found.standard_id, "begun_at": now},
        )
        if is_fresh:
            _note("begun", actor, made, found.house_id)
    return queries.assessment(made.pk, actor=actor)


def begin_again(*, actor: Actor, house_code: str, now: datetime) -> AssessmentRow:
    """Begin to assess a house in service by the newest version in force of its passport's standard; what is begun is given.

    Raises NotFound (no passport), NotAllowed, NotImpartial (who manages the house does not judge it), StandardNotInForce,
    AssessmentClosed (another has begun).
    """
    house_id = network.house_ids_by_code([house_code]).get(house_code)
    with db.transaction():
        db.lock(("founding.house", house_id or 0))
        found = Passport.objects.select_related("standard").filter(house_id=house_id or 0).first()
        if found is None or house_id is None:
            raise NotFound(what="passport")
        _require_may_judge(actor, house_id)
        begun = Assessment.objects.filter(passport=found, state=AssessmentState.DRAFTED.value).first()
        if begun is not None and begun.assessor_id != actor.account_id:
            raise AssessmentClosed(state=begun.state)
        if begun is None:
            newest = queries.newest_in_force(found.standard.code)
            if newest is None:
                raise StandardNotInForce(state=found.standard.state, kind=found.standard.kind)
            begun = Assessment.objects.create(
                passport=found, standard_id=newest, assessor_id=actor.account_id, begun_at=now
            )
            _note("begun", actor, begun, house_id)
    return queries.assessment(begun.pk, actor=actor)


def begin_first(*, actor: Actor, house_code: str, standard_code: str, now: datetime) -> AssessmentRow:
    """Begin to assess a house in service that was never measured, by the newest version in force of a standard for its kind; what one has
    begun is given. Whoever comes when it has a passport begins to assess it again.

    Raises NotFound (no house), NotAllowed, NotImpartial, StandardNotInForce, AssessmentClosed (another has begun).
    """
    house_id = network.house_ids_by_code([house_code]).get(house_code)
    if house_id is None:
        raise NotFound(what="house")
    if queries.has_passport(house_id):
        return begin_again(actor=actor, house_code=house_code, now=now)
    with db.transaction():
        db.lock(("founding.house", house_id))
        if queries.has_passport(house_id):
            raise AssessmentClosed(state=_SUBMITTED)
        _require_may_judge(actor, house_id)
        begun = Assessment.objects.filter(house_id=house_id, state=AssessmentState.DRAFTED.value).first()
        if begun is not None and begun.assessor_id != actor.account_id:
            raise AssessmentClosed(state=begun.state)
        if begun is None:
            newest = queries.newest_in_force(standard_code)
            kind = network.house_facts(house_id).kind
            if newest is None or queries.with_items([newest])[newest].kind != kind:
                raise StandardNotInForce(state="", kind=kind)
            begun = Assessment.objects.create(
                house_id=house_id, standard_id=newest, assessor_id=actor.account_id, begun_at=now
            )
            _note("begun", actor, begun, house_id)
    return queries.assessment(begun.pk, actor=actor)


def save_scores(*, actor: Actor, assessment_id: int, scores: Sequence[ScoreDraft], summary: str = "") -> AssessmentRow:
    """Keep what is filled in so far: all of it, as it is in the form. Raises NotFound, AssessmentClosed, Invalid (by item's code)."""
    with db.transaction():
        found = held(assessment_id, actor=actor)
        standard = queries.with_items([found.standard_id])[found.standard_id]
        items = {one.id: one for one in standard.items}
        wrong = {}
        for one in scores:
            item = items.get(one.item_id)
            if item is None:
                wrong["items"] = "not_in_list"
            elif not 0 <= one.score <= item.scale:
                wrong[item.code] = "out_of_range"
            elif len(one.note) > LONGEST_TEXT:
                wrong[item.code] = "too_long"
        if len(summary) > LONGEST_TEXT:
            wrong["summary"] = "too_long"
        if wrong:
            raise Invalid(fields=wrong)
        Score.objects.filter(assessment=found).delete()
        Score.objects.bulk_create(
            Score(assessment=found, item_id=one.item_id, score=one.score, note=one.note.strip())
            for one in {one.item_id: one for one in scores}.values()
        )
        Assessment.objects.filter(pk=found.pk).update(summary=summary.strip())
    return queries.assessment(assessment_id, actor=actor)


def submit(*, actor: Actor, assessment_id: int, now: datetime) -> AssessmentRow:
    """Submit for good. Of a proposal the last that is needed makes it assessed; of a house the passport says what came of it.

    Raises NotFound, AssessmentClosed, AssessmentIncomplete, ProposalStateRefused.
    """
    with db.transaction():
        found = held(assessment_id, actor=actor)
        standard = queries.with_items([found.standard_id])[found.standard_id]
        given = dict(Score.objects.filter(assessment=found).values_list("item_id", "score"))
        _require_complete(found, standard, given)
        came = scoring.result(standard.items, [given], pass_percent=standard.pass_percent)
        values = {"state": _SUBMITTED, "submitted_at": now, "permille": came.permille, "failed": list(came.failed)}
        if found.proposal_id is None:
            house_id = _house_of(found)
            if found.passport is not None:
                entry = passports.enter(found.passport, standard, came, now=now)
            else:
                entry = passports.measure_first(house_id, standard, came, actor=actor, now=now)
            Assessment.objects.filter(pk=found.pk).update(passport=entry.passport, house=None, entry=entry, **values)
            _note("submitted", actor, found, house_id)
            passports.tell(entry.passport, came, now=now)
        else:
            Assessment.objects.filter(pk=found.pk).update(**values)
            proposal = Proposal.objects.get(pk=found.proposal_id or 0)
            _settle(proposal, standard, actor=actor, now=now)
            _note("submitted", actor, found, proposal.house_id)
    return queries.assessment(assessment_id, actor=actor)


def give_up(*, actor: Actor, assessment_id: int) -> None:
    """Let a draft be; another may be begun. Raises NotFound, AssessmentClosed."""
    with db.transaction():
        found = held(assessment_id, actor=actor)
        let_go(Assessment.objects.filter(pk=found.pk))
        _note("given_up", actor, found, _house_of(found))


def held(assessment_id: int, *, actor: Actor) -> Assessment:
    """One's own draft, with the lock of its proposal or house. Raises NotFound, AssessmentClosed."""
    known = Assessment.objects.select_related("proposal", "passport").filter(pk=assessment_id).first()
    mine = known is not None and (actor.is_system or known.assessor_id == actor.account_id)
    if known is None or not mine:
        raise NotFound(what="assessment")
    house_id = _house_of(known)
    db.lock(("founding.proposal", known.proposal_id) if known.proposal_id else ("founding.house", house_id))
    found = Assessment.objects.select_related("proposal", "passport").get(pk=assessment_id)
    if found.state != AssessmentState.DRAFTED:
        raise AssessmentClosed(state=found.state)
    # A role may have ended since it was begun.
    _require_assessor(actor, house_id)
    return found


def let_go(drafts: QuerySet[Assessment]) -> None:
    """Give drafts up. Photographs that prove nothing are not kept: there may be people on them."""
    numbers = list(drafts.filter(state=AssessmentState.DRAFTED.value).values_list("pk", flat=True))
    Photo.objects.filter(assessment__in=numbers).delete()
    Assessment.objects.filter(pk__in=numbers).update(state=AssessmentState.GIVEN_UP.value)


def _house_of(found: Assessment) -> int:
    if found.house_id is not None:
        return found.house_id
    subject = found.proposal or found.passport
    if subject is None:  # the database has no such row
        raise NotFound(what="assessment")
    return subject.house_id


def _settle(proposal: Proposal, standard: StandardRow, *, actor: Actor, now: datetime) -> None:
    """With enough assessments the proposal is assessed; those that are still being written are given up."""
    holding.require_state(proposal, ProposalState.PROPOSED, act="assess")
    submitted = Assessment.objects.filter(proposal=proposal, state=_SUBMITTED)
    if submitted.count() < standard.assessors:
        return
    given: dict[int, dict[int, int]] = {}
    for number, item_id, score in Score.objects.filter(assessment__in=submitted).values_list(
        "assessment_id", "item_id", "score"
    ):
        given.setdefault(number, {})[item_id] = score
    came = scoring.result(standard.items, given.values(), pass_percent=standard.pass_percent)
    spot = queries.spot_of(proposal.house_id, now=now)
    holding.move(
        proposal, ProposalState.ASSESSED, actor=actor, now=now, permille=came.permille, failed=list(came.failed),
        weighed=queries.weighed(spot, standard.kind, now=now).to_dict(),
    )  # fmt: skip
    let_go(Assessment.objects.filter(proposal=proposal))
    holding.take_house_to(proposal.house_id, HouseState.ASSESSED, actor=actor, now=now)
    notices.tell_staff("founding.assessed", proposal, permissions.DECIDERS, now=now)


def _require_complete(found: Assessment, standard: StandardRow, given: dict[int, int]) -> None:
    noted = set(Score.objects.filter(assessment=found).exclude(note="").values_list("item_id", flat=True))
    pictured = set(Photo.objects.filter(assessment=found).values_list("item_id", flat=True))
    lacking = [
        one.code
        for one in standard.items
        # What is not there cannot be photographed.
        if one.id not in given or one.id not in noted or (one.photo and given[one.id] and one.id not in pictured)
    ]
    if lacking:
        raise AssessmentIncomplete(items=lacking)


def _require_assessor(actor: Actor, house_id: int) -> None:
    permissions.require(permissions.may_assess(actor, network.place_of_house(house_id)), "assess")


def _require_may_judge(actor: Actor, house_id: int) -> None:
    """Raises NotAllowed, NotImpartial, StandardNotInForce for a house that is not in service."""
    _require_assessor(actor, house_id)
    if not permissions.may_judge(actor, network.place_of_house(house_id)):
        raise NotImpartial(role="manager")
    if network.house_facts(house_id).state not in (HouseState.OPEN, HouseState.SUSPENDED):
        raise StandardNotInForce(state="closed", kind="")


def _note(what: str, actor: Actor, found: Assessment, house_id: int) -> None:
    journal.record(
        f"founding.assessment.{what}", actor=actor, house_id=house_id, assessment_id=found.pk,
        proposal_id=found.proposal_id, passport_id=found.passport_id,
    )  # fmt: skip
