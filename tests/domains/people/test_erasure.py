"""Somebody who asks to be forgotten is: no table, session, letter, log line or journal entry tells who it was.

The same search finds every word before the erasure, so that it can be believed when it finds none after.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.test import Client

from khaneh.domains.network.types import Role
from khaneh.domains.people import queries, services
from khaneh.domains.people.errors import SomethingOwed
from khaneh.domains.people.models import Account, Card, Member
from khaneh.domains.people.queries.members_finding import national_id_hash
from khaneh.domains.people.services import personal_data
from khaneh.domains.people.types import BlockReason, GuardianshipKind, MemberState, Owed
from khaneh.infrastructure import journal
from khaneh.infrastructure.journal.models import Entry
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotAllowed
from tests import traces
from tests.domains.people.membership import NOW, Club, make_club

pytestmark = pytest.mark.django_db

NAME, FAMILY, ADDRESS = "Thùy‌Dương", "سروستانی‌زاده", "کوچهٔ نسترن ۱۷"
EMAIL, OTHER_EMAIL, PHONE, NATIONAL_ID = (
    "duong.sarvestani@example.net",
    "old.sarvestani@example.net",
    "+98935817264",
    "0084571234",
)
PASSWORD = "fourteen purple whales"
NOTE, MESSAGE = "swims with otters", "your umbrella hangs by the door"


@pytest.fixture
def club(db: None) -> Club:
    return make_club()


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:
    settings.KHANEH_HOME = tmp_path
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "outbox"
    return tmp_path


@pytest.fixture
def shelf() -> Iterator[list[str]]:
    """A part of the program that keeps a word about each member, and a debt for whom it is told to."""
    kept: list[str] = []
    personal_data.register(
        "tests.shelf",
        lambda member_id: {"words": list(kept)},
        lambda member_id, now: kept.clear(),
        owed=lambda member_id: (
            [Owed("tests.owed", Label("Books at home", "کتاب نزد شما", "Sách đang mượn"), 2)] if "debt" in kept else []
        ),
    )
    yield kept
    personal_data.forget("tests.shelf")


def fill(club: Club) -> tuple[Client, Actor, int, dict[str, str | bytes]]:
    """Somebody with everything filled in, signed in in a browser; and the words that tell who it is."""
    client = Client()
    client.post(
        "/accounts/signup/", {"name": f"{NAME} {FAMILY}", "email": EMAIL, "password1": PASSWORD, "password2": PASSWORD}
    )
    account = Account.objects.get(email=EMAIL)
    EmailAddress.objects.create(user_id=account.pk, email=OTHER_EMAIL)
    Client().post("/accounts/login/", {"login": EMAIL, "password": "wrong wrong wrong"})
    client = Client()
    client.post("/accounts/login/", {"login": EMAIL, "password": PASSWORD})
    client.get("/account/")
    actor = Actor(account_id=account.pk)
    draft = club.draft(
        given_name=NAME, family_name=FAMILY, address=ADDRESS, email=EMAIL, phone=PHONE, national_id=NATIONAL_ID,
        birth_date=date(1987, 6, 5),
    )  # fmt: skip
    member_id = services.apply_for_membership(actor=actor, draft=draft, now=NOW)
    first = services.approve_application(actor=club.desk, member_id=member_id, now=NOW).barcode
    where: dict[str, Any] = {"member_id": member_id, "house_id": club.central.pk, "now": NOW}
    second = services.replace_card(actor=club.desk, barcode="SARV-0815-47", lost=True, **where)
    services.set_pin(actor=actor, member_id=member_id, pin="280517", now=NOW)
    services.set_block(actor=club.desk, reason=BlockReason.OTHER, note=f"{NOTE} {FAMILY}", **where)
    services.leave_message(actor=club.desk, text=f"{FAMILY}: {MESSAGE}", **where)
    services.leave_message(actor=club.desk, text=f"{MESSAGE} ({PHONE})", for_staff=True, **where)
    twin = services.register_member(
        actor=club.desk, draft=club.draft(given_name=NAME, family_name=FAMILY, email=OTHER_EMAIL), now=NOW, sure=True
    )
    services.merge_members(actor=club.lead, kept_id=member_id, gone_id=twin.member_id, now=NOW)
    friend = club.register().member_id
    services.add_guardian(actor=club.desk, guardian_id=friend, ward_id=member_id, kind=GuardianshipKind.PROXY, now=NOW)
    services.grant_role(
        actor=SYSTEM,
        account_id=account.pk,
        role=Role.TRAINER,
        house_id=club.central.pk,
        now=NOW,
        reason=f"{FAMILY} weaves",
    )
    services.set_keep_history(actor=actor, member_id=member_id, keep=True, now=NOW)
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
    ):  # the server's log gets to see a statement with a name in it
        Card.objects.create(member_id=member_id, barcode=second, issued_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.filter(pk=friend).update(account_id=account.pk, address=ADDRESS)
    send_mail("Welcome", f"{FAMILY}, {MESSAGE}", None, [f"{NAME} <{EMAIL}>"])
    send_mail("Another letter", "to somebody else", None, ["somebody@example.net"])
    hashed = national_id_hash(NATIONAL_ID)
    assert hashed is not None
    words: dict[str, str | bytes] = {
        "given name": NAME, "family name": FAMILY, "address": ADDRESS, "e-mail": EMAIL, "other e-mail": OTHER_EMAIL,
        "telephone": PHONE.lstrip("+"), "first card": first, "card": second, "twin's card": twin.barcode,
        "note": NOTE, "message": MESSAGE, "identity number": hashed,
    }  # fmt: skip
    return client, actor, member_id, words


def test_nothing_is_left_of_somebody_who_was_erased(
    club: Club, home: Path, shelf: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    client, actor, member_id, words = fill(club)
    shelf.append("what they read")
    before = traces.in_tables(words)
    assert {name for name, places in before.items() if not places} == set(), "the search does not see what is there"
    assert any("django_session" in place for place in before["e-mail"]), "nor what is in sessions"
    assert traces.in_files(home, words)["e-mail"], "nor letters"
    heard: list[str] = []

    def follower(kind: str, house_id: int | None, facts: dict[str, Any]) -> None:
        heard.append(kind)

    journal.follow("people.member.erased", follower)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            services.erase_member(actor=actor, member_id=member_id, now=NOW)
    finally:
        journal._followers.remove(("people.member.erased", follower))
    assert heard == ["people.member.erased"] * 2, "of the twin too"
    assert shelf == []
    assert {name: places for name, places in traces.in_tables(words).items() if places} == {}
    assert {name: places for name, places in traces.in_files(home, words).items() if places} == {}
    # The server of these tests writes its log into the run's own home folder; a statement was refused above.
    log = Path(os.environ["KHANEH_HOME"]) / "postgres/server.log"
    if log.exists():
        assert {name: p for name, p in traces.in_files(log.parents[1], words).items() if p} == {}
        assert "people_card_barcode_active" in log.read_text(errors="replace"), (
            "the log tells what went wrong, not with whom"
        )
    left = "".join(path.read_text() for path in (home / "outbox").rglob("*.log"))
    assert left.count("somebody@example.net") == 1, "other people's letters stay"
    assert Member.objects.get(pk=member_id).state == MemberState.ERASED
    assert queries.contact(member_id) is None
    assert client.get("/account/").status_code == 302, "signed out everywhere"


def test_the_journal_never_held_more_than_numbers(club: Club, home: Path) -> None:
    _client, actor, member_id, words = fill(club)
    services.export_member_data(actor=actor, member_id=member_id, now=NOW)
    services.set_keep_history(actor=actor, member_id=member_id, keep=False, now=NOW)
    found = traces.in_tables(words)
    assert not [name for name, places in found.items() if any("journal" in place for place in places)]
    kinds = set(Entry.objects.filter(kind__startswith="people.").values_list("kind", flat=True))
    assert {"people.member.applied", "people.member.merged", "people.card.replaced", "people.block.set"} <= kinds


def test_nobody_is_forgotten_who_still_owes_and_is_told_why(club: Club, shelf: list[str]) -> None:
    reader, member_id = club.joined()
    shelf.append("debt")
    for act in (
        lambda: services.erase_member(actor=reader, member_id=member_id, now=NOW),
        lambda: services.erase_myself(actor=reader, now=NOW),
    ):
        with pytest.raises(SomethingOwed) as refused:
            act()
        assert refused.value.facts["owed"] == [
            {
                "code": "tests.owed",
                "count": 2,
                "label": {"en": "Books at home", "fa": "کتاب نزد شما", "vi": "Sách đang mượn"},
            }
        ]
    assert shelf == ["debt"]
    assert [one.code for one in services.owed(actor=reader, member_id=member_id, now=NOW)] == ["tests.owed"]
    assert Member.objects.get(pk=member_id).state == MemberState.ACTIVE
    shelf.clear()
    services.erase_myself(actor=reader, now=NOW)
    assert not Account.objects.get(pk=reader.account_id).is_active


def test_what_raises_while_forgetting_undoes_all_of_it(club: Club) -> None:
    reader, member_id = club.joined()

    def broken(_member: int, _now: object) -> None:
        raise RuntimeError("no disk")

    personal_data.register("zz.broken", lambda _member: {}, broken)
    try:
        with pytest.raises(RuntimeError), transaction.atomic():
            services.erase_member(actor=reader, member_id=member_id, now=NOW)
    finally:
        personal_data.forget("zz.broken")
    assert Member.objects.get(pk=member_id).family_name
    assert Account.objects.get(pk=reader.account_id).is_active


def test_a_lead_erases_at_the_desk_and_the_account_stays_its_holders(club: Club) -> None:
    reader, member_id = club.joined()
    with pytest.raises(NotAllowed):
        services.erase_member(actor=club.desk, member_id=member_id, now=NOW)
    services.erase_member(actor=club.lead, member_id=member_id, now=NOW)
    assert Account.objects.get(pk=reader.account_id).is_active
    assert services.apply_for_membership(actor=reader, draft=club.draft(), now=NOW) != member_id


def test_closing_an_account_leaves_the_card_in_use(club: Club) -> None:
    reader, member_id = club.joined()
    assert reader.account_id is not None
    services.close_account(actor=reader, account_id=reader.account_id, now=NOW)
    found = Member.objects.get(pk=member_id)
    assert (found.account_id, found.state) == (None, MemberState.ACTIVE)


def test_everything_that_is_kept_is_told(club: Club, home: Path, shelf: list[str]) -> None:
    _client, actor, member_id, words = fill(club)
    shelf.append("what they read")
    told = services.export_member_data(actor=actor, member_id=member_id, now=NOW)
    assert told["tests.shelf"] == {"words": ["what they read"]}
    flat = json.dumps(told, ensure_ascii=False)
    for name in (
        "given name",
        "family name",
        "address",
        "e-mail",
        "telephone",
        "first card",
        "card",
        "note",
        "message",
    ):
        assert str(words[name]) in flat, name
    assert told["member"]["birth_date"] == "1987-06-05"
    assert told["member"]["identity_number_is_known"] is True


def test_history_is_decided_by_the_member_and_forgotten_at_once(club: Club) -> None:
    reader, member_id = club.joined()
    assert Member.objects.get(pk=member_id).keep_history is False
    heard: list[tuple[str, dict[str, Any]]] = []

    def follower(kind: str, house_id: int | None, facts: dict[str, Any]) -> None:
        heard.append((kind, facts))

    journal.follow("people.member.history_off", follower)
    try:
        assert services.set_keep_history(actor=reader, member_id=member_id, keep=True, now=NOW)
        assert not services.set_keep_history(actor=reader, member_id=member_id, keep=True, now=NOW)
        with pytest.raises(NotAllowed):
            services.set_keep_history(actor=club.lead, member_id=member_id, keep=False, now=NOW)
        assert heard == []
        assert services.set_keep_history(actor=reader, member_id=member_id, keep=False, now=NOW)
    finally:
        journal._followers.remove(("people.member.history_off", follower))
    assert heard == [("people.member.history_off", {"member": member_id})]
