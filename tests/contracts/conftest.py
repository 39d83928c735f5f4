"""The contract of permissions stands on the demonstration."""

from tests.demonstration import demonstration

__all__ = ["demonstration"]
