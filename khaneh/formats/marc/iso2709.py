"""ISO 2709 into a record: a fast way for records that say the truth about themselves, and a patient one for the others.

Both work on the bytes of one record; where records begin and end in a file is the scanner's business (`scanning.iso2709`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from struct import Struct
from typing import Any, NamedTuple

from khaneh.formats.marc.problems import Problem, doubt, note
from khaneh.formats.marc.types import Field, Record

FIELD_END, RECORD_END, DELIMITER = b"\x1e", b"\x1d", b"\x1f"
_TAG = re.compile(r"[0-9A-Za-z]{3}\Z")
_new_tuple = tuple.__new__

# A catalogue says the same over and over: languages, publishers, headings. Fields are values, so one object can stand for all of them.
_REMEMBERED = 30_000  # fields; cleared when full
_SHORT = 64  # bytes: a longer field is hardly ever met again
_remembered: dict[bytes, Field] = {}


class _Layouts(dict[int, Callable[[bytes], tuple[Any, ...]]]):
    """What takes a directory of so many entries apart: a tag and nine digits by turns."""

    def __missing__(self, count: int) -> Callable[[bytes], tuple[Any, ...]]:
        layout = self[count] = Struct("3s9s" * count).unpack
        return layout


_layouts = _Layouts()


class Clean(NamedTuple):
    """A record whose bytes say the truth about themselves; its tags, and the bytes of its fields, which are UTF-8."""

    record: Record
    tags: tuple[bytes, ...]
    body: bytes


def read_clean(data: bytes) -> Clean | None:
    """The record, where the bytes are UTF-8 and the leader and the directory are exactly right; otherwise None."""
    try:
        base = int(data[12:17])
        # Escape sequences belong to MARC-8, and such a record is plain ASCII to every other encoding.
        if int(data[:5]) != len(data) or data[-2:] != b"\x1e\x1d" or data[base - 1] != 0x1E or b"\x1b" in data:
            return None
        leader = data[:24].decode("ascii")
        directory = data[24 : base - 1]
        body = data[base:-2]
        parts = body.split(b"\x1e")
        count, rest = divmod(len(directory), 12)
        if rest or len(parts) != count or not count or not directory.isascii():
            return None
        entries = _layouts[count](directory)
        tags = entries[::2]
        fields: list[Field] = []
        append = fields.append
        known = _remembered.get
        start = 0
        for tag, place, part in zip(tags, entries[1::2], parts, strict=True):
            # The length of a field with its end, and where it begins: side by side in the directory, so one number.
            length = len(part) + 1
            if int(place) != length * 100000 + start:
                return None
            start += length
            append(known(tag + part) or _field(tag, part, length))
    except (ValueError, IndexError):
        return None
    return Clean(Record(leader, tuple(fields)), tags, body)


def _field(tag: bytes, part: bytes, length: int) -> Field:
    """A field that is not remembered. Raises ValueError or IndexError where it is not exactly as it should be."""
    name = tag.decode("ascii")
    text = part.decode()
    if "\x1f" in text:
        indicators, *subfields = text.split("\x1f")
        if len(indicators) != 2:
            raise ValueError(indicators)
        # An empty subfield code is an error here.
        if len(subfields) == 1:
            (one,) = subfields
            field = _new_tuple(Field, (name, indicators[0], indicators[1], ((one[0], one[1:]),), ""))
        else:
            field = _new_tuple(
                Field, (name, indicators[0], indicators[1], tuple([(one[0], one[1:]) for one in subfields]), "")
            )
    elif name < "010" or not name.isdigit():
        field = _new_tuple(Field, (name, " ", " ", (), text))
    else:
        raise ValueError(name)
    if length < _SHORT:
        if len(_remembered) >= _REMEMBERED:
            _remembered.clear()
        _remembered[tag + part] = field
    return field


class Parts(NamedTuple):
    """A record taken apart but not decoded: tags and the bytes of their fields, in the record's order."""

    leader: bytes
    fields: list[tuple[str, bytes]]
    problems: list[Problem]


