"""What leaves as XML or JSON-LD is valid by the rules of its format, for records as libraries really have them.

MARCXML 1.2 and oai_dc are held to grammars of our own, written after the formats' documentation. MODS is held to its schema where
KHANEH_SCHEMAS names a folder with `mods-3-8.xsd` and the `xlink.xsd` and `xml.xsd` that it imports (found inside the Maven artifact
`org.mycore:mycore-mods`, and in `eulxml` and `pycsw` on PyPI; none of them states a licence for the copies, so none is kept here).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from lxml import etree
from pyld import jsonld

from khaneh.formats.marc import unimarc
from khaneh.formats.marc.describe import describe
from khaneh.formats.marc.detect import detect_stream
from khaneh.formats.marc.exports.dublin_core import to_dublin_core
from khaneh.formats.marc.exports.marcxml import to_marcxml
from khaneh.formats.marc.exports.mods import to_mods
from khaneh.formats.marc.exports.schema_org import Offer, schema_org
from khaneh.formats.marc.read import read
from khaneh.formats.marc.scan import scan
from khaneh.formats.marc.types import Field, Record
from tests.formats.marc.exports.test_exports import KIEU, OWL, SHAHNAMEH

# https://www.loc.gov/standards/marcxml/: the leader's fixed places, control fields first, what a tag, an indicator and a code may be.
_MARCXML = etree.RelaxNG(
    etree.fromstring(r"""
