"""Photographs of spaces: taken in, described, put in order, taken away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from django.db.models import Q

from khaneh.domains.spaces import permissions
from khaneh.domains.spaces.models import Space, SpacePhoto
from khaneh.domains.spaces.queries import photos as queries
from khaneh.domains.spaces.types import LARGEST_UPLOAD, MOST_PHOTOS, PHOTO_WIDTHS, PhotoRow, PhotoSize
from khaneh.infrastructure import db, jobs, journal
from khaneh.infrastructure.blobs import BlobStore
from khaneh.infrastructure.pictures import Drawn, NotAPicture, PictureTooLarge, drawn
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import Invalid, NotFound

LONGEST_ALT = 300
# Who shows a picture, and who forgets the files of those that are shown no more, wait for each other.
_FILES = ("spaces.photo_files", 0)
_BATCH = 100
_DRAFTS_KEPT = timedelta(days=1)


def add_photo(*, actor: Actor, space_id: int, content: bytes, alts: Label, now: datetime) -> PhotoRow:
    """Show a photograph of a space, after those that it has. The same picture sent again changes nothing and gives the one that is there.

    What is kept is drawn anew, without what a telephone wrote into it. Raises NotFound, NotAllowed, Invalid (photo: required, too_large,
    not_a_picture, too_many; alts: required, too_long).
    """
    house_id = _house(space_id)
    permissions.require_manage(actor, house_id=house_id)
    alts, wrong = _alts(alts)
    # Before anything is held: decoding takes a while.
    small, large = _sizes(content, wrong)
    store = queries.store()
    digests = [store.put([one.content]).digest for one in (small, large)]
    with db.transaction():
        db.lock(("spaces.photos", space_id), _FILES)
        # Whoever removed the same picture elsewhere may have forgotten the file before the lock was had.
        for one, digest in zip((small, large), digests, strict=True):
            if not store.path(digest).exists():
                store.put([one.content])
        there = list(SpacePhoto.objects.filter(space_id=space_id).order_by("position"))
        again = next((one for one in there if one.large == digests[1]), None)
        if again is None:
            if len(there) >= MOST_PHOTOS:
                raise Invalid(fields={"photo": "too_many"})
            again = SpacePhoto.objects.create(
                space_id=space_id, position=there[-1].position + 1 if there else 1, small=digests[0], large=digests[1],
                width=large.width, height=large.height, alts=alts.to_dict(), added_by_id=actor.account_id, added_at=now,
            )  # fmt: skip
            _note(actor, house_id, space_id)
    return queries.photo_row(again)


def describe_photo(*, actor: Actor, photo_id: int, alts: Label) -> PhotoRow:
    """Say anew what is to be seen. Raises NotFound, NotAllowed, Invalid."""
    alts, wrong = _alts(alts)
    if wrong:
        raise Invalid(fields=wrong)
    with db.transaction():
        photo = _held(photo_id, actor)
        SpacePhoto.objects.filter(pk=photo_id).update(alts=alts.to_dict())
        _note(actor, photo.space.house_id, photo.space_id)
    return queries.photo_row(SpacePhoto.objects.get(pk=photo_id))


def move_photo(*, actor: Actor, photo_id: int, position: int) -> None:
    """Put it at another place, from 1; the others close up. Beyond the last it is the last. Raises NotFound, NotAllowed."""
    with db.transaction():
        photo = _held(photo_id, actor)
        others = list(SpacePhoto.objects.filter(space_id=photo.space_id).exclude(pk=photo_id).order_by("position"))
        others.insert(max(0, position - 1), photo)
        for place, one in enumerate(others, 1):
            if one.position != place:
                SpacePhoto.objects.filter(pk=one.pk).update(position=place)
        _note(actor, photo.space.house_id, photo.space_id)


def remove_photo(*, actor: Actor, photo_id: int) -> None:
    """Show it no more; its files go when that counts, unless another space shows the same picture. Raises NotFound, NotAllowed."""
    with db.transaction():
        photo = _held(photo_id, actor)
        SpacePhoto.objects.filter(pk=photo_id).delete()
        _note(actor, photo.space.house_id, photo.space_id)
        jobs.defer("spaces.forget_pictures", digests=[photo.small, photo.large])


def forget_pictures(digests: Iterable[str]) -> int:
    """Remove the files of these pictures which no photograph shows any more. Gives how many. One statement and one a hundred files."""
    store = queries.store()
    return sum(_forgotten(store, some) for some in _batches(sorted(set(digests)), _BATCH))


def tidy_pictures() -> int:
    """Remove what was left by whoever was interrupted: files that no photograph shows, and halves of files. Gives how many."""
    store = queries.store()
    return forget_pictures(store.digests()) + store.remove_drafts(older_than=_DRAFTS_KEPT)


def _forgotten(store: BlobStore, digests: Sequence[str]) -> int:
    # Whoever shows a picture holds the same lock from before its row is written until that counts.
    with db.transaction():
        db.lock(_FILES)
        shown = SpacePhoto.objects.filter(Q(small__in=digests) | Q(large__in=digests))
        named = {digest for pair in shown.values_list("small", "large") for digest in pair}
        return sum(store.remove(digest) for digest in digests if digest not in named)


def _batches(values: Sequence[str], size: int) -> Iterator[list[str]]:
    rest = iter(values)
    while some := list(islice(rest, size)):
        yield some


def _sizes(content: bytes, wrong: dict[str, str]) -> tuple[Drawn, Drawn]:
    if not content:
        wrong["photo"] = "required"
    elif len(content) > LARGEST_UPLOAD:
        wrong["photo"] = "too_large"
    if not wrong:
        try:
            small, large = drawn(content, widths=(PHOTO_WIDTHS[PhotoSize.SMALL], PHOTO_WIDTHS[PhotoSize.LARGE]))
        except PictureTooLarge:
            wrong["photo"] = "too_large"
        except NotAPicture:
            wrong["photo"] = "not_a_picture"
        else:
            return small, large
    raise Invalid(fields=wrong)


def _alts(alts: Label) -> tuple[Label, dict[str, str]]:
    alts = Label(*(" ".join(text.split()) for text in alts))
    if not any(alts):
        return alts, {"alts": "required"}
    return alts, {"alts": "too_long"} if max(map(len, alts)) > LONGEST_ALT else {}


def _house(space_id: int) -> int:
    found = Space.objects.filter(pk=space_id).values_list("house_id", flat=True).first()
    if found is None:
        raise NotFound(what="space")
    return found


def _hold(space_id: int) -> None:
    # Not the space's tree, for which everybody waits who books: only who changes the photographs waits for each other.
    db.lock(("spaces.photos", space_id))


def _held(photo_id: int, actor: Actor) -> SpacePhoto:
    photo = SpacePhoto.objects.select_related("space").filter(pk=photo_id).first()
    if photo is None:
        raise NotFound(what="photo")
    permissions.require_manage(actor, house_id=photo.space.house_id)
    _hold(photo.space_id)
    photo = SpacePhoto.objects.select_related("space").filter(pk=photo_id).first()
    if photo is None:
        raise NotFound(what="photo")
    return photo


def _note(actor: Actor, house_id: int, space_id: int) -> None:
    journal.record("spaces.space.pictured", actor=actor, house_id=house_id, space_id=space_id)
