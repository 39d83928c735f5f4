"""What UNIMARC records say, as IRANMARC uses it."""

from __future__ import annotations

from khaneh.formats.marc.describe import describe
from khaneh.formats.marc.description import Link, Publication, Text
from khaneh.formats.marc.types import Field, Record


def data(tag: str, *subfields: tuple[str, str], indicators: str = "  ") -> Field:
    return Field(tag, indicators[0], indicators[1], subfields)


RECORD = Record(
    "00000nam0 2200000   450 ",
    (
        Field("001", value="IR-1"),
        data("010", ("a", "978-600-152-152-2"), ("d", "120000 ریال")),
        data("100", ("a", "20070101d1385    m  y0pery50      ba")),
        data("101", ("a", "per"), ("c", "eng"), indicators="1 "),
        data("102", ("a", "IR")),
        data(
            "200",
            ("a", "\x88The \x89بیگانه"),
            ("e", "رمان"),
            ("f", "آلبر کامو"),
            ("g", "ترجمه‌ی جلال آل‌احمد"),
            indicators="1 ",
        ),
        data("205", ("a", "ویراست ۲")),
        data("210", ("a", "تهران"), ("c", "نگاه"), ("d", "۱۳۸۵")),
        data("215", ("a", "۱۲۸ ص."), ("d", "۲۱ س‌م")),
        data("225", ("a", "ادبیات جهان"), ("v", "۳")),
        data(
            "454", ("1", "001123"), ("1", "2001 "), ("a", "L'étranger"), ("1", "700 1"), ("a", "Camus"), ("b", "Albert")
        ),
        data("606", ("a", "داستان‌های فرانسه"), ("x", "قرن ۲۰")),
        data("676", ("a", "843.914")),
        data("700", ("a", "کامو"), ("b", "آلبر"), ("f", "1913-1960"), ("4", "070"), indicators=" 1"),
        data("702", ("a", "آل احمد"), ("b", "جلال"), ("4", "730"), indicators=" 1"),
        data("801", ("a", "IR"), ("b", "NLAI")),
    ),
)


def test_iranmarc_record() -> None:
    own = describe(RECORD, "unimarc")
    assert own.title == Text("The بیگانه")
    assert own.subtitle == Text("رمان")
    assert own.isbns == ("9786001521522",)
    assert own.year == 2006
    assert (own.languages, own.original_languages, own.country) == (("per",), ("eng",), "ir")
    assert own.publications == (Publication("تهران", "نگاه", "۱۳۸۵"),)
    assert (own.pages, own.control_source) == (128, "NLAI")
    assert [(agent.name, agent.role, agent.dates) for agent in own.agents] == [
        ("کامو, آلبر", "creator", "1913-1960"),
        ("آل احمد, جلال", "trl", ""),
    ]
    assert own.subjects[0].heading == "داستان‌های فرانسه -- قرن ۲۰"
    assert own.classifications == ("ddc:843.914",)
    assert own.links == (Link("original", "Camus Albert. L'étranger", "123"),)
    assert own.name_titles[0].title.value == "L'étranger"


def test_a_repeated_title_in_another_script_is_one_title() -> None:
    fields = (data("200", ("a", "Bīgānah")), data("200", ("a", "بیگانه")))
    assert describe(Record("00000nam0 2200000   450 ", fields), "unimarc").title == Text("بیگانه", "Bīgānah")
