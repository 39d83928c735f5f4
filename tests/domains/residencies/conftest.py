"""The small centre that tests of residencies share."""

import pytest

from tests.domains.residencies.centre import Centre, make_centre


@pytest.fixture
def centre(db: None) -> Centre:
    """A house with places, and a sponsor."""
    return make_centre()
