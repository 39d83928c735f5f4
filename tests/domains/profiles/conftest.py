"""The small province that tests of profiles share."""

from pathlib import Path
from typing import Any

import pytest

from tests.domains.profiles.scene import Scene, make_scene


@pytest.fixture
def scene(db: None, settings: Any, tmp_path: Path) -> Scene:
    """A province; files lie in a folder of the test."""
    settings.KHANEH_HOME = tmp_path
    return make_scene()
