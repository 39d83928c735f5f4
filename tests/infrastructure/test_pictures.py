"""Pictures that people send: upright, small, and silent about who took them and where."""

from __future__ import annotations

import pytest
import pyvips

from khaneh.infrastructure import pictures
from khaneh.infrastructure.pictures import NotAPicture, PictureTooLarge, drawn


def picture(width: int = 300, height: int = 200, *, kind: str = ".jpg", orientation: int = 1, bands: int = 3) -> bytes:
    image = (pyvips.Image.black(width, height, bands=bands) + 90).cast("uchar").copy(interpretation="srgb")
    image.set_type(pyvips.GValue.gint_type, "orientation", orientation)
    image.set_type(pyvips.GValue.gstr_type, "exif-ifd3-GPSLatitude", "34/1 38/1 24/1")
    written: bytes = image.write_to_buffer(kind)
    return written


@pytest.mark.parametrize("kind", [".jpg", ".png", ".webp"])
def test_every_format_becomes_webp_in_each_width(kind: str) -> None:
    small, large = drawn(picture(kind=kind), widths=(60, 150))
    assert [(one.width, one.height) for one in (small, large)] == [(60, 40), (150, 100)]
    assert small.content[8:12] == b"WEBP"


def test_nothing_becomes_larger_than_it_came() -> None:
    assert [(one.width, one.height) for one in drawn(picture(), widths=(1600,))] == [(300, 200)]


def test_a_telephone_held_upright_gives_an_upright_picture() -> None:
    (one,) = drawn(picture(orientation=6), widths=(1600,))
    assert (one.width, one.height) == (200, 300)


def test_what_a_telephone_wrote_into_it_is_gone() -> None:
    told = pyvips.Image.new_from_buffer(picture(), "")
    assert any("GPSLatitude" in name for name in told.get_fields())
    (one,) = drawn(picture(), widths=(300,))
    kept = pyvips.Image.new_from_buffer(one.content, "")
    assert not [name for name in kept.get_fields() if "exif" in name or "GPS" in name]


def test_what_is_transparent_stands_on_white() -> None:
    (one,) = drawn(picture(kind=".png", bands=4), widths=(50,))
    assert not pyvips.Image.new_from_buffer(one.content, "").hasalpha()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"text",
        b"GIF89a" + bytes(60),
        b"<svg/>",
        b"%PDF-1.7",
        b"\xff\xd8\xff" + bytes(60),
        b"\x89PNG\r\n\x1a\n" + bytes(60),
    ],
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(NotAPicture):
        drawn(content, widths=(50,))


def test_one_that_is_cut_off_is_refused() -> None:
    with pytest.raises(NotAPicture):
        drawn(picture(kind=".png")[:150], widths=(300,))


def test_more_pixels_than_anybody_looks_at_are_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_PIXELS", 59_999)
    with pytest.raises(PictureTooLarge):
        drawn(picture(), widths=(50,))
