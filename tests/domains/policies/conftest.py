"""A small network whose workshops lend tools, and people who write the rules of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from khaneh.domains.network.models import Region
from khaneh.domains.network.types import Role
from khaneh.domains.people.models import Account
from khaneh.domains.policies import registry, services
from khaneh.domains.policies.queries import current
from khaneh.domains.policies.types import Scope
from khaneh.kernel.actor import Actor
from tests.domains.network.conftest import Network, make_network
from tests.domains.policies.sample import BORROW

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


@dataclass(frozen=True)
class World:
    """Places and people. Houses: LIB with LIB-INN in it and LIB-INN-LAB in that, FAR in another province."""

    network: Network
    regions: dict[str, int]
    account_id: int

    def house(self, code: str) -> Scope:
        return Scope("house", self.network.houses[code])

    def region(self, code: str) -> Scope:
        return Scope("region", self.regions[code])

    def at_house(self, role: Role, code: str) -> Actor:
        return replace(self.network.at_house(role, code), account_id=self.account_id)

    def at_organisation(self, role: Role, code: str) -> Actor:
        return replace(self.network.at_organisation(role, code), account_id=self.account_id)

    @property
    def authority(self) -> Actor:
        return self.at_organisation(Role.ADMINISTRATOR, "VN-AUTH")


@pytest.fixture
def act() -> Iterator[None]:
    registry.register(BORROW)
    current.forget()
    yield
    registry.forget(BORROW.code)
    current.forget()


@pytest.fixture
def world(db: None, act: None) -> World:
    return make_world()


def make_world() -> World:
    network = make_network()
    services.ensure_act(act=BORROW.code)
    account = Account.objects.create_user("rules@example.org", name="Lan")
    return World(network, dict(Region.objects.values_list("code", "pk")), account.pk)
