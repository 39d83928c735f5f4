"""The demonstration's members and their categories, made through the services that a desk uses."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from khaneh.interfaces.cli.exits import Failed


def load(folder: Path) -> int:
    """Make the categories and members of a folder that are not there yet; gives how many members were made. Raises Failed."""
    from django.utils import timezone

    from khaneh.domains.network import queries as network
    from khaneh.domains.people import queries, services
    from khaneh.domains.people.types import CategoryRow, GuardianshipKind, MemberDraft
    from khaneh.kernel.actor import SYSTEM, Actor
    from khaneh.kernel.labels import Label
    from khaneh.kernel.refusal import Refusal

    for line in _lines(folder / "categories.csv"):
        names = Label(line["name_en"], line["name_fa"], line["name_vi"])
        ages = [int(line[name]) if line[name] else None for name in ("min_age", "max_age")]
        months, guarded = int(line["membership_months"]), line["needs_guardian"] == "1"
        row = CategoryRow(line["code"], names, months, ages[0], ages[1], guarded, True)
        services.ensure_category(actor=SYSTEM, category=row)
    now, made = timezone.now(), 0
    houses = network.house_ids_by_code()
    for line in _lines(folder / "members.csv"):
        account = queries.account_by_email(line["email"]) if line["email"] else None
        known = account is not None and queries.member_of_account(account.id) is not None
        if known or queries.standing(now=now, card=line["card"]) is not None:
            continue
        draft = MemberDraft(
            given_name=line["given_name"],
            family_name=line["family_name"],
            category=line["category"],
            home_house_id=houses[line["house"]],
            birth_date=date.fromisoformat(line["birth_date"]) if line["birth_date"] else None,
            phone=line["phone"],
            email=line["email"],
            language=line["language"],
        )
        guardian = queries.standing(now=now, card=line["guardian"]) if line["guardian"] else None
        try:
            if account is None:
                services.register_member(
                    actor=SYSTEM,
                    draft=draft,
                    barcode=line["card"],
                    guardian_id=guardian.member_id if guardian else None,
                    kind=GuardianshipKind.CLASS if line["category"] == "class" else GuardianshipKind.PARENT,
                    sure=True,
                    now=now,
                )
            else:
                asked = services.apply_for_membership(actor=Actor(account_id=account.id), draft=draft, now=now)
                services.approve_application(actor=SYSTEM, member_id=asked, barcode=line["card"], now=now)
        except Refusal as refusal:
            raise Failed(f"{folder / 'members.csv'}: {line['card']}: {refusal}") from refusal
        made += 1
    return made


def _lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
