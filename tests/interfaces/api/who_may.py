"""How the tables of who may make which call are held: each call with a key of everybody, and a refused one changes nothing."""

from __future__ import annotations

import re
from typing import Any

from django.db import connection, transaction

from tests.interfaces.api.keys import Program

WHO = ("nobody", "reader", "far desk", "cataloguer", "desk", "lead", "manager", "lead who reads")
# What every call with a key writes: how often it calls, when it was used, what it was answered; and decisions of the rules, refused ones too.
_OF_CALLING = re.compile("people_token|policies_decision|people_shared_cache")


def writes() -> dict[str, int]:
    """Rows written in this transaction so far, by table, as PostgreSQL counts them: nothing escapes that, however it is sent."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables")
        return {table: number for table, number in cursor.fetchall() if not _OF_CALLING.match(table)}


def wrong_answers(calls: dict[str, tuple[Any, str]], callers: dict[str, Program], things: dict[str, Any]) -> list[str]:
    """Where an answer is not the table's, or something was written that should not have been. Nothing stays of the calls.

    A call's row: what is sent (names of `things` stand for them), then what each of WHO is answered.
    """
    wrong: list[str] = []
    for call, (sent, expected) in calls.items():
        method, _, address = call.partition(" ")
        address = address.format(**things)
        body: dict[str, Any] = {
            name: things.get(value, value) if isinstance(value, str) else value for name, value in (sent or {}).items()
        }
        for who, wanted in zip(WHO, expected.split(), strict=True):
            before = writes()
            with transaction.atomic():
                if method == "GET":
                    response = callers[who].get(address, **body)
                else:
                    response = callers[who].post(address, None if sent is None else body, method=method.lower())
                wrote = sorted(table for table, number in writes().items() if number > before.get(table, 0))
                transaction.set_rollback(True)
            got = str(response.status_code)
            if got != wanted:
                wrong.append(f"{call} {who}: {got}, not {wanted} {response.content.decode()[:300]}")
            if got in ("401", "403", "404") and wrote:
                wrong.append(f"{call} {who}: refused, and yet wrote {wrote}")
            if got in ("200", "201") and method != "GET" and not wrote and call != "POST /members/{member}/loans/renew":
                wrong.append(f"{call} {who}: said that it was done, and wrote nothing")
    return wrong
