"""Entering courses, changing them, publishing and retiring them, and what they are taught with."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from khaneh.domains.discovery import services as discovery
from khaneh.domains.learning import permissions
from khaneh.domains.learning.errors import CodeTaken, CourseStateRefused
from khaneh.domains.learning.models import Course, CourseAward, CourseRequirement
from khaneh.domains.learning.queries.rows import course_rows
from khaneh.domains.learning.rules import drafts
from khaneh.domains.learning.types import CourseDraft, CourseKind, CourseRow, CourseState
from khaneh.domains.network import queries as network
from khaneh.domains.qualifications import queries as qualifications
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor, Place
from khaneh.kernel.orthography import search_key
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound

_STEPS = {
    CourseState.DRAFT: {CourseState.PUBLISHED, CourseState.RETIRED},
    CourseState.PUBLISHED: {CourseState.RETIRED},
    CourseState.RETIRED: {CourseState.PUBLISHED},
}


def add_course(*, actor: Actor, draft: CourseDraft, now: datetime) -> CourseRow:
    """Enter a course as a draft, of a house or of an organisation. Raises NotAllowed, Invalid, CodeTaken."""
    with db.transaction():
        values, requires, awards, place = _values(draft)
        permissions.require_keep(actor, place, awarding=bool(awards))
        db.lock(("learning.course_code", 0))
        if Course.objects.filter(code=draft.code).exists():
            raise CodeTaken(code=draft.code)
        made = Course.objects.create(code=draft.code, changed_at=now, **values)
        _belongings(made.pk, requires, awards)
        journal.record("learning.course.added", actor=actor, house_id=made.house_id, course_id=made.pk, code=made.code)
    return _row(made.pk)


def change_course(*, actor: Actor, code: str, draft: CourseDraft, now: datetime) -> CourseRow:
    """Make everything but code and state as the draft says; runs that have begun keep to what they awarded when they finish.

    Raises NotAllowed, NotFound, Invalid.
    """
    with db.transaction():
        found = _held(actor, code)
        values, requires, awards, place = _values(draft)
        before = set(CourseAward.objects.filter(course_id=found.pk).values_list("qualification_id", flat=True))
        permissions.require_keep(actor, place, awarding=bool(set(awards) - before))
        changed = sorted(name for name, value in values.items() if getattr(found, name) != value)
        Course.objects.filter(pk=found.pk).update(changed_at=now, **values)
        _belongings(found.pk, requires, awards)
        discovery.touch("course", [found.pk])
        journal.record(
            "learning.course.changed", actor=actor, house_id=found.house_id, course_id=found.pk, fields=changed
        )
    return _row(found.pk)


def publish_course(*, actor: Actor, code: str, now: datetime) -> CourseRow:
    """Let everybody see it, also one that was retired. Raises NotAllowed, NotFound, CourseStateRefused."""
    return _step(actor, code, CourseState.PUBLISHED, now)


def retire_course(*, actor: Actor, code: str, now: datetime) -> CourseRow:
    """Give it no more: runs that are planned go on. Raises NotAllowed, NotFound, CourseStateRefused."""
    return _step(actor, code, CourseState.RETIRED, now)


def _step(actor: Actor, code: str, state: CourseState, now: datetime) -> CourseRow:
    with db.transaction():
        found = _held(actor, code)
        if state not in _STEPS[CourseState(found.state)]:
            raise CourseStateRefused(state=found.state, wanted=state.value)
        if state is CourseState.PUBLISHED and CourseAward.objects.filter(course_id=found.pk).exists():
            permissions.require_keep(actor, permissions.place_of(found), awarding=True)
        Course.objects.filter(pk=found.pk).update(state=state.value, changed_at=now)
        discovery.touch("course", [found.pk])
        journal.record(
            f"learning.course.{state.value}", actor=actor, house_id=found.house_id, course_id=found.pk, code=code
        )
    return _row(found.pk)


def _held(actor: Actor, code: str) -> Course:
    """The course, held until the transaction ends, for who may keep it. Raises NotFound, NotAllowed."""
    found = Course.objects.select_for_update().filter(code=code).first()
    if found is None:
        raise NotFound(what="course")
    if not permissions.may_keep(actor, permissions.place_of(found)):
        raise NotFound(what="course") if found.state == CourseState.DRAFT else NotAllowed(act="learning.keep")
    return found


def _values(draft: CourseDraft) -> tuple[dict[str, Any], list[int], list[int], Place]:
    wrong = drafts.course_problems(draft)
    house_id = network.house_ids_by_code([draft.house_code]).get(draft.house_code) if draft.house_code else None
    if draft.house_code and house_id is None:
        wrong["house_code"] = "unknown"
    organisation_id = None
    if draft.organisation_code:
        try:
            organisation_id = network.organisation(draft.organisation_code).row.id
        except NotFound:
            wrong["organisation_code"] = "unknown"
    asked = {*draft.requires, *draft.awards}
    known = {row.code: row for row in qualifications.qualifications(with_retired=True)} if asked else {}
    for field, codes in (("requires", draft.requires), ("awards", draft.awards)):
        if set(codes) - known.keys():
            wrong[field] = "unknown"
    if not wrong and set(draft.requires) & set(draft.awards):
        wrong["awards"] = "required_too"
    if wrong:
        raise Invalid(fields=wrong)
    place = (
        network.house_facts(house_id).place
        if house_id is not None
        else network.place_of_organisation(organisation_id or 0)
    )
    values = {
        "kind": CourseKind(draft.kind).value,
        "house_id": house_id,
        "organisation_id": organisation_id,
        "names": draft.names.to_dict(),
        "descriptions": draft.descriptions.to_dict(),
        "search_key": " ".join(key for key in map(search_key, (draft.code, *draft.names, *draft.descriptions)) if key),
        "hours": draft.hours,
        "pass_mark": draft.pass_mark,
        "attendance": draft.attendance,
        "price_amount": draft.price.amount if draft.price else None,
        "price_currency": draft.price.currency if draft.price else "",
        "approval": draft.approval,
    }
    requires, awards = ([known[code].id for code in dict.fromkeys(codes)] for codes in (draft.requires, draft.awards))
    return values, requires, awards, place


def _belongings(course_id: int, requires: list[int], awards: list[int]) -> None:
    CourseRequirement.objects.filter(course_id=course_id).delete()
    CourseRequirement.objects.bulk_create(
        CourseRequirement(course_id=course_id, qualification_id=number) for number in requires
    )
    CourseAward.objects.filter(course_id=course_id).delete()
    CourseAward.objects.bulk_create(CourseAward(course_id=course_id, qualification_id=number) for number in awards)


def _row(course_id: int) -> CourseRow:
    return course_rows(Course.objects.filter(pk=course_id))[0]
