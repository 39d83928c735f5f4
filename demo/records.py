"""An edition as a MARC21 or a UNIMARC record, the way a library's own system would have written it. Pure; no files.

MARC21 comes in two habits: `own_script` puts the original script into the fields themselves, `romanised` puts ALA-LC romanisation
there and the original script into linked 880 fields.
"""

from __future__ import annotations

from demo.editions import ARABIC_SCRIPT, JALALI_UNTIL, Edition, Person
from demo.holdings import Copy
from khaneh.formats.marc.types import Field, Record

LANGUAGES = {
    "per": "Persian", "aze": "Azerbaijani", "ara": "Arabic", "eng": "English", "vie": "Vietnamese", "fre": "French",
}  # fmt: skip
PHRASES: dict[str, dict[str, str]] = {
    "per": {"aut": "{}", "trl": "ترجمهٔ {}", "edt": "به تصحیح {}", "ill": "تصویرگر {}", "ann": "با شرح {}"},
    "ara": {"aut": "{}", "trl": "ترجمة {}", "edt": "تحقيق {}", "ill": "رسوم {}", "ann": "شرح {}"},
    "vie": {"aut": "{}", "trl": "{} dịch", "edt": "{} hiệu khảo", "ill": "{} minh họa", "ann": "{} chú giải"},
    "eng": {
        "aut": "{}", "trl": "translated by {}", "edt": "edited by {}", "ill": "illustrated by {}", "ann": "annotated by {}",
    },
}  # fmt: skip
UNIMARC_ROLES = {"aut": "070", "trl": "730", "edt": "340", "ill": "440", "ann": "020"}
PAGES = {"per": "{} ص.", "aze": "{} ص.", "ara": "{} ص.", "vie": "{} tr.", "eng": "{} pages", "fre": "{} p."}
ENTERED = "260321"


def natural(heading: str) -> str:
    """A heading in the order in which it is spoken: "Hugo, Victor (1802)" gives "Victor Hugo"."""
    name = heading.split(" (")[0]
    for comma in ("، ", ", "):
        family, found, given = name.partition(comma)
        if found:
            return f"{given} {family}"
    return name


def responsibility(edition: Edition) -> str:
    """Who made it, as a title page says it."""
    language = edition.language if edition.language in PHRASES else "per" if edition.language == "aze" else "eng"
    parts = [natural(person.heading(edition.language)) for person in edition.work.creators]
    makers = ["، ".join(parts) if language in ARABIC_SCRIPT else ", ".join(parts)] if parts else []
    for role, person in edition.contributors:
        makers.append(PHRASES[language][role].format(natural(person.heading(edition.language))).strip())
    return " ؛ ".join(makers) if language in ARABIC_SCRIPT else " ; ".join(makers)


def printed_year(edition: Edition) -> str:
    """As on the title page; a Jalali year with the Gregorian one in brackets."""
    if edition.year and int(edition.year) < JALALI_UNTIL:
        return f"{edition.year} [{edition.gregorian_year}]"
    return edition.year


def data(tag: str, ind: str, *pairs: tuple[str, str]) -> Field:
    """A data field without its empty subfields. `ind`: both indicators."""
    return Field(tag, ind[0], ind[1], tuple((code, value) for code, value in pairs if value))


def fixed(edition: Edition) -> str:
    """Field 008: 40 characters (MARC21, books)."""
    year = edition.gregorian_year
    date = f"s{year:04d}    " if year else "nuuuuuuuu"
    country = edition.publisher.country if edition.publisher else "xx"
    juvenile = "j" if edition.work.genre.key == "children" else " "
    form = {"poetry": "p", "epic": "p", "novel": "f", "short_stories": "j", "drama": "d", "essay": "e"}
    literary = form.get(edition.work.genre.key, "1" if edition.work.genre.key in ("children", "prose") else "0")
    return f"{ENTERED}{date}{country:<3}    {juvenile}      000 {literary} {edition.language} d"


def name_field(tag: str, person: Person, heading: str, role: str = "") -> Field:
    inverted = "1" if "," in heading or "،" in heading else "0"
    return data(tag, f"{inverted} ", ("a", heading), ("d", person.dates), ("4", role))


def paired(fields: list[Field], field: Field, original: Field | None) -> None:
    """Add a field and, where there is one, its twin in the original script, linked by $6 (MARC21, appendix A)."""
    if original is None or original.subfields == field.subfields:
        fields.append(field)
        return
    serial = sum(1 for earlier in fields if earlier.tag == "880") + 1
    fields.append(field._replace(subfields=(("6", f"880-{serial:02d}"), *field.subfields)))
    linked = (("6", f"{field.tag}-{serial:02d}/(3/r"), *original.subfields)
    fields.append(Field("880", original.ind1, original.ind2, linked))


