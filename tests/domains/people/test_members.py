"""Members: becoming one, cards, guardians, blocks, messages, merging; who may, and that a refused act changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from khaneh.domains.people import queries, services
from khaneh.domains.people.errors import (
    AlreadyMember,
    CannotMerge,
    CardHeldAlready,
    CardTaken,
    GuardianMissing,
    GuardianshipCycle,
    GuardianshipHeldAlready,
    NoCardInUse,
    PinLocked,
    PossibleDuplicate,
    WrongMemberState,
)
from khaneh.domains.people.models import Card, Guardianship, Member, MemberBlock, MemberMessage
from khaneh.domains.people.rules import cards as card_rules
from khaneh.domains.people.rules import members as rules
from khaneh.domains.people.types import BlockReason, CardState, GuardianshipKind, MemberState, Rights
from khaneh.infrastructure import journal
from khaneh.infrastructure.journal.models import Entry
from khaneh.kernel.actor import SYSTEM, VISITOR, Actor
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound
from tests.domains.people.membership import NOW, Club, make_club

pytestmark = pytest.mark.django_db


@pytest.fixture
def club(db: None) -> Club:
    return make_club()


def row(member_id: int, actor: Actor = SYSTEM) -> Any:
    return queries.member(actor=actor, member_id=member_id, now=NOW)


def test_somebody_applies_and_a_desk_of_their_house_gives_them_a_card(club: Club) -> None:
    reader = club.account()
    member_id = services.apply_for_membership(actor=reader, draft=club.draft(phone="۰۹۱۲ ۵۵۵-۱۲۳۴"), now=NOW)
    assert row(member_id).state is MemberState.APPLIED
    assert row(member_id).phone == "09125551234"
    with pytest.raises(AlreadyMember):
        services.apply_for_membership(actor=reader, draft=club.draft(), now=NOW)
    with pytest.raises(NotAllowed):
        services.approve_application(actor=club.far_desk, member_id=member_id, now=NOW)
    issued = services.approve_application(actor=club.desk, member_id=member_id, now=NOW)
    found = queries.standing(now=NOW, card=issued.barcode)
    assert found is not None
    assert (found.member_id, found.state, found.expires_on) == (member_id, MemberState.ACTIVE, date(2027, 3, 2))
    with pytest.raises(WrongMemberState):
        services.approve_application(actor=club.desk, member_id=member_id, now=NOW)


def test_a_declined_application_tells_why_and_may_be_made_again(club: Club) -> None:
    reader = club.account()
    member_id = services.apply_for_membership(actor=reader, draft=club.draft(), now=NOW)
    with pytest.raises(Invalid):
        services.decline_application(actor=club.desk, member_id=member_id, reason=" ", now=NOW)
    services.decline_application(
        actor=club.desk, member_id=member_id, reason="Please bring your identity card", now=NOW
    )
    assert [one.text for one in row(member_id, reader).messages] == ["Please bring your identity card"]
    assert services.apply_for_membership(actor=reader, draft=club.draft(), now=NOW) == member_id
    assert row(member_id).state is MemberState.APPLIED


def test_nobody_joins_without_an_account_or_with_wrong_words(club: Club) -> None:
    with pytest.raises(NotAllowed):
        services.apply_for_membership(actor=VISITOR, draft=club.draft(), now=NOW)
    wrong: dict[str, tuple[str, Any]] = {
        "family_name": ("missing", "  "), "phone": ("not_understood", "call me"), "email": ("not_understood", "nowhere"),
        "birth_date": ("out_of_range", date(2030, 1, 1)), "category": ("not_in_list", "king"),
        "language": ("not_in_list", "de"), "national_id": ("not_understood", "12"), "address": ("too_long", "x" * 501),
    }  # fmt: skip
    for field, (why, value) in wrong.items():
        with pytest.raises(Invalid) as refused:
            services.apply_for_membership(actor=club.account(), draft=club.draft(**{field: value}), now=NOW)
        assert refused.value.facts["fields"][field] == why
    with pytest.raises(Invalid) as refused:
        services.apply_for_membership(actor=club.account(), draft=club.draft(birth_date=date(2015, 1, 1)), now=NOW)
    assert refused.value.facts["fields"] == {"category": "out_of_range"}
    assert not Member.objects.exists()


def test_a_house_that_is_not_open_takes_nobody_new(club: Club) -> None:
    member_id = club.register(home_house_id=club.branch.pk).member_id
    club.branch.state = "suspended"
    club.branch.save()
    with pytest.raises(Invalid) as refused:
        club.register(home_house_id=club.branch.pk)
    assert refused.value.facts["fields"] == {"home_house": "not_in_list"}
    assert services.change_member(
        actor=SYSTEM, member_id=member_id, draft=club.draft(home_house_id=club.branch.pk), now=NOW
    )


def test_who_may_be_a_member_already_is_asked_about_once(club: Club) -> None:
    first = club.register(given_name="زهرا", family_name="کریمی", national_id="001-234567-8").member_id
    same_number = club.draft(given_name="Zahra", family_name="Karimi", national_id="۰۰۱۲۳۴۵۶۷۸")
    same_name = club.draft(given_name="زهرا", family_name="كريمي")  # the Arabic letters of an old keyboard
    for draft in (same_number, same_name):
        with pytest.raises(PossibleDuplicate) as refused:
            services.register_member(actor=club.desk, draft=draft, now=NOW)
        assert refused.value.facts["members"] == [first]
    second = services.register_member(actor=club.desk, draft=same_number, now=NOW, sure=True).member_id
    found = queries.duplicates_of(actor=club.desk, member_id=second)
    assert [(one.line.id, one.why) for one in found] == [(first, "national_id")]
    other_day = club.draft(given_name="زهرا", family_name="کریمی", birth_date=date(1991, 5, 5))
    services.register_member(actor=club.desk, draft=other_day, now=NOW)


def test_a_child_needs_somebody_who_answers_for_it(club: Club) -> None:
    child = {"category": "child", "birth_date": date(2016, 4, 4)}
    with pytest.raises(GuardianMissing):
        club.register(**child)
    parent, parent_id = club.joined()
    with pytest.raises(GuardianMissing):
        services.apply_for_membership(actor=club.account(), draft=club.draft(**child), now=NOW, as_guardian=True)
    child_id = services.apply_for_membership(actor=parent, draft=club.draft(**child), now=NOW, as_guardian=True)
    services.approve_application(actor=club.desk, member_id=child_id, now=NOW)
    assert [(one.member_id, one.kind) for one in row(child_id).guardians] == [(parent_id, GuardianshipKind.PARENT)]
    assert [one.member_id for one in row(parent_id).wards] == [child_id]
    assert row(child_id, parent).id == child_id
    with pytest.raises(NotFound):
        row(child_id, club.account())
    class_id = services.register_member(
        actor=club.desk, draft=club.draft(category="class", birth_date=None), guardian_id=parent_id,
        kind=GuardianshipKind.CLASS, now=NOW,
    ).member_id  # fmt: skip
    assert queries.standing(now=NOW, member_id=class_id).lacks_guardian is False  # type: ignore[union-attr]


def test_a_card_is_replaced_and_the_old_one_opens_nothing(club: Club) -> None:
    member_id, first = club.register()
    with pytest.raises(CardHeldAlready):
        services.issue_card(actor=club.desk, member_id=member_id, house_id=club.central.pk, now=NOW)
    with pytest.raises(NotAllowed):
        services.replace_card(actor=club.desk, member_id=member_id, house_id=club.far.pk, now=NOW)
    second = services.replace_card(
        actor=club.far_desk, member_id=member_id, house_id=club.far.pk, now=NOW, barcode="stadt-0815", lost=True
    )
    assert second == "STADT-0815"
    assert queries.standing(now=NOW, card=first) is None
    assert queries.standing(now=NOW, card=second) is not None
    assert [(card.barcode, card.state) for card in row(member_id).cards] == [
        (second, CardState.ACTIVE), (first, CardState.LOST),
    ]  # fmt: skip
    services.close_card(actor=club.desk, member_id=member_id, house_id=club.central.pk, now=NOW)
    with pytest.raises(NoCardInUse):
        services.replace_card(actor=club.desk, member_id=member_id, house_id=club.central.pk, now=NOW)
    other = club.register().member_id
    for taken in (first, second):
        with pytest.raises(CardTaken):
            services.replace_card(actor=club.desk, member_id=other, house_id=club.central.pk, now=NOW, barcode=taken)
    assert row(other).card


def test_our_barcodes_find_every_wrong_digit_and_foreign_ones_are_taken_as_they_are(club: Club) -> None:
    code = card_rules.barcode(1234567)
    assert code == "M0012345674"
    assert not card_rules.is_misread(code)
    for place in range(1, len(code)):
        for digit in "0123456789":
            changed = code[:place] + digit + code[place + 1 :]
            assert card_rules.is_misread(changed) == (changed != code)
    member_id = club.register().member_id
    for wrong in ("M0012345675", "a b\x00c", "<script>", "x" * 60):
        with pytest.raises(Invalid):
            services.replace_card(
                actor=club.desk, member_id=member_id, house_id=club.central.pk, now=NOW, barcode=wrong
            )
    assert row(member_id).card


def test_a_renewal_counts_from_the_old_end_and_never_loses_days(club: Club) -> None:
    member_id = club.register().member_id
    services.renew_membership(actor=club.far_desk, member_id=member_id, house_id=club.far.pk, now=NOW)
    assert row(member_id).expires_on == date(2028, 3, 2)
    late = NOW + timedelta(days=3 * 365)
    services.renew_membership(actor=club.desk, member_id=member_id, house_id=club.central.pk, now=late)
    assert row(member_id).expires_on == date(2030, 3, 1)
    with pytest.raises(NotAllowed):
        services.renew_membership(actor=club.desk, member_id=member_id, house_id=club.far.pk, now=NOW)


@pytest.mark.parametrize(
    ("day", "months", "wanted"),
    [
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 3, 20), 240, date(2046, 3, 20)),
    ],
)
def test_months_later(day: date, months: int, wanted: date) -> None:
    assert rules.months_later(day, months) == wanted


def test_somebody_changes_how_they_are_reached_and_nothing_else(club: Club) -> None:
    reader, member_id = club.joined()
    before = row(member_id)
    draft = club.draft(family_name="Sultan", phone="0912 000 1111", address="Qom")
    assert services.change_member(actor=reader, member_id=member_id, draft=draft, now=NOW)
    after = row(member_id)
    assert (after.family_name, after.phone, after.address) == (before.family_name, "09120001111", "Qom")
    assert not services.change_member(actor=reader, member_id=member_id, draft=draft, now=NOW)
    with pytest.raises(NotAllowed):
        services.change_member(actor=club.account(), member_id=member_id, draft=draft, now=NOW)
    with pytest.raises(NotAllowed):
        services.change_member(actor=club.far_desk, member_id=member_id, draft=draft, now=NOW)
    moved = club.draft(home_house_id=club.far.pk)
    assert services.change_member(actor=club.far_desk, member_id=member_id, draft=moved, now=NOW)
    assert row(member_id).home_house.id == club.far.pk


def test_a_pin_is_not_to_be_guessed(club: Club) -> None:
    reader, member_id = club.joined()
    for weak in ("", "123", "1234", "4321", "7777", "123456789", "12a4"):
        with pytest.raises(Invalid):
            services.set_pin(actor=reader, member_id=member_id, pin=weak, now=NOW)
    assert not services.check_pin(member_id=member_id, pin="")
    services.set_pin(actor=reader, member_id=member_id, pin="۲۵۸۰", now=NOW)
    assert services.check_pin(member_id=member_id, pin="2580")
    assert "2580" not in Member.objects.get(pk=member_id).pin
    for _ in range(5):
        assert not services.check_pin(member_id=member_id, pin="0852")
    with pytest.raises(PinLocked):
        services.check_pin(member_id=member_id, pin="2580")
    with pytest.raises(NotAllowed):
        services.set_pin(actor=club.desk, member_id=member_id, pin="9071", now=NOW)
    services.set_pin(actor=club.desk, member_id=member_id, pin="9071", house_id=club.central.pk, now=NOW)


def test_nobody_comes_to_answer_for_themself_however_long_the_chain(club: Club) -> None:
    ids = [club.register().member_id for _ in range(4)]
    for guardian, ward in pairwise(ids):
        services.add_guardian(
            actor=club.desk, guardian_id=guardian, ward_id=ward, kind=GuardianshipKind.PARENT, now=NOW
        )
    for guardian, ward in ((ids[3], ids[0]), (ids[2], ids[0]), (ids[1], ids[1])):
        with pytest.raises(GuardianshipCycle):
            services.add_guardian(
                actor=club.desk, guardian_id=guardian, ward_id=ward, kind=GuardianshipKind.PROXY, now=NOW
            )
    with pytest.raises(GuardianshipHeldAlready):
        services.add_guardian(actor=club.desk, guardian_id=ids[0], ward_id=ids[1], kind=GuardianshipKind.CLASS, now=NOW)
    with pytest.raises(NotAllowed):
        services.add_guardian(
            actor=club.far_desk, guardian_id=ids[0], ward_id=ids[3], kind=GuardianshipKind.PARENT, now=NOW
        )


def test_a_proxy_is_asked_by_card_says_yes_and_either_side_ends_it(club: Club) -> None:
    reader, member_id = club.joined()
    friend, friend_id = club.joined()
    with pytest.raises(Invalid):
        services.name_proxy(actor=reader, member_id=member_id, barcode="M9999999999", now=NOW)
    asked: dict[str, Any] = {
        "actor": reader,
        "member_id": member_id,
        "barcode": row(friend_id).card.lower(),
        "now": NOW,
    }
    offer = services.name_proxy(**asked)
    assert services.name_proxy(**asked, rights=Rights(pay=False)) == offer
    # Until they have said yes nobody acts for anybody, and a card tells no name.
    assert not row(member_id).guardians
    since = NOW - timedelta(days=30)
    assert [(one.to_me, one.name) for one in queries.proxy_offers(member_id, since=since)] == [(False, "")]
    assert [(one.to_me, one.rights) for one in queries.proxy_offers(friend_id, since=since)] == [
        (True, Rights(pay=False))
    ]
    for nobody in (reader, club.account(), club.desk):
        with pytest.raises(NotAllowed):
            services.accept_proxy(actor=nobody, offer_id=offer, now=NOW)
    number = services.accept_proxy(actor=friend, offer_id=offer, now=NOW)
    with pytest.raises(NotFound):
        services.accept_proxy(actor=friend, offer_id=offer, now=NOW)
    with pytest.raises(GuardianshipHeldAlready):
        services.name_proxy(**asked)
    assert [(one.member_id, one.rights) for one in row(member_id).guardians] == [(friend_id, Rights(pay=False))]
    # A proxy fetches books; what is written about the member, and their history, stays the member's.
    with pytest.raises(NotFound):
        row(member_id, friend)
    with pytest.raises(NotAllowed):
        services.set_keep_history(actor=friend, member_id=member_id, keep=True, now=NOW)
    with pytest.raises(NotAllowed):
        services.end_guardianship(actor=club.account(), guardianship_id=number, now=NOW)
    services.end_guardianship(actor=friend, guardianship_id=number, now=NOW + timedelta(hours=1))
    with pytest.raises(NotFound):
        services.end_guardianship(actor=reader, guardianship_id=number, now=NOW + timedelta(hours=2))


def test_a_proxy_says_no_the_question_is_taken_back_or_grows_old(club: Club) -> None:
    reader, member_id = club.joined()
    friend, friend_id = club.joined()
    asked: dict[str, Any] = {"actor": reader, "member_id": member_id, "barcode": row(friend_id).card}
    for who in (friend, reader):
        offer = services.name_proxy(**asked, now=NOW)
        with pytest.raises(NotAllowed):
            services.drop_proxy_offer(actor=club.account(), offer_id=offer, now=NOW)
        services.drop_proxy_offer(actor=who, offer_id=offer, now=NOW)
        with pytest.raises(NotFound):
            services.accept_proxy(actor=friend, offer_id=offer, now=NOW)
    offer = services.name_proxy(**asked, now=NOW)
    with pytest.raises(NotFound):
        services.accept_proxy(actor=friend, offer_id=offer, now=NOW + timedelta(days=31))
    assert not row(member_id).guardians


def test_blocks_and_messages(club: Club) -> None:
    reader, member_id = club.joined()
    facts: dict[str, Any] = {"member_id": member_id, "house_id": club.far.pk, "now": NOW}
    block = services.set_block(actor=club.far_desk, reason=BlockReason.DAMAGE, note="A torn map", **facts)
    services.set_block(actor=club.far_desk, reason=BlockReason.CONDUCT, until=NOW + timedelta(days=1), **facts)
    found = queries.standing(now=NOW, member_id=member_id)
    assert found is not None
    assert found.blocks == ("damage", "conduct")
    later = queries.standing(now=NOW + timedelta(days=2), member_id=member_id)
    assert later is not None
    assert later.blocks == ("damage",)
    with pytest.raises(NotAllowed):
        services.lift_block(actor=reader, block_id=block, now=NOW)
    services.lift_block(actor=club.desk, block_id=block, now=NOW)  # the home house may, too
    with pytest.raises(NotFound):
        services.lift_block(actor=club.desk, block_id=block, now=NOW)

    theirs = services.leave_message(actor=club.far_desk, text="Your glasses are here", **facts)
    ours = services.leave_message(actor=club.far_desk, text="Speaks softly", for_staff=True, **facts)
    assert [one.text for one in row(member_id, reader).messages] == ["Your glasses are here"]
    assert len(row(member_id, club.desk).messages) == 2
    with pytest.raises(NotAllowed):
        services.read_message(actor=reader, message_id=ours, now=NOW)
    services.read_message(actor=reader, message_id=theirs, now=NOW)
    assert row(member_id, reader).messages == ()


def test_two_memberships_become_one_and_followers_hear_of_it(club: Club) -> None:
    reader, gone = club.joined()
    kept, kept_card = club.register(phone="", given_name="")
    gone_card = row(gone).card
    ward = club.register().member_id
    services.add_guardian(actor=club.desk, guardian_id=gone, ward_id=ward, kind=GuardianshipKind.PROXY, now=NOW)
    services.add_guardian(actor=club.desk, guardian_id=kept, ward_id=ward, kind=GuardianshipKind.PROXY, now=NOW)
    services.add_guardian(actor=club.desk, guardian_id=gone, ward_id=kept, kind=GuardianshipKind.PROXY, now=NOW)
    services.set_block(actor=club.desk, member_id=gone, house_id=club.central.pk, reason=BlockReason.OTHER, now=NOW)
    phone = row(gone).phone
    heard: list[tuple[str, dict[str, Any]]] = []

    def follower(kind: str, house_id: int | None, facts: dict[str, Any]) -> None:
        heard.append((kind, facts))

    journal.follow("people.member.merged", follower)
    try:
        with pytest.raises(NotAllowed):
            services.merge_members(actor=club.desk, kept_id=kept, gone_id=gone, now=NOW)
        services.merge_members(actor=club.lead, kept_id=kept, gone_id=gone, now=NOW)
    finally:
        journal._followers.remove(("people.member.merged", follower))
    assert heard == [("people.member.merged", {"kept": kept, "gone": gone})]
    one = queries.membership_of(reader.account_id or 0, now=NOW)
    assert one is not None
    assert (one.id, one.phone, one.card) == (kept, phone, kept_card)
    assert {card.barcode for card in one.cards} == {kept_card, gone_card}
    assert len(one.blocks) == 1
    assert [ward_row.member_id for ward_row in one.wards] == [ward]
    assert one.guardians == ()
    assert row(gone).merged_into == kept
    assert row(gone).state is MemberState.CLOSED
    for kept_id, gone_id in ((kept, gone), (gone, kept), (kept, kept), (kept, 10**9)):
        with pytest.raises(CannotMerge):
            services.merge_members(actor=SYSTEM, kept_id=kept_id, gone_id=gone_id, now=NOW)
    with pytest.raises(NotAllowed):
        services.reopen_membership(actor=SYSTEM, member_id=gone, now=NOW)


def test_leaving_and_coming_back(club: Club) -> None:
    reader, member_id = club.joined()
    services.close_membership(actor=reader, member_id=member_id, now=NOW)
    assert row(member_id).card == ""
    with pytest.raises(WrongMemberState):
        services.issue_card(actor=club.desk, member_id=member_id, house_id=club.central.pk, now=NOW)
    back = services.reopen_membership(actor=club.desk, member_id=member_id, now=NOW + timedelta(days=400))
    assert row(member_id).expires_on == date(2028, 4, 6)
    assert queries.standing(now=NOW, card=back.barcode) is not None


ACTS: dict[str, Callable[[Actor, Club, int], Any]] = {
    "register": lambda who, club, _m: services.register_member(actor=who, draft=club.draft(), now=NOW),
    "issue": lambda who, club, m: services.issue_card(actor=who, member_id=m, house_id=club.central.pk, now=NOW),
    "replace": lambda who, club, m: services.replace_card(actor=who, member_id=m, house_id=club.central.pk, now=NOW),
    "close card": lambda who, club, m: services.close_card(actor=who, member_id=m, now=NOW),
    "renew": lambda who, club, m: services.renew_membership(actor=who, member_id=m, house_id=club.central.pk, now=NOW),
    "change": lambda who, club, m: services.change_member(actor=who, member_id=m, draft=club.draft(), now=NOW),
    "close": lambda who, _club, m: services.close_membership(actor=who, member_id=m, now=NOW),
    "block": lambda who, club, m: services.set_block(
        actor=who, member_id=m, house_id=club.central.pk, reason=BlockReason.OTHER, now=NOW
    ),
    "message": lambda who, club, m: services.leave_message(
        actor=who, member_id=m, house_id=club.central.pk, text="x", now=NOW
    ),
    "pin": lambda who, club, m: services.set_pin(actor=who, member_id=m, pin="2580", house_id=club.central.pk, now=NOW),
    "history": lambda who, _club, m: services.set_keep_history(actor=who, member_id=m, keep=True, now=NOW),
    "export": lambda who, _club, m: services.export_member_data(actor=who, member_id=m, now=NOW),
    "erase": lambda who, _club, m: services.erase_member(actor=who, member_id=m, now=NOW),
    "owed": lambda who, _club, m: services.owed(actor=who, member_id=m, now=NOW),
    "category": lambda who, _club, _m: services.ensure_category(actor=who, category=queries.categories()[0]),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", ["visitor", "stranger", "far"])
def test_whoever_has_no_desk_there_changes_nothing(club: Club, act: str, who: str) -> None:
    member_id = club.register().member_id
    actor = {"visitor": VISITOR, "stranger": club.account(), "far": club.far_desk}[who]
    tables = (Member, Card, Guardianship, MemberBlock, MemberMessage, Entry)
    before = [list(table.objects.order_by("pk").values()) for table in tables]
    with pytest.raises((NotAllowed, NotFound)):
        ACTS[act](actor, club, member_id)
    assert [list(table.objects.order_by("pk").values()) for table in tables] == before
