"""MARC21 bibliographic records. One pass over the fields; a table says which reader takes which tag."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final, NamedTuple

from khaneh.formats.marc.describe import years
from khaneh.formats.marc.describe.draft import Draft
from khaneh.formats.marc.describe.identifiers import isbn13, issn, lccn, system_number
from khaneh.formats.marc.describe.punctuation import both, clean, is_latin, joined, text_of, unbracketed
from khaneh.formats.marc.describe.roles import code_of, direct_names, standard_number
from khaneh.formats.marc.description import Agent, Description, Link, NameTitle, Publication, Subject, Text
from khaneh.formats.marc.types import Field, Record

_Reader = Callable[[Draft, Field, "Field | None"], None]
_READERS: Final[dict[str, _Reader]] = {}

_FORMS = {
    "a": "book", "t": "manuscript", "c": "music", "d": "music", "e": "map", "f": "map", "g": "visual", "k": "visual",
    "i": "recording", "j": "recording", "m": "electronic", "o": "mixed", "p": "archive", "r": "object",
}  # fmt: skip
_ONLINE_WORDS = re.compile(
    r"electronic|online|computer file|ebook|e-book|منبع الکترونیکی|مورد إلكتروني|tài nguyên điện tử", re.IGNORECASE
)
_MICRO_WORDS = re.compile(r"micro(?:form|film|fiche|card)|ریزفیلم|ميكروفيلم", re.IGNORECASE)
_CENTIMETRES = re.compile(r"[0-9]\s*(?:1/2\s*)?(?:cm|سم|س\.م)", re.IGNORECASE)
_LARGE_PRINT = re.compile(r"large[ -]?(?:print|type)|grands? caractères|حروف درشت", re.IGNORECASE)
_LITHOGRAPH = re.compile(r"lithograph|چاپ سنگ|طبع حجر", re.IGNORECASE)
_AUDIENCES = {
    "a": "preschool",
    "b": "primary",
    "c": "pre-adolescent",
    "d": "adolescent",
    "e": "adult",
    "f": "specialised",
    "g": "general",
    "j": "juvenile",
}
_SCHEMES = {"0": "lcsh", "1": "lcshac", "2": "mesh", "3": "nal", "5": "cash", "6": "rvm"}
_SUBJECT_KINDS = {
    "600": "person", "610": "body", "611": "meeting", "630": "title", "647": "topic", "648": "time", "650": "topic", "651": "place",
    "653": "topic", "654": "topic", "662": "place", "690": "topic", "691": "place", "696": "person", "697": "topic",
}  # fmt: skip
_LINKS = {
    "765": "original", "767": "translation", "770": "related", "772": "host", "773": "host", "774": "related", "775": "related",
    "776": "related", "777": "related", "780": "earlier", "785": "later", "786": "related", "787": "related",
}  # fmt: skip
_DDC = re.compile(r"[0-9]{3}(?:\.[0-9]+)?")
_EDITION_AT_END = re.compile(
    r"[\s,.;:(]+((?:[0-9]{1,2}\s?(?:st|nd|rd|th)|second|third|revised|rev\.?)\s+ed(?:\.|ition)?)\)?\.?$", re.IGNORECASE
)
_EMPTY = Text("")
_LANGUAGE_CODE = re.compile(r"[a-z]{3}")
_NO_LANGUAGE = frozenset(("und", "zxx", "mul", "mis", "xxx", "   "))


def _reads(*tags: str) -> Callable[[_Reader], _Reader]:
    def register(reader: _Reader) -> _Reader:
        for tag in tags:
            _READERS[tag] = reader
        return reader

    return register


def describe(record: Record) -> Description:
    """Read a MARC21 bibliographic record."""
    draft = Draft("marc21")
    fields = record.fields
    twins: dict[str, Field] = {}
    for field in fields:
        if field.tag == "880":
            link = field.subfields[0] if field.subfields else ("", "")
            if link[0] == "6":
                key = link[1][:6]
                if key[4:] == "00":
                    # No romanised partner: the field stands for itself.
                    draft.loose.append(field._replace(tag=key[:3]))
                else:
                    twins.setdefault(key, field)
    readers = _READERS
    if twins:
        for field in fields:
            reader = readers.get(field.tag)
            if reader is not None:
                twin = None
                if field.subfields and field.subfields[0][0] == "6":
                    twin = twins.pop(field.tag + "-" + field.subfields[0][1][4:6], None)
                reader(draft, field, twin)
        for key, field in twins.items():
            draft.loose.append(field._replace(tag=key[:3]))
    else:
        for field in fields:
            reader = readers.get(field.tag)
            if reader is not None:
                reader(draft, field, None)
    for field in draft.loose:
        reader = readers.get(field.tag)
        if reader is not None:
            reader(draft, field, None)
    _settle(draft, record.leader)
    return draft.finish()


# -- control fields and numbers ------------------------------------------------------------------------------------------------------


@_reads("001")
def _control_number(draft: Draft, field: Field, twin: Field | None) -> None:
    draft.control_number = draft.control_number or field.value.strip()


@_reads("003")
def _control_source(draft: Draft, field: Field, twin: Field | None) -> None:
    draft.control_source = draft.control_source or field.value.strip()


@_reads("006")
def _additional(draft: Draft, field: Field, twin: Field | None) -> None:
    draft.additional += field.value[:1] + (field.value[6:7] if field.value[:1] in "at" else "")


@_reads("007")
def _physical(draft: Draft, field: Field, twin: Field | None) -> None:
    draft.physical.append(field.value[:2])


@_reads("008")
def _coded(draft: Draft, field: Field, twin: Field | None) -> None:
    draft.coded = draft.coded or field.value


@_reads("010")
def _lccn(draft: Draft, field: Field, twin: Field | None) -> None:
    number = lccn(field.first("a"))
    if number:
        draft.other_numbers.append(number)


@_reads("019")
def _merged_numbers(draft: Draft, field: Field, twin: Field | None) -> None:
    # OCLC lists the numbers of records it has merged; other agencies keep notes here.
    draft.other_numbers.extend(f"(OCoLC){n.strip().lstrip('0')}" for n in field.all("a") if n.strip().isdigit())


@_reads("035")
def _system_number(draft: Draft, field: Field, twin: Field | None) -> None:
    for value in field.all("a"):
        number = system_number(value)
        if number:
            draft.other_numbers.append(number)


@_reads("020")
def _isbn(draft: Draft, field: Field, twin: Field | None) -> None:
    for value in field.all("a"):
        number = isbn13(value)
        if number:
            draft.isbns.append(number)


@_reads("022")
def _issn(draft: Draft, field: Field, twin: Field | None) -> None:
    for value in field.all("al"):
        number = issn(value)
        if number:
            draft.issns.append(number)


@_reads("041")
def _languages(draft: Draft, field: Field, twin: Field | None) -> None:
    if field.ind2 == "7":
        return  # another list of codes, named in $2
    for code, value in field.subfields:
        if code in "adeh":
            found = [c for c in _LANGUAGE_CODE.findall(value.lower()) if c not in _NO_LANGUAGE]
            (draft.original_languages if code == "h" else draft.languages).extend(found)


@_reads("050", "090", "060")
def _lcc(draft: Draft, field: Field, twin: Field | None) -> None:
    value = field.first("a").strip()
    if value:
        draft.classifications.append(("nlm:" if field.tag == "060" else "lcc:") + value)


@_reads("082", "083", "092")
def _ddc(draft: Draft, field: Field, twin: Field | None) -> None:
    for value in field.all("a"):
        found = _DDC.match(value.replace("/", "").strip())
        if found:
            draft.classifications.append("ddc:" + found.group())


@_reads("080", "084")
def _other_class(draft: Draft, field: Field, twin: Field | None) -> None:
    scheme = "udc" if field.tag == "080" else (field.first("2") or "other")
    draft.classifications.extend(f"{scheme}:{value.strip()}" for value in field.all("a") if value.strip())


# -- titles and responsibility ----------------------------------------------------------------------------------------------------------


@_reads("245")
def _title(draft: Draft, field: Field, twin: Field | None) -> None:
    if draft.title.value:
        return
    codes = {code for code, _ in field.subfields}
    if "h" in codes:
        draft.medium += joined(field, "h")
    title = text_of(field, twin, "a")
    subtitle = text_of(field, twin, "b") if "b" in codes else _EMPTY
    part = text_of(field, twin, "np") if "n" in codes or "p" in codes else _EMPTY
    responsibility = text_of(field, twin, "c") if "c" in codes else _EMPTY
    if not responsibility.value and " / " in title.value:
        title, responsibility = _cut(title, " / ")
    if not subtitle.value and not twin:
        for mark in (" : ", ": ", " = "):
            if mark in title.value:
                title, subtitle = _cut(title, mark)
                if mark == " = ":
                    subtitle = Text("= " + subtitle.value, subtitle.romanised)
                break
    if not title.value:
        # Collections are sometimes named in $k with $f dates only.
        title = text_of(field, twin, "kfgnp") if not part.value else part
    draft.title, draft.subtitle, draft.part, draft.responsibility = title, subtitle, part, responsibility


def _cut(text: Text, mark: str) -> tuple[Text, Text]:
    head, _, tail = text.value.partition(mark)
    roman_head, _, roman_tail = text.romanised.partition(mark)
    return Text(clean(head), clean(roman_head)), Text(clean(tail), clean(roman_tail))


@_reads("130", "240")
def _uniform(draft: Draft, field: Field, twin: Field | None) -> None:
    title = text_of(field, twin, "adgkmnoprt")
    if not draft.uniform_title.value:
        draft.uniform_title = title
    elif title.value:
        draft.variants.append(title)


@_reads("246", "247", "740", "730", "210", "222", "242")
def _variant(draft: Draft, field: Field, twin: Field | None) -> None:
    title = text_of(field, twin, "abnp")
    if title.value:
        draft.variants.append(title)


@_reads("100", "110", "111", "700", "710", "711", "720")
def _agent(draft: Draft, field: Field, twin: Field | None) -> None:
    said = _agents(field) if twin is None else _agents_of(field, twin)
    draft.agents += said.agents
    draft.other_numbers += said.numbers
    draft.links += said.links
    draft.name_titles += said.works


class _Said(NamedTuple):
    """What one field of a name says."""

    agents: tuple[Agent, ...] = ()
    numbers: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    works: tuple[NameTitle, ...] = ()


@lru_cache(maxsize=8192)
def _agents(field: Field) -> _Said:
    return _agents_of(field, None)


def _agents_of(field: Field, twin: Field | None) -> _Said:
    tag = field.tag
    kind = "person" if tag[1:] in ("00", "20") else "body" if tag[1:] == "10" else "meeting"
    codes = "abcq" if kind == "person" else "abcdn" if kind == "body" else "acdenq"
    name = text_of(field, twin, codes)
    if not name.value:
        return _Said()
    role = dates = authority = ""
    title = False
    for code, value in field.subfields:
        if code == "4":
            role = role or code_of(value)
        elif code == "d":
            dates = clean(value)
        elif code == "0":
            authority = authority or value.strip()
        elif code == "t":
            title = True
    if not role and kind != "meeting":
        for value in field.all("e"):
            role = code_of(value)
            if role:
                break
    default = "creator" if tag[0] == "1" else "contributor"
    links: tuple[Link, ...] = ()
    works: tuple[NameTitle, ...] = ()
    if title:
        work = text_of(field, twin, "tnpmr")
        links = (Link("related", f"{name.value}. {work.value}", clean(field.first("wxz"))),)
        works = (NameTitle("contains", name, work),)
    if (kind == "person" and field.ind1 not in "013") or tag == "720":
        number = standard_number(name.value)
        if number:
            return _Said((), (number,), links, works)
        people = [Agent(person, "", "person", found or role or default) for person, found in direct_names(name.value)]
        return _Said(tuple(people), (), links, works)
    agent = Agent(name.value, name.romanised, kind, role or default, dates if kind == "person" else "", authority)
    return _Said((agent,), (), links, works)


# -- publication and carrier --------------------------------------------------------------------------------------------------------------


@_reads("250")
def _edition(draft: Draft, field: Field, twin: Field | None) -> None:
    edition = text_of(field, twin, "ab")
    if not draft.edition.value:
        draft.edition = edition
    elif edition.value:
        draft.edition = Text(f"{draft.edition.value} ; {edition.value}", draft.edition.romanised)


@_reads("260", "264")
def _publication(draft: Draft, field: Field, twin: Field | None) -> None:
    if field.tag == "264" and field.ind2 == "4":
        draft.date_texts.append(joined(field, "c"))
        return
    own = _three(field.subfields)
    if field.tag == "260" and not own[1]:
        own = (own[0], unbracketed(joined(field, "f")), own[2] or unbracketed(joined(field, "g")))
    if field.tag == "264" and field.ind2 in "23" and draft.publications:
        return  # distributor or manufacturer beside a publisher
    draft.date_texts.append(joined(field, "c") or joined(field, "g"))
    if twin is None:
        draft.publications.append(Publication(*own))
        return
    other = _three(twin.subfields)
    draft.date_texts.append(joined(twin, "c"))
    pairs = [both(mine, theirs) for mine, theirs in zip(own, other, strict=True)]
    romanised = " : ".join(pair.romanised for pair in pairs[:2] if pair.romanised)
    draft.publications.append(Publication(pairs[0].value, pairs[1].value, own[2] or other[2], romanised))


@lru_cache(maxsize=8192)
def _three(subfields: tuple[tuple[str, str], ...]) -> tuple[str, str, str]:
    place, name, date = [], [], []
    for code, value in subfields:
        if code == "a":
            place.append(value)
        elif code == "b":
            name.append(value)
        elif code == "c":
            date.append(value)
    return unbracketed(" ".join(place)), unbracketed(" ".join(name)), unbracketed(" ".join(date))


@_reads("300")
def _extent(draft: Draft, field: Field, twin: Field | None) -> None:
    if not draft.extent:
        draft.extent, draft.dimensions = _extent_and_size(field)
    if "online" in draft.extent:
        draft.medium += " online"


@lru_cache(maxsize=8192)
def _extent_and_size(field: Field) -> tuple[str, str]:
    return clean(joined(field, "af")), clean(joined(field, "c"))


@_reads("338")
def _carrier(draft: Draft, field: Field, twin: Field | None) -> None:
    draft.carriers.append(field.first("b") or field.first("a").lower())


@_reads("533")
def _reproduction(draft: Draft, field: Field, twin: Field | None) -> None:
    draft.medium += " " + joined(field, "a")
    _note(draft, field, twin)


@_reads("490", "440", "800", "810", "811", "830")
def _series(draft: Draft, field: Field, twin: Field | None) -> None:
    if field.tag in ("490", "440"):
        if not field.first("a"):
            # A brief list's volume number in a field of its own.
            volume = clean(joined(field, "v"))
            if volume and not draft.part.value:
                draft.part = Text(volume)
            return
        draft.series.append(text_of(field, twin, "anpxv"))
        draft.has_transcribed_series = True
    elif not draft.has_transcribed_series:
        draft.series.append(text_of(field, twin, "abcdqtnpv"))
    if field.first("w") or field.first("x"):
        draft.links.append(
            Link("series", clean(joined(field, "atnpv")), (field.first("w") or field.first("x")).strip())
        )


# -- subjects, notes, links ----------------------------------------------------------------------------------------------------------------


@_reads(*_SUBJECT_KINDS)
def _subject(draft: Draft, field: Field, twin: Field | None) -> None:
    if twin is None:
        draft.subjects.extend(_subjects(field))
    else:
        draft.subjects.extend(_subjects_of(field, twin))


@lru_cache(maxsize=8192)
def _subjects(field: Field) -> tuple[Subject, ...]:
    return _subjects_of(field, None)


def _subjects_of(field: Field, twin: Field | None) -> tuple[Subject, ...]:
    heading = _heading(field)
    if not heading:
        return ()
    text = Text(heading) if twin is None else both(heading, _heading(twin))
    scheme = _SCHEMES.get(field.ind2, "") or (field.first("2") if field.ind2 == "7" else "")
    if field.tag == "653":
        return tuple([Subject(clean(value), "", "topic", "") for value in field.all("a")])
    return (Subject(text.value, text.romanised, _SUBJECT_KINDS[field.tag], scheme.strip()),)


def _heading(field: Field) -> str:
    return _heading_text(field.subfields)


@lru_cache(maxsize=8192)
def _heading_text(subfields: tuple[tuple[str, str], ...]) -> str:
    """Catalogues repeat the same headings all the time, hence the cache."""
    head: list[str] = []
    divisions: list[str] = []
    for code, value in subfields:
        if code in "vxyz":
            divisions.append(clean(value))
        elif code.isalpha() and code not in "eiuw":
            head.append(value)
    return " -- ".join([part for part in (clean(" ".join(head)), *divisions) if part])


@_reads("655")
def _genre(draft: Draft, field: Field, twin: Field | None) -> None:
    value = _heading(field if twin is None else twin)
    if value:
        draft.genres.append(value)


@_reads(
    "500", "501", "502", "504", "508", "511", "515", "518", "521", "525", "530", "534", "538", "545", "546", "547", "550", "555",
    "580", "581", "585", "586", "590",
)  # fmt: skip
def _note(draft: Draft, field: Field, twin: Field | None) -> None:
    value = _note_text(field if twin is None else twin)
    if value:
        draft.notes.append(value)


def _note_text(field: Field) -> str:
    return clean(" ".join([value for code, value in field.subfields if code.isalpha() and code not in "uw"]))


@_reads("520")
def _summary(draft: Draft, field: Field, twin: Field | None) -> None:
    value = _note_text(field if twin is None else twin)
    draft.summary = f"{draft.summary}\n{value}" if draft.summary else value


@_reads("505")
def _contents(draft: Draft, field: Field, twin: Field | None) -> None:
    value = _note_text(field if twin is None else twin)
    draft.contents = f"{draft.contents} -- {value}" if draft.contents else value


@_reads(*_LINKS)
def _link(draft: Draft, field: Field, twin: Field | None) -> None:
    title = text_of(field, twin, "ts")
    name = text_of(field, twin, "a")
    text = ". ".join(part for part in (name.value, title.value) if part)
    if field.tag == "773":
        text = " ".join(part for part in (text, clean(joined(field, "g"))) if part)
    target = ""
    for value in field.all("zxw"):
        target = isbn13(value) or issn(value) or system_number(value) or value.strip()
        if target:
            break
    if text or target:
        draft.links.append(Link(_LINKS[field.tag], text, target))
        if field.tag in ("765", "767"):
            draft.name_titles.append(NameTitle(_LINKS[field.tag], name, title))


@_reads("856")
def _address(draft: Draft, field: Field, twin: Field | None) -> None:
    for url in field.all("u"):
        # ind2 2: a related resource (a table of contents, a cover), not the thing itself.
        kind = "related" if field.ind2 == "2" else "online"
        draft.links.append(Link(kind, clean(joined(field, "3z") or joined(field, "y")), url.strip()))


# -- what only the whole record tells ---------------------------------------------------------------------------------------------------------


def _settle(draft: Draft, leader: str) -> None:
    kind, level = leader[6:7], leader[7:8]
    coded = draft.coded
    form = _FORMS.get(kind, "book")
    if form == "book" and level in ("s", "b", "i"):
        form = "serial"
    elif leader[8:9] == "a" and form in ("mixed", "manuscript"):
        form = "archive"
    item = coded[29:30] if form in ("map", "visual") else coded[23:24]
    draft.carrier = _carrier_of(draft, item)
    if form == "book" and draft.carrier in ("online", "disc"):
        form = "electronic"
    draft.form = form
    if form in ("book", "electronic", "music", "visual", "recording") and kind in "atcdgijkor":
        draft.audience = _AUDIENCES.get(coded[22:23], "")
    _language_and_country(draft, coded)
    _years(draft, coded)
    if not draft.edition.value:
        found = _EDITION_AT_END.search(draft.title.value) or _EDITION_AT_END.search(draft.subtitle.value)
        if found:
            # Brief lists write the edition after the title.
            draft.edition = Text(found.group(1))
            draft.title = Text(clean(_EDITION_AT_END.sub("", draft.title.value)), draft.title.romanised)
            draft.subtitle = Text(clean(_EDITION_AT_END.sub("", draft.subtitle.value)), draft.subtitle.romanised)


def _carrier_of(draft: Draft, item: str) -> str:
    medium = draft.medium
    if "cr" in draft.carriers or item == "o" or "cr" in draft.physical or (medium and _ONLINE_WORDS.search(medium)):
        return "online"
    if (
        # A code alone, against pages and centimetres, is a slip or the mark of a master that was filmed.
        (item in ("a", "b", "c") and not (draft.dimensions and _CENTIMETRES.search(draft.dimensions)))
        or "h" in [value[:1] for value in draft.physical]
        or (medium and _MICRO_WORDS.search(medium))
    ):
        return "micro"
    if item == "f" or "fb" in draft.physical:
        return "braille"
    if item == "d" or "tb" in draft.physical or (draft.edition.value and _LARGE_PRINT.search(draft.edition.value)):
        return "large-print"
    if item == "q" or any(value[:1] == "c" for value in draft.physical) or "cd" in draft.carriers:
        return "disc"
    if item in ("a", "b", "c"):
        return ""
    return "print" if item in (" ", "r", "|") or draft.extent else ""


def _language_and_country(draft: Draft, coded: str) -> None:
    language = coded[35:38].lower()
    if len(language) == 3 and language.isalpha() and language.isascii() and language not in _NO_LANGUAGE:
        draft.languages.insert(0, language)
    country = coded[15:18].strip(" |#^").lower()
    draft.country = "" if country in ("xx", "||", "vp") or not country.isalpha() else country


def _years(draft: Draft, coded: str) -> None:
    language = draft.languages[0] if draft.languages else draft.guessed_language()
    country = draft.country
    lithograph = any(_LITHOGRAPH.search(note) for note in draft.notes) if language in ("per", "urd", "pus") else False
    written = years.NOTHING
    plain = _plain_year(coded[7:11])
    near = plain if plain is not None and 1450 <= plain <= 2100 else None
    for text in draft.date_texts:
        if text and (written.year is None or not is_latin(text)):
            found = years.read(text, language=language, country=country, lithograph=lithograph, near=near)
            if written.year is None:
                written = found
            else:
                draft.years.extend(found.years)
    kind = coded[6:7]
    first = second = None
    if kind not in ("n", "b") or coded[7:11].isdigit():
        first = years.coded(coded[7:11], language=language, country=country, lithograph=lithograph)
        if kind != "e":
            second = years.coded(coded[11:15], language=language, country=country, lithograph=lithograph)
    if first is not None and first != plain and written.year is not None:
        first = written.year  # coded in Hijri: the transcribed date may hold the cataloguer's own conversion
    draft.year_as_written = next((clean(text) for text in draft.date_texts if text and text.strip()), "")
    draft.year = first if first is not None else written.year
    if draft.year is None:
        return
    if kind in ("c", "d", "m", "q", "i", "k", "u") and second is not None and second > draft.year:
        draft.year_end = second
    draft.years = [draft.year, *written.years, *draft.years]
    if second is not None and kind in ("r", "t", "p", "q"):
        draft.years.append(second)


def _plain_year(text: str) -> int | None:
    return int(text) if text.isdigit() else None
