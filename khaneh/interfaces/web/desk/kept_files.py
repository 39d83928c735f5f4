"""A tried file, kept for a while so that what is applied is what was tried. The ticket is signed and belongs to one account."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core import signing
from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.utils.translation import gettext as _

from khaneh.infrastructure.blobs import BlobMissing, BlobStore
from khaneh.interfaces.web.desk.templatetags.desk import size
from khaneh.interfaces.web.desk.uploads import LimitedUpload
from khaneh.interfaces.web.requests import actor_of

_SALT = "khaneh.desk.kept_file"
_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Given:
    """The file that a form brought: freshly chosen, or the one that was tried before. Without its bytes, why there are none."""

    data: bytes | None = None
    name: str = ""
    problem: str = ""


def given(request: HttpRequest, limited: LimitedUpload, *, limit: int) -> Given:
    """The file of a form that tries it first and sends its ticket as `kept` afterwards; `limit` in bytes. A forged ticket raises BadRequest."""
    if request.method != "POST":
        return Given()
    if "kept" in request.POST:
        try:
            data, name = fetch(request.POST["kept"], owner=actor_of(request).account_id or 0)
        except signing.BadSignature as error:
            raise BadRequest from error
        return Given(
            data, name, "" if data is not None else _("The tried file is not kept any longer. Choose it again.")
        )
    upload = request.FILES.get("file")
    if limited.refused:
        return Given(problem=_("The file is larger than %s and was not read.") % size(limit))
    if upload is None:
        return Given(problem=_("Choose a file."))
    return Given(upload.read(), upload.name or "")


def keep(data: bytes, *, name: str, owner: int) -> str:
    """Keep a file; gives the ticket. Files that nobody came back for are swept out on the way."""
    store = BlobStore(_folder())
    _sweep()
    blob = store.put([data])
    return signing.dumps({"digest": blob.digest, "name": name[:200], "owner": owner}, salt=_SALT)


def fetch(ticket: str, *, owner: int) -> tuple[bytes | None, str]:
    """The file of a ticket and its name; None for its bytes when it is gone. Raises BadSignature for another's or a forged ticket."""
    held = signing.loads(ticket, salt=_SALT, max_age=_SECONDS)
    if held["owner"] != owner:
        raise signing.BadSignature
    try:
        with BlobStore(_folder()).open(held["digest"]) as content:
            return content.read(), held["name"]
    except BlobMissing:
        return None, held["name"]


def _folder() -> Path:
    return Path(settings.KHANEH_HOME) / "files" / "tried"


def _sweep() -> None:
    """Delete what is older than a ticket can be."""
    limit = time.time() - _SECONDS
    for path in _folder().glob("??/??/*"):
        if path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
