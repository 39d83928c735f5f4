"""The small exchange that tests share."""

import pytest

from tests.domains.exchange.bazaar import Bazaar, make_bazaar


@pytest.fixture
def bazaar(db: None) -> Bazaar:
    """A library, its brokers, companies."""
    return make_bazaar()
