"""Works follow their records: joined by what records share, apart when they share nothing any more, back where they were."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from khaneh.domains.catalogue import queries, services
from khaneh.domains.catalogue.models import Contribution, Copy, MergeDecision, Record
from khaneh.domains.catalogue.queries import documents, titles
from khaneh.domains.discovery.models import Pending
from khaneh.formats.marc.types import Field
from khaneh.formats.marc.types import Record as Marc
from khaneh.kernel.actor import SYSTEM
from tests.domains.catalogue import books, snapshot
from tests.domains.catalogue.test_merging import merge, undo

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def edition(number: int, work: str, *, isbn: str = "") -> Marc:
    """An edition of a work, by the uniform title alone: nothing else of it is like any other's."""
    record = books.record(
        str(number),
        title=f"{_TITLES[number % len(_TITLES)]} {number}",
        author=f"Người viết {number}",
        year=str(1900 + 3 * number),
        publisher=f"Nhà xuất bản {number}",
        pages=str(50 + 13 * number),
        isbn=isbn,
    )
    uniform = Field("130", "0", " ", (("a", work),))
    return Marc(record.leader, tuple(uniform if field.tag == "100" else field for field in record.fields))


_TITLES = ["Biển và sông", "Núi cao", "Rừng già", "Trăng non", "Sao mai", "Gió mùa", "Mưa rào", "Lửa thiêng"]
ONE, OTHER = "Nghìn lẻ một đêm ở xứ Ba Tư", "Những cuộc phiêu lưu của chàng Sinbad"


def pour(folder: Path, *records: Marc, source: str = "works") -> None:
    services.import_file(actor=SYSTEM, path=books.write(folder / "a.mrc", *records), source=source)


def together() -> set[frozenset[str]]:
    """Which records stand in one work: by the numbers of their contributions, those alone left out."""
    found: dict[int, set[str]] = {}
    for work, identity in Contribution.objects.filter(record__work__isnull=False).values_list(
        "record__work_id", "identity"
    ):
        found.setdefault(work, set()).add(identity.rpartition("|")[2])
    return {frozenset(numbers) for numbers in found.values()}


def numbers() -> dict[str, int]:
    return {
        identity.rpartition("|")[2]: record
        for identity, record in Contribution.objects.values_list("identity", "record_id")
    }


def test_undoing_an_automatic_match_makes_two_editions_of_one_work(tmp_path: Path) -> None:
    pour(tmp_path, books.record("1", **books.KHAYYAM), books.record("2", **books.KHAYYAM), edition(3, ONE))
    decision = MergeDecision.objects.get()
    assert decision.is_automatic
    assert together() == set()
    undo(decision.pk)
    assert together() == {frozenset("12")}
    assert len(set(numbers().values())) == 3


def test_undoing_a_merge_gives_both_works_back_with_their_addresses(tmp_path: Path) -> None:
    pour(tmp_path, edition(1, ONE), edition(2, ONE), edition(3, OTHER), edition(4, OTHER))
    assert together() == {frozenset("12"), frozenset("34")}
    before = snapshot.tables()
    there = numbers()
    decision = merge(there["3"], there["1"])
    assert together() == {frozenset("1234")}
    Pending.objects.all().delete()
    undo(decision)
    assert snapshot.tables() == before
    told = set(Pending.objects.values_list("kind", "key"))
    assert {("record", there[number]) for number in "134"} <= told
    assert {("work", work) for work in Record.objects.values_list("work_id", flat=True)} <= told


@pytest.mark.parametrize("seed", range(6))
def test_merges_undone_in_any_order_group_as_before(tmp_path: Path, seed: int) -> None:
    works = [ONE, ONE, OTHER, OTHER, OTHER, "Một chuyện chẳng liên quan gì cả"]
    pour(tmp_path, *(edition(n, work) for n, work in enumerate(works)))
    before = together()
    draw = random.Random(seed)
    standing = list(numbers().values())
    made = []
    for _ in range(4):
        one, other = draw.sample(standing, 2)
        made.append(merge(one, other))
        standing.remove(one)
    draw.shuffle(made)
    for decision in made:
        undo(decision)
    assert together() == before


