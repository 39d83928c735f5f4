"""A reader with an account, and what they have at home: for tests of the account's lending pages."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from khaneh.domains.catalogue.models import Copy, Record, Work
from khaneh.domains.circulation import services as circulation
from khaneh.domains.people.models import Account, Guardianship, Member
from khaneh.kernel.actor import SYSTEM
from tests.domains.circulation.shelves import Shelves, make_shelves

PASSWORD = "a-calm-turquoise-door"


def titled(
    shelves: Shelves, title: str, creator: str = "", *, work: Work | None = None, language: str = "eng"
) -> Record:
    """A record with a name."""
    document = {"title": title, "creators": [creator] if creator else [], "payload": {"languages": [language]}}
    return Record.objects.create(document=json.dumps(document, ensure_ascii=False), work=work)


def reader(shelves: Shelves, email: str = "sara@example.org", **facts: Any) -> Member:
    """An active member with an account."""
    account = Account.objects.create_user(email, PASSWORD, name="Sara")
    facts = {"given_name": "Sara", "family_name": "Mohammadi", "language": "en", **facts}
    return shelves.member(account=account, expires_on=(datetime.now(UTC) + timedelta(days=300)).date(), **facts)


def lend(shelves: Shelves, member: Member, title: str = "The Blind Owl", *, days_ago: int = 0, **more: Any) -> Copy:
    """Lend a member a copy of a titled record, some days ago."""
    copy = shelves.copy(record=titled(shelves, title, more.pop("creator", "Sadegh Hedayat"), **more))
    circulation.check_out(
        actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode or "", member_id=member.pk,
        now=datetime.now(UTC) - timedelta(days=days_ago),
    )  # fmt: skip
    return copy


def let_act(guardian: Member, ward: Member, kind: str = "parent", **rights: bool) -> Guardianship:
    """Let one act for another."""
    rights = {"may_see_loans": True, **rights}
    return Guardianship.objects.create(
        guardian=guardian, ward=ward, kind=kind, valid_from=datetime.now(UTC) - timedelta(days=1), **rights
    )


__all__ = ["PASSWORD", "SYSTEM", "Shelves", "lend", "let_act", "make_shelves", "reader", "titled"]
