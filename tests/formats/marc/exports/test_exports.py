"""Exports are read back by the parsers of others, and citations are compared with what the manuals ask for."""

from __future__ import annotations

import bibtexparser
import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from khaneh.formats.marc.description import Agent, Description, Link, Publication, Subject, Text
from khaneh.formats.marc.exports.bibtex import to_bibtex
from khaneh.formats.marc.exports.citations import STYLES, as_text, cite
from khaneh.formats.marc.exports.dublin_core import DC, to_dublin_core
from khaneh.formats.marc.exports.mods import NAMESPACE, to_mods
from khaneh.formats.marc.exports.ris import to_ris
from khaneh.formats.marc.exports.schema_org import Offer, schema_org

OWL = Description(
    dialect="marc21",
    form="book",
    control_number="12345",
    isbns=("9780802144287",),
    title=Text("The blind owl"),
    subtitle=Text("a novel"),
    agents=(Agent("Hedayat, Sadeq", dates="1903-1951"), Agent("Costello, D. P.", role="trl")),
    edition=Text("Second edition"),
    publications=(Publication("New York", "Grove & Sons", "2010"),),
    year=2010,
    languages=("eng",),
    original_languages=("per",),
    subjects=(Subject("Persian fiction -- Translations into English"),),
    summary="A pen-case painter tells\nhis shadow.",
    series=(Text("Persian voices"),),
    links=(Link("online", "", "https://example.org/owl"),),
)
KIEU = Description(
    dialect="marc21",
    form="book",
    title=Text("Truyện Kiều"),
    agents=(Agent("Nguyễn Du"), Agent("Đào Duy Anh", role="edt")),
    publications=(Publication("Hà Nội", "Văn học", "1979"),),
    year=1979,
    languages=("vie",),
)
SHAHNAMEH = Description(
    dialect="unimarc",
    form="book",
    title=Text("شاهنامه", "Shāhnāmah"),
    agents=(Agent("فردوسی، ابوالقاسم"),),
    publications=(Publication("تهران", "امیرکبیر", "۱۳۸۷"),),
    year=2008,
    year_as_written="۱۳۸۷",
    languages=("per",),
)


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ("apa", "Hedayat, S. (2010). The blind owl: a novel (Second edition; D. P. Costello, Trans.). Grove & Sons."),
        (
            "chicago",
            (
                "Hedayat, Sadeq. The blind owl: a novel. Translated by D. P. Costello. Second edition. "
                "New York: Grove & Sons, 2010."
            ),
        ),
        (
            "mla",
            "Hedayat, Sadeq. The blind owl: a novel. Translated by D. P. Costello, Second edition, Grove & Sons, 2010.",
        ),
        ("vancouver", "Hedayat S. The blind owl: a novel. Second edition. New York: Grove & Sons; 2010."),
    ],
)
def test_a_citation_as_its_manual_has_it(style: str, text: str) -> None:
    assert as_text(cite(OWL, style=style)) == text


def test_a_persian_citation_names_the_year_that_stands_in_the_book() -> None:
    assert (
        as_text(cite(SHAHNAMEH, style="chicago", language="fa")) == "فردوسی، ابوالقاسم. شاهنامه. تهران: امیرکبیر، 1387."
    )
    assert "2008" in as_text(cite(SHAHNAMEH, style="chicago", language="en"))


def test_a_vietnamese_name_is_not_turned_round() -> None:
    assert as_text(cite(KIEU, style="apa", language="vi")).startswith("Nguyễn Du. (1979). Truyện Kiều")
    assert "Đào Duy Anh biên tập" in as_text(cite(KIEU, style="chicago", language="vi"))


def test_many_authors_are_shortened() -> None:
    crowd = Description(
        dialect="marc21", form="book", title=Text("X"), agents=tuple(Agent(f"Fam{n}, A") for n in range(8))
    )
    assert "Fam6" not in as_text(cite(crowd, style="vancouver"))
    assert as_text(cite(crowd, style="mla")).startswith("Fam0, A et al. ")


def test_only_the_title_is_emphasised() -> None:
    assert [run.text for run in cite(OWL, style="mla") if run.emphasised] == ["The blind owl: a novel"]


def test_bibtex_is_read_back() -> None:
    library = bibtexparser.parse_string(to_bibtex(OWL, record_id=7, url="https://example.org/records/7"))
    assert not library.failed_blocks
    (entry,) = library.entries
    assert (entry.entry_type, entry.key) == ("book", "hedayat2010-7")
    assert entry["author"] == "Hedayat, Sadeq"
    assert entry["publisher"] == r"Grove \& Sons"
    assert entry["translator"] == "Costello, D. P."


def test_bibtex_keeps_a_name_of_one_order_in_one_piece() -> None:
    (entry,) = bibtexparser.parse_string(to_bibtex(KIEU, record_id=1)).entries
    assert entry["author"] == "{Nguyễn Du}"


def test_ris_is_read_back() -> None:
    (entry,) = rispy.loads(to_ris(OWL, record_id=7, url="https://example.org/records/7"))
    assert entry["type_of_reference"] == "BOOK"
    assert entry["authors"] == ["Hedayat, Sadeq"]
    assert entry["title"] == "The blind owl: a novel"
    assert entry["year"] == "2010"
    assert entry["abstract"] == "A pen-case painter tells his shadow."


def test_mods_says_what_the_description_says() -> None:
    root = etree.fromstring(to_mods(OWL, record_id=7, url="https://example.org/records/7"))
    spaces = {"m": NAMESPACE}
    assert root.xpath("string(m:titleInfo[1]/m:title)", namespaces=spaces) == "The blind owl"
    assert root.xpath("string(m:name[2]/m:role/m:roleTerm[@authority='marcrelator'])", namespaces=spaces) == "trl"
    assert root.xpath("string(//m:dateIssued[@keyDate='yes'])", namespaces=spaces) == "2010"
    assert root.xpath("string(m:identifier[@type='isbn'])", namespaces=spaces) == "9780802144287"
    assert root.xpath("string(m:location/m:url)", namespaces=spaces) == "https://example.org/owl"


def test_dublin_core_says_what_the_description_says() -> None:
    root = etree.fromstring(to_dublin_core(SHAHNAMEH, url="https://example.org/records/9"))
    found = [(etree.QName(child).localname, child.text) for child in root if etree.QName(child).namespace == DC]
    assert ("creator", "فردوسی، ابوالقاسم") in found
    assert ("title", "Shāhnāmah") in found
    assert ("language", "per") in found


def test_schema_org_leaves_out_what_is_empty() -> None:
    found = schema_org(
        KIEU, url="https://example.org/records/1", offers=[Offer("Vinh", "https://example.org/houses/v", True)]
    )
    assert found["@type"] == "Book"
    assert found["author"] == [{"@type": "Person", "name": "Nguyễn Du"}]
    assert found["offers"][0]["availability"].endswith("InStock")
    assert "isbn" not in found
    assert "abstract" not in found


_anything = st.text(max_size=60)


@given(title=_anything, name=_anything, note=_anything)
def test_no_text_breaks_a_format(title: str, name: str, note: str) -> None:
    odd = Description(
        dialect="marc21", form="book", title=Text(title), agents=(Agent(name),), summary=note, notes=(note,)
    )
    etree.fromstring(to_mods(odd, record_id=1))
    etree.fromstring(to_dublin_core(odd))
    assert not bibtexparser.parse_string(to_bibtex(odd, record_id=1)).failed_blocks
    assert len(rispy.loads(to_ris(odd, record_id=1))) == 1
    for style in STYLES:
        cite(odd, style=style, language="fa")
