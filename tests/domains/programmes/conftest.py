"""The house that calls, which tests of programmes share."""

import pytest

from tests.domains.programmes.calling import Calling, make_calling


@pytest.fixture
def calling(db: None) -> Calling:
    """Regions with deciles, a house with a programme, a company."""
    return make_calling()
