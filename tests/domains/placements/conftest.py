"""The small market that tests of placements share."""

import pytest

from tests.domains.placements.market import Market, make_market


@pytest.fixture
def market(db: None) -> Market:
    """Regions, an employer, skills, a qualification."""
    return make_market()