def uniform_fields(fields: list[Field], edition: Edition, *, own_script: bool) -> None:
    """240: what the edition is an edition of, where its own title does not say so."""
    work = edition.work
    if not work.creators or (not edition.is_translation and work.uniform_title == edition.title):
        return
    language = LANGUAGES[edition.language] if edition.is_translation else ""
    same_script = own_script and edition.language in ARABIC_SCRIPT
    original = data("240", "10", ("a", work.uniform_title), ("l", language))
    if same_script or not work.romanised:
        fields.append(original)
    else:
        paired(fields, data("240", "10", ("a", work.romanised), ("l", language)), original)


def marc21(edition: Edition, *, number: str, agency: str, own_script: bool = True) -> Record:
    """A MARC21 record without copies."""
    work, language = edition.work, edition.language
    romanise = not own_script and language in ARABIC_SCRIPT
    fields: list[Field] = [
        Field("001", value=number),
        Field("003", value=agency),
        Field("005", value="20260321080000.0"),
        Field("008", value=fixed(edition)),
    ]
    if edition.isbn:
        fields.append(data("020", "  ", ("a", edition.isbn)))
    fields.append(data("040", "  ", ("a", agency), ("b", "per" if agency.startswith("IR") else "vie"), ("c", agency)))
    if edition.is_translation:
        fields.append(data("041", "1 ", ("a", language), ("h", work.language)))
    fields.append(data("082", "04", ("a", work.ddc), ("2", "23")))

    def add_name(tag: str, person: Person, role: str) -> None:
        heading = person.heading(language)
        if romanise:
            romanised = person.romanised or person.name_latin
            paired(fields, name_field(tag, person, romanised, role), name_field(tag, person, heading, role))
        else:
            fields.append(name_field(tag, person, heading, role))

    if work.creators:
        add_name("100", work.creators[0], "aut")
        uniform_fields(fields, edition, own_script=own_script)
    title = data(
        "245",
        "10" if work.creators else "00",
        ("a", edition.title + (" :" if edition.subtitle else " /")),
        ("b", edition.subtitle + " /" if edition.subtitle else ""),
        ("c", responsibility(edition)),
    )
    if romanise and edition.romanised:
        paired(fields, data("245", title.ind1 + "0", ("a", edition.romanised)), title)
    else:
        fields.append(title)
    publisher = edition.publisher
    if publisher or edition.year:
        place, house = (publisher.place, publisher.name) if publisher else ("", "")
        imprint = data(
            "264", " 1", ("a", place and f"{place} :"), ("b", house and f"{house},"), ("c", printed_year(edition))
        )
        if romanise and publisher and publisher.romanised:
            latin = (
                ("a", f"{publisher.place_romanised} :"),
                ("b", f"{publisher.romanised},"),
                ("c", printed_year(edition)),
            )
            paired(fields, data("264", " 1", *latin), imprint)
        else:
            fields.append(imprint)
    if edition.pages:
        fields.append(data("300", "  ", ("a", PAGES[language].format(edition.pages))))
    fields += [
        data("336", "  ", ("a", "text"), ("b", "txt"), ("2", "rdacontent")),
        data("337", "  ", ("a", "unmediated"), ("b", "n"), ("2", "rdamedia")),
        data("338", "  ", ("a", "volume"), ("b", "nc"), ("2", "rdacarrier")),
    ]
    if edition.series:
        fields.append(data("490", "0 ", ("a", edition.series)))
    fields.append(data("520", "  ", ("a", edition.summary)))
    for topic in work.topics:
        headings = dict.fromkeys((topic.heading(language), topic.en))
        fields += [data("650", " 4", *subject(heading)) for heading in headings]
    for heading in dict.fromkeys((work.genre.heading(language), work.genre.en)):
        fields.append(data("655", " 4", ("a", heading)))
    for person in work.creators[1:]:
        add_name("700", person, "aut")
    for role, person in edition.contributors:
        add_name("700", person, role)
    if edition.is_translation:
        author = work.creators[0].heading(work.language) if work.creators else ""
        fields.append(data("765", "0 ", ("a", author), ("t", work.uniform_title)))
    # Field order is by tag, as most systems write it; the linked 880 fields close the record.
    return Record("00000nam a2200000 i 4500", tuple(sorted(fields, key=lambda field: field.tag)))


def subject(heading: str) -> list[tuple[str, str]]:
    first, *rest = heading.split(" -- ")
    return [("a", first), *(("x", part) for part in rest)]


