"""The small network that tests of networking share."""

import pytest

from tests.domains.networking.fair import Fair, make_fair


@pytest.fixture
def fair(db: None) -> Fair:
    """Two provinces, a library, a centre."""
    return make_fair()
