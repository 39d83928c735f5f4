"""A case and its ranking as bytes: what is kept, compared and handed out, so that anybody can reckon it again.

One JSON object with sorted keys, no spaces, ASCII; candidates and reviews by key. The same case is the same bytes, and so is the same ranking.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, fields
from typing import Any

from khaneh.domains.selection.rules.ranking import rank
from khaneh.domains.selection.types.ranking import (
    IN_TURN,
    VERSION,
    Candidate,
    Case,
    EquityWeight,
    FactorKind,
    Group,
    Marked,
    Method,
    Quota,
    Ranking,
    Weighted,
)

_FORMATS = {f"khaneh.selection.case/{version}": version for version in (IN_TURN, VERSION)}
_NAMES = {version: name for name, version in _FORMATS.items()}


def case_bytes(case: Case) -> bytes:
    """Everything that the ranking depends on."""
    return _bytes(
        {
            "format": _NAMES[case.version],
            "seed": case.seed,
            "method": asdict(case.method),
            "criteria": [one._asdict() for one in case.criteria],
            "equity": [{**_group(one.group), "points": one.points} for one in case.equity],
            "quotas": [{"code": one.code, **_group(one.group), "places": one.places} for one in case.quotas],
            "candidates": [one._asdict() for one in sorted(case.candidates, key=lambda one: one.key)],
            "reviews": [one._asdict() for one in sorted(case.reviews, key=lambda one: one.key)],
        }
    )


def case_from(data: bytes) -> Case:
    """The case that these bytes hold. Raises ValueError for anything else."""
    try:
        read = json.loads(data)
        if read["format"] not in _FORMATS:
            raise ValueError(f"not {_NAMES[VERSION]}")
        return Case(
            version=_FORMATS[read["format"]],
            seed=str(read["seed"]),
            method=Method(**{one.name: int(read["method"][one.name]) for one in fields(Method)}),
            criteria=tuple(Weighted(one["code"], int(one["weight"]), int(one["maximum"])) for one in read["criteria"]),
            equity=tuple(EquityWeight(_group_of(one), int(one["points"])) for one in read["equity"]),
            quotas=tuple(Quota(one["code"], _group_of(one), int(one["places"])) for one in read["quotas"]),
            candidates=tuple(
                Candidate(one["key"], tuple(one["regions"]), one["decile"], bool(one["rural"]))
                for one in read["candidates"]
            ),
            reviews=tuple(
                Marked(one["key"], one["reviewer"], one["application"], tuple(map(int, one["values"])), one["aside"])
                for one in read["reviews"]
            ),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not {_NAMES[VERSION]}: {error}") from error


def ranking_bytes(ranking: Ranking) -> bytes:
    """The lines by rank, the reviews as they count, and what quotas are short."""
    return _bytes(
        {
            "lines": [asdict(one) for one in ranking.lines],
            "reviews": [one._asdict() for one in ranking.reviews],
            "short": ranking.short,
        }
    )


def digest(data: bytes) -> str:
    """SHA-256, 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def commitment(seed: str) -> str:
    """What is published of a seed before anybody has written a review: whoever learns the seed later sees that it was not chosen since."""
    return digest(seed.encode())


def reckoned(data: bytes) -> tuple[Ranking, str, str]:
    """The ranking of a kept case, with the digests of the case and of the ranking. Raises ValueError."""
    ranking = rank(case_from(data))
    return ranking, digest(data), digest(ranking_bytes(ranking))


def _group(group: Group) -> dict[str, str]:
    return {"kind": group.kind.value, "value": group.value}


def _group_of(one: Any) -> Group:
    return Group(FactorKind(one["kind"]), str(one["value"]))


def _bytes(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
