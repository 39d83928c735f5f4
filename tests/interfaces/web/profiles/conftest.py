"""The small province of the domain's tests."""

from tests.domains.profiles.conftest import scene

__all__ = ["scene"]
