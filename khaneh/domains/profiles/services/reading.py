"""Vectors of the texts that tell of competence, made by a job: nothing is read by the model while somebody waits."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import numpy as np

from khaneh.domains.profiles import registry
from khaneh.domains.profiles.models import Meaning
from khaneh.infrastructure import meaning

_READ = 32  # texts that the model is given at once: some seconds
_STATEMENT = 1_000


def read_competence(*, most: int = 1_000) -> int:
    """Make vectors of up to `most` texts that have none of this version of the model, and let go of those that nobody compares any more.

    Gives how many were read: none where the machine has no model. Takes 0.03 to 0.3 s of processor time each. Two at once do some of it twice.
    """
    known = dict(Meaning.objects.values_list("digest", "version"))
    there: set[str] = set()
    read = 0
    unread = _unread(known, there, most)
    while some := list(islice(unread, _READ)):
        made = meaning.vectors([text for _, text in some], meaning.Role.QUERY)
        if made is None:
            return read
        Meaning.objects.bulk_create(
            (
                Meaning(digest=digest, version=meaning.VERSION, vector=vector.tobytes())
                for (digest, _), vector in zip(some, made.astype(np.float16), strict=True)
            ),
            update_conflicts=True,
            unique_fields=["digest"],
            update_fields=["version", "vector"],
        )
        read += len(some)
    lost = sorted(known.keys() - there)
    for at in range(0, len(lost), _STATEMENT):
        Meaning.objects.filter(digest__in=lost[at : at + _STATEMENT]).delete()
    return read


def _unread(known: dict[str, str], there: set[str], most: int) -> Iterator[tuple[str, str]]:
    """The texts to read; `there` comes to hold the digests of all that are compared."""
    left = most if meaning.available() else 0
    for told in registry.texts():
        digest = told.digest
        if digest in there or not told.text.strip():
            continue
        there.add(digest)
        if left and known.get(digest) != meaning.VERSION:
            left -= 1
            yield digest, told.text