class _Entry(NamedTuple):
    tag: str
    length: int
    start: int


_LEADER = re.compile(rb"[0-9]{5}.{5}[0-9 ]{2}[0-9]{5}", re.DOTALL)


def take_apart(data: bytes) -> Parts | None:
    """The fields of a record that may lie about itself, or None where nothing like a record is there."""
    problems: list[Problem] = []
    data = data.lstrip(b"\r\n\x00\x1a\t\xef\xbb\xbf\x1d\x1e") if not data[:1].isdigit() else data
    ended = data.rstrip(b"\r\n\x00\x1a ").endswith(RECORD_END)
    if ended:
        data = data.rstrip(b"\r\n\x00\x1a ")
    if len(data) < 24 or FIELD_END not in data:
        return None
    declared = data[:5]
    if not declared.isdigit() or int(declared) != len(data):
        problems.append(note("length-wrong", declared=declared.decode("latin-1"), actual=len(data)))
    leader = data[:24]
    base, directory = _directory(data, problems)
    if directory is None:
        return None
    body = data[base:]
    if ended:
        body = body[:-1]
    else:
        complete = declared.isdigit() and int(declared) in (len(data) + 1, len(data)) and body.endswith(FIELD_END)
        problems.append(
            note("terminator-missing")
            if complete
            else doubt("truncated", declared=declared.decode("latin-1"), actual=len(data))
        )
    if not body.endswith(FIELD_END) and ended and body:
        cut = declared.isdigit() and int(declared) > len(data)
        problems.append(
            doubt("truncated", declared=declared.decode("ascii"), actual=len(data))
            if cut
            else note("terminator-missing")
        )
    parts = body.split(FIELD_END)
    if parts and not parts[-1]:
        parts.pop()
    if len(directory) % 12 == 11 and _exact(_entries(data[23:24] + directory), parts):
        # The leader has lost its last character, so that the directory begins one place early.
        problems.append(note("leader-short", leader=data[:23].decode("latin-1"), length=23))
        leader, directory = data[:23] + b" ", data[23:24] + directory
    fields = _pair(directory, body, parts, problems)
    return Parts(_mend_leader(leader, problems), fields, problems) if fields else None


def _mend_leader(leader: bytes, problems: list[Problem]) -> bytes:
    if FIELD_END in leader or DELIMITER in leader or not leader.isascii():
        problems.append(doubt("leader-broken", leader=leader.decode("latin-1")))
        return bytes(byte if 0x20 <= byte < 0x7F else 0x20 for byte in leader)
    return leader


def _directory(data: bytes, problems: list[Problem]) -> tuple[int, bytes | None]:
    """The base address and the bytes of the directory: as the leader says, or up to the first field terminator."""
    declared = data[12:17]
    first_end = data.find(FIELD_END)
    if declared.isdigit() and 24 < int(declared) <= len(data) and first_end == int(declared) - 1:
        return int(declared), data[24:first_end]
    directory = data[24:first_end]
    if first_end < 24 or (len(directory) and sum(48 <= byte < 58 for byte in directory) < 0.6 * len(directory)):
        return 0, None
    problems.append(note("base-address-wrong", declared=declared.decode("latin-1"), actual=first_end + 1))
    return first_end + 1, directory


def _entries(directory: bytes) -> list[_Entry] | None:
    """The entries, or None where one of them is not a tag and nine digits."""
    if len(directory) % 12:
        return None
    entries: list[_Entry] = []
    for index in range(0, len(directory), 12):
        numbers = directory[index + 3 : index + 12]
        if not numbers.isdigit():
            return None
        entries.append(_Entry(directory[index : index + 3].decode("latin-1"), int(numbers[:4]), int(numbers[4:])))
    return entries


def _positions(parts: list[bytes]) -> dict[int, bytes]:
    """Fields by where they begin."""
    at: dict[int, bytes] = {}
    start = 0
    for part in parts:
        at[start] = part
        start += len(part) + 1
    return at


