"""The desk's one field: whom it finds, whom it keeps from whom, and how many statements it costs."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khaneh.domains.people import queries, services
from khaneh.domains.people.models import Member
from khaneh.domains.people.types import BlockReason, GuardianshipKind
from khaneh.kernel.actor import SYSTEM, VISITOR
from khaneh.kernel.refusal import NotAllowed
from tests.domains.people.membership import NOW, Club, make_club

pytestmark = pytest.mark.django_db


@pytest.fixture
def club(db: None) -> Club:
    return make_club()


def found(club: Club, text: str, *, far: bool = False) -> list[tuple[int, str]]:
    actor = club.far_desk if far else club.desk
    return [(line.id, line.found_by) for line in queries.find_members(actor=actor, text=text)]


@pytest.mark.parametrize(
    ("given", "family", "asked"),
    [
        ("مریم", "كريمي", "کریمی"),
        ("علی‌رضا", "میرزایی", "عليرضا ميرزايي"),
        ("Thị Hồng Nhung", "Trần", "tran nhung"),
        ("Văn Đức", "Lê", "duc"),
        ("María José", "O’Neill", "maria oneill"),
        ("Mary", "Smith", "SMI"),
    ],
)
def test_a_name_is_found_however_it_is_typed(club: Club, given: str, family: str, asked: str) -> None:
    club.register(given_name="Somebody", family_name="Else")
    wanted = club.register(given_name=given, family_name=family).member_id
    assert found(club, asked) == [(wanted, "name")]


def test_a_name_finds_only_those_of_the_houses_that_one_serves(club: Club) -> None:
    here = club.register(given_name="Ziba", family_name="Parsa").member_id
    there = club.register(
        given_name="Ziba", family_name="Parsa", home_house_id=club.far.pk, birth_date=date(1980, 1, 1)
    )
    assert found(club, "ziba") == [(here, "name")]
    assert found(club, "ziba", far=True) == [(there.member_id, "name")]
    everywhere = queries.find_members(actor=SYSTEM, text="ziba")
    assert {line.id for line in everywhere} == {here, there.member_id}


def test_who_names_themself_is_found_anywhere(club: Club) -> None:
    member_id, barcode = club.register(phone="0912 777 8899", email="Ziba.P@Example.org")
    for asked, how in (
        (barcode, "card"), (f" {barcode.lower()} ", "card"), ("09127778899", "phone"), ("+98 912 777 88 99", "phone"),
        ("۰۹۱۲۷۷۷۸۸۹۹", "phone"), ("ziba.p@example.ORG", "email"),
    ):  # fmt: skip
        assert found(club, asked, far=True) == [(member_id, how)], asked
    assert found(club, "8899") == [(member_id, "phone")]
    assert found(club, "8899", far=True) == []


def test_an_old_card_says_so_and_an_erased_member_is_nowhere(club: Club) -> None:
    member_id, first = club.register()
    services.replace_card(actor=club.desk, member_id=member_id, house_id=club.central.pk, now=NOW)
    assert found(club, first) == [(member_id, "old_card")]
    name = Member.objects.get(pk=member_id).family_name
    services.erase_member(actor=club.lead, member_id=member_id, now=NOW)
    assert found(club, first) == found(club, name) == []


def test_what_is_no_question_finds_nobody(club: Club) -> None:
    club.register()
    for asked in ("", "  ", "%", "_", "a", "12", "' OR 1=1 --", "\\", "%%%%", "x" * 5000, "@", "\u200c"):
        assert found(club, asked) == [], asked
    with pytest.raises(NotAllowed):
        queries.find_members(actor=VISITOR, text="maryam")


def test_whole_words_come_first(club: Club) -> None:
    longer = club.register(given_name="Ali", family_name="Rezaei Nejad", birth_date=date(1970, 1, 1)).member_id
    whole = club.register(given_name="Zahra", family_name="Reza", birth_date=date(1971, 1, 1)).member_id
    assert [number for number, _ in found(club, "reza")] == [whole, longer]


def test_finding_costs_the_same_for_one_and_for_forty(club: Club) -> None:
    club.register(family_name="Golestan")
    queries.find_members(actor=club.desk, text="golestan")  # houses are read
    with CaptureQueriesContext(connection) as one:
        assert len(queries.find_members(actor=club.desk, text="golestan", limit=50)) == 1
    for number in range(39):
        club.register(family_name=f"Golestan {number}")
    with CaptureQueriesContext(connection) as forty:
        assert len(queries.find_members(actor=club.desk, text="golestan", limit=50)) == 40
    assert len(one) == len(forty) == 2


def test_a_members_page_costs_at_most_eight_statements(club: Club) -> None:
    _reader, member_id = club.joined()
    with CaptureQueriesContext(connection) as few:
        queries.member(actor=club.desk, member_id=member_id, now=NOW)
    for number in range(20):
        facts = {"member_id": member_id, "house_id": club.central.pk, "now": NOW}
        services.leave_message(actor=club.desk, text=f"message {number}", **facts)  # type: ignore[arg-type]
        services.set_block(actor=club.desk, reason=BlockReason.OTHER, **facts)  # type: ignore[arg-type]
        services.replace_card(actor=club.desk, **facts)  # type: ignore[arg-type]
        other = club.register().member_id
        services.add_guardian(
            actor=club.desk, guardian_id=member_id, ward_id=other, kind=GuardianshipKind.PROXY, now=NOW
        )
    with CaptureQueriesContext(connection) as many:
        row = queries.member(actor=club.desk, member_id=member_id, now=NOW)
    assert (len(row.messages), len(row.blocks), len(row.cards), len(row.wards)) == (20, 20, 21, 20)
    assert len(few) == len(many) <= 8


def test_the_index_of_trigrams_answers_a_name(club: Club) -> None:
    club.register(family_name="Sarvestani")
    with CaptureQueriesContext(connection) as asked:
        assert len(queries.find_members(actor=SYSTEM, text="sarvestani")) == 1
    statement = next(query["sql"] for query in asked if "search_key LIKE" in query["sql"])
    with connection.cursor() as cursor:
        # Three rows are read faster any other way.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        cursor.execute("EXPLAIN " + statement)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "people_member_search" in plan
