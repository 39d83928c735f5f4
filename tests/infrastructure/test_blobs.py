"""Files by content."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest

from khaneh.infrastructure.blobs import BlobMissing, BlobStore, BlobTooLarge


def test_what_is_put_is_got_and_equal_files_are_one(tmp_path: Path) -> None:
    store = BlobStore(tmp_path)
    content = b"\x00\xff" * 3_000_000
    blob = store.put(io.BytesIO(content))
    assert blob.digest == hashlib.sha256(content).hexdigest()
    assert blob.size == len(content)
    assert store.put([content[:5], content[5:]]) == blob
    assert list(store.digests()) == [blob.digest]
    with store.open(blob.digest) as found:
        assert found.read() == content
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [blob.digest]


def test_damage_shows(tmp_path: Path) -> None:
    store = BlobStore(tmp_path)
    blob = store.put(io.BytesIO(b"a book"))
    assert store.holds_intact(blob.digest)
    store.path(blob.digest).write_bytes(b"a bOok")
    assert not store.holds_intact(blob.digest)
    assert not store.holds_intact("0" * 64)


def test_too_much_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(BlobTooLarge):
        BlobStore(tmp_path).put(io.BytesIO(b"12345"), limit=4)
    assert BlobStore(tmp_path).put(io.BytesIO(b"1234"), limit=4).size == 4
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_a_stream_that_breaks_leaves_nothing(tmp_path: Path) -> None:
    def broken():
        yield b"half"
        raise ConnectionError("gone")

    with pytest.raises(ConnectionError):
        BlobStore(tmp_path).put(broken())
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "ab" * 31, "AB" * 32, f"{'ab' * 32}\n"])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        BlobStore(tmp_path).open(name)


def test_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(BlobMissing):
        BlobStore(tmp_path).open("0" * 64)
