"""Keys for programs: what one may be given, that it never does more than its maker could, that it is kept nowhere, and that calls are told once."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError, IntegrityError, connection, transaction

from khaneh.domains.network.types import Role
from khaneh.domains.people import queries, services
from khaneh.domains.people.errors import KeyUsedOtherwise, TokenReadsOnly, TokenUnknown, TooManyCalls
from khaneh.domains.people.models import Account, Token, TokenAnswer
from khaneh.domains.people.rules.tokens import CONTAINED
from khaneh.domains.people.services import tokens
from khaneh.domains.people.types import Answered, Caller, TokenAccess, TokenKind
from khaneh.infrastructure import journal
from khaneh.infrastructure.journal.models import Entry
from khaneh.kernel.actor import SYSTEM, Actor, Grant
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound, Refusal
from tests import traces
from tests.domains.network.conftest import NOW, Network, make_network
from tests.domains.people.membership import make_club

HOUR, YEAR = timedelta(hours=1), timedelta(days=365)


@pytest.fixture
def network(db: None) -> Network:
    cache.clear()
    return make_network()


def holder(email: str, *roles: tuple[Role, str, int], until: datetime | None = None) -> Actor:
    """Somebody with an account and these roles: (role, house_id or organisation_id, number)."""
    account = Account.objects.create_user(email, name=email.partition("@")[0], language="fa")
    for role, kind, number in roles:
        services.grant_role(
            actor=SYSTEM, account_id=account.pk, role=role, now=NOW, valid_until=until, **{kind: number}
        )  # type: ignore[arg-type]
    return queries.actor(account.pk, now=NOW)


def make(actor: Actor, *grants: Grant, now: datetime = NOW, **facts: Any) -> tuple[int, str]:
    facts = {
        "name": "my program", "kind": TokenKind.PERSONAL, "access": TokenAccess.WRITE, "own_account": False,
        "expires_at": now + YEAR, **facts,
    }  # fmt: skip
    return services.make_token(actor=actor, grants=grants, now=now, **facts)


def may_not(secret: str, now: datetime = NOW) -> None:
    with pytest.raises(TokenUnknown):
        services.open_token(secret, now=now)


def test_a_key_acts_for_its_maker_with_the_roles_it_was_given_and_says_which_it_is(network: Network) -> None:
    lib, inn = network.houses["LIB"], network.houses["LIB-INN"]
    sara = holder(
        "sara@example.org", (Role.LIBRARIAN, "house_id", lib), (Role.CATALOGUER, "house_id", network.houses["INC"])
    )
    number, secret = make(sara, Grant("circulation", house_id=inn))
    caller = services.open_token(secret, now=NOW)
    assert caller.actor == Actor(
        account_id=sara.account_id, name="sara", grants=(Grant("circulation", house_id=inn),), language="fa", token_id=number
    )  # fmt: skip
    journal.record("tests.done", actor=caller.actor, house_id=inn, thing=1)
    assert Entry.objects.get(kind="tests.done").facts == {"thing": 1, "token": number}
    assert Entry.objects.get(kind="people.token.made").facts["made"] == number


def test_a_key_for_a_machine_acts_in_nobodys_name(network: Network) -> None:
    lib = network.houses["LIB"]
    boss = holder("boss@example.org", (Role.HOUSE_MANAGER, "house_id", lib))
    _, secret = make(boss, Grant("circulation", house_id=lib), kind=TokenKind.MACHINE, name="sorter")
    actor = services.open_token(secret, now=NOW).actor
    assert (actor.account_id, actor.name) == (None, "sorter")


# What somebody holds, what is asked for, and whether a key may have it: (personal, machine).
GIVEN = [
    ((Role.LIBRARIAN, "house_id", "LIB"), ("librarian", "house_id", "LIB"), True, False),
    ((Role.LIBRARIAN, "house_id", "LIB"), ("circulation", "house_id", "LIB-INN"), True, False),
    ((Role.LIBRARIAN, "house_id", "LIB-INN"), ("circulation", "house_id", "LIB"), False, False),
    ((Role.LIBRARIAN, "house_id", "LIB"), ("circulation", "house_id", "INC"), False, False),
    ((Role.LIBRARIAN, "house_id", "LIB"), ("house_manager", "house_id", "LIB"), False, False),
    ((Role.LIBRARIAN, "house_id", "LIB"), ("cataloguer", "house_id", "LIB"), False, False),
    ((Role.CIRCULATION, "house_id", "LIB"), ("librarian", "house_id", "LIB"), False, False),
    ((Role.HOUSE_MANAGER, "house_id", "LIB"), ("circulation", "house_id", "LIB-INN"), True, True),
    # A house manager imports no catalogues, a librarian does.
    ((Role.HOUSE_MANAGER, "house_id", "LIB"), ("librarian", "house_id", "LIB"), False, False),
    ((Role.HOUSE_MANAGER, "house_id", "LIB"), ("administrator", "house_id", "LIB"), False, False),
    ((Role.HOUSE_MANAGER, "house_id", "LIB"), ("cataloguer", "house_id", "LIB"), False, False),
    ((Role.ADMINISTRATOR, "organisation_id", "A-AUTH"), ("circulation", "house_id", "LIB"), True, True),
    ((Role.ADMINISTRATOR, "organisation_id", "A-AUTH"), ("librarian", "organisation_id", "A-AUTH"), True, True),
    ((Role.ADMINISTRATOR, "organisation_id", "A-AUTH"), ("librarian", "organisation_id", "B-AUTH"), False, False),
    ((Role.BROKER, "house_id", "LIB"), ("broker", "house_id", "LIB"), True, False),
]


@pytest.mark.parametrize(("held", "wanted", "personal", "machine"), GIVEN)
def test_a_key_is_given_what_its_maker_holds_and_no_more(
    network: Network, held: Any, wanted: Any, personal: bool, machine: bool
) -> None:
    def number(kind: str, code: str) -> int:
        return network.houses[code] if kind == "house_id" else network.organisations[code]

    actor = holder("sara@example.org", (held[0], held[1], number(held[1], held[2])))
    grant = Grant(wanted[0], **{wanted[1]: number(wanted[1], wanted[2])})
    for kind, may in ((TokenKind.PERSONAL, personal), (TokenKind.MACHINE, machine)):
        if may:
            make(actor, grant, kind=kind)
        else:
            with pytest.raises(NotAllowed):
                make(actor, grant, kind=kind)
    assert Token.objects.count() == personal + machine


def test_when_the_role_ends_the_key_ends_and_what_is_left_of_a_key_counts(network: Network) -> None:
    lib, inc = network.houses["LIB"], network.houses["INC"]
    sara = holder("sara@example.org", (Role.LIBRARIAN, "house_id", lib), until=NOW + HOUR)
    services.grant_role(actor=SYSTEM, account_id=sara.account_id or 0, role=Role.BROKER, house_id=inc, now=NOW)
    sara = queries.actor(sara.account_id, now=NOW)
    _, both = make(sara, Grant("librarian", house_id=lib), Grant("broker", house_id=inc))
    _, one = make(sara, Grant("librarian", house_id=lib))
    assert len(services.open_token(both, now=NOW).actor.grants) == 2
    later = NOW + HOUR
    assert services.open_token(both, now=later).actor.grants == (Grant("broker", house_id=inc),)
    may_not(one, later)
    assert [role.counts for role in queries.tokens_of(sara, now=later)[-1].roles] == [False, True]


def test_a_key_ends_by_its_day_when_it_is_revoked_and_with_its_makers_account(network: Network) -> None:
    sara = holder("sara@example.org")
    number, secret = make(sara, own_account=True)
    may_not(secret, NOW + YEAR)
    assert services.open_token(secret, now=NOW + YEAR - HOUR).own_account
    services.revoke_token(actor=sara, token_id=number, now=NOW)
    may_not(secret)
    _, other = make(sara, own_account=True, name="Sarahs telephone")
    services.close_account(actor=sara, account_id=sara.account_id or 0, now=NOW)
    may_not(other)
    assert not Token.objects.exists(), "its name may be somebody's"


def test_who_revokes_a_key(network: Network) -> None:
    lib = network.houses["LIB"]
    boss, beside, above = (
        holder("boss@example.org", (Role.HOUSE_MANAGER, "house_id", lib)),
        holder("beside@example.org", (Role.HOUSE_MANAGER, "house_id", network.houses["INC"])),
        holder("above@example.org", (Role.ADMINISTRATOR, "organisation_id", network.organisations["A-AUTH"])),
    )
    own, _ = make(boss, Grant("house_manager", house_id=lib))
    machine, secret = make(boss, Grant("circulation", house_id=lib), kind=TokenKind.MACHINE)
    with_a_key = services.open_token(secret, now=NOW).actor
    for actor, number in ((beside, own), (beside, machine), (above, own), (with_a_key, machine), (Actor(), own)):
        with pytest.raises(NotFound):
            services.revoke_token(actor=actor, token_id=number, now=NOW)
    assert [row.id for row in queries.machine_tokens_of_others(above, now=NOW)] == [machine]
    assert queries.machine_tokens_of_others(beside, now=NOW) == []
    services.revoke_token(actor=above, token_id=machine, now=NOW)
    may_not(secret)


def test_no_key_makes_keys(network: Network) -> None:
    sara = holder("sara@example.org")
    _, secret = make(sara, own_account=True)
    with pytest.raises(NotAllowed):
        make(services.open_token(secret, now=NOW).actor, own_account=True)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"expires_at": NOW}, "expires_at"),
        ({"expires_at": NOW + timedelta(days=732)}, "expires_at"),
        ({"own_account": False}, "roles"),
        ({"kind": TokenKind.MACHINE}, "roles"),
    ],
)
def test_what_makes_no_key(network: Network, facts: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        make(holder("sara@example.org"), **{"own_account": True, **facts})
    assert field in refused.value.facts["fields"]
    assert not Token.objects.exists()


@pytest.mark.parametrize("secret", ["", "kh_", "kh_" + "x" * 500, "kh_ü", "kh_\x00", "Bearer", "kh_" + "A" * 43])
def test_what_is_no_key_opens_nothing(network: Network, secret: str) -> None:
    may_not(secret)


def test_only_a_digest_of_a_key_is_kept_and_its_use(network: Network) -> None:
    sara = holder("sara@example.org")
    number, secret = make(sara, own_account=True)
    assert traces.in_tables({"key": secret}) == {"key": set()}
    services.open_token(secret, now=NOW)
    assert queries.tokens_of(sara, now=NOW)[0].used_at == NOW
    assert Token.objects.get(pk=number).hint == secret[:10]


def test_a_key_calls_so_often_in_a_minute_and_no_more(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "CALLS_A_MINUTE", 3)
    _, secret = make(holder("sara@example.org"), own_account=True)
    for _ in range(3):
        services.open_token(secret, now=NOW)
    with pytest.raises(TooManyCalls) as refused:
        services.open_token(secret, now=NOW + timedelta(seconds=20))
    assert refused.value.facts == {"seconds": 40, "limit": 3}
    services.open_token(secret, now=NOW + timedelta(minutes=1))


def test_who_tries_keys_out_is_stopped_and_nobody_else(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "WRONG_A_MINUTE", 2)
    _, secret = make(holder("sara@example.org"), own_account=True)
    for wanted in (TokenUnknown, TokenUnknown, TooManyCalls):
        with pytest.raises(wanted):
            services.open_token("kh_wrong", now=NOW, address="192.0.2.1")
    with pytest.raises(TokenUnknown):
        services.open_token("kh_wrong", now=NOW, address="192.0.2.2")
    services.open_token(secret, now=NOW, address="192.0.2.1")


def test_opening_a_key_costs_a_bounded_number_of_statements(
    network: Network, django_assert_max_num_queries: Any
) -> None:
    lib = network.houses["LIB"]
    sara = holder("sara@example.org", (Role.LIBRARIAN, "house_id", lib))
    _, secret = make(sara, Grant("librarian", house_id=lib), Grant("circulation", house_id=lib))
    services.open_token(secret, now=NOW)
    with django_assert_max_num_queries(5):
        services.open_token(secret, now=NOW)


def test_whoever_holds_the_larger_role_may_do_all_that_the_smaller_may() -> None:
    """A key may have a role that its maker's contains: so no domain may let the smaller one do what the larger one may not."""
    found = 0
    for domain in ("network", "people", "policies", "notices", "qualifications", "catalogue", "circulation", "spaces"):
        module = import_module(f"khaneh.domains.{domain}.permissions")
        for name, roles in role_sets(module):
            found += 1
            for larger, smaller in CONTAINED.items():
                assert not (smaller & roles) or larger in roles, f"{domain}.permissions.{name}: {larger}"
    assert found > 8


