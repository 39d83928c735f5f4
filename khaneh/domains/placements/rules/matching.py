"""How well somebody fits a vacancy, with the evidence. Pure.

What is essential weighs three times what is wished. A skill of a lower level than wanted counts in part; a qualification is held or not. Where
the work is, and of what kind, counts like one essential wish: nobody fits a place that they cannot reach.
"""

from __future__ import annotations

import math

from khaneh.domains.placements.types import About, Evidence, Match, Offered, Point, Wanted

_ESSENTIAL, _WISHED = 3, 1
_EARTH_KM = 6371.0088


def match(wanted: Wanted, offered: Offered) -> Match:
    """Each wish with what is there of it, and a score from 0 to 100; 100 exactly where nothing is lacking."""
    evidence = [
        *(
            Evidence(
                About.SKILL, code, essential, offered.skills.get(code, 0) >= level, level, offered.skills.get(code)
            )
            for code, level, essential in wanted.skills
        ),
        *(
            Evidence(About.QUALIFICATION, code, essential, code in offered.qualifications)
            for code, essential in wanted.qualifications
        ),
        _place(wanted, offered),
        Evidence(About.KIND, wanted.kind, True, wanted.kind in offered.kinds),
    ]
    weights = [_ESSENTIAL if one.essential else _WISHED for one in evidence]
    reached = sum(weight * _part(one) for weight, one in zip(weights, evidence, strict=True))
    full = all(one.met for one in evidence)
    # Rounding must not make a near match a full one.
    score = 100 if full else min(99, math.floor(100 * reached / sum(weights)))
    return Match(score, all(one.met for one in evidence if one.essential), tuple(evidence))


def kilometres(one: Point, other: Point) -> float:
    """Along the surface of the earth (haversine)."""
    south, north = math.radians(one.latitude), math.radians(other.latitude)
    half = math.sin((north - south) / 2) ** 2
    half += math.cos(south) * math.cos(north) * math.sin(math.radians(other.longitude - one.longitude) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


def _place(wanted: Wanted, offered: Offered) -> Evidence:
    if wanted.remote and offered.remote:
        return Evidence(About.PLACE, "remote", True, True)
    if wanted.point is not None and offered.point is not None:
        far = round(kilometres(wanted.point, offered.point))
        # The middle of a region is where its people are on average: whoever is of it reaches what is in it.
        near = far <= offered.km or (bool(offered.regions) and offered.regions[-1:] == wanted.regions[-1:])
        return Evidence(About.PLACE, "km", True, near, offered.km, far)
    if wanted.regions and offered.regions:
        same = offered.regions[-1] in wanted.regions or wanted.regions[-1] in offered.regions
        return Evidence(About.PLACE, "region", True, same)
    return Evidence(About.PLACE, "unknown", True, False)


def _part(one: Evidence) -> float:
    if one.met:
        return 1.0
    if one.about is About.SKILL and one.has and one.wanted:
        return one.has / one.wanted
    return 0.0
