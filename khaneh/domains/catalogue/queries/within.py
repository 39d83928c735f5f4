"""Copies and records inside the statements of higher domains, so that a line of theirs names what it is about and costs no statement more.

The columns given here are what a higher domain may know of a copy or a record; how they are stored is the catalogue's own affair.
"""

from __future__ import annotations

# PostgreSQL pulls both up into the statement around them: what is not asked for is not computed, and no record is read for a barcode.
_COPIES = """(
    SELECT c.id, c.barcode, c.record_id, r.work_id, c.house_id, c.location, c.call_number, c.item_type, c.state,
           coalesce(nullif(r.document, '')::jsonb ->> 'title', '') AS title
    FROM catalogue_copy c LEFT JOIN catalogue_record r ON r.id = c.record_id)"""
_RECORDS = """(
    SELECT r.id, r.work_id, r.merged_into_id, coalesce(nullif(r.document, '')::jsonb ->> 'title', '') AS title FROM catalogue_record r)"""


def with_catalogue(statement: str) -> str:
    """The statement with `{copies}` and `{records}` filled in.

    `{copies}` has id, barcode, record_id, work_id, house_id (the owner), location, call_number, item_type, state, title; `{records}` has id,
    work_id, merged_into_id, title. A title is empty where there is none.
    """
    return statement.replace("{copies}", _COPIES).replace("{records}", _RECORDS)
