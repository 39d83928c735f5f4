"""What MARC21 records say: one test a rule of the reading."""

from __future__ import annotations

import pytest

from khaneh.formats.marc.describe import describe, years
from khaneh.formats.marc.description import Agent, Description, Link, Publication, Text
from khaneh.formats.marc.types import Field, Record

LEADER = "00000nam a2200000 i 4500"


def coded(
    kind: str = "s",
    first: str = "1999",
    second: str = "    ",
    country: str = "xx ",
    language: str = "eng",
    item: str = " ",
) -> Field:
    return Field("008", value=f"990101{kind}{first}{second}{country:<3}     {item}{'     000 0 ':<11}{language} d")


def data(tag: str, indicators: str = "  ", **subfields: str) -> Field:
    return Field(
        tag, indicators[0], indicators[1], tuple((code.strip("_"), value) for code, value in subfields.items())
    )


def said(*fields: Field, leader: str = LEADER) -> Description:
    return describe(Record(leader, fields), "marc21")


def test_isbd_punctuation_goes_from_the_ends_only() -> None:
    own = said(
        data("245", "10", a="Criccieth castle : a guide.", c="by B. H. St. J. O'Neil."),
        data("260", a="[London,", b="H. M. Stationery Off.]", c="1934."),
        data("300", a="8 p. ;", c="22 cm."),
    )
    assert own.title == Text("Criccieth castle")
    assert own.subtitle == Text("a guide")
    assert own.responsibility.value == "by B. H. St. J. O'Neil"
    assert own.publications == (Publication("London", "H. M. Stationery Off.", "1934"),)
    assert own.dimensions == "22 cm"


def test_a_linked_880_gives_the_original_script_first_and_the_romanised_beside_it() -> None:
    own = said(
        data("100", "1 ", _6="880-01", a="Jamālzādah, Muḥammad ʻAlī,", e="author."),
        data("245", "10", _6="880-02", a="Yakī būd, yakī nabūd /", c="Jamālzādah."),
        data("880", "1 ", _6="100-01/(3/r", a="جمالزاده، محمد علی،", e="author."),
        data("880", "10", _6="245-02/(3/r", a="یکی بود، یکی نبود /", c="جمالزاده."),
    )
    assert own.title == Text("یکی بود، یکی نبود", "Yakī būd, yakī nabūd")
    assert own.agents[0] == Agent("جمالزاده، محمد علی", "Jamālzādah, Muḥammad ʻAlī", "person", "aut")
    assert own.scripts == ("Arab", "Latn")


def test_an_880_linked_to_a_close_relative_of_its_tag_or_to_nothing_is_still_read() -> None:
    own = said(
        data("245", "00", _6="880-02", a="Rasāʼil"),
        data("880", "00", _6="245-02", a="رسائل"),
        data("880", "0 ", _6="650-00/(3/r", a="فلسفة"),
    )
    assert own.title.value == "رسائل"
    assert [subject.heading for subject in own.subjects] == ["فلسفة"]


@pytest.mark.parametrize(
    ("text", "isbn"),
    [
        ("0132805575", ()),
        ("013280557X (pbk.)", ("9780132805575",)),
        ("978-600-152-152-2", ("9786001521522",)),
        ("۹۷۸-۶۰۰-۱۵۲-۱۵۲-۲", ("9786001521522",)),
        ("32469", ()),
        ("0000000000", ()),
    ],
)
def test_only_valid_isbns_count_so_row_numbers_do_not(text: str, isbn: tuple[str, ...]) -> None:
    assert said(data("020", a=text)).isbns == isbn


def test_issn_is_checked_and_hyphenated() -> None:
    assert said(data("022", a="03178471"), data("022", a="0317-8472")).issns == ("0317-8471",)


def test_system_numbers_come_in_one_form() -> None:
    own = said(
        Field("001", value="ocm19087409 "), Field("003", value="OCoLC"), data("035", a="(OCoLC)ocm00597937"), data("035", a="aocn784254302"),
        data("019", a="123"), data("010", a="   74204040 "), data("035", a="no source"),
    )  # fmt: skip
    assert own.other_numbers == ("(OCoLC)597937", "(OCoLC)784254302", "(OCoLC)123", "(DLC)74204040")


