"""UNIMARC bibliographic records, as the UNIMARC manual (IFLA) and IRANMARC (National Library of Iran) use it.

IRANMARC keeps UNIMARC's tags; dates in 100 and 210 are often solar Hijri, and a second script comes as a repeated field with $7 or
linked by $6. Embedded 4XX fields ($1 technique) and plain ones ($t) are both read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from khaneh.formats.marc.describe import roles, years
from khaneh.formats.marc.describe.draft import Draft
from khaneh.formats.marc.describe.identifiers import isbn13, issn, system_number
from khaneh.formats.marc.describe.punctuation import both, clean, is_latin, joined, unbracketed
from khaneh.formats.marc.description import Agent, Description, Link, NameTitle, Publication, Subject, Text
from khaneh.formats.marc.types import Field, Record

_Reader = Callable[[Draft, Field], None]
_READERS: Final[dict[str, _Reader]] = {}

_FORMS = {
    "a": "book", "b": "manuscript", "c": "music", "d": "music", "e": "map", "f": "map", "g": "visual", "i": "recording", "j": "recording",
    "k": "visual", "l": "electronic", "m": "mixed", "r": "object",
}  # fmt: skip
_SUBJECT_KINDS = {
    "600": "person", "601": "body", "602": "person", "604": "title", "605": "title", "606": "topic", "607": "place", "610": "topic",
    "615": "topic", "616": "topic", "617": "place",
}  # fmt: skip
_LINKS = {
    "421": "related", "422": "related", "423": "related", "430": "earlier", "431": "earlier", "432": "earlier", "433": "earlier",
    "434": "earlier", "435": "earlier", "436": "earlier", "437": "earlier", "440": "later", "441": "later", "442": "later", "443": "later",
    "444": "later", "445": "later", "446": "later", "447": "later", "451": "related", "452": "related", "453": "translation",
    "454": "original", "455": "related", "456": "related", "461": "host", "462": "related", "463": "host", "464": "related", "488": "related",
}  # fmt: skip
_AUDIENCES = {
    "a": "juvenile",
    "b": "preschool",
    "c": "primary",
    "d": "pre-adolescent",
    "e": "adolescent",
    "k": "specialised",
    "m": "general",
}
# ISO 3166 alpha-2 to MARC country codes where they differ in more than case; others keep their two letters.
_COUNTRIES = {
    "vn": "vm", "de": "gw", "gb": "enk", "us": "xxu", "ca": "xxc", "es": "sp", "se": "sw", "ch": "sz", "at": "au", "au": "at", "jp": "ja",
    "cn": "cc", "tr": "tu", "iq": "iq", "eg": "ua", "lb": "le", "sy": "sy", "sa": "su", "ae": "ts", "tj": "ta", "uz": "uz", "tm": "tk",
    "az": "aj", "ro": "rm", "pt": "po", "pl": "pl", "be": "be", "dk": "dk", "ie": "ie", "za": "sa", "kr": "ko", "kh": "cb", "la": "ls", "th": "th",
    "kw": "ku", "bh": "ba", "om": "mk", "ye": "ye", "ma": "mr", "dz": "ae", "tn": "ti", "ly": "ly", "sd": "sj", "il": "is", "ps": "wj", "jo": "jo",
    "ir": "ir", "af": "af", "pk": "pk", "in": "ii", "bd": "bg", "id": "io", "my": "my", "sg": "si", "ph": "ph", "ru": "ru", "ua": "un", "by": "bw",
    "bg": "bu", "gr": "gr", "hu": "hu", "cz": "xr", "sk": "xo", "rs": "rb", "hr": "ci", "si": "xv", "it": "it", "fr": "fr", "nl": "ne",
}  # fmt: skip
_LANGUAGES = {
    "fre": "fre",
    "fra": "fre",
    "deu": "ger",
    "fas": "per",
    "zho": "chi",
    "ell": "gre",
    "hye": "arm",
    "ron": "rum",
    "ces": "cze",
    "nld": "dut",
}
_ONLINE = ("online", "électronique", "electronic", "الکترونیکی", "elettronica")


def _reads(*tags: str) -> Callable[[_Reader], _Reader]:
    def register(reader: _Reader) -> _Reader:
        for tag in tags:
            _READERS[tag] = reader
        return reader

    return register


def describe(record: Record) -> Description:
    """Read a UNIMARC bibliographic record."""
    draft = Draft("unimarc")
    readers = _READERS
    for field in _paired(record.fields):
        reader = readers.get(field.tag)
        if reader is not None:
            reader(draft, field)
    _settle(draft, record.leader)
    return draft.finish()


def _paired(fields: tuple[Field, ...]) -> list[Field]:
    """Fields as they are, but with non-sorting marks gone. 4XX with embedded fields are kept whole."""
    return [field for field in fields if not field.tag.startswith("9")]


def _text(field: Field, codes: str) -> Text:
    return Text(clean(joined(field, codes)))


@_reads("001")
def _control_number(draft: Draft, field: Field) -> None:
    draft.control_number = field.value.strip()


@_reads("801")
def _source(draft: Draft, field: Field) -> None:
    draft.control_source = draft.control_source or field.first("b").strip()


@_reads("010")
def _isbn(draft: Draft, field: Field) -> None:
    draft.isbns.extend(number for number in map(isbn13, field.all("a")) if number)


@_reads("011")
def _issn(draft: Draft, field: Field) -> None:
    draft.issns.extend(number for number in map(issn, field.all("af")) if number)


@_reads("020", "035", "012", "013", "016")
def _numbers(draft: Draft, field: Field) -> None:
    if field.tag == "020":
        country, number = field.first("a").strip(), field.first("b").strip()
        if number:
            draft.other_numbers.append(f"({country or 'national'}){number}")
        return
    if field.tag == "035":
        draft.other_numbers.extend(number for number in map(system_number, field.all("a")) if number)


@_reads("100")
def _general(draft: Draft, field: Field) -> None:
    draft.coded = field.first("a")


@_reads("101")
def _languages(draft: Draft, field: Field) -> None:
    for code, value in field.subfields:
        language = value.strip().lower()
        if len(language) == 3 and language.isalpha() and language not in ("und", "mul", "zxx"):
            language = _LANGUAGES.get(language, language)
            if code == "a":
                draft.languages.append(language)
            elif code == "c":
                draft.original_languages.append(language)


@_reads("102")
def _country(draft: Draft, field: Field) -> None:
    country = field.first("a").strip().lower()
    draft.country = draft.country or _COUNTRIES.get(country, country if country.isalpha() and country != "xx" else "")


@_reads("135")
def _electronic(draft: Draft, field: Field) -> None:
    draft.carriers.append("cr" if field.first("a")[1:2] == "r" else "cd")


@_reads("200")
def _title(draft: Draft, field: Field) -> None:
    title = _text(field, "a")
    if draft.title.value:
        # The same field in another script.
        if title.value and is_latin(title.value) != is_latin(draft.title.value):
            draft.title = both(draft.title.value, title.value)
            draft.subtitle = both(draft.subtitle.value, clean(joined(field, "e")))
            draft.responsibility = both(draft.responsibility.value, clean(joined(field, "fg")))
        elif title.value:
            draft.variants.append(title)
        return
    draft.medium += joined(field, "b")
    # $a repeats for a second work by the same author: the first names the book.
    titles = [clean(value) for value in field.all("a")]
    draft.title = Text(titles[0] if titles else "")
    draft.variants.extend(Text(value) for value in titles[1:] if value)
    draft.variants.extend(Text(clean(value)) for value in field.all("dc") if clean(value))
    draft.subtitle = Text(" : ".join(clean(value) for value in field.all("e")))
    draft.part = Text(", ".join(clean(value) for value in field.all("hi") + field.all("v")))
    draft.responsibility = Text(" ; ".join(clean(value) for value in field.all("fg")))


@_reads("205")
def _edition(draft: Draft, field: Field) -> None:
    draft.edition = draft.edition if draft.edition.value else Text(clean(joined(field, "abf")))


@_reads("210", "214")
def _publication(draft: Draft, field: Field) -> None:
    if field.tag == "214" and field.ind2 not in " 0":
        if field.ind2 == "4":
            draft.date_texts.append(joined(field, "d"))
        return
    values = [unbracketed(joined(field, code)) for code in "acd"]
    draft.date_texts.append(joined(field, "d") or joined(field, "h"))
    last = draft.publications[-1] if draft.publications else None
    if last and is_latin(values[1]) != is_latin(last.publisher):
        original, roman = (last, values) if is_latin(values[1]) else (Publication(*values), list(last[:3]))
        draft.publications[-1] = original._replace(romanised=" : ".join(value for value in roman[:2] if value))
        return
    draft.publications.append(Publication(*values))


@_reads("215")
def _extent(draft: Draft, field: Field) -> None:
    draft.extent = draft.extent or clean(joined(field, "a"))
    draft.dimensions = draft.dimensions or clean(joined(field, "d"))


@_reads("225")
def _series(draft: Draft, field: Field) -> None:
    draft.series.append(_text(field, "aehivx"))
    draft.has_transcribed_series = True


@_reads("410")
def _series_link(draft: Draft, field: Field) -> None:
    _name, title, target = _linked(field)
    if title:
        if not draft.has_transcribed_series:
            draft.series.append(Text(clean(f"{title} ; {field.first('v')}")))
        if target:
            draft.links.append(Link("series", title, target))


@_reads(*_LINKS)
def _link(draft: Draft, field: Field) -> None:
    name, title, target = _linked(field)
    text = ". ".join(part for part in (name, title) if part)
    if text or target:
        relation = _LINKS[field.tag]
        draft.links.append(Link(relation, text, target))
        if relation in ("original", "translation") and title:
            draft.name_titles.append(NameTitle(relation, Text(name), Text(title)))


def _linked(field: Field) -> tuple[str, str, str]:
    """Name, title and number of a 4XX: embedded fields after $1, or subfields $a $t $0 $x $y."""
    if not any(code == "1" for code, _ in field.subfields):
        target = issn(field.first("x")) or isbn13(field.first("y")) or field.first("03").strip()
        return clean(field.first("a")), clean(joined(field, "tlhi")), target
    name = title = target = tag = ""
    for code, value in field.subfields:
        if code == "1":
            tag = value[:3]
            if tag == "001":
                target = value[3:].strip()
        elif tag in ("200", "500") and code in "ahi":
            title = f"{title} {value}".strip()
        elif tag[:2] in ("70", "71") and code in "ab" and tag[2:] == "0":
            name = f"{name} {value}".strip()
        elif tag == "011" and code == "a":
            target = issn(value) or target
        elif tag == "010" and code == "a":
            target = isbn13(value) or target
    return clean(name), clean(title), target


@_reads("500", "501", "503")
def _uniform(draft: Draft, field: Field) -> None:
    title = _text(field, "abhikn")
    if not draft.uniform_title.value and field.tag != "503":
        draft.uniform_title = title
    elif title.value:
        draft.variants.append(title)


@_reads("510", "511", "512", "513", "514", "515", "516", "517", "518", "520", "530", "531", "532", "540", "541")
def _variant(draft: Draft, field: Field) -> None:
    title = _text(field, "aehi")
    if title.value:
        draft.variants.append(title)


@_reads("700", "701", "702", "710", "711", "712", "720", "721", "722", "730")
def _agent(draft: Draft, field: Field) -> None:
    tag = field.tag
    kind = "person" if tag[1] in "023" else ("meeting" if field.ind1 == "1" else "body")
    # $a entry element, $b rest of the name: a comma joins them unless ind2 says the name is in direct order.
    entry, rest = clean(field.first("a")), clean(field.first("b"))
    if kind == "person":
        name = f"{entry}, {rest}" if entry and rest and field.ind2 != "0" else f"{entry} {rest}".strip()
        addition = clean(joined(field, "cd"))
        name = f"{name}, {addition}" if addition else name
        dates = clean(field.first("f"))
    else:
        name, dates = clean(joined(field, "abcdef")), ""
    if not name:
        return
    role = ""
    for value in field.all("4"):
        role = role or roles.UNIMARC.get(value.strip(), "") or roles.code_of(value)
    if not role or (role == "aut" and tag[2] == "0"):
        role = "creator" if tag[2] == "0" else role or "contributor"
    script = is_latin(name)
    previous = draft.agents[-1] if draft.agents else None
    if previous and previous.role == role and previous.kind == kind and not previous.romanised:
        same_link = field.first("6") and field.first("7")
        if same_link and is_latin(previous.name) != script:
            pair = both(previous.name, name)
            draft.agents[-1] = previous._replace(name=pair.value, romanised=pair.romanised)
            return
    draft.agents.append(Agent(name, "", kind, role, dates, field.first("3").strip()))


@_reads(*_SUBJECT_KINDS)
def _subject(draft: Draft, field: Field) -> None:
    head: list[str] = []
    divisions: list[str] = []
    for code, value in field.subfields:
        if code in "xyzj":
            divisions.append(clean(value))
        elif code in "abcdefgt":
            head.append(clean(value))
    if field.tag in ("610", "615"):
        draft.subjects.extend(Subject(value, "", "topic", "") for value in head if value)
        return
    heading = " -- ".join(part for part in (", ".join(part for part in head if part), *divisions) if part)
    if heading:
        draft.subjects.append(Subject(heading, "", _SUBJECT_KINDS[field.tag], field.first("2").strip()))


@_reads("608")
def _genre(draft: Draft, field: Field) -> None:
    value = clean(joined(field, "ax"))
    if value:
        draft.genres.append(value)


@_reads("675", "676", "680", "686")
def _classification(draft: Draft, field: Field) -> None:
    scheme = {"675": "udc", "676": "ddc", "680": "lcc"}.get(field.tag) or field.first("2").strip() or "other"
    draft.classifications.extend(f"{scheme}:{value.strip()}" for value in field.all("a") if value.strip())


@_reads(
    "300", "301", "302", "303", "304", "305", "306", "307", "308", "310", "311", "312", "313", "314", "320", "321", "324", "325",
    "326", "328", "333", "336", "337",
)  # fmt: skip
def _note(draft: Draft, field: Field) -> None:
    value = clean(" ".join(value for code, value in field.subfields if code.isalpha()))
    if value:
        draft.notes.append(value)


@_reads("330")
def _summary(draft: Draft, field: Field) -> None:
    value = clean(joined(field, "a"))
    draft.summary = f"{draft.summary}\n{value}" if draft.summary else value


@_reads("327")
def _contents(draft: Draft, field: Field) -> None:
    value = " -- ".join(clean(value) for value in field.all("a") if clean(value))
    draft.contents = f"{draft.contents} -- {value}" if draft.contents else value


@_reads("856")
def _address(draft: Draft, field: Field) -> None:
    draft.links.extend(Link("online", clean(joined(field, "z2")), url.strip()) for url in field.all("u"))


def _settle(draft: Draft, leader: str) -> None:
    form = _FORMS.get(leader[6:7], "book")
    if form == "book" and leader[7:8] == "s":
        form = "serial"
    medium = draft.medium.lower()
    if "cr" in draft.carriers or any(word in medium for word in _ONLINE):
        draft.carrier = "online"
    elif "cd" in draft.carriers:
        draft.carrier = "disc"
    elif "micro" in medium:
        draft.carrier = "micro"
    elif draft.extent:
        draft.carrier = "print"
    draft.form = "electronic" if form == "book" and draft.carrier in ("online", "disc") else form
    coded = draft.coded
    draft.audience = next((_AUDIENCES[code] for code in coded[17:20] if code in _AUDIENCES), "")
    language = draft.languages[0] if draft.languages else draft.guessed_language()
    written = years.NOTHING
    for text in draft.date_texts:
        if text:
            found = years.read(text, language=language, country=draft.country)
            if written.year is None:
                written = found
            draft.years.extend(found.years)
    kind, raw = coded[8:9], coded[9:13]
    first = years.coded(raw, language=language, country=draft.country)
    second = years.coded(coded[13:17], language=language, country=draft.country) if kind != "j" else None
    if first is not None and str(first) != raw and written.year is not None:
        first = written.year
    draft.year = first if first is not None else written.year
    draft.year_as_written = next((clean(text) for text in draft.date_texts if text.strip()), "")
    if draft.year is None:
        return
    draft.years.insert(0, draft.year)
    if second is not None and second > draft.year and kind in "abcfgk":
        draft.year_end = second
    elif second is not None and kind in "ehi":
        draft.years.append(second)
