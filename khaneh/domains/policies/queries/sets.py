"""Rule sets and their versions: lists, one set, history and what differs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Ref
from khaneh.domains.policies import permissions, registry
from khaneh.domains.policies.models import RuleSet, Version
from khaneh.domains.policies.queries import current
from khaneh.domains.policies.rules import stored
from khaneh.domains.policies.rules.conflicts import coverage as coverage_of
from khaneh.domains.policies.rules.differing import differences
from khaneh.domains.policies.rules.specificity import weight
from khaneh.domains.policies.types import (
    ActType,
    Conflict,
    Coverage,
    FactType,
    Rule,
    RuleChange,
    Scope,
    SetRow,
    TermType,
    VersionRow,
)
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound


def acts() -> list[ActType]:
    """Every kind of act that has rules. No statement."""
    return registry.acts()


def act(code: str) -> ActType:
    """One of them. No statement. Raises NotFound."""
    return registry.act(code)


def rule_sets(*, actor: Actor, act: str = "", house_id: int | None = None, limit: int = 500) -> list[SetRow]:
    """Rule sets, the widest places first: of one act, or those that hold at a house. At most twelve statements.

    Rules in force are for everybody; a set that has only a draft is for those who may write it.
    """
    found = RuleSet.objects.all()
    if act:
        found = found.filter(act=act)
    if house_id is not None:
        scopes = current.scopes_of(current.territory_now(house_id))
        found = found.filter(
            Q(house_id__in=[one.id for one in scopes if one.kind == "house"])
            | Q(region_id__in=[one.id for one in scopes if one.kind == "region"])
            | Q(region=None, house=None)
        )
    return _rows(actor, found, limit)


def rule_set(set_id: int, *, actor: Actor) -> SetRow:
    """One set. At most twelve statements. Raises NotFound, also for one that has only a draft of somebody else."""
    rows = _rows(actor, RuleSet.objects.filter(pk=set_id), 1)
    if not rows:
        raise NotFound(what="rule_set")
    return rows[0]


def set_at(*, act: str, scope: Scope) -> int | None:
    """The set of an act at a place, if it has one. One statement."""
    return at(act, scope).values_list("pk", flat=True).first()


def at(act: str, scope: Scope) -> QuerySet[RuleSet]:
    """The rows of an act at a place: one or none."""
    found = RuleSet.objects.filter(act=act)
    if scope.kind == "house":
        return found.filter(house_id=scope.id or 0)
    return found.filter(region_id=scope.id or 0) if scope.kind == "region" else found.filter(region=None, house=None)


def in_force(set_id: int) -> VersionRow | None:
    """The version of a set that is in force; None before the first. One statement."""
    return _first(_published(set_id))


def draft(set_id: int, *, actor: Actor) -> VersionRow | None:
    """A set's draft; None where there is none or the actor may not write the set. At most five statements."""
    scope = scope_of_set(set_id)
    if scope is None or scope not in permissions.writable(actor, [scope]):
        return None
    return _first(Version.objects.filter(rule_set_id=set_id, number__isnull=True))


def history(set_id: int, *, limit: int = 100) -> list[VersionRow]:
    """The published versions, the newest first. One statement."""
    return [_version(row) for row in _published(set_id)[:limit]]


def version(set_id: int, number: int) -> VersionRow:
    """One published version. One statement. Raises NotFound."""
    found = _first(_published(set_id).filter(number=number))
    if found is None:
        raise NotFound(what="version")
    return found


def compare(before: VersionRow | None, after: VersionRow) -> tuple[RuleChange, ...]:
    """What differs between two versions; all rules are added where there was none. No statement."""
    return differences(before.rules if before else (), after.rules)


def ordered(act: str, rules: Iterable[Rule]) -> list[Rule]:
    """Rules as they are read: the most specific first, as they are asked. No statement."""
    groups = {fact.name: fact.group for fact in registry.act(act).facts}
    return sorted(rules, key=lambda rule: (-weight(rule, groups), rule.id))


def covered(act: str, version: VersionRow) -> Coverage:
    """Which rules of a version never decide, and what it leaves to wider places or to defaults. A statement for each list of codes."""
    known = registry.act(act)
    return coverage_of(version.rules, stored.definition_of(known), universes(known))


def known_codes(act: ActType) -> dict[str, frozenset[str]]:
    """The codes that each fact or term with a list may have. A statement for each list that is kept in the database."""
    return {name: frozenset(codes) for name, codes in universes(act).items()}


