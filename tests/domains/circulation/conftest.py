"""The small network that tests of lending share."""

import pytest

from tests.domains.circulation.shelves import Shelves, make_shelves


@pytest.fixture
def shelves(db: None) -> Shelves:
    """Three houses, empty."""
    return make_shelves()


@pytest.fixture(autouse=True)
def _default_rules(db: None) -> None:
    """The rules that ship, in force."""
    from khaneh.domains.circulation.services import ensure_policies

    ensure_policies()
