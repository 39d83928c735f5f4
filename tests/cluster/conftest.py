"""The shelf of books of the discovery tests, on the cluster."""

from tests.domains.discovery.conftest import books, index

__all__ = ["books", "index"]