def role_sets(module: ModuleType) -> list[tuple[str, frozenset[str]]]:
    """The sets of roles of a module of permissions, in whatever they stand."""
    found = []
    for name, value in vars(module).items():
        inner = value.values() if isinstance(value, dict) else [value]
        for one in inner:
            if (
                isinstance(one, (set, frozenset))
                and one
                and all(isinstance(role, str) and role in list(Role) for role in one)
            ):
                found.append((name, frozenset(one)))
    return found


# Calls told once


@pytest.fixture
def caller(network: Network) -> Caller:
    _, secret = make(holder("sara@example.org"), own_account=True)
    return services.open_token(secret, now=NOW)


def told(
    caller: Caller, key: str = "k1", asked: bytes = b"POST /x {}", now: datetime = NOW, body: bytes = b"1"
) -> Answered:
    def act() -> Answered:
        journal.record("tests.acted", actor=caller.actor)
        return Answered(200, "application/json", body)

    return services.answer_once(caller=caller, key=key, asked=asked, now=now, act=act)


def acted() -> int:
    return Entry.objects.filter(kind="tests.acted").count()


def test_the_same_call_is_done_once_and_answered_the_same(caller: Caller) -> None:
    assert told(caller) == Answered(200, "application/json", b"1")
    assert told(caller, body=b"2") == Answered(200, "application/json", b"1", again=True)
    assert acted() == 1
    told(caller, key="k2")
    assert acted() == 2


