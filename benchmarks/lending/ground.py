"""The made-up network that lending is measured on (see `benchmarks.made`)."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

from benchmarks import made
from benchmarks.lending.sizes import Sizes

# What is made, beside the sizes: another number, and folders are built again.
VERSION = 1
SEED = 20261122


def ground(name: str, wanted: Sizes, folder: Path) -> AbstractContextManager[made.Ground[Sizes]]:
    """A database for one benchmark, with Django set up for it. Import nothing of Django's models before. The copy goes afterwards."""
    return made.ground(name, wanted, folder, build=build, version=VERSION)


def build(wanted: Sizes, now: datetime) -> None:
    """Fill an empty, migrated database."""
    from benchmarks.lending import life, members, network, stock
    from benchmarks.lending.filling import filling

    network.lay_out(wanted, SEED)
    network.publish_policies(wanted)
    with filling():
        stock.make_records(wanted, SEED)
        members.make_members(wanted)
        members.choose_borrowers()
        stock.hold_some(wanted)
        stock.make_copies(wanted)
        life.make_loans(wanted, now)
        life.make_requests(wanted, now)
        life.make_ledger(wanted)
        life.make_statistics(wanted, now)