def unimarc(edition: Edition, *, number: str) -> Record:
    """A UNIMARC record without copies, after the habits of IRANMARC."""
    work, language = edition.work, edition.language
    year = edition.gregorian_year
    coded = f"20260321{'d' if year else 'u'}{year or '    '}    {'a' if work.genre.key == 'children' else 'm'}  y0pery50      "
    coded += "fa" if language in ARABIC_SCRIPT else "ba"
    fields: list[Field] = [Field("001", value=number)]
    if edition.isbn:
        fields.append(data("010", "  ", ("a", edition.isbn)))
    original = work.language if edition.is_translation else ""
    fields += [
        data("100", "  ", ("a", coded)),
        data("101", "1 " if original else "0 ", ("a", language), ("c", original)),
        data("102", "  ", ("a", "IR")),
        data("200", "1 ", ("a", edition.title), ("e", edition.subtitle), *makers(edition)),
    ]
    if edition.publisher or edition.year:
        place, house = (edition.publisher.place, edition.publisher.name) if edition.publisher else ("", "")
        fields.append(data("210", "  ", ("a", place), ("c", house), ("d", edition.year)))
    if edition.pages:
        fields.append(data("215", "  ", ("a", PAGES[language].format(edition.pages))))
    if edition.series:
        fields.append(data("225", "2 ", ("a", edition.series)))
    fields.append(data("330", "  ", ("a", edition.summary)))
    if original:
        fields.append(data("454", " 1", ("t", work.uniform_title)))
    if original or work.uniform_title != edition.title:
        fields.append(data("500", "10", ("a", work.uniform_title), ("m", LANGUAGES[language] if original else "")))
    for topic in work.topics:
        for heading in dict.fromkeys((topic.heading(language), topic.en)):
            fields.append(data("606", "  ", *subject(heading)))
    for heading in dict.fromkeys((work.genre.heading(language), work.genre.en)):
        fields.append(data("608", "  ", ("a", heading)))
    fields.append(data("676", "  ", ("a", work.ddc)))
    for index, person in enumerate(work.creators):
        fields.append(unimarc_name("700" if index == 0 else "701", person, language, "aut"))
    fields += [unimarc_name("702", person, language, role) for role, person in edition.contributors]
    fields.append(data("801", " 0", ("a", "IR"), ("b", "YZ-LIB"), ("c", "20260321")))
    return Record("00000nam0 2200000   450 ", tuple(fields))


def makers(edition: Edition) -> list[tuple[str, str]]:
    """200 $f for the author and $g for everybody else."""
    separator = " ؛ " if edition.language in ARABIC_SCRIPT else " ; "
    first, *others = responsibility(edition).split(separator)
    return [("f", first), *(("g", other) for other in others)]


def unimarc_name(tag: str, person: Person, language: str, role: str) -> Field:
    heading = person.heading(language)
    for comma in ("، ", ", "):
        family, found, given = heading.partition(comma)
        if found:
            pairs = [("a", family), ("b", given)]
            return data(tag, " 1", *pairs, ("f", person.dates), ("4", UNIMARC_ROLES[role]))
    return data(tag, " 0", ("a", heading), ("f", person.dates), ("4", UNIMARC_ROLES[role]))


def with_copies(record: Record, copies: list[Copy], profile: str) -> Record:
    """The record with its copies where the ready-made profile of that name looks for them."""
    added: list[Field] = []
    for copy in copies:
        if profile == "952":
            added.append(
                data("952", "  ", ("a", copy.house), ("b", copy.house), ("c", copy.location), ("d", copy.acquired),
                     ("g", copy.price), ("o", copy.call_number), ("p", copy.barcode), ("y", "BK"))
            )  # fmt: skip
        elif profile == "949":
            added.append(
                data("949", "  ", ("a", copy.call_number), ("i", copy.barcode), ("l", copy.location), ("m", copy.house),
                     ("p", copy.price))
            )  # fmt: skip
        elif profile == "995":
            added.append(
                data("995", "  ", ("b", copy.house), ("c", copy.house), ("e", copy.location), ("f", copy.barcode),
                     ("k", copy.call_number), ("r", "am"))
            )  # fmt: skip
    if profile == "852-876":
        houses = dict.fromkeys(copy.house for copy in copies)
        for serial, house in enumerate(houses, start=1):
            of_house = [copy for copy in copies if copy.house == house]
            link = ("8", f"{serial}\\c")
            dewey, _, letters = of_house[0].call_number.partition(" ")
            added.append(
                data(
                    "852",
                    "1 ",
                    link,
                    ("a", house),
                    ("b", house),
                    ("c", of_house[0].location),
                    ("h", dewey),
                    ("i", letters),
                )
            )
            for copy in of_house:
                added.append(data("876", "  ", link, ("c", copy.price), ("d", copy.acquired), ("p", copy.barcode)))
    return Record(record.leader, record.fields + tuple(sorted(added, key=lambda field: field.tag)))
