"""A draft tried on past decisions: what would have been answered otherwise."""

from __future__ import annotations

from datetime import datetime

import orjson
from django.db import connection

from khaneh.domains.network import queries as network
from khaneh.domains.network.queries.territories import Territory
from khaneh.domains.policies import permissions
from khaneh.domains.policies.models import Version
from khaneh.domains.policies.queries import current
from khaneh.domains.policies.rules import stored
from khaneh.domains.policies.rules.table import Table
from khaneh.domains.policies.types import ScopedRules, Trial, TrialCase
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound

# Decisions with the same facts at one place are one case: the rules cannot tell them apart.
_PAST = """
WITH past AS (
    SELECT id, house_id, houses, regions, facts, at FROM policies_decision
    WHERE act = %(act)s AND at >= %(since)s
      AND (%(region)s::bigint IS NULL OR regions @> ARRAY[%(region)s::bigint])
      AND (%(house)s::bigint IS NULL OR houses @> ARRAY[%(house)s::bigint])
    ORDER BY id DESC LIMIT %(limit)s
)
SELECT house_id, houses, regions, facts::text, count(*), max(id), max(at) FROM past
GROUP BY house_id, houses, regions, facts ORDER BY count(*) DESC, max(id) DESC
"""


def try_draft(*, actor: Actor, draft_id: int, since: datetime, limit: int = 20_000) -> Trial:
    """Ask the latest decisions since an instant again, of the rules in force and of those with the draft in its set's place.

    At most `limit` decisions, those made where the set holds. At most fourteen statements. Raises NotFound, NotAllowed.
    """
    draft = Version.objects.select_related("rule_set").filter(pk=draft_id, number__isnull=True).first()
    if draft is None:
        raise NotFound(what="draft")
    rule_set = draft.rule_set
    scope = current.scope_of(rule_set.region_id, rule_set.house_id)
    permissions.require_write(actor, scope)
    loaded = current.loaded(rule_set.act, current.numbers(rule_set.act).act)
    own = ScopedRules(rule_set.pk, 0, scope, tuple(stored.rule_from_data(one) for one in draft.rules))
    tables: dict[Territory, tuple[Table, Table]] = {}
    values: dict[str, str | int | datetime | None] = {
        "act": rule_set.act,
        "since": since,
        "region": rule_set.region_id,
        "house": rule_set.house_id,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_PAST, values)
        rows = cursor.fetchall()
    refs = network.house_refs({row[0] for row in rows})
    cases: list[TrialCase] = []
    seen = refused_before = refused_after = 0
    for house_id, houses, regions, text, times, latest_id, latest_at in rows:
        place = Territory(tuple(houses), tuple(regions))
        if place not in tables:
            tables[place] = (loaded.table(place), _with_draft(loaded, place, own))
        facts = stored.facts_from_data(orjson.loads(text))
        before, after = (table.answer(facts, with_lost=False) for table in tables[place])
        seen += times
        refused_before += 0 if before.permitted else times
        refused_after += 0 if after.permitted else times
        case = TrialCase(refs.get(house_id), facts, times, latest_id, latest_at, before, after)
        if case.changed:
            cases.append(case)
    return Trial(
        decisions=seen,
        changed=sum(case.times for case in cases),
        refused_before=refused_before,
        refused_after=refused_after,
        cases=tuple(cases),
        complete=seen < limit,
    )


def _with_draft(loaded: current.Loaded, place: Territory, own: ScopedRules) -> Table:
    order = {scope: depth for depth, scope in enumerate(current.scopes_of(place))}
    sets = [one for one in loaded.scoped(place) if one.set_id != own.set_id]
    if own.scope in order:
        sets = sorted([*sets, own], key=lambda one: order[one.scope])
    return Table(sets, loaded.definition, current.limit_words(loaded.act))
