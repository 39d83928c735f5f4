"""Photographs of assessments: drawn anew, so that nothing is kept of who took them; evidence goes with what it proves."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from khaneh.domains.founding.models import Item, Photo
from khaneh.domains.founding.queries.assessments import photo_row, store
from khaneh.domains.founding.services import assessing
from khaneh.domains.founding.types import LONGEST_NAME, PhotoRow
from khaneh.infrastructure import db
from khaneh.infrastructure.pictures import Drawn, NotAPicture, PictureTooLarge, drawn
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound

WIDTHS = (480, 1600)
MOST_PHOTOS = 60
LARGEST_UPLOAD = 25 * 1024 * 1024
# Held from a file's writing until its photograph is entered, before all other locks, and by who removes what none has.
_FILES = ("founding.files", 0)


def add_photo(
    *, actor: Actor, assessment_id: int, content: bytes, alt: str, item_id: int | None = None, now: datetime
) -> PhotoRow:
    """Add a photograph to one's draft; the same for the same item again gives the one that is there.

    Raises NotFound, AssessmentClosed, Invalid (photo: required, too_large, not_a_picture, too_many; alt: required, too_long; item).
    """
    alt = " ".join(alt.split())
    wrong = {} if alt else {"alt": "required"}
    if len(alt) > LONGEST_NAME:
        wrong["alt"] = "too_long"
    # Before anything is held: decoding takes a while.
    small, large = _sizes(content, wrong)
    with db.transaction():
        db.lock(_FILES)
        digests = [store().put([one.content]).digest for one in (small, large)]
        found = assessing.held(assessment_id, actor=actor)
        if item_id is not None and not Item.objects.filter(pk=item_id, standard_id=found.standard_id).exists():
            raise Invalid(fields={"item": "not_in_list"})
        there = Photo.objects.filter(assessment=found)
        of = Q(item__isnull=True) if item_id is None else Q(item_id=item_id)
        again = there.filter(of, large=digests[1]).first()
        if again is None:
            if there.count() >= MOST_PHOTOS:
                raise Invalid(fields={"photo": "too_many"})
            again = Photo.objects.create(
                assessment=found, item_id=item_id, small=digests[0], large=digests[1], width=large.width,
                height=large.height, alt=alt, added_at=now,
            )  # fmt: skip
    return photo_row(again)


def remove_photo(*, actor: Actor, photo_id: int) -> int:
    """Take a photograph out of one's draft; gives the number of the assessment. Its files go with the next `sweep_files`, if no other has them.

    Raises NotFound, AssessmentClosed.
    """
    with db.transaction():
        found = Photo.objects.filter(pk=photo_id).first()
        if found is None:
            raise NotFound(what="photo")
        assessing.held(found.assessment_id, actor=actor)
        Photo.objects.filter(pk=photo_id).delete()
    return found.assessment_id


def sweep_files() -> int:
    """Remove the files that no photograph has: taken out, given up, or never entered. Gives how many. One statement and one lock."""
    with db.transaction():
        db.lock(_FILES)
        named = {digest for pair in Photo.objects.values_list("small", "large") for digest in pair}
        return sum(store().remove(digest) for digest in list(store().digests()) if digest not in named)


def _sizes(content: bytes, wrong: dict[str, str]) -> tuple[Drawn, Drawn]:
    if not content:
        wrong["photo"] = "required"
    elif len(content) > LARGEST_UPLOAD:
        wrong["photo"] = "too_large"
    if not wrong:
        try:
            small, large = drawn(content, widths=WIDTHS)
        except PictureTooLarge:
            wrong["photo"] = "too_large"
        except NotAPicture:
            wrong["photo"] = "not_a_picture"
        else:
            return small, large
    raise Invalid(fields=wrong)
