"""What the union record shows, and that it never depends on the order in which contributions came."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khaneh.domains.catalogue.rules.chosen import RULES, Chosen, Offer, choose
from khaneh.formats.marc.types import Field, Record
from tests.domains.catalogue.rules.records import book, data

FULL = Offer(
    1, "A", 10.0, "marc21",
    book(
        "Practical stage directing", "Taylor, Emerson", publisher="Dutton", date="1916", extent="194 p.", isbn="9780132805575",
        more=(data("520", a="Long summary of the book."), data("650", " 0", a="Theater"), data("852", a="Main"), data("035", a="(OCoLC)1")),
    ),
)  # fmt: skip
BRIEF = Offer(
    2, "B", 20.0, "marc21",
    book(
        "Stage directing", "Gifford, E.", isbn="013280557X",
        more=(data("520", a="Short."), data("650", " 4", a="THEATER."), data("650", " 0", a="Acting"), data("856", "40", u="https://example.org"), data("035", a="(X)2")),
    ),
)  # fmt: skip


def of(chosen: Chosen, tag: str) -> list[tuple[str, int]]:
    return [
        (field.first("a") or field.first("u"), origin)
        for field, origin in zip(chosen.record.fields, chosen.origins, strict=True)
        if field.tag == tag
    ]


def test_the_table_decides_each_block() -> None:
    chosen = choose([BRIEF, FULL])
    assert chosen.best == 1
    assert of(chosen, "245") == [("Practical stage directing", 1)]
    assert of(chosen, "520") == [("Long summary of the book.", 1)]
    assert of(chosen, "650") == [("Theater", 1), ("Acting", 2)]
    assert of(chosen, "020") == [("9780132805575", 1)]
    assert of(chosen, "035") == [("(OCoLC)1", 1), ("(X)2", 2)]
    assert of(chosen, "856") == [("https://example.org", 2)]
    assert of(chosen, "700") == [("Gifford, E.", 2)]
    assert of(chosen, "852") == []


def test_doubts_about_the_encoding_weigh_more_than_fullness() -> None:
    doubted = Offer(1, "A", 10.0, "marc21", FULL.record, doubted=True)
    assert choose([doubted, BRIEF]).best == 2


def test_a_linked_880_travels_with_its_field_under_a_new_number() -> None:
    twin = Offer(
        3, "C", 5.0, "marc21",
        Record(
            "00000nam a2200000 i 4500",
            (
                data("100", "1 ", _6="880-07", a="Ḥusayn, Ṭāhā"), data("245", "10", _6="880-09", a="al-Ayyām"), data("650", " 0", a="Egypt"),
                data("880", "1 ", _6="100-07/(3/r", a="حسين، طه"), data("880", "10", _6="245-09/(3/r", a="الأيام"),
            ),
        ),
    )  # fmt: skip
    fields = choose([twin]).record.fields
    assert [field.first("6") for field in fields] == ["880-01", "880-02", "", "100-01/(3/r", "245-02/(3/r"]


def test_every_tag_has_a_rule_and_nothing_to_choose_from_is_an_error() -> None:
    for rules in RULES.values():
        assert rules[-1].tags.fullmatch("999")
        assert rules[-1].tags.fullmatch("FMT")
    with pytest.raises(ValueError, match="contribution"):
        choose([])


def test_another_dialect_adds_nothing() -> None:
    other = Offer(9, "U", 0.0, "unimarc", Record("00000nam0 2200000   450 ", (data("606", a="Théâtre"),)))
    assert choose([FULL, other]).record == choose([FULL]).record


texts = st.sampled_from(["Theater", "theater.", "Acting", "تئاتر", "کتاب", "كتاب", ""])
fields = st.builds(
    lambda tag, text, extra: Field(tag, " ", "0", (("a", text), ("b", extra))),
    st.sampled_from(["020", "100", "245", "300", "500", "520", "650", "700", "830", "856", "949"]), texts, texts,
)  # fmt: skip
records = st.builds(
    lambda level, found: Record(f"00000nam a2200000{level}i 4500", tuple(found)),
    st.sampled_from([" ", "7", "I"]),
    st.lists(fields, max_size=8),
)


@given(
    st.lists(st.tuples(records, st.booleans(), st.floats(0, 9)), min_size=1, max_size=4),
    st.randoms(use_true_random=False),
)
def test_the_order_of_arrival_changes_nothing(parts: list[tuple[Record, bool, float]], chance: object) -> None:
    offers = [Offer(i, "H", at, "marc21", record, doubted) for i, (record, doubted, at) in enumerate(parts)]
    shuffled = list(offers)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    chosen = choose(offers)
    assert choose(shuffled) == chosen
    assert len(chosen.origins) == len(chosen.record.fields)


@given(st.lists(records, min_size=1, max_size=3))
def test_choosing_from_what_was_chosen_gives_the_same(parts: list[Record]) -> None:
    chosen = choose([Offer(i, "H", 0.0, "marc21", record) for i, record in enumerate(parts)])
    assert choose([Offer(7, "H", 0.0, "marc21", chosen.record)]).record == chosen.record
