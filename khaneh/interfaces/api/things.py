"""What a line of a reader's loans, requests or history is about."""

from __future__ import annotations

from typing import Any

from ninja import Schema

from khaneh.domains.catalogue.queries.titles import Thing


class OfThing(Schema):
    """What it is about; `record` is null and the texts are empty where the catalogue has lost it."""

    record: int | None
    title: str
    creator: str


def of_thing(thing: Thing | None) -> dict[str, Any]:
    """The fields of `OfThing`."""
    if thing is None:
        return {"record": None, "title": "", "creator": ""}
    return {"record": thing.record_id, "title": thing.title, "creator": thing.creator}
