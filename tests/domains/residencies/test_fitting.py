"""What a sector adds to what mentors tell of themselves."""

from __future__ import annotations

import pytest

from khaneh.domains.profiles.types import Fit
from khaneh.domains.residencies.rules.fitting import with_sectors


@pytest.mark.parametrize(
    ("team", "mentor", "score"),
    [
        (("6201",), ("62",), 65),
        (("62",), ("6201",), 65),
        (("6201",), ("01",), 35),
        ((), (), 35),
        (("6201",), ("J",), 65),
    ],
)
def test_a_shared_sector_adds_to_competence(team: tuple[str, ...], mentor: tuple[str, ...], score: int) -> None:
    assert with_sectors(Fit(50, ("soil",), True), team, mentor) == Fit(score, ("soil",), True)
