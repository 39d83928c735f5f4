"""The demonstration's qualifications, spaces, rules of houses and the people who book, made through the services that everybody uses."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from khaneh.interfaces.cli import accounts
from khaneh.interfaces.cli.exits import Failed

_MONTH = timedelta(days=30)


def open_accounts(folder: Path, *, since: datetime) -> int:
    """Accounts of those who book: without a password, so that nobody signs in as them; they hold their roles from `since` on.

    Gives how many were made.
    """
    made = 0
    for line in lines_of(folder / "people.csv"):
        made += accounts.open_account(email=line["email"], password=None, name=line["name"], language=line["language"])
        if line["role"]:
            accounts.give_role(
                line["email"], line["role"], house=line["house"], organisation=line["organisation"], since=since
            )
    return made


def load(folder: Path, *, now: datetime) -> int:
    """Make what is not there yet; gives how many spaces were made. Raises Failed."""
    from khaneh.kernel.refusal import Refusal

    try:
        _qualifications(folder / "qualifications.csv")
        made = _spaces(folder / "spaces.csv", now)
        _holdings(folder / "holdings.csv", now)
        _rules(folder / "rules.json", now)
    except Refusal as refusal:
        raise Failed(f"{folder}: {refusal}") from refusal
    return made


def lines_of(path: Path) -> list[dict[str, str]]:
    """A table's lines by the names of their columns."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def account_ids(emails: set[str]) -> dict[str, int]:
    """Accounts by address. Raises Failed for one that is not there."""
    from khaneh.domains.people import queries

    found = {}
    for email in sorted(emails):
        account = queries.account_by_email(email)
        if account is None:
            raise Failed(f"{email} has no account")
        found[email] = account.id
    return found


def instant_of(line: Mapping[str, str], now: datetime) -> tuple[datetime, ZoneInfo]:
    """The instant that a line names by week, weekday and hour of its house, and the house's zone."""
    from khaneh.domains.network import queries as network

    zone = ZoneInfo(network.house_facts(network.house_ids_by_code([line["house"]])[line["house"]]).calendar.zone)
    today = now.astimezone(zone).date()
    day = today + timedelta(weeks=int(line["week"]), days=int(line["weekday"]) - today.isoweekday())
    return datetime.combine(day, time.fromisoformat(line["starts"]), zone).astimezone(UTC), zone


def _qualifications(path: Path) -> None:
    from khaneh.domains.qualifications import queries, services
    from khaneh.domains.qualifications.types import QualificationDraft
    from khaneh.kernel.actor import SYSTEM

    known = {row.code for row in queries.qualifications(with_retired=True)}
    for line in lines_of(path):
        if line["code"] in known:
            continue
        draft = QualificationDraft(
            code=line["code"],
            names=label_of(line, "name"),
            descriptions=label_of(line, "description"),
            valid_months=_number(line["valid_months"]),
            disuse_months=_number(line["disuse_months"]),
            warn_days=int(line["warn_days"]),
        )
        services.define_qualification(actor=SYSTEM, draft=draft)


def _spaces(path: Path, now: datetime) -> int:
    from khaneh.domains.network import queries as network
    from khaneh.domains.spaces import queries, services
    from khaneh.kernel.actor import SYSTEM

    lines = lines_of(path)
    houses = network.house_ids_by_code({line["house"] for line in lines})
    known = {row.code for house_id in houses.values() for row in queries.spaces_of_house(house_id, with_retired=True)}
    missing = [line for line in lines if line["code"] not in known]
    for line in missing:
        services.add_space(actor=SYSTEM, draft=draft_of(line), now=now)
    return len(missing)


