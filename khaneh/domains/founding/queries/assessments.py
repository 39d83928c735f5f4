"""What assessors found, and the photographs that they took."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from khaneh.domains.founding import permissions
from khaneh.domains.founding.models import Assessment, Photo, Score
from khaneh.domains.founding.types import AssessmentRow, AssessmentState, PhotoRow, ScoreRow
from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.infrastructure.blobs import BlobMissing, BlobStore
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound

_VERSION = 12


def assessment(assessment_id: int, *, actor: Actor) -> AssessmentRow:
    """One, with its scores and photographs: a draft for its assessor alone, else for whoever sees the place. Eight statements.

    Raises NotFound.
    """
    found = _rows(Assessment.objects.filter(pk=assessment_id))
    if not found or not _visible(found[0], actor, permissions.seen(actor, [found[0].house.id])):
        raise NotFound(what="assessment")
    return found[0]


def assessments_of(*, actor: Actor, proposal_id: int = 0, passport_id: int = 0) -> list[AssessmentRow]:
    """Those of a proposal or a passport, the oldest first. Of another's draft there is a line without scores. Eight statements."""
    of = {"proposal_id": proposal_id} if proposal_id else {"passport_id": passport_id}
    rows = _rows(Assessment.objects.filter(**of).order_by("begun_at", "pk"))
    seen = permissions.seen(actor, {row.house.id for row in rows})
    return [row for row in rows if row.house.id in seen and row.state is not AssessmentState.GIVEN_UP]


def own_drafts(actor: Actor) -> list[AssessmentRow]:
    """What somebody has begun to assess and not submitted, the oldest first. Six statements."""
    if actor.account_id is None:
        return []
    drafted = Assessment.objects.filter(assessor_id=actor.account_id, state=AssessmentState.DRAFTED.value)
    return _rows(drafted.order_by("begun_at", "pk"))


def picture(photo_id: int, size: str, *, actor: Actor) -> bytes:
    """A photograph as WebP, `small` or `large`, for whoever may see its assessment. Raises NotFound."""
    found = Photo.objects.filter(pk=photo_id).first()
    if found is None:
        raise NotFound(what="photo")
    row = assessment(found.assessment_id, actor=actor)
    if photo_id not in {one.id for one in row.photos}:
        raise NotFound(what="photo")
    try:
        with store().open(found.small if size == "small" else found.large) as content:
            return content.read()
    except BlobMissing:
        raise NotFound(what="photo") from None


def store() -> BlobStore:
    """Where the pictures lie."""
    return BlobStore(Path(settings.KHANEH_HOME) / "files" / "founding")


def photo_row(one: Photo) -> PhotoRow:
    """Its row."""
    return PhotoRow(one.pk, one.item_id, one.alt, one.width, one.height, one.large[:_VERSION])


def _visible(row: AssessmentRow, actor: Actor, seen: set[int]) -> bool:
    mine = actor.is_system or (row.assessor_id is not None and row.assessor_id == actor.account_id)
    return row.house.id in seen and (mine or row.state is AssessmentState.SUBMITTED)


def _rows(found: QuerySet[Assessment]) -> list[AssessmentRow]:
    rows = list(found.select_related("proposal", "passport"))
    numbers = [one.pk for one in rows]
    houses = {one.pk: one.house_id or (one.proposal or one.passport).house_id for one in rows}  # type: ignore[union-attr]
    refs = network.house_refs(houses.values())
    names = people.account_names(one.assessor_id for one in rows)
    scores: dict[int, list[ScoreRow]] = defaultdict(list)
    for given in Score.objects.filter(assessment_id__in=numbers).order_by("item__position", "pk"):
        scores[given.assessment_id].append(ScoreRow(given.item_id, given.score, given.note))
    photos: dict[int, list[PhotoRow]] = defaultdict(list)
    for photo in Photo.objects.filter(assessment_id__in=numbers).order_by("pk"):
        photos[photo.assessment_id].append(photo_row(photo))
    return [
        AssessmentRow(
            id=one.pk,
            proposal_id=one.proposal_id,
            passport_id=one.passport_id,
            standard_id=one.standard_id,
            house=refs[houses[one.pk]],
            assessor_id=one.assessor_id,
            assessor=names.get(one.assessor_id or 0, ""),
            state=AssessmentState(one.state),
            begun_at=one.begun_at,
            submitted_at=one.submitted_at,
            permille=one.permille,
            failed=tuple(one.failed),
            summary=one.summary,
            scores=tuple(scores[one.pk]),
            photos=tuple(photos[one.pk]),
        )
        for one in rows
    ]
