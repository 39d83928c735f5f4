"""The small network that tests of spaces share."""

import pytest

from tests.domains.spaces.places import Places, make_places


@pytest.fixture
def places(db: None) -> Places:
    """Houses, spaces and a company, under the rules that ship."""
    return make_places()
