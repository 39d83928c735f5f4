"""The small call that tests of selection share."""

import pytest

from tests.domains.selection.ground import Ground, make_ground


@pytest.fixture
def ground(db: None) -> Ground:
    """Regions, a house, a company, a call with two places that is closed."""
    return make_ground()
