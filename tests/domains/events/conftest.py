"""The small network that tests of events share."""

import pytest

from tests.domains.events.scenes import Scene, make_scene


@pytest.fixture
def scene(db: None) -> Scene:
    """Houses with a room, under the rules that ship."""
    return make_scene()
