"""Readers' lists and the searches they keep: order, limits, sharing, news of arrivals, forgetting."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from khaneh.domains.discovery import services
from khaneh.domains.discovery.errors import TooMany
from khaneh.domains.discovery.models import ListItem, ReaderList, SavedSearch
from khaneh.domains.discovery.queries import lists
from khaneh.domains.discovery.services import watching
from khaneh.domains.notices.models import Notice
from khaneh.domains.people import services as people
from khaneh.domains.people.models import Member
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.refusal import Invalid, NotFound
from tests.domains.circulation.shelves import make_shelves

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture
def sara(db: None) -> Member:
    return make_shelves().member()


def numbers(member: Member, list_id: int) -> list[int]:
    return [item.number for item in lists.list_of(member.pk, list_id)[1]]


def filled(member: Member, *, size: int = 3) -> int:
    made = services.make_list(member_id=member.pk, name="  To  read ", now=NOW)
    for number in range(1, size + 1):
        assert services.add_to_list(member_id=member.pk, list_id=made, subject="record", number=number, now=NOW)
    return made


def test_a_list_is_filled_ordered_and_noted(sara: Member) -> None:
    made = filled(sara)
    assert not services.add_to_list(member_id=sara.pk, list_id=made, subject="record", number=2, now=NOW)
    row, items = lists.list_of(sara.pk, made)
    assert (row.name, row.size, numbers(sara, made)) == ("To read", 3, [1, 2, 3])
    services.move_item(member_id=sara.pk, list_id=made, item_id=items[2].id, up=True, now=NOW)
    services.move_item(member_id=sara.pk, list_id=made, item_id=items[0].id, up=True, now=NOW)
    assert numbers(sara, made) == [1, 3, 2]
    services.note_item(member_id=sara.pk, list_id=made, item_id=items[0].id, note=" for school ", now=NOW)
    services.remove_from_list(member_id=sara.pk, list_id=made, item_id=items[1].id, now=NOW)
    assert [(item.number, item.note) for item in lists.list_of(sara.pk, made)[1]] == [(1, "for school"), (3, "")]


def test_a_list_that_is_not_ones_own_is_not_there(sara: Member) -> None:
    made = filled(sara)
    other = {"member_id": sara.pk + 1, "list_id": made}
    for act in (
        lambda: lists.list_of(other["member_id"], made),
        lambda: services.delete_list(**other),
        lambda: services.share_list(**other, shared=True, now=NOW),
        lambda: services.add_to_list(**other, subject="record", number=9, now=NOW),
        lambda: services.change_list(**other, name="x", note="", now=NOW),
    ):
        with pytest.raises(NotFound):
            act()
    assert numbers(sara, made) == [1, 2, 3]


@pytest.mark.parametrize("name", ["", "   ", "x" * 121, "a\u202eb"])
def test_a_list_has_a_name_that_can_be_read(sara: Member, name: str) -> None:
    with pytest.raises(Invalid):
        services.make_list(member_id=sara.pk, name=name, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReaderList.objects.create(member=sara, name="", created_at=NOW, changed_at=NOW)


def test_lists_have_limits(sara: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    from khaneh.domains.discovery.services import lists as keeping

    monkeypatch.setattr(keeping, "MOST_LISTS", 1)
    monkeypatch.setattr(keeping, "MOST_ITEMS", 3)
    made = filled(sara)
    with pytest.raises(TooMany):
        services.make_list(member_id=sara.pk, name="Another", now=NOW)
    with pytest.raises(TooMany):
        services.add_to_list(member_id=sara.pk, list_id=made, subject="record", number=4, now=NOW)


def test_an_address_opens_a_shared_list_until_it_is_taken_away(sara: Member) -> None:
    made = filled(sara)
    key = services.share_list(member_id=sara.pk, list_id=made, shared=True, now=NOW)
    assert lists.shared_list(key)[0].id == made
    assert services.share_list(member_id=sara.pk, list_id=made, shared=True, now=NOW) == key
    services.share_list(member_id=sara.pk, list_id=made, shared=False, now=NOW)
    for gone in (key, ""):
        with pytest.raises(NotFound):
            lists.shared_list(gone)
    assert services.share_list(member_id=sara.pk, list_id=made, shared=True, now=NOW) != key


def test_news_of_a_kept_search_is_told_once_and_only_of_what_came_since(
    sara: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [7, 5]
    monkeypatch.setattr(watching, "_arrivals", lambda text, filters, looked_at: list(found))
    made = services.keep_search(
        member_id=sara.pk, name="Saadi", text="سعدی", filters={"language": ("per",)}, sort="added", tells=True, now=NOW
    )
    later = NOW + timedelta(days=1)
    assert services.look_again(now=later) == 0
    found[:0] = [12, 9]
    assert services.look_again(now=later) == 0, "asked again too soon"
    assert services.look_again(now=later + timedelta(days=1)) == 1
    assert Notice.objects.get().facts == {"search": made, "count": 2}
    assert services.look_again(now=later + timedelta(days=3)) == 0
    services.tell_of_search(member_id=sara.pk, search_id=made, tells=False, now=later)
    found[:0] = [20]
    assert services.look_again(now=later + timedelta(days=9)) == 0
    services.tell_of_search(member_id=sara.pk, search_id=made, tells=True, now=later)
    assert SavedSearch.objects.get().seen == 20


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"text": "", "filters": {}}, {"sort": "best"}, {"text": "x" * 301}, {"name": "x" * 121}]
)
def test_a_search_without_sense_is_not_kept(sara: Member, wrong: dict[str, object]) -> None:
    facts = {"name": "n", "text": "t", "filters": {}, "sort": "added", "tells": False, **wrong}
    with pytest.raises(Invalid):
        services.keep_search(member_id=sara.pk, now=NOW, **facts)  # type: ignore[arg-type]


def test_lists_and_searches_are_told_merged_and_forgotten_with_their_member(sara: Member) -> None:
    made = filled(sara)
    SavedSearch.objects.create(member=sara, name="Saadi", text="سعدی", looked_at=NOW, created_at=NOW)
    told = people.export_member_data(actor=SYSTEM, member_id=sara.pk, now=NOW)["discovery"]
    assert [thing["id"] for thing in told["lists"][0]["things"]] == [1, 2, 3]
    assert told["searches"][0]["text"] == "سعدی"
    other = Member.objects.create(
        home_house_id=sara.home_house_id, category_id=sara.category_id, state="active", family_name="Two",
        joined_on="2025-03-21", expires_on="2027-03-20",
    )  # fmt: skip
    people.merge_members(actor=SYSTEM, kept_id=other.pk, gone_id=sara.pk, now=NOW)
    assert numbers(other, made) == [1, 2, 3]
    people.erase_member(actor=SYSTEM, member_id=other.pk, now=NOW)
    assert not ReaderList.objects.exists()
    assert not ListItem.objects.exists()
    assert not SavedSearch.objects.exists()
