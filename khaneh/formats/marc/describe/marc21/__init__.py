"""MARC21 bibliographic records. One pass over the fields; a table says which reader takes which tag, a module a subject."""

from __future__ import annotations

from typing import Final

from khaneh.formats.marc.describe.draft import Draft
from khaneh.formats.marc.describe.marc21 import agents, notes, numbers, publication, subjects, titles
from khaneh.formats.marc.describe.marc21.reading import Reader
from khaneh.formats.marc.describe.marc21.whole import settle
from khaneh.formats.marc.description import Description
from khaneh.formats.marc.types import Field, Record

_READERS: Final[dict[str, Reader]] = {
    **numbers.READERS,
    **titles.READERS,
    **agents.READERS,
    **publication.READERS,
    **subjects.READERS,
    **notes.READERS,
}


def describe(record: Record) -> Description:
    """Read a MARC21 bibliographic record."""
    draft = Draft("marc21")
    fields = record.fields
    twins: dict[str, Field] = {}
    for field in fields:
        if field.tag == "880":
            link = field.subfields[0] if field.subfields else ("", "")
            if link[0] == "6":
                key = link[1][:6]
                if key[4:] == "00":
                    # No romanised partner: the field stands for itself.
                    draft.loose.append(field._replace(tag=key[:3]))
                else:
                    twins.setdefault(key, field)
    readers = _READERS
    if twins:
        for field in fields:
            reader = readers.get(field.tag)
            if reader is not None:
                twin = None
                if field.subfields and field.subfields[0][0] == "6":
                    twin = twins.pop(field.tag + "-" + field.subfields[0][1][4:6], None)
                reader(draft, field, twin)
        for key, field in twins.items():
            draft.loose.append(field._replace(tag=key[:3]))
    else:
        for field in fields:
            reader = readers.get(field.tag)
            if reader is not None:
                reader(draft, field, None)
    for field in draft.loose:
        reader = readers.get(field.tag)
        if reader is not None:
            reader(draft, field, None)
    settle(draft, record.leader)
    return draft.finish()