def _exact(entries: list[_Entry] | None, parts: list[bytes]) -> bool:
    """Whether every entry names one field exactly, in whatever order."""
    if entries is None or not len({entry.start for entry in entries}) == len(entries) == len(parts):
        return False
    at = _positions(parts)
    return all(entry.start in at and len(at[entry.start]) + 1 == entry.length for entry in entries)


def _pair(directory: bytes, body: bytes, parts: list[bytes], problems: list[Problem]) -> list[tuple[str, bytes]]:
    """Tags with the bytes of their fields: by position where positions hold, by order where they lie, by length as the last way."""
    entries = _entries(directory)
    if entries is None:
        return _pair_walking(directory, parts, problems)
    at = _positions(parts)
    if _exact(entries, parts):
        if any(one.start > two.start for one, two in pairwise(entries)):
            problems.append(note("directory-unordered"))
        return [(entry.tag, at[entry.start]) for entry in entries]
    if len(entries) == len(parts):
        return _pair_by_order(entries, parts, problems)
    exact = [body[entry.start : entry.start + entry.length] for entry in entries]
    covered = sum(map(len, exact)) == len(body) and len({entry.start for entry in entries}) == len(entries)
    if covered and all(field.endswith(FIELD_END) for field in exact):
        problems.append(
            note(
                "embedded-terminator",
                fields=[e.tag for e, field in zip(entries, exact, strict=True) if FIELD_END in field[:-1]],
            )
        )
        return [(entry.tag, field[:-1].replace(FIELD_END, b" ")) for entry, field in zip(entries, exact, strict=True)]
    return _pair_by_length(entries, parts, problems) or _pair_by_shape(
        [entry.tag for entry in entries], parts, problems
    )


def _pair_by_length(entries: list[_Entry], parts: list[bytes], problems: list[Problem]) -> list[tuple[str, bytes]]:
    """More fields than entries: where pieces together are exactly as long as an entry says, terminators stood inside its text."""
    fields: list[tuple[str, bytes]] = []
    embedded: list[str] = []
    index, surplus = 0, len(parts) - len(entries)
    for entry in entries:
        if index >= len(parts):
            return []
        count, length = 1, len(parts[index]) + 1
        while length < entry.length and count <= surplus and index + count < len(parts):
            length += len(parts[index + count]) + 1
            count += 1
        if length != entry.length:
            count = 1
        elif count > 1:
            embedded.append(entry.tag)
            surplus -= count - 1
        fields.append((entry.tag, b" ".join(parts[index : index + count])))
        index += count
    if index != len(parts) or not embedded or not all(_fits(tag, part) for tag, part in fields):
        return []
    problems.append(note("embedded-terminator", fields=embedded))
    return fields


def _pair_by_order(entries: list[_Entry], parts: list[bytes], problems: list[Problem]) -> list[tuple[str, bytes]]:
    """As many fields as entries: the terminators count, not the numbers."""
    starts = [entry.start for entry in entries]
    rising = all(one < two for one, two in pairwise(starts))
    order = list(range(len(entries)))
    if not rising and len(set(starts)) == len(starts) and len(starts) > 1:
        ranked = sorted(order, key=lambda index: starts[index])
        by_rank = dict(zip(ranked, parts, strict=True))
        fits_rank = sum(_fits(entry.tag, by_rank[index]) for index, entry in enumerate(entries))
        fits_order = sum(_fits(entry.tag, part) for entry, part in zip(entries, parts, strict=True))
        if fits_rank > fits_order:
            problems.append(note("directory-unordered"))
            parts = [by_rank[index] for index in order]
    fields = [(entry.tag, part) for entry, part in zip(entries, parts, strict=True)]
    wrong = [tag for tag, part in fields if not _fits(tag, part)]
    if wrong:
        problems.append(doubt("directory-unsure", fields=wrong[:20]))
    else:
        problems.append(note("directory-repaired", entries=len(entries)))
    return fields