def draft_of(line: Mapping[str, str]) -> Any:
    """What a line of spaces.csv says a space shall be."""
    from khaneh.domains.spaces.types import PriceUnit, SpaceDraft

    ways = set(filter(None, line["ways"].split(";")))
    return SpaceDraft(
        code=line["code"],
        house_code=line["house"],
        parent_code=line["parent"],
        kind=line["kind"],
        names=label_of(line, "name"),
        descriptions=label_of(line, "description"),
        instructions=label_of(line, "instructions"),
        capacity=int(line["capacity"]),
        quantity=int(line["quantity"]),
        facilities=tuple(filter(None, line["facilities"].split(";"))),
        slot_minutes=int(line["slot_minutes"]),
        min_minutes=int(line["min_minutes"]),
        max_minutes=int(line["max_minutes"]),
        setup_minutes=int(line["setup_minutes"]),
        cleanup_minutes=int(line["cleanup_minutes"]),
        approval="approval" in ways,
        self_service="self_service" in ways,
        needs_code="code" in ways,
        price=money_of(line["price"]),
        price_unit=PriceUnit(line["price_unit"] or PriceUnit.HOUR),
        requires=tuple(filter(None, line["requires"].split(";"))),
    )


def _holdings(path: Path, now: datetime) -> None:
    from khaneh.domains.network import queries as network
    from khaneh.domains.qualifications import queries, services
    from khaneh.domains.qualifications.types import Basis
    from khaneh.kernel.actor import SYSTEM

    lines = lines_of(path)
    houses = network.house_ids_by_code({line["house"] for line in lines})
    held: dict[int, set[str]] = {}
    people = account_ids({line["email"] for line in lines})
    for account_id in people.values():
        held[account_id] = {row.qualification.code for row in queries.holdings_of(account_id, actor=SYSTEM)}
    for line in lines:
        account_id = people[line["email"]]
        if line["qualification"] in held[account_id]:
            continue
        services.award(
            actor=SYSTEM,
            account_id=account_id,
            code=line["qualification"],
            basis=Basis(line["basis"]),
            house_id=houses[line["house"]],
            now=now - int(line["months_ago"]) * _MONTH,
        )
    services.sweep(now=now)


def _rules(path: Path, now: datetime) -> None:
    """Publish each house's own rules of booking, unless it has some."""
    from khaneh.domains.network import queries as network
    from khaneh.domains.policies import queries, services
    from khaneh.domains.policies.types import Scope
    from khaneh.kernel.actor import SYSTEM

    written: dict[str, list[dict[str, Any]]] = json.loads(path.read_text(encoding="utf-8"))
    act, houses = "spaces.book", network.house_ids_by_code(written)
    for code, rules in written.items():
        scope = Scope("house", houses[code])
        if queries.set_at(act=act, scope=scope) is not None:
            continue
        draft_id = services.open_draft(actor=SYSTEM, act=act, scope=scope, now=now)
        for revision, rule in enumerate(rules):
            services.save_rule(actor=SYSTEM, draft_id=draft_id, revision=revision, rule=rule_of(rule), now=now)
        services.publish(actor=SYSTEM, draft_id=draft_id, revision=len(rules), note="", now=now)


def rule_of(data: Mapping[str, Any]) -> Any:
    """A rule as rules.json writes it, in the form of the rules that ship with a domain."""
    from khaneh.domains.policies.types import Condition, Operator, Rule
    from khaneh.kernel.labels import Label
    from khaneh.kernel.money import Money

    conditions = []
    for fact, test in sorted(data["when"].items()):
        ((operator, values),) = test.items()
        conditions.append(Condition(fact, Operator(operator), tuple(values) if isinstance(values, list) else (values,)))
    return Rule(
        id=0,
        conditions=tuple(conditions),
        effect=data.get("effect"),
        terms={
            name: Money(value["amount"], value["currency"]) if isinstance(value, dict) else value
            for name, value in data.get("terms", {}).items()
        },
        reason=Label.from_dict(data["reason"]) if "reason" in data else None,
        code=data.get("code", ""),
        remedy=Label.from_dict(data["remedy"]) if "remedy" in data else None,
        right=data.get("right"),
        note=data.get("note", ""),
    )


def label_of(line: Mapping[str, str], name: str) -> Any:
    """The names or texts of a line in its three columns."""
    from khaneh.kernel.labels import Label

    return Label(line[f"{name}_en"], line[f"{name}_fa"], line[f"{name}_vi"])


def money_of(text: str) -> Any:
    """An amount and its currency, `60000 VND`; None for nothing."""
    from khaneh.kernel.money import Money

    amount, _, currency = text.partition(" ")
    return Money.parse(amount, currency) if amount else None


def _number(text: str) -> int | None:
    return int(text) if text else None
