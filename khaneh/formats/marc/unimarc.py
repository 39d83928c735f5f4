"""UNIMARC (IFLA; as IRANMARC and European libraries use it) into MARC21, good enough for an export. Pure.

Fields are converted by table where a field has one counterpart, and by a function where it has to be composed. What has no counterpart is
left out: the UNIMARC record itself stays the record.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from khaneh.formats.marc.types import Field, Record

_NON_SORTING = re.compile("[\x88\x89\x98\x9c]|<<|>>")
_NON_SORTING_BLOCK = re.compile("(?:[\x88\x98]|<<)(.*?)(?:[\x89\x9c]|>>)", re.DOTALL)


class Rule(NamedTuple):
    """One UNIMARC field to one MARC21 field: subfield codes by pairs (`ab` means a → b), indicators, added subfields."""

    tag: str
    codes: str
    indicators: str = "  "
    added: tuple[tuple[str, str], ...] = ()


_RULES: dict[str, Rule] = {
    "010": Rule("020", "aa bq dc zz"),
    "011": Rule("022", "aa yy zz"),
    "012": Rule("026", "aa 22"),
    "013": Rule("024", "aa dc", "2 "),
    "020": Rule("015", "ba"),
    "021": Rule("017", "ba ab"),
    "205": Rule("250", "aa bb fb"),
    "206": Rule("255", "aa"),
    "207": Rule("362", "aa", "0 "),
    "215": Rule("300", "aa cb dc ee"),
    "225": Rule("490", "aa vv xx", "0 "),
    "300": Rule("500", "aa"),
    "301": Rule("500", "aa"),
    "302": Rule("546", "aa"),
    "304": Rule("500", "aa"),
    "305": Rule("500", "aa"),
    "306": Rule("500", "aa"),
    "307": Rule("500", "aa"),
    "308": Rule("500", "aa"),
    "310": Rule("500", "aa"),
    "311": Rule("580", "aa"),
    "312": Rule("500", "aa"),
    "313": Rule("500", "aa"),
    "314": Rule("500", "aa"),
    "317": Rule("561", "aa"),
    "320": Rule("504", "aa"),
    "321": Rule("510", "aa bb", "4 "),
    "322": Rule("508", "aa"),
    "323": Rule("511", "aa", "0 "),
    "326": Rule("310", "aa bb"),
    "327": Rule("505", "aa", "0 "),
    "328": Rule("502", "aa bb cd dd ec tt za"),
    "330": Rule("520", "aa"),
    "333": Rule("521", "aa", "8 "),
    "336": Rule("516", "aa"),
    "337": Rule("538", "aa"),
    "410": Rule("830", "ta vv xx 0w", " 0"),
    "421": Rule("770", "tt aa xx zz 0w", "0 "),
    "422": Rule("772", "tt aa xx zz 0w", "0 "),
    "423": Rule("777", "tt aa xx zz 0w", "0 "),
    "430": Rule("780", "tt aa xx zz 0w", "00"),
    "440": Rule("785", "tt aa xx zz 0w", "00"),
    "451": Rule("775", "tt aa xx zz 0w", "0 "),
    "452": Rule("776", "tt aa xx zz 0w", "0 "),
    "453": Rule("767", "tt aa xx zz 0w", "0 "),
    "454": Rule("765", "tt aa xx zz 0w", "0 "),
    "461": Rule("773", "tt aa vg xx zz 0w", "0 "),
    "463": Rule("773", "tt aa vg xx zz 0w", "0 "),
    "464": Rule("774", "tt aa xx zz 0w", "0 "),
    "488": Rule("787", "tt aa xx zz 0w", "0 "),
    "500": Rule("240", "aa hn ip kf mk ll nl", "10"),
    "501": Rule("243", "aa", "10"),
    "503": Rule("246", "aa", "3 "),
    "510": Rule("246", "aa ee hn ip", "31"),
    "512": Rule("246", "aa eb", "14"),
    "513": Rule("246", "aa eb", "15"),
    "514": Rule("246", "aa eb", "16"),
    "515": Rule("246", "aa", "17"),
    "516": Rule("246", "aa eb", "18"),
    "517": Rule("246", "aa eb", "13"),
    "520": Rule("247", "aa eb", "10"),
    "530": Rule("222", "aa bb", " 0"),
    "532": Rule("246", "aa", "13"),
    "540": Rule("246", "aa", "3 "),
    "541": Rule("242", "aa eb zy", "10"),
    "605": Rule("630", "aa hn ip kf mk ll xx yz zy 30 22", "00"),
    "606": Rule("650", "aa jv xx yz zy 30 22", " 4"),
    "607": Rule("651", "aa jv xx yz zy 30 22", " 4"),
    "608": Rule("655", "aa jv xx yz zy 30 22", " 4"),
    "610": Rule("653", "aa"),
    "615": Rule("650", "aa xx", " 4"),
    "620": Rule("752", "aa bb cc dd"),
    "660": Rule("043", "aa"),
    "661": Rule("045", "aa"),
    "675": Rule("080", "aa v2"),
    "676": Rule("082", "aa v2", "04"),
    "680": Rule("050", "aa bb", " 4"),
    "686": Rule("084", "aa 22"),
    "801": Rule("040", "ba"),
    "856": Rule("856", "uu zz 33 qq", "40"),
}

# Main and added entries, and names as subjects: UNIMARC 7X0 and 6X0 by what they name.
_NAMES = {
    "700": "100",
    "701": "700",
    "702": "700",
    "710": "110",
    "711": "710",
    "712": "710",
    "720": "100",
    "721": "700",
    "722": "700",
    "730": "720",
}
_SUBJECT_NAMES = {"600": "600", "601": "610", "602": "600", "604": "600"}
# UNIMARC relator numbers (Appendix C) to MARC21 relator codes.
_RELATORS = {
    "005": "act", "010": "adp", "020": "ann", "030": "arr", "040": "art", "065": "auc", "070": "aut", "072": "aqt", "075": "aft", "080": "aui",
    "090": "aus", "100": "ant", "110": "bnd", "160": "bsl", "180": "ctg", "190": "cns", "200": "chr", "205": "clb", "210": "cmm", "220": "com",
    "230": "cmp", "240": "cmt", "250": "cnd", "260": "cph", "270": "crr", "275": "dnc", "280": "dte", "290": "dto", "295": "dgg", "300": "drt",
    "305": "dis", "310": "dst", "320": "dnr", "330": "dpt", "340": "edt", "350": "egr", "360": "etr", "365": "exp", "370": "flm", "380": "frg",
    "390": "fmo", "400": "fnd", "410": "grt", "420": "hnr", "430": "ilu", "440": "ill", "450": "ins", "460": "ive", "470": "ivr", "480": "lbt",
    "490": "lse", "500": "lso", "510": "ltg", "520": "lyr", "530": "mte", "540": "mon", "545": "mus", "550": "nrt", "555": "opn", "557": "orm",
    "560": "org", "570": "oth", "580": "ppm", "590": "prf", "595": "res", "600": "pht", "605": "prs", "610": "prt", "620": "pop", "630": "pro",
    "635": "prg", "640": "pfr", "650": "pbl", "651": "pbd", "660": "rcp", "670": "rce", "675": "rev", "680": "rbr", "690": "aus", "695": "sad",
    "700": "scr", "705": "scl", "710": "sec", "720": "sgn", "721": "sng", "723": "spn", "727": "ths", "730": "trl", "740": "tyd", "750": "tyg",
    "755": "voc", "760": "wde", "770": "wam",
}  # fmt: skip
_TYPES = {
    "a": "a",
    "b": "t",
    "c": "c",
    "d": "d",
    "e": "e",
    "f": "f",
    "g": "g",
    "i": "i",
    "j": "j",
    "k": "k",
    "l": "m",
    "m": "o",
    "r": "r",
}
_LEVELS = {"a": "a", "i": "i", "m": "m", "s": "s", "c": "c"}
_DATE_TYPES = {
    "a": "c",
    "b": "d",
    "c": "u",
    "d": "s",
    "e": "r",
    "f": "q",
    "g": "m",
    "h": "t",
    "i": "p",
    "j": "e",
    "u": "n",
}
_SHELVED = {
    "a": "a",
    "b": "c",
    "c": "b",
    "f": "p",
    "j": "y",
    "k": "o",
    "m": "d",
    "5": "d",
    "p": "g",
    "t": "t",
    "u": "z",
    "o": "7",
    "r": "y",
}


def plain(text: str) -> str:
    """Text without the marks around what sorting skips."""
    return _NON_SORTING.sub("", text)


def to_marc21(record: Record) -> Record:
    """The record as MARC21."""
    fields: list[Field] = []
    main_entry = False
    for field in record.fields:
        convert = _COMPOSED.get(field.tag)
        if convert is not None:
            fields += convert(field)
        elif field.tag in _NAMES:
            name = _name(field, main_entry=main_entry)
            main_entry = main_entry or name.tag in ("100", "110", "111")
            fields.append(name)
        elif field.tag in _SUBJECT_NAMES:
            fields.append(_subject_name(field))
        elif field.tag in _RULES:
            fields += _by_rule(_RULES[field.tag], _opened(field))
        elif field.tag in ("001", "003", "005"):
            fields.append(field)
    fields.append(Field("008", value=_fixed(record)))
    order = sorted(range(len(fields)), key=lambda index: (_block(fields[index].tag), index))
    return Record(_leader(record.leader), tuple(fields[index] for index in order))


def _block(tag: str) -> str:
    """Control fields, numbers and the description by tag; notes, subjects and added entries keep their order within the hundred."""
    return tag if tag < "500" else tag[0]


def _leader(leader: str) -> str:
    leader = leader.ljust(24)
    status = leader[5] if leader[5] in "cdnp" else "n"
    level = {" ": " ", "1": "1", "2": "8", "3": "3"}.get(leader[17], " ")
    description = {" ": "i", "i": "i", "n": " "}.get(leader[18], " ")
    return f"00000{status}{_TYPES.get(leader[6], 'a')}{_LEVELS.get(leader[7], 'm')} a2200000{level}{description} 4500"


def _opened(field: Field) -> Field:
    """A 4XX field in embedded form ($1 with a whole field inside) as one with standard subfields."""
    if not any(code == "1" for code, _ in field.subfields):
        return field
    found: list[tuple[str, str]] = []
    inside = ""
    for code, value in field.subfields:
        if code == "1":
            inside = value[:3]
            if inside == "001":
                found.append(("0", value[3:]))
        elif inside == "200" and code == "a":
            found.append(("t", value))
        elif inside in ("700", "710") and code in "ab":
            name = [("a", value)] if code == "a" else []
            found += name
        elif inside in ("010", "011") and code == "a":
            found.append(("z" if inside == "010" else "x", value))
        elif code == "v":
            found.append(("v", value))
    return field._replace(subfields=tuple(found))


def _by_rule(rule: Rule, field: Field) -> list[Field]:
    codes = {pair[0]: pair[1] for pair in rule.codes.split()}
    subfields = tuple((codes[code], plain(value)) for code, value in field.subfields if code in codes and value)
    if not subfields:
        return []
    ind1, ind2 = rule.indicators[0], rule.indicators[1]
    if rule.tag in ("650", "651", "655", "600", "610", "630") and any(code == "2" for code, _ in subfields):
        ind2 = "7"
    return [Field(rule.tag, ind1, ind2, subfields + rule.added)]


def _title(field: Field) -> list[Field]:
    """200 to 245, with ISBD punctuation, which MARC21 writes and UNIMARC implies."""
    skipped = _NON_SORTING_BLOCK.match(field.first("a"))
    nonfiling = min(9, len(plain(skipped.group()))) if skipped else 0
    marks = {"d": " =", "e": " :", "f": " /", "g": " ;", "h": ".", "i": ",", "c": "."}
    codes = {"a": "a", "c": "b", "d": "b", "e": "b", "f": "c", "g": "c", "h": "n", "i": "p", "b": "h", "v": "n"}
    subfields: list[tuple[str, str]] = []
    for code, value in field.subfields:
        if code not in codes or not value.strip():
            continue
        value = plain(value)
        if code == "b":
            subfields.append(("h", f"[{value}]"))
            continue
        mark = marks.get(code, " ;" if code == "a" and subfields else "")
        if subfields and mark:
            last_code, last = subfields[-1]
            subfields[-1] = (last_code, last if last.rstrip().endswith(mark.strip()) else last.rstrip() + mark)
        target = codes[code]
        if subfields and target == subfields[-1][0] and target in "abc":
            subfields[-1] = (target, f"{subfields[-1][1]} {value}")
        else:
            subfields.append((target, value))
    titles = [Field("245", "1", str(nonfiling), tuple(subfields))] if subfields else []
    parallels = [Field("246", "3", "1", (("a", plain(value)),)) for value in field.all("d")]
    return titles + parallels


def _publication(field: Field) -> list[Field]:
    codes = {"a": "a", "c": "b", "d": "c", "e": "e", "g": "f", "h": "g"}
    marks = {"b": " :", "c": ","}
    subfields: list[tuple[str, str]] = []
    for code, value in field.subfields:
        target = codes.get(code)
        if target is None or not value.strip():
            continue
        if subfields and target in marks and not subfields[-1][1].rstrip().endswith(marks[target].strip()):
            subfields[-1] = (subfields[-1][0], subfields[-1][1].rstrip() + marks[target])
        elif subfields and target == "a":
            subfields[-1] = (subfields[-1][0], subfields[-1][1].rstrip() + " ;")
        subfields.append((target, plain(value)))
    function = {"0": "1", "1": "3", "2": "2", "3": "1", "4": "4"}.get(field.ind2, "1") if field.tag == "214" else "1"
    return [Field("264", " ", function, tuple(subfields))] if subfields else []


def _languages(field: Field) -> list[Field]:
    translated = bool(field.all("c"))
    codes = {"a": "a", "b": "k", "c": "h", "d": "b", "j": "j"}
    subfields = tuple((codes[code], value.lower()) for code, value in field.subfields if code in codes and value)
    return [Field("041", "1" if translated else "0", " ", subfields)] if subfields else []


def _country(field: Field) -> list[Field]:
    codes = tuple(("c", value.lower()) for value in field.all("a"))
    return [Field("044", subfields=codes)] if codes else []


def _copies(field: Field) -> list[Field]:
    """995 (recommendation 995, as Koha and SIGB use it) to 952."""
    subfields = tuple((_SHELVED[code], value) for code, value in field.subfields if code in _SHELVED and value)
    return [Field("952", subfields=subfields)] if subfields else []


def _joined(field: Field) -> list[tuple[str, str]]:
    """Name subfields: surname and forename become one heading, dates and roles get their own places."""
    surname, forename = plain(field.first("a")).strip(), plain(field.first("b")).strip()
    forename = forename.lstrip(", ")
    heading = (
        f"{surname.rstrip(',')}, {forename}" if forename and field.ind2 != "0" else f"{surname} {forename}".strip()
    )
    found = [("a", heading)] if heading else []
    found += [("b", value) for value in field.all("d")]
    found += [("c", value) for value in field.all("c")]
    found += [("d", value) for value in field.all("f")]
    found += [("q", value) for value in field.all("g")]
    return found


def _corporate(field: Field) -> list[tuple[str, str]]:
    found = [("a", plain(value)) for value in field.all("a")[:1]]
    found += [("b", plain(value)) for value in field.all("b")]
    places = {"d": "n", "e": "c", "f": "d"}
    return found + [(places[code], value) for code, value in field.subfields if code in places]


def _roles(field: Field) -> list[tuple[str, str]]:
    return [("4", _RELATORS.get(value.strip(), value.strip())) for value in field.all("4") if value.strip()]


def _name(field: Field, *, main_entry: bool) -> Field:
    tag = _NAMES[field.tag]
    if main_entry and tag in ("100", "110"):
        tag = "7" + tag[1:]
    authority = [("0", value) for value in field.all("3")]
    if field.tag == "730":
        return Field("720", "1", " ", (("a", plain(field.first("a"))), *_roles(field)))
    if field.tag[1] == "1":
        meeting = field.ind1 == "1"
        tag = tag[:2] + "1" if meeting else tag
        return Field(tag, "2", " ", (*_corporate(field), *_roles(field), *authority))
    first = "3" if field.tag[1] == "2" else "1" if field.ind2 == "1" or field.first("b") else "0"
    return Field(tag, first, " ", (*_joined(field), *_roles(field), *authority))


def _subject_name(field: Field) -> Field:
    subdivisions = {"j": "v", "x": "x", "y": "z", "z": "y"}
    after = [(subdivisions[code], value) for code, value in field.subfields if code in subdivisions]
    authority = [("0", value) for value in field.all("3")]
    scheme = [("2", value) for value in field.all("2")]
    heading = _corporate(field) if field.tag == "601" else _joined(field)
    if field.tag == "604":
        heading += [("t", plain(value)) for value in field.all("t")]
    first = "2" if field.tag == "601" else "3" if field.tag == "602" else "1" if field.first("b") else "0"
    return Field(_SUBJECT_NAMES[field.tag], first, "7" if scheme else "4", (*heading, *after, *authority, *scheme))


def _fixed(record: Record) -> str:
    """008 from 100 $a (date entered, date type, dates), 101 (language) and 102 (country)."""
    coded = next((field.first("a") for field in record.get("100")), "").ljust(36)
    entered = coded[2:8] if coded[:8].isdigit() else "      "
    date_type = _DATE_TYPES.get(coded[8], "n")
    dates = "".join(character if character.isdigit() or character in "u " else " " for character in coded[9:17])
    language = next((field.first("a").lower() for field in record.get("101")), "   ")[:3].ljust(3)
    country = next((field.first("a").lower() for field in record.get("102")), "xx")[:2].ljust(3)
    return f"{entered}{date_type}{dates}{country}{'|' * 17}{language}||"


_COMPOSED: dict[str, Callable[[Field], list[Field]]] = {
    "101": _languages,
    "102": _country,
    "200": _title,
    "210": _publication,
    "214": _publication,
    "995": _copies,
}
