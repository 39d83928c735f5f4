"""What a sector that a mentor knows adds to the nearness of what they tell of their competence. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from khaneh.domains.network.types import is_within
from khaneh.domains.profiles.types import Fit

_BY_COMPETENCE, _BY_SECTOR = 70, 30


def with_sectors(fit: Fit, of_team: Iterable[str], of_mentor: Iterable[str]) -> Fit:
    """Competence counts 70 of 100; a sector that both name, or one within it, 30."""
    theirs = tuple(of_mentor)
    shared = any(is_within(one, other) or is_within(other, one) for one in of_team for other in theirs)
    return fit._replace(score=round(_BY_COMPETENCE * fit.score / 100) + (_BY_SECTOR if shared else 0))
