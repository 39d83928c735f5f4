"""The small province that tests of founding share."""

import pytest

from tests.domains.founding.yard import Yard, make_yard


@pytest.fixture
def yard(db: None) -> Yard:
    """A library, its authority, an index."""
    return make_yard()
