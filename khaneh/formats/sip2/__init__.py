"""SIP2, the 3M Standard Interchange Protocol 2.00, by which self-checks, sorters and gates talk to a library: bytes ⇄ messages.

Pure: no sockets, no clock, no domain. `codec` reads and writes one message, `framing` cuts a stream into messages, `messages` are their
fields, `text` the characters that a machine can show, `instants` the protocol's way to write a time.
"""

from khaneh.formats.sip2.codec import Decoded, decode, encode
from khaneh.formats.sip2.errors import ChecksumWrong, Malformed, MessageUnknown, Sip2Error, TooLong
from khaneh.formats.sip2.framing import Splitter
from khaneh.formats.sip2.instants import parse_instant, show_instant
from khaneh.formats.sip2.text import ENCODINGS, can_show

__all__ = [
    "ENCODINGS",
    "ChecksumWrong",
    "Decoded",
    "Malformed",
    "MessageUnknown",
    "Sip2Error",
    "Splitter",
    "TooLong",
    "can_show",
    "decode",
    "encode",
    "parse_instant",
    "show_instant",
]