def test_a_corrected_record_leaves_its_work_and_joins_another(tmp_path: Path) -> None:
    pour(tmp_path, edition(1, ONE), edition(2, ONE), edition(3, ONE), edition(4, OTHER))
    assert together() == {frozenset("123")}
    pour(tmp_path, edition(3, OTHER))
    assert together() == {frozenset("12"), frozenset("34")}
    pour(tmp_path, edition(1, "Một chuyện chẳng liên quan gì cả"))
    assert together() == {frozenset("34")}, "a work of one record is none"


def test_regrouping_takes_apart_and_brings_together(tmp_path: Path) -> None:
    pour(tmp_path, edition(1, ONE), edition(2, ONE), edition(3, OTHER), edition(4, OTHER))
    right = together()
    there = numbers()
    first = Record.objects.get(pk=there["1"]).work_id
    Record.objects.exclude(pk=there["2"]).update(work_id=first)
    Record.objects.filter(pk=there["2"]).update(work_id=None)
    assert together() != right
    assert services.regroup_works() > 0
    assert together() == right
    assert services.regroup_works() >= 0
    assert together() == right


def test_what_a_person_put_into_a_work_stays_and_what_it_left_is_looked_at(tmp_path: Path) -> None:
    pour(tmp_path, edition(1, ONE), edition(2, ONE), edition(3, OTHER), edition(4, OTHER))
    there = numbers()
    work = Record.objects.get(pk=there["1"]).work_id
    services.move_to_work(actor=SYSTEM, record_ids=[there["3"]], work_id=work, reason="a translation", now=NOW)
    assert together() == {frozenset("123")}, "4 is alone"
    services.regroup_works()
    assert together() == {frozenset("123")}


def test_a_work_is_called_as_most_of_its_editions_are_and_says_where_one_can_have_it(
    tmp_path: Path, django_assert_num_queries: Any
) -> None:
    forms = [
        ("Kim-Vân-Kiều", "Du", "1911"),
        ("Truyện Kiều", "Nguyễn, Du", "1958"),
        ("Truyện Kiều", "Nguyễn, Du", "1998"),
        ("داستان کیو", "نگوین، دو", "2001"),
    ]
    pour(
        tmp_path,
        *(
            books.record(str(n), title=title, author=author, year=year, pages=str(90 + 40 * n), publisher=f"NXB {n}")
            for n, (title, author, year) in enumerate(forms)
        ),
    )
    records = [number for _, number in sorted(numbers().items())]
    assert len(set(records)) == 4
    Record.objects.filter(pk__in=records).update(work=None)
    work = services.move_to_work(actor=SYSTEM, record_ids=records, work_id=None, reason="one poem", now=NOW)

    (document,) = documents.work_documents([work])
    assert (document.title, document.creators, document.year) == ("Truyện Kiều", ("Nguyễn, Du",), 1911)
    assert "Kim-Vân-Kiều" in document.titles
    page = queries.work_page(work, limit=1, offset=3)
    assert (page.title, page.total, len(page.editions)) == ("Truyện Kiều", 4, 1)
    assert page.called("vi").title == "Truyện Kiều"
    assert page.called("fa") == ("داستان کیو", "", ("نگوین، دو",))
    assert queries.work_page(work).title == page.title, "every page of a work's editions has its name"
    assert titles.things(work_ids=[work])["work", work].title == "Truyện Kiều"
    assert titles.work_titles([work]) == {work: "Truyện Kiều"}

    with django_assert_num_queries(0):
        assert queries.work_shelves([]) == {}
    assert queries.work_shelves([work]) == {}
    Copy.objects.create(record_id=records[0], barcode="K1", state="at_repair")
    Copy.objects.create(record_id=records[2], barcode="K2")
    Copy.objects.create(record_id=records[2], barcode="K3", state="withdrawn")
    assert queries.work_shelves([work, work + 1]) == {work: (2, 1, ())}
    (document,) = documents.work_documents([work])
    assert document.facets["available"] == ("yes",)
    assert documents.works_around([records[2], records[1]]) == [("work", work)]
    Copy.objects.filter(barcode="K2").update(state="at_repair")
    (document,) = documents.work_documents([work])
    assert "available" not in document.facets
