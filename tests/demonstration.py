"""The demonstration's network and one of its catalogues, in the tables and in an index of these tests' own.

A module of tests that wants it says `from tests.demonstration import demonstration`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from demo import build
from khaneh.domains.catalogue import services as catalogue
from khaneh.domains.discovery import services as discovery
from khaneh.domains.network import services as network
from khaneh.domains.network.types import ImportMode, TableName
from khaneh.kernel.actor import SYSTEM
from tests.kept import kept

NETWORK = Path(build.__file__).parent / "network"


def load_network(home: Path) -> None:
    """Its regions, boundaries, organisations, houses, hours and holidays, into empty tables. Nothing into the empty folder `home`."""

    def make() -> None:
        for table in TableName:
            data = (NETWORK / f"{table}.{'geojson' if table is TableName.BOUNDARIES else 'csv'}").read_bytes()
            network.import_table(
                actor=SYSTEM, table=table, data=data, mode=ImportMode.ALL_OR_NOTHING, now=datetime.now(UTC)
            )

    kept("network", home, make)


@pytest.fixture(scope="module")
def demonstration(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Some 200 records of Qom, romanised with linked Persian fields, with their copies. Taken back after the module."""
    home, files = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("files")

    def make() -> None:
        load_network(home)
        build.write(files)
        listed = json.loads((files / "manifest.json").read_text())
        house = next(one["house"] for one in listed if one["file"] == "qom.mrc")
        catalogue.import_files([files / "qom.mrc"], actor=SYSTEM, house=house, profile="852-876")
        discovery.rebuild(processes=0)

    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setattr(settings, "SEARCH_URL", "")
        patch.setattr(settings, "KHANEH_HOME", home)
        kept("demonstration", home, make)
        with django_db_blocker.block():
            yield
        transaction.set_rollback(True)
