"""The made-up network that bookings are measured on (see `benchmarks.made`): houses and members are those of lending."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

from benchmarks import made
from benchmarks.spaces.sizes import Sizes

# What is made, beside the sizes: another number, and folders are built again.
VERSION = 1
SEED = 20261122


def ground(name: str, wanted: Sizes, folder: Path) -> AbstractContextManager[made.Ground[Sizes]]:
    """A database for one benchmark, with Django set up for it. Import nothing of Django's models before. The copy goes afterwards."""
    return made.ground(name, wanted, folder, build=build, version=VERSION)


def build(wanted: Sizes, now: datetime) -> None:
    """Fill an empty, migrated database."""
    from benchmarks.lending import members, network, sizes
    from benchmarks.lending.filling import filling
    from benchmarks.spaces import bookings, places

    # Of the two numbers and the heavy readers, lending's own sizes.
    people = sizes.sizes(1)._replace(houses=wanted.houses, members=wanted.members, heavy=1)
    network.lay_out(people, SEED)
    places.publish_policies(wanted)
    places.make_spaces(wanted, now)
    with filling():
        members.make_members(people)
        bookings.make_accounts()
        bookings.make_bookings(wanted, now)
