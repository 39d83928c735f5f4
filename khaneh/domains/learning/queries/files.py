"""Where the files of courses lie, and what is in them for whom they are for."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from khaneh.domains.learning.models import Course
from khaneh.domains.learning.queries.courses import material
from khaneh.infrastructure.blobs import BlobMissing, BlobStore
from khaneh.kernel import documents
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotFound


def store() -> BlobStore:
    """Where the files lie."""
    return BlobStore(Path(settings.KHANEH_HOME) / "files" / "courses")


def material_file(material_id: int, *, actor: Actor, language: str) -> tuple[str, str, bytes]:
    """The name by which a file is saved (the course and what it is, in the language of who reads), its media type and content.

    For who may see it. Raises NotFound, also for a link.
    """
    found = material(material_id, actor=actor)
    if not found.digest:
        raise NotFound(what="material")
    course = Label.from_dict(Course.objects.values_list("names", flat=True).get(pk=found.course_id))
    name = documents.called(f"{course.pick(language)[:60]} – {found.names.pick(language)}", found.media_type)
    try:
        with store().open(found.digest) as content:
            return name, found.media_type, content.read()
    except (BlobMissing, ValueError):
        raise NotFound(what="material") from None
