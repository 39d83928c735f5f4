"""Generations and the definitions of acts: what must be so before anything is decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

import orjson
from django.db import connection

from khaneh.domains.policies import registry
from khaneh.domains.policies.errors import RulesConflict
from khaneh.domains.policies.models import ActDefinition, RuleSet, Version
from khaneh.domains.policies.queries import current, sets
from khaneh.domains.policies.rules import stored
from khaneh.domains.policies.rules.conflicts import conflicts
from khaneh.domains.policies.rules.validation import problems
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.refusal import Invalid

_NEXT = """
INSERT INTO policies_generation (act, number) VALUES (%s, nextval('policies_generation_number'))
ON CONFLICT (act) DO UPDATE SET number = nextval('policies_generation_number')
RETURNING number
"""
# What a domain's rules that ship are called, beside its code: the acts, each with its rules.
_SHIPPED = "default_rules.json"
# Facts of the journal that say that a house or region lies elsewhere.
_MOVING = frozenset({"parent_id", "region_id"})


def next_generation(act: str) -> int:
    """Begin a generation, in the caller's transaction; whoever begins another of the same act waits for its end. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [act])
        number: int = cursor.fetchone()[0]
    db.on_commit(current.forget)
    return number


def ensure_act(*, act: str) -> bool:
    """Keep the registered act's definition; true when it differs from the one kept, and so begins a generation. Done after migrations.

    Raises NotFound for an act that nobody registered.
    """
    body = stored.definition_to_data(stored.definition_of(registry.act(act)))
    with db.transaction():
        db.lock(("policies.act", 0))
        kept = ActDefinition.objects.filter(act=act).order_by("-generation").values_list("body", flat=True).first()
        if kept == body:
            return False
        ActDefinition.objects.create(act=act, generation=next_generation(act), body=body)
        journal.record("policies.act.defined", actor=SYSTEM, act=act)
    return True


def ensure_defaults(*, act: str, rules: Sequence[Mapping[str, Any]]) -> bool:
    """Put the rules that ship with an act in force for the whole network; true when that changed anything.

    `rules` has the form of `rules.stored`. What people have published for the network stays; rules that shipped with an earlier release
    give way to these. Raises NotFound, Invalid, RulesConflict: a fault of what ships.
    """
    ensure_act(act=act)
    known = registry.act(act)
    codes = sets.known_codes(known)
    made = []
    for number, data in enumerate(rules, 1):
        rule = stored.rule_from_data({**data, "id": number})
        wrong = problems(rule, known, codes)
        if wrong:
            raise Invalid(fields={f"rules.{number}.{where}": why for where, why in wrong.items()})
        made.append(rule)
    against = conflicts(made, stored.definition_of(known))
    if against:
        raise RulesConflict(conflicts=sets.conflict_facts(against))
    shipped = [stored.rule_to_data(rule) for rule in made]
    with db.transaction():
        db.lock(("policies.act", 0))
        rule_set, _ = RuleSet.objects.get_or_create(act=act, region=None, house=None)
        latest = Version.objects.filter(rule_set=rule_set, number__isnull=False).order_by("-number").first()
        if latest is not None and (not latest.shipped or latest.rules == shipped):
            return False
        number = latest.number + 1 if latest and latest.number else 1
        Version.objects.create(
            rule_set=rule_set,
            number=number,
            generation=next_generation(act),
            rules=shipped,
            next_rule=len(shipped) + 1,
            based_on=latest.number if latest else None,
            shipped=True,
        )
        journal.record("policies.set.published", actor=SYSTEM, set_id=rule_set.pk, act=act, version=number)
    return True


def ensure_shipped(package: str) -> None:
    """Make the acts of a package known, and put the rules that ship in its `default_rules.json` in force; changes nothing where they are.

    Done after migrations. Raises what `ensure_defaults` raises: a fault of what ships.
    """
    for act, rules in orjson.loads(files(package).joinpath(_SHIPPED).read_bytes()).items():
        ensure_defaults(act=act, rules=rules)


def places_moved(kind: str, _house_id: int | None, facts: dict[str, Any]) -> None:
    """A house or region that lies elsewhere is under other rules from the same commit on. Follows the journal of the network."""
    if kind in {"network.house.changed", "network.region.changed"} and _MOVING & set(facts.get("fields", ())):
        next_generation(current.PLACES)
