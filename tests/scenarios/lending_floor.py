"""A library with two hundred members and a thousand copies of the records that the installation has; its facts, as JSON.

Run by tests of the whole program: `python -m tests.scenarios.lending_floor CLERKS`.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta

import django
import orjson

MEMBERS, EACH = 200, 5  # as many as the rules which ship let one member have
MACHINE = "front"


def make(clerks: int) -> dict[str, object]:
    """Houses, members, copies, a self-check and so many desks with their sessions."""
    from django.conf import settings
    from django.test import Client

    from khaneh.domains.catalogue.models import Record
    from khaneh.domains.circulation import services
    from khaneh.domains.circulation.types import TerminalKind
    from khaneh.domains.network.types import Role
    from khaneh.domains.people import queries as people_queries
    from khaneh.domains.people import services as people
    from khaneh.domains.people.models import Account, Card
    from khaneh.domains.people.types import TokenAccess, TokenKind
    from khaneh.kernel.actor import SYSTEM, Grant
    from tests.domains.circulation.shelves import NOW, make_shelves

    services.ensure_policies()
    shelves = make_shelves()
    members = [shelves.member(expires_on=NOW.date().replace(year=2099)) for _ in range(MEMBERS)]
    records = list(Record.objects.order_by("pk"))
    copies = [shelves.copy(record=records[turn % len(records)]).barcode for turn in range(MEMBERS * EACH)]
    _, password = services.add_terminal(
        actor=SYSTEM, house_id=shelves.central.pk, name=MACHINE, kind=TerminalKind.SELF_CHECK, encoding="utf-8",
        language="en", asks_pin=False, now=NOW,
    )  # fmt: skip
    sessions = []
    for number in range(clerks):
        account = Account.objects.create_user(f"desk{number}@example.org", "a-calm-turquoise-door", name="Desk")
        people.grant_role(
            actor=SYSTEM, account_id=account.pk, role=Role.LIBRARIAN, now=NOW, house_id=shelves.central.pk
        )
        client = Client()
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        sessions.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    # The key of a program that lends as the last of the clerks does.
    today = datetime.now(UTC)
    _, key = people.make_token(
        actor=people_queries.actor(account.pk, now=today), name="program", kind=TokenKind.PERSONAL,
        access=TokenAccess.WRITE, own_account=False, grants=[Grant(Role.LIBRARIAN.value, house_id=shelves.central.pk)],
        expires_at=today + timedelta(days=1), now=today,
    )  # fmt: skip
    cards = dict(Card.objects.values_list("member_id", "barcode"))
    return {
        "house": shelves.central.code,
        "cookie": settings.SESSION_COOKIE_NAME,
        "sessions": sessions,
        "password": password,
        "key": key,
        "loans": [
            (members[turn % MEMBERS].pk, cards[members[turn % MEMBERS].pk], barcode)
            for turn, barcode in enumerate(copies)
        ],
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khaneh.config.settings")
    django.setup()
    sys.stdout.buffer.write(orjson.dumps(make(int(sys.argv[1]))))