<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="http://www.loc.gov/MARC21/slim"
         datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <start><element name="record">
    <element name="leader"><data type="string"><param name="pattern"
      >[\d ]{5}[\dA-Za-z ][\dA-Za-z][\dA-Za-z ]{3}[2 ][2 ][\d ]{5}[\dA-Za-z ]{3}(4500|    )</param></data></element>
    <zeroOrMore><element name="controlfield">
      <attribute name="tag"><data type="string"><param name="pattern">00[1-9A-Za-z]</param></data></attribute><text/>
    </element></zeroOrMore>
    <zeroOrMore><element name="datafield">
      <attribute name="tag"><data type="string"><param name="pattern"
        >0([1-9A-Z][0-9A-Z]|[1-9a-z][0-9a-z])|[1-9A-Z][0-9A-Z]{2}|[1-9a-z][0-9a-z]{2}</param></data></attribute>
      <attribute name="ind1"><data type="string"><param name="pattern">[\da-z ]</param></data></attribute>
      <attribute name="ind2"><data type="string"><param name="pattern">[\da-z ]</param></data></attribute>
      <oneOrMore><element name="subfield">
        <attribute name="code"><data type="string"><param name="pattern"
          >[\dA-Za-z!"#$%&amp;'()*+,\-./:;&lt;=&gt;?{}_\^`~\[\]\\]</param></data></attribute><text/>
      </element></oneOrMore>
    </element></zeroOrMore>
  </element></start>
</grammar>""")
)
# https://www.openarchives.org/OAI/2.0/guidelines-oai_dc: fifteen elements, each as often as one likes, text with a language.
_OAI_DC = etree.RelaxNG(
    etree.fromstring("""
<grammar xmlns="http://relaxng.org/ns/structure/1.0">
  <start><element name="dc" ns="http://www.openarchives.org/OAI/2.0/oai_dc/">
    <optional><attribute name="schemaLocation" ns="http://www.w3.org/2001/XMLSchema-instance"/></optional>
    <zeroOrMore><element ns="http://purl.org/dc/elements/1.1/">
      <choice>
        <name>title</name><name>creator</name><name>subject</name><name>description</name><name>publisher</name>
        <name>contributor</name><name>date</name><name>type</name><name>format</name><name>identifier</name>
        <name>source</name><name>language</name><name>relation</name><name>coverage</name><name>rights</name>
      </choice>
      <optional><attribute name="lang" ns="http://www.w3.org/XML/1998/namespace"/></optional><text/>
    </element></zeroOrMore>
  </element></start>
</grammar>""")
)
_EACH = 40  # records of a file


def _records(folder: Path) -> Iterator[tuple[Record, str]]:
    """Records of many libraries, with their dialect."""
    files = [
        *folder.glob("marc_general/**/*.mrc"),
        *folder.glob("marc_persian_nyu/*.mrc"),
        *folder.glob("marc_unimarc/**/*.mrc"),
        *folder.glob("marc_arabic_aco/*.marcxml.gz"),
    ]
    for path in sorted(files):
        with path.open("rb") as stream:
            form = detect_stream(stream, name=path.name)
            for raw in islice(scan(stream, form), _EACH):
                reading = read(raw, form)
                if reading.record is not None:
                    yield reading.record, reading.dialect


def _valid(schema: etree.RelaxNG | etree.XMLSchema, document: bytes) -> None:
    assert schema.validate(etree.fromstring(document)), (schema.error_log, document.decode()[:2000])


def test_marcxml_of_real_records_is_valid(shared_data: Path) -> None:
    count = 0
    for record, dialect in _records(shared_data):
        _valid(_MARCXML, to_marcxml(unimarc.to_marc21(record) if dialect == "unimarc" else record))
        count += 1
    assert count > 500


def test_dublin_core_and_mods_of_real_records_are_well_formed_and_valid(shared_data: Path) -> None:
    mods = _mods_schema()
    for number, (record, dialect) in enumerate(_records(shared_data)):
        description = describe(record, dialect)
        _valid(_OAI_DC, to_dublin_core(description, url="https://example.org/records/1"))
        document = to_mods(description, record_id=number, url="https://example.org/records/1")
        if mods is not None:
            _valid(mods, document)


def test_mods_is_valid_by_its_schema() -> None:
    mods = _mods_schema()
    if mods is None:
        pytest.skip("no schema of MODS: set KHANEH_SCHEMAS to a folder with mods-3-8.xsd, xlink.xsd and xml.xsd")
    for description in (OWL, KIEU, SHAHNAMEH):
        _valid(mods, to_mods(description, record_id=1))


def test_a_record_that_marcxml_has_no_words_for_is_made_valid() -> None:
    """Real catalogues have old leaders, capital indicators, empty fields and control fields that come late."""
    odd = Record(
        "     nam  22      a 45  ",
        (
            Field("245", "Z", "\t", (("a", "Title"), ("É", "not a code"))),
            Field("001", value="late"),
            Field("900", " ", " ", ()),
            Field("9é9", " ", " ", (("a", "no tag"),)),
        ),
    )
    _valid(_MARCXML, to_marcxml(odd))


def _mods_schema() -> etree.XMLSchema | None:
    folder = Path(os.environ.get("KHANEH_SCHEMAS", "/nonexistent"))
    if not (folder / "mods-3-8.xsd").exists():
        return None
    tree = etree.parse(str(folder / "mods-3-8.xsd"))
    for imported in tree.iter("{http://www.w3.org/2001/XMLSchema}import"):
        imported.set("schemaLocation", (folder / imported.get("schemaLocation", "").rsplit("/", 1)[-1]).as_uri())
    # The published schema names one group of attributes twice in a type, which a strict reader refuses.
    for kind in tree.iterfind(".//{*}complexType[@name='accessConditionDefinition']//{*}attributeGroup"):
        if kind.get("ref") == "IDAttributeGroup":
            kind.getparent().remove(kind)
    return etree.XMLSchema(tree)


def test_json_ld_says_the_same_to_a_parser_of_others() -> None:
    def context(url: str, _options: object) -> dict[str, object]:
        assert url == "https://schema.org"
        terms = {"@vocab": "https://schema.org/", "url": {"@type": "@id"}, "availability": {"@type": "@id"}}
        return {"contextUrl": None, "documentUrl": url, "document": {"@context": terms}}

    offers = [Offer("Vinh", "https://example.org/houses/v", True)]
    found = schema_org(OWL, url="https://example.org/records/7", offers=offers)
    (book,) = jsonld.expand(found, {"documentLoader": context})
    name = "https://schema.org/"
    assert book["@id"] == "https://example.org/records/7"
    assert book["@type"] == [f"{name}Book"]
    assert book[f"{name}isbn"] == [{"@value": "9780802144287"}]
    (author,) = book[f"{name}author"]
    assert author["@type"] == [f"{name}Person"]
    assert author[f"{name}name"] == [{"@value": "Sadeq Hedayat"}]
    (offer,) = book[f"{name}offers"]
    assert offer[f"{name}availability"] == [{"@id": f"{name}InStock"}]
    triples = jsonld.to_rdf(found, {"documentLoader": context, "format": "application/n-quads"})
    assert '<https://example.org/records/7> <https://schema.org/name> "The blind owl: a novel" .' in triples
