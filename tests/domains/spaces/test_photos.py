"""Files of photographs: kept as long as a space shows them, and no longer."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest
import pyvips
from django.db import connection

from khaneh.domains.spaces import services
from khaneh.domains.spaces.models import SpacePhoto
from khaneh.domains.spaces.queries import photos
from khaneh.domains.spaces.types import PhotoRow, PhotoSize
from khaneh.infrastructure import db
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.labels import Label
from tests.domains.spaces.places import NOW, Places

ALT = Label("The room", "", "")


def picture(colour: int) -> bytes:
    """A small picture in one colour."""
    image = (pyvips.Image.black(60, 40, bands=3) + colour).cast("uchar").copy(interpretation="srgb")
    written: bytes = image.write_to_buffer(".png")
    return written


@pytest.fixture
def shown(places: Places, tmp_path: Path, settings: Any) -> Any:
    """Shows a picture of a space, its files in a folder of the test's own."""
    settings.KHANEH_HOME = tmp_path

    def show(space: Any, colour: int) -> PhotoRow:
        return services.add_photo(actor=SYSTEM, space_id=space.pk, content=picture(colour), alts=ALT, now=NOW)

    return show


def waiting_jobs() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT jsonb_array_elements_text(args -> 'digests') FROM procrastinate_jobs"
            " WHERE task_name = 'spaces.forget_pictures'"
        )
        return [row[0] for row in cursor.fetchall()]


def test_a_picture_that_is_removed_is_forgotten_when_that_counts(places: Places, shown: Any) -> None:
    one, other = shown(places.room, 10), shown(places.room, 200)
    files = {*SpacePhoto.objects.filter(pk=one.id).values_list("small", "large").get()}
    services.remove_photo(actor=SYSTEM, photo_id=one.id)
    # Not before the transaction ends: it might still be taken back. The job is of the same transaction.
    assert files <= set(photos.store().digests())
    assert set(waiting_jobs()) == files
    assert services.forget_pictures(files) == len(files)
    assert services.forget_pictures(files) == 0, "again, and nothing is left to do"
    kept = {*SpacePhoto.objects.filter(pk=other.id).values_list("small", "large").get()}
    assert set(photos.store().digests()) == kept


def test_a_picture_that_another_space_shows_stays(places: Places, shown: Any) -> None:
    one, other = shown(places.room, 10), shown(places.laser, 10)
    files = {*SpacePhoto.objects.filter(pk=one.id).values_list("small", "large").get()}
    services.remove_photo(actor=SYSTEM, photo_id=one.id)
    assert services.forget_pictures(files) == 0
    services.remove_photo(actor=SYSTEM, photo_id=other.id)
    assert services.forget_pictures(files) == len(files)


def test_what_a_crash_left_is_swept_up(places: Places, shown: Any, tmp_path: Path) -> None:
    one = shown(places.room, 10)
    store = photos.store()
    left = store.put([b"a file whose row was never written"])
    drafts = [tmp_path / "files" / "photos" / f"draft-{name}" for name in ("old", "young")]
    for draft in drafts:
        draft.write_bytes(b"half")
    os.utime(drafts[0], (time.time() - 90_000,) * 2)
    assert services.tidy_pictures() == 2
    assert not store.path(left.digest).exists()
    assert [draft.exists() for draft in drafts] == [False, True]
    assert photos.picture(one.id, PhotoSize.LARGE, actor=SYSTEM), "what is shown stays"
    assert services.tidy_pictures() == 0


def test_a_file_that_was_forgotten_meanwhile_is_written_again(
    places: Places, shown: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = db.lock

    def late(*things: tuple[str, int]) -> None:
        lock(*things)
        # Whoever held the lock before has just forgotten the same picture.
        for digest in list(photos.store().digests()):
            photos.store().remove(digest)
        monkeypatch.undo()

    monkeypatch.setattr(db, "lock", late)
    one = shown(places.room, 10)
    assert photos.picture(one.id, PhotoSize.SMALL, actor=SYSTEM)