def universes(act: ActType) -> dict[str, tuple[str, ...]]:
    """The same in their order, for examples."""
    listed: list[FactType | TermType] = [*act.facts, *act.terms]
    return {one.name: tuple(code for code, _ in one.choices()) for one in listed if one.choices is not None}


def conflict_facts(found: Sequence[Conflict]) -> list[dict[str, Any]]:
    """Conflicts as the facts of a refusal: both rules as they are stored, the aspect, the example."""
    return [
        {
            "left": stored.rule_to_data(one.left),
            "right": stored.rule_to_data(one.right),
            "aspect": one.aspect,
            "example": {
                name: list(value) if isinstance(value, tuple) else value for name, value in one.example.items()
            },
        }
        for one in found
    ]


def conflicts_from(facts: Mapping[str, Any]) -> list[Conflict]:
    """The conflicts in a refusal's facts, as values."""
    return [
        Conflict(
            stored.rule_from_data(one["left"]),
            stored.rule_from_data(one["right"]),
            one["aspect"],
            stored.facts_from_data(one["example"]),
        )
        for one in facts.get("conflicts", ())
    ]


def writable(actor: Actor, scopes: Iterable[Scope]) -> frozenset[Scope]:
    """Those of the places whose rules the actor may write: what a page offers. At most six statements."""
    return permissions.writable(actor, scopes)


def place_refs(scopes: Iterable[Scope]) -> dict[Scope, Ref | None]:
    """What to call places; None for the network. Two statements at most."""
    wanted = set(scopes)
    houses = [one.id for one in wanted if one.kind == "house" and one.id is not None]
    regions = [one.id for one in wanted if one.kind == "region" and one.id is not None]
    found = {
        "house": network.house_refs(houses) if houses else {},
        "region": network.region_refs(regions) if regions else {},
    }
    return {one: found.get(one.kind, {}).get(one.id or 0) for one in wanted}


def scope_of_set(set_id: int) -> Scope | None:
    """A set's place. One statement."""
    found = RuleSet.objects.filter(pk=set_id).values_list("region_id", "house_id").first()
    return current.scope_of(*found) if found else None


def _published(set_id: int) -> QuerySet[Version]:
    return Version.objects.filter(rule_set_id=set_id, number__isnull=False).select_related("by").order_by("-number")


def _first(found: QuerySet[Version]) -> VersionRow | None:
    row = found.select_related("by").first()
    return _version(row) if row else None


def _version(row: Version) -> VersionRow:
    return VersionRow(
        id=row.pk,
        set_id=row.rule_set_id,
        number=row.number,
        generation=row.generation,
        rules=tuple(stored.rule_from_data(one) for one in row.rules),
        revision=row.revision,
        based_on=row.based_on,
        note=row.note,
        shipped=row.shipped,
        by=row.by.get_full_name() if row.by else "",
        at=row.at,
    )


def _rows(actor: Actor, found: QuerySet[RuleSet], limit: int) -> list[SetRow]:
    sets = list(found.order_by("act", "pk").values_list("pk", "act", "region_id", "house_id"))
    scopes = {pk: current.scope_of(region, house) for pk, _, region, house in sets}
    writable = permissions.writable(actor, scopes.values())
    places = place_refs(scopes.values())
    latest = {
        row["rule_set_id"]: row
        for row in Version.objects.filter(rule_set_id__in=scopes, number__isnull=False)
        .order_by("rule_set_id", "-number")
        .distinct("rule_set_id")
        .values("rule_set_id", "number", "at", "rules")
    }
    drafts = set(
        Version.objects.filter(rule_set_id__in=scopes, number__isnull=True).values_list("rule_set_id", flat=True)
    )
    rows = []
    for pk, act, _, _ in sets:
        scope, last = scopes[pk], latest.get(pk)
        if last is None and scope not in writable:
            continue
        rows.append(
            SetRow(
                id=pk,
                act=act,
                scope=scope,
                place=places[scope],
                version=last["number"] if last else None,
                rules=len(last["rules"]) if last else 0,
                published_at=last["at"] if last else None,
                has_draft=pk in drafts and scope in writable,
                may_edit=scope in writable,
            )
        )
    order = {"network": 0, "region": 1, "house": 2}
    rows.sort(key=lambda row: (row.act, order[row.scope.kind], row.place.code if row.place else "", row.id))
    return rows[:limit]
