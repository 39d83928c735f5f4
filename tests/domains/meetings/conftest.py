"""The small forum that tests of meetings share."""

import pytest

from tests.domains.meetings.forum import Forum, make_forum


@pytest.fixture
def forum(db: None) -> Forum:
    """A house with an open session, and who runs it."""
    return make_forum()
