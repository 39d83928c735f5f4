"""The small network that tests of learning share."""

import pytest

from tests.domains.learning.school import School, make_school


@pytest.fixture
def school(db: None) -> School:
    """Houses, rooms, qualifications and a course that awards one, under the rules that ship."""
    return make_school()