@pytest.mark.parametrize(
    ("date", "country", "language", "first", "year"),
    [
        ("[1385 i.e. 2006]", "ir ", "per", "    ", 2006),
        ("۱۳۸۵", "ir ", "per", "    ", 2006),
        ("١٩٦٥", "ua ", "ara", "    ", 1965),
        ("1347 H. = 1928 M.", "ua ", "ara", "    ", 1928),
        ("1281 [1864 or 1865]", "ua ", "ara", "1864", 1864),
        ("1281 هـ", "ua ", "ara", "    ", 1864),
        ("1310 ق", "ir ", "per", "    ", 1892),
        ("1310", "ir ", "per", "    ", 1931),
        ("1385", "ir ", "per", "1385", 2006),
        ("۲۵۳۵", "ir ", "per", "    ", 1976),
        ("1404 H.", "ir ", "per", "1984", 1984),
        ("19--", "ir ", "per", "19uu", None),
        ("c1981, i.e. 1982", "mnu", "eng", "    ", 1982),
        ("2004", "xx ", "und", "9999", 2004),
        ("", "xx ", "eng", "1897", 1897),
    ],
)
def test_years_are_gregorian_whatever_calendar_they_were_written_in(
    date: str, country: str, language: str, first: str, year: int | None
) -> None:
    own = said(coded(first=first, country=country, language=language), data("260", c=date))
    assert own.year == year
    assert own.year_as_written == date.strip("[]") or own.year_as_written == date


def test_a_lithograph_of_the_1320s_is_lunar() -> None:
    own = said(coded(first="    ", country="ir ", language="per"), data("260", c="1323"), data("500", a="چاپ سنگی."))
    assert own.year == 1905


def test_a_reprint_knows_the_year_of_its_original_and_an_open_set_has_no_end() -> None:
    assert said(coded("r", "1969", "1901")).years == (1969, 1901)
    assert said(coded("m", "1893", "9999")).year_end is None
    assert said(coded("m", "1893", "1899")).year_end == 1899


@pytest.mark.parametrize(
    ("extent", "pages", "volumes"),
    [
        ("xiv, 320 p. ;", 320, 1), ("309, 32 p., [7] leaves of plates", 309, 1), ("v, 14 p.", 14, 1), ("2 v. (449, 493 p.)", 493, 2),
        ("v. ;", None, 0), ("2 v. in 1", None, 1), ("١٢٣ ص ؛", 123, 1), ("۳۲۰ ص.", 320, 1), ("312 tr.", 312, 1), ("4 volumes", None, 4), ("", None, None),
    ],
)  # fmt: skip
def test_extent(extent: str, pages: int | None, volumes: int | None) -> None:
    own = said(data("300", a=extent))
    assert (own.pages, own.volumes) == (pages, volumes)


def test_direct_order_names_in_one_field_are_several_people_with_their_roles() -> None:
    own = said(data("100", a="Lưu Dũng, chủ biên; Khánh Bình, Hồng Sơn, hiệu đính"))
    assert [(agent.name, agent.role) for agent in own.agents] == [
        ("Lưu Dũng", "edt"),
        ("Khánh Bình", "crr"),
        ("Hồng Sơn", "crr"),
    ]
    assert [agent.name for agent in said(data("100", a="Robert F. Steiner & Louise Garone")).agents] == [
        "Robert F. Steiner",
        "Louise Garone",
    ]
    assert [agent.name for agent in said(data("100", "1 ", a="Abbott, Jacob,")).agents] == ["Abbott, Jacob"]


def test_a_standards_number_in_the_author_field_is_a_number() -> None:
    own = said(data("100", a="TCVN 5830 : 1999"), data("245", a="Truyền hình"))
    assert own.agents == ()
    assert own.other_numbers == ("TCVN 5830:1999",)


def test_a_volume_in_a_series_field_without_series_is_the_part() -> None:
    own = said(data("245", a="Kết cấu bê tông cốt thép"), data("490", v=" t. 1"))
    assert own.part.value == "t. 1"
    assert own.series == ()


