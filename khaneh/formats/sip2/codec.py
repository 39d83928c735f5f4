"""One message of the protocol: bytes without an end ⇄ dataclass, sequence number and checksum.

The checksum is the two's complement of the sum of all bytes up to and with the letters AZ, in four hexadecimal digits. Some clients sum
the characters of the text instead of its bytes; where the two differ, a message whose characters add up is taken too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from khaneh.formats.sip2.errors import ChecksumWrong, Malformed, MessageUnknown
from khaneh.formats.sip2.messages import MESSAGES, Message, ResendToMachine, ResendToServer
from khaneh.formats.sip2.text import from_bytes, to_bytes

_TRAILER = re.compile(rb"(?:AY(?P<sequence>[0-9]))?AZ(?P<sum>.{4})\Z", re.DOTALL)
_SEQUENCE = re.compile(rb"(?<=\|)AY(?P<sequence>[0-9])\|?\Z")
_HEX = re.compile(rb"[0-9A-Fa-f]{4}\Z")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A message as it came. `sequence` is None and `is_checked` false where the sender does not use error detection.

    `body` is the line without sequence number and checksum: what makes two messages the same.
    """

    message: Message
    sequence: int | None
    is_checked: bool
    body: bytes


def decode(line: bytes, *, encoding: str = "utf-8") -> Decoded:
    """Read a line. Fields of other messages and of vendors' own are passed over; of a field given twice the first counts.

    Raises ChecksumWrong, MessageUnknown, Malformed.
    """
    body, sequence, is_checked = _checked(line, encoding)
    kind = MESSAGES.get(body[:2].decode("ascii", "replace"))
    if kind is None:
        raise MessageUnknown(repr(body[:2]))
    values: dict[str, str | tuple[str, ...]] = {}
    fixed, named = _SLOTS[kind]
    at = 2
    for name, width in fixed:
        part = body[at : at + width]
        if name == "at" and part[:1].isalpha():
            continue  # a public client leaves the date of 65 out, so that a named field stands in its place
        if len(part) != width or b"|" in part or not part.isascii() or not part.decode("ascii").isprintable():
            raise Malformed(f"{kind.code}: {name}")
        values[name] = part.decode("ascii")
        at += width
    for part in body[at:].split(b"|"):
        slot = named.get(part[:2])
        if slot is None:
            continue
        name, several = slot
        if several:
            values[name] = (*values.get(name, ()), from_bytes(part[2:], encoding))
        elif name not in values:
            values[name] = from_bytes(part[2:], encoding)
    return Decoded(kind(**values), sequence, is_checked, body)


def encode(
    message: Message,
    *,
    encoding: str = "utf-8",
    sequence: int | None = None,
    checksum: bool = False,
    end: bytes = b"\r",
) -> bytes:
    """Write a message with its end. With `checksum` it carries its sum, and the sequence number of what it answers where there was one.

    Raises ValueError for a fixed field that is too long.
    """
    parts = [message.code.encode("ascii")]
    for slot in type(message).slots():
        value = getattr(message, slot.name)
        if slot.width:
            data = value.encode("ascii").ljust(slot.width)
            if len(data) != slot.width:
                raise ValueError(f"{message.code}: {slot.name} has {len(data)} bytes, not {slot.width}")
            parts.append(data)
        elif slot.several:
            parts += [slot.code.encode("ascii") + to_bytes(one, encoding) + b"|" for one in value]
        elif value is not None:
            parts.append(slot.code.encode("ascii") + to_bytes(value, encoding) + b"|")
    data = b"".join(parts)
    if not checksum:
        return data + end
    # A request to send again has no number: it answers a message whose number may be what was garbled.
    if sequence is not None and not isinstance(message, ResendToMachine | ResendToServer):
        data += b"AY%d" % sequence
    data += b"AZ"
    return data + b"%04X" % checksum_of(data) + end


def checksum_of(data: bytes) -> int:
    """The sum that makes the sum of all bytes and itself zero in sixteen bits."""
    return -sum(data) & 0xFFFF


def _checked(line: bytes, encoding: str) -> tuple[bytes, int | None, bool]:
    """The line without its trailer, the sequence number, and whether there was a checksum."""
    trailer = _TRAILER.search(line)
    if trailer is None:
        numbered = _SEQUENCE.search(line)
        return (line[: numbered.start()], int(numbered["sequence"]), False) if numbered else (line, None, False)
    summed = line[: trailer.start("sum")]
    if not _HEX.match(trailer["sum"]):
        raise ChecksumWrong("no hexadecimal number")
    told = int(trailer["sum"], 16)
    if checksum_of(summed) != told:
        characters = sum(map(ord, summed.decode(encoding, "replace")))
        if summed.isascii() or -characters & 0xFFFF != told:
            raise ChecksumWrong(f"{told:04X}")
    sequence = trailer["sequence"]
    return line[: trailer.start()], int(sequence) if sequence is not None else None, True


def _slots(kind: type[Message]) -> tuple[tuple[tuple[str, int], ...], dict[bytes, tuple[str, bool]]]:
    """The fixed fields with their widths, and the named ones by their letters."""
    slots = kind.slots()
    fixed = tuple((slot.name, slot.width) for slot in slots if slot.width)
    return fixed, {slot.code.encode("ascii"): (slot.name, slot.several) for slot in slots if not slot.width}


_SLOTS = {kind: _slots(kind) for kind in MESSAGES.values()}
