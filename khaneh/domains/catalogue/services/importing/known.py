"""Which of the incoming records a source has given before, and whether their bytes are the same."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db import connection

from khaneh.domains.catalogue.services.importing.matching import texts
from khaneh.domains.catalogue.services.importing.state import Context, Incoming

_STANDING = """
SELECT id, identity, occurrence, digest, record_id, batch_id, version
FROM catalogue_contribution
WHERE source_id = %s AND identity = ANY(ARRAY(SELECT json_array_elements_text(%s::json)))
ORDER BY identity, occurrence
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
    seen: bool = False


@dataclass(slots=True)
class Sorted:
    """The incoming records by what is to be done with them."""

    new: list[Incoming]
    changed: list[tuple[Incoming, Standing]]
    unchanged: int


def sort(context: Context, incoming: list[Incoming]) -> Sorted:
    """Tell new, changed and unchanged apart. One statement.

    The same bytes under the same number are unchanged. Other bytes under a number that this very file has not yet used are a change;
    under one that it has used, they are one more record that bears the number (`occurrence`), as files of careless systems have them.
    """
    standing: dict[str, list[Standing]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [context.source_id, texts({one.parsed.identity for one in incoming})])
        for number, identity, occurrence, digest, record_id, batch_id, version in cursor:
            standing[identity].append(Standing(number, occurrence, bytes(digest), record_id, batch_id, version))
    result = Sorted([], [], 0)
    for one in incoming:
        there = standing[one.parsed.identity]
        same = next((known for known in there if known.digest == one.parsed.digest), None)
        if same is not None:
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
