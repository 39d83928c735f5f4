"""Readers before the pages of spaces: a small network whose houses are open from 8 to 20 in Tehran, every day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from khaneh.domains.people.models import Account
from khaneh.kernel.actor import Actor
from tests.domains.spaces.places import TEHRAN, Places, make_places

SignedIn = Callable[..., Client]


@pytest.fixture
def places(own_index: None) -> Places:
    """Houses, spaces and a company, under the rules that ship; nobody has sent a form yet."""
    cache.clear()
    return make_places()


@pytest.fixture
def signed_in(places: Places) -> SignedIn:
    """A browser of somebody, in a language."""

    def of(actor: Actor, language: str = "en") -> Client:
        client = Client(headers={"accept-language": language})
        client.force_login(
            Account.objects.get(pk=actor.account_id), backend="django.contrib.auth.backends.ModelBackend"
        )
        return client

    return of


def on(hour: int, minute: int = 0, *, ahead: int = 1) -> datetime:
    """An instant so many days from today, by the clocks in Tehran."""
    day = timezone.now().astimezone(TEHRAN).date() + timedelta(days=ahead)
    return datetime.combine(day, time(hour, minute), TEHRAN).astimezone(UTC)


def key(value: datetime) -> str:
    """An instant as addresses write it."""
    return f"{value:%Y-%m-%dT%H:%MZ}"


def text_of(response: Any) -> str:
    """A page's text, told apart from other pages' in a failure."""
    return str(response.content.decode())
