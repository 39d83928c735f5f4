"""Where copies stand in a record, and what a profile may say."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khaneh.domains.catalogue import errors, queries, services
from khaneh.domains.catalogue.models import Record as UnionRecord
from khaneh.domains.catalogue.rules.intake.profile import BUILTIN, CopyFacts, RuleError, compiled, copies, price
from khaneh.formats.marc.types import Field, Record
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import NotAllowed

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


def record(*fields: tuple[str, str]) -> Record:
    """Fields written as "tag" and "$aText$bText"."""
    made = tuple(
        Field(tag, subfields=tuple((part[0], part[1:]) for part in text.split("$")[1:])) for tag, text in fields
    )
    return Record("00000nam a2200000 a 4500", made)


@pytest.mark.parametrize(
    ("name", "fields", "expected"),
    [
        (
            "952",
            [("952", "$aMAIN$bBRANCH$cGEN$o891 K$p001$g12.50")],
            [CopyFacts("001", "BRANCH", "GEN", "891 K", "12.50")],
        ),
        ("995", [("995", "$bLIB$ePrêt$fX1$kR DUM")], [CopyFacts("X1", "LIB", "Prêt", "R DUM", "")]),
        ("949", [("949", "$a823 D$i77$lSTACKS$mHQ$p$9.00")], [CopyFacts("77", "HQ", "STACKS", "823 D", "")]),
        (
            "852-876",
            [("852", "$81$bHQ$cSTACKS$hPK6480$iA2"), ("876", "$81.1$pB1$c100"), ("876", "$81.2$pB2$lROOM")],
            [CopyFacts("B1", "HQ", "STACKS", "PK6480 A2", "100"), CopyFacts("B2", "HQ", "ROOM", "PK6480 A2", "")],
        ),
        ("852-876", [("852", "$bHQ$pB9")], [CopyFacts("B9", "HQ", "", "", "")]),
        ("auto", [("852", "$bHQ$hno barcode"), ("949", "$i5")], [CopyFacts("5", "", "", "", "")]),
        ("auto", [("852", "$bHQ$hno barcode")], []),
    ],
)
def test_ready_made_profiles_find_copies(name: str, fields: list[tuple[str, str]], expected: list[CopyFacts]) -> None:
    assert list(copies(record(*fields), compiled(BUILTIN[name][1]))) == expected


@pytest.mark.parametrize(
    ("text", "currency", "expected"),
    [
        ("45.000đ", "", Money(45000, "VND")),
        ("45000.00", "VND", Money(45000, "VND")),
        ("120,000 ریال", "", Money(120000, "IRR")),
        ("۵۰۰۰ تومان", "", Money(50000, "IRR")),
        ("$12.50", "VND", Money(1250, "USD")),
        ("1.234,56", "EUR", Money(123456, "EUR")),
        ("12.50", "", None),
        ("45.5", "VND", None),
        ("gift", "USD", None),
    ],
)
def test_prices_as_catalogues_write_them(text: str, currency: str, expected: Money | None) -> None:
    assert price(text, currency) == expected


@given(st.text(max_size=40), st.sampled_from(["", "VND", "USD", "IRR", "XTS"]))
def test_no_text_breaks_a_price(text: str, currency: str) -> None:
    found = price(text, currency)
    assert found is None or found.amount >= 0


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["fields", "houses", "currency", "tag", "barcode", "items", "link", "x"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(_JSON)
def test_whatever_a_browser_sends_is_a_profile_or_is_refused(rules: Any) -> None:
    try:
        profile = compiled(rules)
    except RuleError:
        return
    # What is accepted can be applied.
    found = copies(record(("952", "$pX$bY")), profile)
    assert all(isinstance(one, CopyFacts) for one in found)
    assert len(found) <= 1


@pytest.mark.django_db
def test_a_librarian_makes_a_profile_and_changes_it() -> None:
    label = Label(en="Ours", fa="خودمان", vi="Của ta")
    rules = {"fields": [{"tag": "945", "barcode": "i", "house": "l"}], "currency": "IRR"}
    services.save_profile(actor=SYSTEM, name="ours", label=label, rules=rules, now=NOW)
    rules["currency"] = "VND"
    services.save_profile(actor=SYSTEM, name="ours", label=label, rules=rules, now=NOW)
    assert queries.profile("ours").rules["currency"] == "VND"
    assert [row.name for row in queries.profiles()][-1] == "ours"
    for refusal, name, wrong, actor in (
        (errors.ProfileInUse, "952", rules, SYSTEM),
        (errors.ProfileInvalid, "Not A Name", rules, SYSTEM),
        (errors.ProfileInvalid, "bad", {"fields": [{"tag": "9x"}]}, SYSTEM),
        (NotAllowed, "mine", rules, Actor()),
    ):
        with pytest.raises(refusal):
            services.save_profile(actor=actor, name=name, label=label, rules=wrong, now=NOW)
    assert len(queries.profiles()) == len(BUILTIN) + 1


@pytest.mark.django_db
def test_a_profile_says_what_the_columns_of_a_table_mean(tmp_path: Path) -> None:
    table = 'Nhãn,Ai viết,ISBN,Chỗ để,Tên sách\nThơ,Nguyễn Du,,Kho A,"Truyện Kiều"\nVăn,Nam Cao,,Kho B,Chí Phèo\n'
    (tmp_path / "books.csv").write_text(table, encoding="utf-8")
    columns = [["nhãn", "note"], ["Ai viết", "author"], ["Chỗ để", "location"], ["ISBN", ""]]
    rules = {"fields": [{"tag": "952", "location": "c"}], "columns": columns}
    services.save_profile(actor=SYSTEM, name="tables", label=Label("T", "T", "T"), rules=rules, now=NOW)
    assert queries.profile("tables").rules["columns"] == columns
    report = services.import_file(actor=SYSTEM, path=tmp_path / "books.csv", profile="tables")
    assert (report.new, report.quarantined, report.copies) == (2, 0, 2)
    page = queries.record_page(UnionRecord.objects.order_by("pk")[0].pk)
    # The title is known by its own name; the others as the profile says.
    assert page.description.title.value == "Truyện Kiều"
    assert [agent.name for agent in page.description.agents] == ["Nguyễn Du"]
    assert page.copies[0].location == "Kho A"
    assert page.description.notes == ("Thơ",)


@pytest.mark.parametrize(
    ("columns", "where"),
    [
        ({"a": "title"}, "columns"),
        ([["a"]], "columns.0"),
        ([["a", "title"], ["b", "no such meaning"]], "columns.1.target"),
        ([["a", "title"], ["A ", "isbn"]], "columns.1.name"),
        ([[" ", "title"]], "columns.0.name"),
        ([["a", "title"]] * 300, "columns"),
    ],
)
@pytest.mark.django_db
def test_columns_that_say_nothing_sensible_are_refused_with_their_place(columns: object, where: str) -> None:
    with pytest.raises(errors.ProfileInvalid) as caught:
        services.save_profile(
            actor=SYSTEM, name="tables", label=Label("T", "T", "T"), rules={"columns": columns}, now=NOW
        )
    assert caught.value.facts["where"] == where
