"""Bars that others read: every text is drawn and given to zxing, a decoder that nobody here wrote."""

from __future__ import annotations

import re

import pytest
import zxingcpp
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from khaneh.domains.people.rules import cards
from khaneh.formats import code128
from khaneh.interfaces.web.members import bars

HEIGHT = 24
MODULE = 3  # pixels


def read(row: bytes) -> list[tuple[str, str]]:
    """What a decoder finds in an image of this one line of pixels, repeated."""
    image = memoryview(row * HEIGHT).cast("B", (HEIGHT, len(row)))
    return [(found.text, found.format.name) for found in zxingcpp.read_barcodes(image)]


def pixels(widths: list[int]) -> bytes:
    """A line of pixels, black bars on white, with the quiet zones."""
    quiet = b"\xff" * (code128.QUIET * MODULE)
    row = b"".join((b"\x00" if turn % 2 == 0 else b"\xff") * (width * MODULE) for turn, width in enumerate(widths))
    return quiet + row + quiet


@settings(max_examples=150)
@given(st.text(alphabet=[chr(code) for code in range(32, 127)], min_size=1, max_size=24))
def test_a_decoder_reads_what_was_written(text: str) -> None:
    assert read(pixels(code128.widths(text))) == [(text, "Code128")]


@settings(max_examples=60)
@given(st.integers(1, 999_999_999))
def test_our_cards_are_short_and_read(number: int) -> None:
    code = cards.barcode(number)
    widths = code128.widths(code)
    # Start, M, change to pairs, five pairs, check: nine symbols of eleven modules and a stop of thirteen.
    assert sum(widths) == 9 * 11 + 13
    assert read(pixels(widths)) == [(code, "Code128")]


def test_the_card_on_the_page_is_read_off_its_svg() -> None:
    drawn = BeautifulSoup(str(bars("M0012345674")), "html.parser").select_one("svg")
    assert drawn is not None
    whole = int(str(drawn["viewbox"]).split()[2])
    row = bytearray(b"\xff" * (whole * MODULE))
    for start, width in re.findall(r"M(\d+) 0h(\d+)v", str(drawn.select("path")[1]["d"])):
        at, long = int(start) * MODULE, int(width) * MODULE
        row[at : at + long] = b"\x00" * long
    assert read(bytes(row)) == [("M0012345674", "Code128")]


@pytest.mark.parametrize("wrong", ["", "é", "کارت", "a\x00", "\n"])
def test_what_the_set_cannot_hold_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError):
        code128.values(wrong)
