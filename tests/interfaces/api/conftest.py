"""The API's tests stand on the demonstration."""

from tests.demonstration import demonstration

__all__ = ["demonstration"]
