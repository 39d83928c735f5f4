"""These tests run the real program."""

from tests.installation import install

__all__ = ["install"]
