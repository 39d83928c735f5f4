"""Which of the incoming records a source has given before, and whether their bytes are the same."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db import connection

from khaneh.domains.catalogue.services.importing.matching import texts
from khaneh.domains.catalogue.services.importing.state import Context, Incoming
from khaneh.infrastructure import db

_STANDING = """
SELECT c.id, c.identity, c.occurrence, c.digest, c.record_id, c.batch_id, c.version, s.contribution_id IS NOT NULL
FROM catalogue_contribution AS c
LEFT JOIN catalogue_seen_again AS s ON s.batch_id = %s AND s.contribution_id = c.id
WHERE c.source_id = %s AND c.identity = ANY(ARRAY(SELECT json_array_elements_text(%s::json)))
ORDER BY c.identity, c.occurrence
"""


@dataclass(slots=True)
class Standing:
    """A contribution that is there."""

    id: int
    occurrence: int
    digest: bytes
    record_id: int
    batch_id: int
    version: int
    seen: bool = False  # this file has had it, in this chunk or in one before


@dataclass(slots=True)
class Sorted:
    """The incoming records by what is to be done with them."""

    new: list[Incoming]
    changed: list[tuple[Incoming, Standing]]
    unchanged: int
    again: list[int]  # of the unchanged ones, what this file has had for the first time


def sort(context: Context, incoming: list[Incoming]) -> Sorted:
    """Tell new, changed and unchanged apart. One statement.

    The same bytes under the same number are unchanged. Other bytes under a number that this very file has not yet used are a change;
    under one that it has used, they are one more record that bears the number (`occurrence`), as files of careless systems have them:
    wherever a chunk ends, because what was unchanged is remembered with the chunk (`remember`).
    """
    standing: dict[str, list[Standing]] = defaultdict(list)
    with connection.cursor() as cursor:
        names = texts({one.parsed.identity for one in incoming})
        cursor.execute(_STANDING, [context.batch_id, context.source_id, names])
        for number, identity, occurrence, digest, record_id, batch_id, version, seen in cursor:
            standing[identity].append(Standing(number, occurrence, bytes(digest), record_id, batch_id, version, seen))
    result = Sorted([], [], 0, [])
    for one in incoming:
        there = standing[one.parsed.identity]
        same = next((known for known in there if known.digest == one.parsed.digest), None)
        if same is not None:
            if not same.seen and same.batch_id != context.batch_id:
                result.again.append(same.id)
            same.seen = True
            result.unchanged += 1
            continue
        earlier = next((known for known in there if known.batch_id != context.batch_id and not known.seen), None)
        if earlier is not None:
            result.changed.append((one, earlier))
            earlier.seen = True
            earlier.digest = one.parsed.digest
        else:
            one.occurrence = there[-1].occurrence + 1 if there else 0
            there.append(Standing(0, one.occurrence, one.parsed.digest, 0, context.batch_id, 1, seen=True))
            result.new.append(one)
    return result


def remember(context: Context, again: list[int]) -> None:
    """Keep which contributions this file repeated, until its import ends. One COPY, none for none."""
    if again:
        db.copy_rows(
            "catalogue_seen_again", ("batch_id", "contribution_id"), [(context.batch_id, one) for one in again]
        )


def forget(batch_id: int) -> None:
    """The import has ended: nothing is compared with what it repeated any more."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalogue_seen_again WHERE batch_id = %s", [batch_id])
