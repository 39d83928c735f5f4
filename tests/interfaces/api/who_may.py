"""How the tables of who may make which call are held: each call with a key of everybody, and a refused one changes nothing."""

from __future__ import annotations

import re
from typing import Any

from django.db import connection, transaction

from tests.interfaces.api.keys import Program

WHO = ("nobody", "reader", "far desk", "cataloguer", "desk", "lead", "manager", "lead who reads")
# What every call with a key writes: how often it calls, when it was used, what it was answered; and decisions of the rules, refused ones too.
_OF_CALLING = re.compile("people_token|policies_decision|people_shared_cache")
# Calls that may be said to be done although nothing was left to do.
_QUIET = frozenset(
    {
        "POST /members/{member}/loans/renew",
        "POST /me/seeking/show",
        "POST /me/mentor/hide",
        "POST /organisations/{company}/profile/hide",
    }
)
# As PostgreSQL's own view of it reckons, without looking at the indexes of every table each time.
_WRITTEN = """
SELECT relname, number FROM (
    SELECT relname, pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)
        + pg_stat_get_xact_tuples_deleted(oid) AS number
    FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
) AS counted WHERE number > 0
"""


def writes() -> dict[str, int]:
    """Rows written in this transaction so far, by table, as PostgreSQL counts them: nothing escapes that, however it is sent.

    What is rolled back to a savepoint stays counted.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN)
        return {table: number for table, number in cursor.fetchall() if not _OF_CALLING.match(table)}


def wrong_answers(calls: dict[str, tuple[Any, str]], callers: dict[str, Program], things: dict[str, Any]) -> list[str]:
    """Where an answer is not the table's, or something was written that should not have been. Nothing stays of the calls.

    A call's row: what is sent (names of `things` stand for them), then what each of the callers is answered, in their order.
    """
    wrong: list[str] = []
    before = writes()
    for call, (sent, expected) in calls.items():
        method, _, address = call.partition(" ")
        address = address.format(**things)
        body: dict[str, Any] = {
            name: things.get(value, value) if isinstance(value, str) else value for name, value in (sent or {}).items()
        }
        for (who, caller), wanted in zip(callers.items(), expected.split(), strict=True):
            with transaction.atomic():
                if method == "GET":
                    response = caller.get(address, **body)
                else:
                    response = caller.post(address, None if sent is None else body, method=method.lower())
                after = writes()
                transaction.set_rollback(True)
            wrote = sorted(table for table, number in after.items() if number > before.get(table, 0))
            before = after
            got = str(response.status_code)
            if got != wanted:
                wrong.append(f"{call} {who}: {got}, not {wanted} {response.content.decode()[:300]}")
            if got in ("401", "403", "404") and wrote:
                wrong.append(f"{call} {who}: refused, and yet wrote {wrote}")
            if got in ("200", "201") and method != "GET" and not wrote and call not in _QUIET:
                wrong.append(f"{call} {who}: said that it was done, and wrote nothing")
    return wrong
