"""Copies and records inside the statements of higher domains, so that a line of theirs names what it is about and costs no statement more.

The columns given here are what a higher domain may know of a copy or a record; how they are stored is the catalogue's own affair. Tables of
the catalogue are named nowhere else (docs/decisions/0013; tests/contracts/test_sql.py).
"""

from __future__ import annotations

from collections.abc import Mapping

# What each has; a title is empty where there is none, `house_id` is the owner, `current_house_id` keeps the copy if another does.
PUBLISHED: Mapping[str, tuple[str, ...]] = {
    "copies": (
        "id", "barcode", "record_id", "work_id", "house_id", "current_house_id", "location", "call_number", "item_type", "state",
        "withdrawn", "floating", "title",
    ),
    "bare_copies": (
        "id", "barcode", "record_id", "house_id", "current_house_id", "location", "call_number", "item_type", "state", "withdrawn",
        "floating",
    ),
    "records": ("id", "work_id", "merged_into_id", "title"),
}  # fmt: skip
# PostgreSQL pulls these up into the statement around them: what is not asked for is not computed, and no record is read for a barcode.
_TEXTS: Mapping[str, str] = {
    "copies": """(
    SELECT c.id, c.barcode, c.record_id, r.work_id, c.house_id, c.current_house_id, c.location, c.call_number, c.item_type, c.state,
           c.withdrawn, c.floating, coalesce(nullif(r.document, '')::jsonb ->> 'title', '') AS title
    FROM catalogue_copy c LEFT JOIN catalogue_record r ON r.id = c.record_id)""",
    "bare_copies": """(
    SELECT c.id, c.barcode, c.record_id, c.house_id, c.current_house_id, c.location, c.call_number, c.item_type, c.state, c.withdrawn,
           c.floating
    FROM catalogue_copy c)""",
    "records": """(
    SELECT r.id, r.work_id, r.merged_into_id, coalesce(nullif(r.document, '')::jsonb ->> 'title', '') AS title FROM catalogue_record r)""",
}


def with_catalogue(statement: str) -> str:
    """The statement with `{copies}`, `{bare_copies}` and `{records}` filled in; PUBLISHED says what columns they have.

    `{bare_copies}` joins no record: for what counts copies without their titles, or holds them (FOR NO KEY UPDATE).
    """
    for name, text in _TEXTS.items():
        statement = statement.replace(f"{{{name}}}", text)
    return statement
