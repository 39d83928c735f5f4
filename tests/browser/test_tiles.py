"""Maps on the tiles of a server, where a setting names one: that origin is let in by the pages' policy, and no other."""

from __future__ import annotations

import copy
import re
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from khaneh.config import environment
from tests.browser.conftest import Reader

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _png(side: int = 256) -> bytes:
    """A tile of one grey."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    rows = (b"\0" + b"\xc8" * side) * side
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@contextmanager
def _tile_server() -> Iterator[tuple[str, list[str]]]:
    """Its origin, and the paths that were asked for."""
    asked: list[str] = []
    tile = _png()

    class Tiles(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.send_header("Content-Length", str(len(tile)))
            self.end_headers()
            self.wfile.write(tile)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Tiles)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def tiles(settings: Any) -> Iterator[tuple[str, list[str]]]:
    """A tile server below a path, named by the setting as an operator would."""
    with _tile_server() as (origin, asked):
        settings.TILE_URL = f"{origin}/osm/{{z}}/{{x}}/{{y}}.png"
        policy = copy.deepcopy(settings.CONTENT_SECURITY_POLICY)
        policy["DIRECTIVES"]["img-src"] += environment.origin(settings.TILE_URL)
        settings.CONTENT_SECURITY_POLICY = policy
        yield origin, asked


_LOADED = """address => new Promise(done => {
  const image = new Image(); image.onload = () => done(true); image.onerror = () => done(false); image.src = address;
})"""


def test_the_map_lies_on_the_tiles_of_the_server_that_was_named(tiles: tuple[str, list[str]], reader_of: Any) -> None:
    origin, asked = tiles
    reader: Reader = reader_of("vi")
    page = reader.go("/houses?view=map")
    drawn = page.locator("svg.map__svg image")
    assert drawn.count() > 0
    page.wait_for_load_state("networkidle")
    assert asked
    assert all(re.fullmatch(r"/osm/\d+/\d+/\d+\.png", path) for path in asked)
    sizes = drawn.evaluate_all("tiles => tiles.map(tile => tile.getBoundingClientRect().width)")
    assert all(size > 0 for size in sizes)
    assert page.evaluate(_LOADED, f"{origin}/elsewhere.png")
    with _tile_server() as (other, refused):
        assert not page.evaluate(_LOADED, f"{other}/1/1/1.png")
    assert refused == []


def test_without_the_setting_no_tile_and_no_other_origin(reader_of: Any) -> None:
    with _tile_server() as (origin, asked):
        page = reader_of("en").go("/houses?view=map")
        assert page.locator("svg.map__svg").count() > 0
        assert page.locator("svg.map__svg image").count() == 0
        assert not page.evaluate(_LOADED, f"{origin}/1/1/1.png")
    assert asked == []


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("", []),
        ("https://tiles.example/{z}/{x}/{y}.png", ["https://tiles.example"]),
        ("https://tiles.example:8443/a/b/{z}/{x}/{y}.png?key=1", ["https://tiles.example:8443"]),
        ("https://tiles.example/tile.php?z={z}&x={x}&y={y}", ["https://tiles.example"]),
    ],
)
def test_a_policy_names_the_origin_alone(address: str, allowed: list[str]) -> None:
    assert environment.origin(address) == allowed
