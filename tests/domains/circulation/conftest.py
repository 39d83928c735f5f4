"""The small network that tests of lending share."""

import pytest

from tests.domains.circulation.shelves import Shelves, make_shelves


@pytest.fixture
def shelves(db: None) -> Shelves:
    """Three houses, empty."""
    return make_shelves()
