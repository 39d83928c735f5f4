"""Quotas as cases of the first format fill them, so that rankings which were kept come out as they did.

In the order in which the call published them: while fewer of a group have a place than it is owed, the first of the group that has none comes in, and
the last that has one gives it up, unless it is of the group or of one that would fall short by it. Where groups overlap, more may give way than need.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from khaneh.domains.selection.rules.quotas import Filled, Swap
from khaneh.domains.selection.types.ranking import Candidate, Quota


def fill(
    order: Sequence[str],
    able: Collection[str],
    places: int,
    quotas: Sequence[Quota],
    candidates: Mapping[str, Candidate],
) -> Filled:
    """Give `places` to those of `order` who are `able`, as the module says."""
    kept = set([key for key in order if key in able][:places])
    groups = [{key for key in able if quota.group.holds(candidates[key])} for quota in quotas]
    have = [len(kept & group) for group in groups]
    swaps: list[Swap] = []
    short = []
    for place, quota in enumerate(quotas):
        coming = iter([key for key in order if key in groups[place] and key not in kept])
        guarded = range(place + 1)
        while have[place] < quota.places and (entering := next(coming, "")):
            leaving = _last_free([key for key in order if key in kept], groups, have, quotas, guarded)
            if not leaving:
                break
            kept = (kept - {leaving}) | {entering}
            have = [n + (entering in group) - (leaving in group) for n, group in zip(have, groups, strict=True)]
            swaps += [Swap(entering, quota.code, False, leaving), Swap(leaving, quota.code, True, entering)]
        if have[place] < quota.places:
            short.append((quota.code, quota.places - have[place]))
    return Filled(frozenset(kept), tuple(swaps), tuple(short))


def _last_free(
    placed: Sequence[str],
    groups: Sequence[set[str]],
    have: Sequence[int],
    quotas: Sequence[Quota],
    guarded: Iterable[int],
) -> str:
    """The last in the order that can give its place up without a guarded group having too few; empty where nobody can."""
    tight = [groups[place] for place in guarded if have[place] <= quotas[place].places]
    return next((key for key in reversed(placed) if not any(key in group for group in tight)), "")
