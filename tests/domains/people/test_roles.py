"""Roles: who gives them to whom and where, when they count, and that a refused act leaves everything as it was."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from khaneh.domains.network.types import Role
from khaneh.domains.people import queries, services
from khaneh.domains.people.errors import AccountClosed, LastAdministrator, RoleHeldAlready
from khaneh.domains.people.models import Account, RoleAssignment
from khaneh.domains.people.services import accounts
from khaneh.domains.people.types import Preferences
from khaneh.infrastructure.journal.models import Entry
from khaneh.kernel.actor import SYSTEM, VISITOR, Actor, Grant
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound
from tests.domains.network.conftest import NOW, Network, make_network

HOUR = timedelta(hours=1)


@pytest.fixture
def network(db: None) -> Network:
    return make_network()


@pytest.fixture
def sara(db: None) -> Account:
    return Account.objects.create_user("sara@example.org", "x", name="Sara", language="fa")


def give(sara: Account, role: Role = Role.LIBRARIAN, actor: Actor = SYSTEM, **facts: Any) -> int:
    return services.grant_role(actor=actor, account_id=sara.pk, role=role, now=NOW, **facts)


def grants(sara: Account, now: datetime = NOW) -> tuple[Grant, ...]:
    return queries.actor(sara.pk, now=now).grants


def test_a_role_counts_within_its_period_and_at_exactly_one_place(network: Network, sara: Account) -> None:
    give(sara, house_id=network.houses["LIB"], valid_from=NOW + HOUR, valid_until=NOW + 2 * HOUR)
    assert grants(sara) == ()
    assert grants(sara, NOW + HOUR) == (Grant("librarian", house_id=network.houses["LIB"]),)
    assert grants(sara, NOW + 2 * HOUR) == ()


def test_a_role_counts_below_and_never_above_or_beside(network: Network, sara: Account) -> None:
    from khaneh.domains.network import queries as network_queries

    give(sara, house_id=network.houses["LIB-INN"])
    actor = queries.actor(sara.pk, now=NOW)
    holds = {
        code: actor.holds({"librarian"}, network_queries.place_of_house(number))
        for code, number in network.houses.items()
    }
    assert {code for code, held in holds.items() if held} == {"LIB-INN", "LIB-INN-LAB"}


def test_the_actor_of_nobody_and_of_a_closed_account_is_a_visitor(sara: Account) -> None:
    assert queries.actor(None, now=NOW) == VISITOR
    Account.objects.update(is_active=False)
    assert queries.actor(sara.pk, now=NOW) == VISITOR


STAFF = {Role.LIBRARIAN, Role.CATALOGUER, Role.CIRCULATION, Role.COURIER, Role.TRAINER, Role.PROGRAMME_MANAGER}
GIVERS = {
    "administrator of the operator": ("organisation", "A-AUTH", Role.ADMINISTRATOR, set(Role)),
    "administrator of the house around": ("house", "LIB", Role.ADMINISTRATOR, set(Role)),
    "administrator of the house": ("house", "LIB-INN", Role.ADMINISTRATOR, set(Role)),
    "manager of the house around": ("house", "LIB", Role.HOUSE_MANAGER, STAFF),
    "manager of the house": ("house", "LIB-INN", Role.HOUSE_MANAGER, STAFF),
    "administrator of a house inside": ("house", "LIB-INN-LAB", Role.ADMINISTRATOR, set()),
    "administrator of another house": ("house", "INC", Role.ADMINISTRATOR, set()),
    "administrator of another province": ("organisation", "B-AUTH", Role.ADMINISTRATOR, set()),
    "librarian of the house": ("house", "LIB-INN", Role.LIBRARIAN, set()),
}


@pytest.mark.parametrize("who", ["visitor", *GIVERS])
def test_the_matrix_of_giving_and_taking_and_that_a_refused_one_changes_nothing(
    network: Network, sara: Account, who: str
) -> None:
    actor, allowed = VISITOR, set()
    if who != "visitor":
        place, code, held, allowed = GIVERS[who]
        actor = network.at_house(held, code) if place == "house" else network.at_organisation(held, code)
        Account.objects.create(pk=actor.account_id, email="giver@example.org")
    house_id = network.houses["LIB-INN"]
    assert queries.grantable_at(actor, house_id=house_id) == allowed
    for role in Role:
        if role in allowed:
            number = give(sara, role, actor, house_id=house_id)
            services.revoke_role(actor=actor, assignment_id=number, now=NOW + HOUR)
        else:
            number = give(sara, role, house_id=house_id)
            before = list(RoleAssignment.objects.order_by("pk").values()), Entry.objects.count()
            with pytest.raises(NotAllowed):
                give(sara, role, actor, house_id=house_id, valid_from=NOW + 5 * HOUR)
            with pytest.raises(NotAllowed):
                services.revoke_role(actor=actor, assignment_id=number, now=NOW + HOUR)
            assert (list(RoleAssignment.objects.order_by("pk").values()), Entry.objects.count()) == before


def test_nobody_gives_a_role_above_their_own_place(network: Network, sara: Account) -> None:
    actor = network.at_house(Role.ADMINISTRATOR, "LIB-INN")
    for place in ({"house_id": network.houses["LIB"]}, {"organisation_id": network.organisations["A-AUTH"]}):
        with pytest.raises(NotAllowed):
            give(sara, Role.LIBRARIAN, actor, **place)


def test_the_same_role_twice_at_one_time_and_place_is_refused(network: Network, sara: Account) -> None:
    house_id = network.houses["LIB"]
    give(sara, house_id=house_id, valid_until=NOW + HOUR)
    with pytest.raises(RoleHeldAlready):
        give(sara, house_id=house_id)
    give(sara, house_id=house_id, valid_from=NOW + HOUR)  # the next minute is another period
    give(sara, house_id=network.houses["INC"])
    give(sara, Role.CATALOGUER, house_id=house_id)


def test_postgresql_keeps_a_role_at_one_place(network: Network, sara: Account) -> None:
    both = {"house_id": network.houses["LIB"], "organisation_id": network.organisations["UNI"]}
    for places in ({}, both):
        with pytest.raises(IntegrityError), transaction.atomic():
            RoleAssignment.objects.create(account=sara, role="librarian", valid_from=NOW, **places)
    with pytest.raises(NotFound):
        give(sara, **both)


def test_a_period_that_ends_before_it_starts_or_started_before_now_is_refused(network: Network, sara: Account) -> None:
    for facts in ({"valid_until": NOW}, {"valid_from": NOW - HOUR}):
        with pytest.raises(Invalid):
            give(sara, house_id=network.houses["LIB"], **facts)


def test_a_role_that_has_not_begun_is_taken_back_without_ever_counting(network: Network, sara: Account) -> None:
    number = give(sara, house_id=network.houses["LIB"], valid_from=NOW + HOUR)
    services.revoke_role(actor=SYSTEM, assignment_id=number, now=NOW)
    assert grants(sara, NOW + HOUR) == ()
    with pytest.raises(NotFound):
        services.revoke_role(actor=SYSTEM, assignment_id=number, now=NOW + 2 * HOUR)


def test_one_may_lay_down_a_role_of_ones_own_but_the_last_administrator_stays(network: Network, sara: Account) -> None:
    librarian = give(sara, house_id=network.houses["LIB"])
    first = give(sara, Role.ADMINISTRATOR, organisation_id=network.organisations["UNI"])
    me = queries.actor(sara.pk, now=NOW)
    services.revoke_role(actor=me, assignment_id=librarian, now=NOW)
    with pytest.raises(LastAdministrator):
        services.revoke_role(actor=me, assignment_id=first, now=NOW)
    with pytest.raises(LastAdministrator):
        services.close_account(actor=me, account_id=sara.pk, now=NOW)
    minh = Account.objects.create_user("minh@example.org")
    give(minh, Role.ADMINISTRATOR, organisation_id=network.organisations["UNI"])
    services.revoke_role(actor=me, assignment_id=first, now=NOW)
    assert grants(sara) == ()


def test_a_closed_account_is_given_nothing(network: Network, sara: Account) -> None:
    give(sara, house_id=network.houses["LIB"])
    with pytest.raises(NotAllowed):
        services.close_account(actor=VISITOR, account_id=sara.pk, now=NOW)
    services.close_account(actor=Actor(account_id=sara.pk), account_id=sara.pk, now=NOW)
    assert not RoleAssignment.objects.filter(valid_until__isnull=True).exists()
    with pytest.raises(AccountClosed):
        give(sara, house_id=network.houses["LIB"])


def test_preferences_are_ones_own_and_checked(sara: Account) -> None:
    wanted = Preferences("ساره", "vi", "jalali")
    with pytest.raises(NotAllowed):
        services.set_preferences(actor=Actor(account_id=sara.pk + 1), account_id=sara.pk, preferences=wanted)
    with pytest.raises(Invalid):
        services.set_preferences(actor=SYSTEM, account_id=sara.pk, preferences=Preferences("x" * 201, "xx", "lunar"))
    assert queries.account(sara.pk).name == "Sara"
    services.set_preferences(actor=Actor(account_id=sara.pk), account_id=sara.pk, preferences=wanted)
    row = queries.account(sara.pk)
    assert Preferences(row.name, row.language, row.calendar) == wanted


def test_who_holds_what_is_seen_by_those_who_staff_the_place_only(network: Network, sara: Account) -> None:
    house_id = network.houses["LIB-INN"]
    give(sara, house_id=house_id, reason="helps out")
    seen = queries.roles_at(actor=network.at_house(Role.HOUSE_MANAGER, "LIB"), house_id=house_id, now=NOW)
    assert [(row.account_name, row.role, row.reason) for row in seen] == [("Sara", Role.LIBRARIAN, "helps out")]
    for actor in (VISITOR, network.at_house(Role.LIBRARIAN, "LIB-INN"), network.at_house(Role.HOUSE_MANAGER, "INC")):
        assert queries.roles_at(actor=actor, house_id=house_id, now=NOW) == []


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locked", [True, False])
def test_two_last_administrators_cannot_both_leave(locked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the lock one of them is refused; without it, both look at once, each sees the other still there, and both leave."""
    network = make_network()
    people = [Account.objects.create_user(f"{name}@example.org") for name in ("a", "b")]
    numbers = [give(person, Role.ADMINISTRATOR, organisation_id=network.organisations["UNI"]) for person in people]
    both_looked = threading.Barrier(2)
    look = accounts._require_another_administrator

    def slow_look(*facts: Any) -> None:
        look(*facts)
        if not locked:
            both_looked.wait(timeout=60)

    monkeypatch.setattr(accounts, "_require_another_administrator", slow_look)
    if not locked:
        monkeypatch.setattr(accounts.db, "lock", lambda *things: None)
    refused: list[str] = []

    def leave(person: Account, number: int) -> None:
        try:
            services.revoke_role(actor=Actor(account_id=person.pk), assignment_id=number, now=NOW + HOUR)
        except LastAdministrator as refusal:
            refused.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=leave, args=pair) for pair in zip(people, numbers, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    left = RoleAssignment.objects.filter(valid_until__isnull=True).count()
    assert (left, len(refused)) == ((1, 1) if locked else (0, 0))
