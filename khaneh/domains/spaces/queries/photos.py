"""Photographs of spaces: which there are, and the pictures themselves."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import PUBLIC_STATES
from khaneh.domains.spaces import permissions
from khaneh.domains.spaces.models import SpacePhoto
from khaneh.domains.spaces.types import PhotoRow, PhotoSize, SpaceState
from khaneh.infrastructure.blobs import BlobMissing, BlobStore
from khaneh.kernel.actor import VISITOR, Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotFound

_VERSION = 12


def photos_of(space_ids: Iterable[int]) -> dict[int, tuple[PhotoRow, ...]]:
    """The photographs of spaces, each in its order; spaces without any are left out. One statement."""
    found: dict[int, list[PhotoRow]] = {}
    for one in SpacePhoto.objects.filter(space_id__in=set(space_ids)).order_by("space_id", "position"):
        found.setdefault(one.space_id, []).append(photo_row(one))
    return {space_id: tuple(rows) for space_id, rows in found.items()}


def photo(photo_id: int) -> PhotoRow:
    """One photograph's row. One statement. Raises NotFound."""
    found = SpacePhoto.objects.filter(pk=photo_id).first()
    if found is None:
        raise NotFound(what="photo")
    return photo_row(found)


def picture(photo_id: int, size: PhotoSize, *, actor: Actor = VISITOR) -> bytes:
    """A photograph as WebP, for whoever may see its space. One statement where the house was asked for lately. Raises NotFound."""
    photo = SpacePhoto.objects.select_related("space").filter(pk=photo_id).first()
    if photo is None:
        raise NotFound(what="photo")
    space = photo.space
    public = space.state != SpaceState.RETIRED and network.house_facts(space.house_id).state in PUBLIC_STATES
    if not (public or permissions.may_desk(actor, house_id=space.house_id)):
        raise NotFound(what="photo")
    try:
        with store().open(photo.small if size is PhotoSize.SMALL else photo.large) as content:
            return content.read()
    except BlobMissing:
        raise NotFound(what="photo") from None


def photo_row(photo: SpacePhoto) -> PhotoRow:
    """Its row."""
    return PhotoRow(
        id=photo.pk,
        space_id=photo.space_id,
        position=photo.position,
        alts=Label.from_dict(photo.alts),
        width=photo.width,
        height=photo.height,
        version=photo.large[:_VERSION],
    )


def store() -> BlobStore:
    """Where the pictures lie."""
    return BlobStore(Path(settings.KHANEH_HOME) / "files" / "photos")
