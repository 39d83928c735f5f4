"""Where evidence is kept, and who may have it."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from khaneh.domains.residencies import permissions
from khaneh.domains.residencies.models import Evidence
from khaneh.infrastructure.blobs import BlobStore
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound


def store() -> BlobStore:
    """The files of evidence."""
    return BlobStore(Path(settings.KHANEH_HOME) / "files" / "residencies")


def evidence(evidence_id: int, *, actor: Actor) -> tuple[str, str, bytes]:
    """Name, media type and content, for the team, its mentors and its house. At most three statements. Raises NotFound."""
    found = Evidence.objects.select_related("milestone__residency").filter(pk=evidence_id).first()
    if found is None:
        raise NotFound(what="evidence")
    one = found.milestone.residency
    if not (
        permissions.is_of_team(actor, one)
        or permissions.may_run(actor, house_id=one.house_id)
        or permissions.mentors(actor, one.pk)
    ):
        raise NotFound(what="evidence")
    with store().open(found.digest) as content:
        return found.name, found.media, content.read()