def test_the_same_key_with_another_call_is_refused(caller: Caller) -> None:
    told(caller)
    with pytest.raises(KeyUsedOtherwise):
        told(caller, asked=b"POST /x {1}")
    assert acted() == 1


def test_after_a_day_a_key_of_a_call_is_free_again(caller: Caller) -> None:
    told(caller)
    assert not told(caller, asked=b"other", now=NOW + timedelta(days=1)).again
    assert services.forget_token_answers(before=NOW + timedelta(days=2)) == 1


def test_what_an_act_raises_undoes_the_call_and_it_may_be_made_again(caller: Caller) -> None:
    def act() -> Answered:
        journal.record("tests.acted", actor=caller.actor)
        raise RuntimeError

    with pytest.raises(RuntimeError), transaction.atomic():
        services.answer_once(caller=caller, key="k1", asked=b"POST /x {}", now=NOW, act=act)
    assert (acted(), TokenAnswer.objects.count()) == (0, 0)
    assert not told(caller).again


def test_a_key_that_reads_changes_nothing(network: Network) -> None:
    _, secret = make(holder("sara@example.org"), own_account=True, access=TokenAccess.READ)
    with pytest.raises(TokenReadsOnly):
        told(services.open_token(secret, now=NOW))
    assert acted() == 0