def _fits(tag: str, part: bytes) -> bool:
    """Whether bytes look like a field of this tag: control fields have no subfields, data fields two indicators and some."""
    if tag < "010" and tag.isdigit():
        return DELIMITER not in part
    if not tag.isdigit():
        return True
    return part[2:3] == DELIMITER


def _pair_walking(directory: bytes, parts: list[bytes], problems: list[Problem]) -> list[tuple[str, bytes]]:
    """A directory with entries of more or fewer than twelve characters, as writers leave when a number outgrows its digits."""
    tags: list[str] = []
    position = start = 0
    for part in parts:
        tag = directory[position : position + 3]
        length = len(part) + 1
        numbers = (
            f"{length:04d}{start:05d}",
            f"{length % 10000:04d}{start % 100000:05d}",
            f"{length:05d}{start:05d}",
            f"{length:04d}{start:06d}",
        )
        found = next((text for text in numbers if directory.startswith(text.encode("ascii"), position + 3)), None)
        if found is None or len(tag) < 3:
            break
        tags.append(tag.decode("latin-1"))
        position += 3 + len(found)
        start += length
    if len(tags) == len(parts) and position == len(directory):
        problems.append(note("directory-repaired", entries=len(tags)))
        return list(zip(tags, parts, strict=True))
    plain = [directory[index : index + 3].decode("latin-1") for index in range(0, len(directory) - 11, 12)]
    return _pair_by_shape(plain, parts, problems)


def _pair_by_shape(tags: list[str], parts: list[bytes], problems: list[Problem]) -> list[tuple[str, bytes]]:
    """The last way: tags and fields of unlike number, walked together and joined where their shapes allow it."""
    fields: list[tuple[str, bytes]] = []
    index = 0
    for number, part in enumerate(parts):
        if not part.strip():
            continue
        while index < len(tags) and not _fits(tags[index], part) and len(tags) - index > len(parts) - number:
            index += 1
        if index < len(tags) and _fits(tags[index], part):
            fields.append((tags[index], part))
            index += 1
        elif fields and part[2:3] != DELIMITER:
            # A terminator inside the text of the field before.
            fields[-1] = (fields[-1][0], fields[-1][1] + b" " + part)
        else:
            fields.append((tags[index] if index < len(tags) else "???", part))
            index += 1
    problems.append(doubt("directory-unsure", entries=len(tags), fields=len(parts)))
    return fields


def build_field(tag: str, text: str, problems: list[Problem]) -> Field:
    """A field from its decoded text, mending indicators and subfield codes that are certain and reporting the others."""
    if not _TAG.match(tag):
        problems.append(doubt("tag-odd", tag=tag))
    if "\x1f" not in text:
        if tag < "010" or not tag.isdigit():
            return Field(tag, value=text)
        if not text.strip():
            problems.append(note("subfields-missing", tag=tag))
            return Field(tag)
        problems.append(doubt("subfields-missing", tag=tag))
        return Field(tag, text[0], text[1], (("a", text[2:]),)) if len(text) > 2 else Field(tag, value=text)
    indicators, *subfields = text.split("\x1f")
    if tag < "010" and tag.isdigit():
        problems.append(doubt("directory-unsure", fields=[tag]))
    first: list[tuple[str, str]] = []
    if len(indicators) != 2:
        problems.append(note("indicator-odd", tag=tag, indicators=indicators[:10]))
        if len(indicators) > 3 and indicators[2:].strip():
            problems.append(doubt("text-before-subfield", tag=tag))
            first.append((" ", indicators[2:]))
        indicators = indicators[:2].ljust(2)
    values: list[tuple[str, str]] = first
    for subfield in subfields:
        if not subfield:
            problems.append(note("subfield-code-odd", tag=tag, code=""))
            continue
        if not "!" <= subfield[0] <= "~":
            problems.append(doubt("subfield-code-odd", tag=tag, code=subfield[0]))
        values.append((subfield[0], subfield[1:]))
    return Field(tag, indicators[0], indicators[1], tuple(values))
