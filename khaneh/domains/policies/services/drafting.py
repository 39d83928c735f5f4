"""Writing rules: a draft beside what is in force, saved rule by rule without contradictions, published or thrown away."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from khaneh.domains.policies import permissions, registry
from khaneh.domains.policies.errors import DraftChanged, NothingToPublish, RulesConflict
from khaneh.domains.policies.models import RuleSet, Version
from khaneh.domains.policies.queries import current, sets
from khaneh.domains.policies.rules import stored
from khaneh.domains.policies.rules.conflicts import conflicts
from khaneh.domains.policies.rules.validation import MOST_RULES, problems
from khaneh.domains.policies.services.keeping import next_generation
from khaneh.domains.policies.types import ActType, Rule, Scope
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound

LONGEST_NOTE = 1000


def open_draft(*, actor: Actor, act: str, scope: Scope, now: datetime) -> int:
    """The draft of an act's rules at a place: the one that is there, or one that begins with the rules in force. Gives its id.

    Makes the place's set where it has none. Raises NotFound, NotAllowed.
    """
    registry.act(act)
    with db.transaction():
        permissions.require_write(actor, scope)
        db.lock(("policies.act", 0))
        rule_set = sets.at(act, scope).first() or RuleSet.objects.create(
            act=act,
            region_id=scope.id if scope.kind == "region" else None,
            house_id=scope.id if scope.kind == "house" else None,
        )
        draft = Version.objects.filter(rule_set=rule_set, number__isnull=True).first()
        if draft is None:
            latest = _latest(rule_set)
            draft = Version.objects.create(
                rule_set=rule_set,
                rules=latest.rules if latest else [],
                next_rule=latest.next_rule if latest else 1,
                based_on=latest.number if latest else None,
                by_id=actor.account_id,
                at=now,
            )
            journal.record(
                "policies.draft.opened", actor=actor, house_id=rule_set.house_id, set_id=rule_set.pk, act=act
            )
    return draft.pk


def save_rule(*, actor: Actor, draft_id: int, revision: int, rule: Rule, now: datetime) -> int:
    """Put a rule into a draft: in place of the one with its number, or as a further one when that is 0. Gives its number.

    `revision` is that of the draft as the actor saw it. Raises NotFound, NotAllowed, DraftChanged, Invalid, RulesConflict,
    RulesTooEntangled.
    """
    with db.transaction():
        draft, act = _locked(actor, draft_id, revision)
        rules = _rules(draft)
        if rule.id and not any(one.id == rule.id for one in rules):
            raise NotFound(what="rule")
        wrong = problems(rule, act, sets.known_codes(act))
        if not rule.id and len(rules) >= MOST_RULES:
            wrong["rules"] = "too_many"
        if wrong:
            raise Invalid(fields=wrong)
        if rule.id:
            rules = [rule if one.id == rule.id else one for one in rules]
        else:
            rule = replace(rule, id=draft.next_rule)
            rules.append(rule)
            draft.next_rule += 1
        _save(actor, draft, act, rules, now)
    return rule.id


def remove_rule(*, actor: Actor, draft_id: int, revision: int, rule_id: int, now: datetime) -> None:
    """Take a rule out of a draft. Raises NotFound, NotAllowed, DraftChanged, RulesConflict where it kept two others apart."""
    with db.transaction():
        draft, act = _locked(actor, draft_id, revision)
        rules = _rules(draft)
        left = [one for one in rules if one.id != rule_id]
        if len(left) == len(rules):
            raise NotFound(what="rule")
        _save(actor, draft, act, left, now)


def publish(*, actor: Actor, draft_id: int, revision: int, note: str, now: datetime) -> int:
    """Put a draft in force: from the commit on it decides. Gives the version's number; it never changes again.

    Every rule is judged again, as lists and definitions may have changed since it was saved. Raises NotFound, NotAllowed, DraftChanged
    (also when somebody published it at this moment), NothingToPublish, Invalid, RulesConflict, RulesTooEntangled.
    """
    with db.transaction():
        draft, act = _locked(actor, draft_id, revision)
        if len(note) > LONGEST_NOTE:
            raise Invalid(fields={"note": "too_long"})
        latest = _latest(draft.rule_set)
        if (latest.number if latest else None) != draft.based_on:
            raise DraftChanged
        if latest is not None and latest.rules == draft.rules:
            raise NothingToPublish
        rules = _rules(draft)
        codes = sets.known_codes(act)
        for rule in rules:
            wrong = problems(rule, act, codes)
            if wrong:
                raise Invalid(fields={f"rules.{rule.id}.{where}": why for where, why in wrong.items()})
        _refuse_conflicts(rules, act)
        number = (latest.number or 0) + 1 if latest else 1
        Version.objects.filter(pk=draft.pk).update(
            number=number,
            generation=next_generation(act.code),
            note=note.strip(),
            by_id=actor.account_id,
            at=now,
        )
        journal.record(
            "policies.set.published",
            actor=actor,
            house_id=draft.rule_set.house_id,
            set_id=draft.rule_set_id,
            act=act.code,
            version=number,
        )
    return number


def discard_draft(*, actor: Actor, draft_id: int, revision: int) -> None:
    """Throw a draft away; what is in force stays. A set that never was in force goes with it. Raises NotFound, NotAllowed, DraftChanged."""
    with db.transaction():
        draft, act = _locked(actor, draft_id, revision)
        rule_set = draft.rule_set
        journal.record(
            "policies.draft.discarded", actor=actor, house_id=rule_set.house_id, set_id=rule_set.pk, act=act.code
        )
        draft.delete()
        if _latest(rule_set) is None:
            rule_set.delete()


def _locked(actor: Actor, draft_id: int, revision: int) -> tuple[Version, ActType]:
    # Versions of an act get their numbers one after the other, and two who save at once each see what the other did.
    db.lock(("policies.act", 0))
    found = Version.objects.select_related("rule_set").filter(pk=draft_id).first()
    if found is None:
        raise NotFound(what="draft")
    permissions.require_write(actor, current.scope_of(found.rule_set.region_id, found.rule_set.house_id))
    if found.number is not None or found.revision != revision:
        raise DraftChanged
    return found, registry.act(found.rule_set.act)


def _latest(rule_set: RuleSet) -> Version | None:
    return Version.objects.filter(rule_set=rule_set, number__isnull=False).order_by("-number").first()


def _rules(draft: Version) -> list[Rule]:
    return [stored.rule_from_data(one) for one in draft.rules]


def _save(actor: Actor, draft: Version, act: ActType, rules: list[Rule], now: datetime) -> None:
    _refuse_conflicts(rules, act)
    draft.rules = [stored.rule_to_data(one) for one in rules]
    draft.revision += 1
    draft.by_id = actor.account_id
    draft.at = now
    draft.save(update_fields=["rules", "next_rule", "revision", "by", "at"])
    journal.record(
        "policies.draft.saved",
        actor=actor,
        house_id=draft.rule_set.house_id,
        set_id=draft.rule_set_id,
        act=act.code,
        revision=draft.revision,
    )


def _refuse_conflicts(rules: list[Rule], act: ActType) -> None:
    found = conflicts(rules, stored.definition_of(act), sets.universes(act))
    if found:
        raise RulesConflict(conflicts=sets.conflict_facts(found))