def test_an_edition_at_the_end_of_a_brief_title_is_the_edition() -> None:
    own = said(data("245", a="Accounting What the Number Mean 6th ed."))
    assert (own.title.value, own.edition.value) == ("Accounting What the Number Mean", "6th ed.")


def test_language_is_taken_from_the_letters_only_where_nothing_is_coded() -> None:
    assert said(coded(language="und"), data("245", a="Sử dụng máy xây dựng")).languages == ("vie",)
    assert said(coded(language="und"), data("245", a="Open Channel Flow")).languages == ()
    assert said(coded(language="fre"), data("245", a="Việt")).languages == ("fre",)


def test_relators_subjects_classes_and_links() -> None:
    own = said(
        data("041", "1 ", a="per", h="eng"),
        data("082", a="891.55/1", _2="22"),
        data("700", "1 ", a="Kashani, A.", e="translator."),
        data("700", "1 ", a="Ali,", _4="http://id.loc.gov/vocabulary/relators/ill"),
        data("650", " 0", a="Persian poetry", z="Iran", v="Translations."),
        data("650", " 7", a="Persian poetry", z="Iran", v="Translations.", _2="fast"),
        data("765", "0 ", a="Mann, Thomas.", t="Zauberberg", w="(DE-101)1"),
        data("780", "00", t="Old journal", x="0317-8471"),
        data("856", "40", u="https://example.org/1"),
    )
    assert own.original_languages == ("eng",)
    assert own.classifications == ("ddc:891.551",)
    assert [agent.role for agent in own.agents] == ["trl", "ill"]
    assert [subject.heading for subject in own.subjects] == ["Persian poetry -- Iran -- Translations"]
    assert own.links == (
        Link("original", "Mann, Thomas. Zauberberg", "(DE-101)1"), Link("earlier", "Old journal", "0317-8471"), Link("online", "", "https://example.org/1"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("leader", "item", "medium", "form", "carrier"),
    [
        ("nam", " ", "", "book", "print"), ("nas", " ", "", "serial", "print"), ("nam", "o", "", "electronic", "online"), ("ncm", " ", "", "music", "print"),
        ("nam", " ", "[microform] /", "book", "micro"), ("nam", "d", "", "book", "large-print"), ("ntm", " ", "", "manuscript", "print"),
    ],
)  # fmt: skip
def test_form_and_carrier(leader: str, item: str, medium: str, form: str, carrier: str) -> None:
    own = said(coded(item=item), data("245", a="T", h=medium), leader=f"00000{leader} a2200000 i 4500")
    assert (own.form, own.carrier) == (form, carrier)


def test_an_empty_record_says_nothing_and_does_not_fail() -> None:
    own = describe(Record("", ()), "marc21")
    assert own.title == Text("")
    with pytest.raises(ValueError, match="dialect"):
        describe(Record("", ()), "danmarc")


@pytest.mark.parametrize("title", ["تاریخ یزد", "تاريخ يزد", "کتابشناسی", "كتابشناسي"])
def test_a_solar_year_does_not_depend_on_which_yeh_and_kaf_a_system_writes(title: str) -> None:
    own = said(data("245", "10", a=title), data("260", c="1372"))
    assert (own.languages, own.year) == (("per",), 1993)


@pytest.mark.parametrize("title", ["تاريخ الأدب العربي", "تاریخ الادب العربی", "كتاب في الطب"])
def test_an_arabic_title_is_not_taken_for_persian(title: str) -> None:
    assert said(data("245", "10", a=title)).languages == ()


@pytest.mark.parametrize(
    ("date", "language", "country"),
    [
        ("1372", "per", ""), ("1372 [1993]", "per", "ir"), ("١٣٧٢", "per", ""), ("۱۳۷۲", "per", ""), ("1372ش", "ara", ""),
        ("1414ق", "per", "ir"), ("1414 H.", "ara", "le"), ("1414 H", "per", "ir"), ("۱۴۱۴", "per", "ir"),
    ],
)  # fmt: skip
def test_one_year_in_every_calendar_and_digit(date: str, language: str, country: str) -> None:
    assert years.read(date, language=language, country=country).year == 1993
