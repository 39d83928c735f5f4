"""The small network of spaces with a desk before it: a clock that stands still, windows of staff, bookings of people."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from khaneh.domains.network import queries as network
from khaneh.domains.network.models import House
from khaneh.domains.network.types import Role
from khaneh.domains.people.models import Account
from khaneh.domains.spaces import services
from khaneh.domains.spaces.models import Booking, Space
from khaneh.kernel.actor import Actor
from tests.domains.spaces.places import NOW, Places, make_places

WEEK = "/desk/spaces/"


@dataclass
class Clock:
    """What `timezone.now()` answers."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Desk:
    """A house's desk and who stands at it."""

    places: Places
    clock: Clock
    windows: dict[tuple[Role, int], Client] = field(default_factory=dict)

    def window(self, role: Role = Role.HOUSE_MANAGER, house: House | None = None) -> Client:
        """A signed-in browser of somebody with a role, in English."""
        key = (role, (house or self.places.centre).pk)
        if key not in self.windows:
            self.windows[key] = self.signed_in(self.places.staff(role, house))
        return self.windows[key]

    def signed_in(self, actor: Actor) -> Client:
        """A browser of somebody, in English."""
        client = Client()
        client.cookies["language"] = "en"
        account = Account.objects.get(pk=actor.account_id)
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def booked(self, space: Space, starts: datetime, ends: datetime, who: Actor | None = None, **more: Any) -> Booking:
        """A booking of a member, through the service."""
        done = services.book(
            actor=who or self.places.person(), space_id=space.pk, starts=starts, ends=ends, now=self.clock.at, **more
        )
        return Booking.objects.get(pk=done.booking_id)

    def named(self, actor: Actor, name: str) -> Actor:
        """Call somebody by a name."""
        Account.objects.filter(pk=actor.account_id).update(name=name)
        return actor


def stand(monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The desk, at an hour at which the clock stands still."""
    clock = Clock()
    monkeypatch.setattr("django.utils.timezone.now", clock)
    network.forget_facts()
    return Desk(make_places(), clock)


def text(response: Any) -> str:
    """What a page says, in one line."""
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


def said(client: Client, address: str, **data: Any) -> str:
    """What the page says that a post leads to."""
    return text(client.post(address, data, follow=True))