@pytest.mark.parametrize("key", ["", "x" * 201, "ü", "a\nb"])
def test_what_names_no_call(caller: Caller, key: str) -> None:
    with pytest.raises(Refusal):
        told(caller, key=key)
    assert acted() == 0


def test_what_was_answered_cannot_be_read_without_the_key(caller: Caller) -> None:
    told(caller, body="what Sara reads: بوف کور".encode(), asked=b"POST /x the blind owl")
    words = {"title": "بوف کور", "asked": "the blind owl", "said": "what Sara reads"}
    assert not any(traces.in_tables(words).values())


def test_the_database_keeps_what_keys_promise(caller: Caller) -> None:
    for change in ({"name": ""}, {"kind": "god"}, {"access": "all"}, {"expires_at": NOW}, {"kind": "machine"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Token.objects.filter(pk=caller.token_id).update(**change)


@pytest.mark.django_db(transaction=True)
def test_two_calls_at_once_with_one_key_are_one() -> None:
    """And without the claim they would be two: the control."""
    caller = services.open_token(make(holder("sara@example.org"), own_account=True)[1], now=NOW)
    inside, go = threading.Event(), threading.Event()
    answers: list[Answered] = []

    def first() -> None:
        def act() -> Answered:
            journal.record("tests.acted", actor=caller.actor)
            inside.set()
            go.wait(60)
            return Answered(200, "application/json", b"1")

        answers.append(services.answer_once(caller=caller, key="k", asked=b"x", now=NOW, act=act))
        connection.close()

    def second() -> None:
        inside.wait(60)
        threading.Timer(0.3, go.set).start()
        answers.append(told(caller, key="k", asked=b"x"))
        connection.close()

    before = acted()
    threads = [threading.Thread(target=one) for one in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.again for answer in answers) == [False, True]
    assert acted() - before == 1


def test_a_members_keys_are_told_and_forgotten_with_them(db: None) -> None:
    club = make_club()
    reader, member = club.joined()
    make(reader, own_account=True, name="سروستانی’s telephone", now=NOW)
    told_of = services.export_member_data(actor=reader, member_id=member, now=NOW)
    assert [one["name"] for one in told_of["member"]["tokens"]] == ["سروستانی’s telephone"]
    services.erase_member(actor=reader, member_id=member, now=NOW)
    assert traces.in_tables({"name": "سروستانی"}) == {"name": set()}


@pytest.mark.django_db(transaction=True)
def test_a_call_whose_process_dies_in_the_middle_was_not_made_and_may_be_made_again() -> None:
    """The server sees its client's line end, as it does when the process is killed; nothing is left of the act or of its name."""
    caller = services.open_token(make(holder("sara@example.org"), own_account=True)[1], now=NOW)
    before = acted()

    def act() -> Answered:
        journal.record("tests.acted", actor=caller.actor)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        raise AssertionError("the line is still there")

    with pytest.raises(DatabaseError):
        services.answer_once(caller=caller, key="k", asked=b"x", now=NOW, act=act)
    connection.close()
    assert (acted() - before, TokenAnswer.objects.count()) == (0, 0)
    assert not told(caller, key="k", asked=b"x").again
    assert told(caller, key="k", asked=b"x").again
    assert acted() - before == 1
