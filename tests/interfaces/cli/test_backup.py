"""A backup restores to the same rows, files and findable records, elsewhere; what is damaged or in the way is refused."""

from __future__ import annotations

import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from khaneh.infrastructure.blobs import BlobStore
from khaneh.interfaces.cli import exits
from tests.installation import Installation
from tests.interfaces.cli.records import collection


@pytest.fixture(scope="module")
def filled(install: Callable[..., Installation], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation with records and a file."""
    one = install(ready=True)
    path = tmp_path_factory.mktemp("records") / "books.mrc"
    path.write_bytes(collection(30))
    with one.held():
        assert one.json("import", str(path))["new"] == 30
        BlobStore(one.home / "files").put([b"a page of a book"])
        yield one


@pytest.fixture(scope="module")
def archive(filled: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its backup."""
    path = tmp_path_factory.mktemp("safe") / "all.tar"
    report = filled.json("backup", str(path))
    assert report["bytes"] == path.stat().st_size
    assert path.stat().st_mode & 0o077 == 0, "others may not read it"
    return path


def test_restored_elsewhere_it_is_the_same(
    filled: Installation, archive: Path, install: Callable[..., Installation]
) -> None:
    other = install()
    restored = other.json("restore", str(archive))
    assert restored["tables"]["catalogue_record"] == 30
    with other.held():
        again = other.json("backup", str(other.home / "again.tar"))
        theirs, ours = _found(other), _found(filled)
    changing = {"django_migrations", "discovery_generation"}  # a restore builds an index of its own
    assert {name: rows for name, rows in again["tables"].items() if name not in changing} == {
        name: rows for name, rows in restored["tables"].items() if name not in changing
    }
    assert list(BlobStore(other.home / "files").digests()) == list(BlobStore(filled.home / "files").digests())
    assert (other.home / "secret-key").read_text() == (filled.home / "secret-key").read_text()
    assert theirs == ours
    assert ours


def _found(one: Installation) -> list[tuple[int, str]]:
    return [(hit["id"], hit["title"]) for hit in one.json("search", "lighthouse 7")["hits"]]


def test_over_data_it_is_refused_and_changes_nothing(filled: Installation, archive: Path) -> None:
    secret = (filled.home / "secret-key").read_text()
    filled.run("restore", str(archive), code=exits.REFUSED)
    assert (filled.home / "secret-key").read_text() == secret
    assert filled.json("search", "lighthouse")["total"] == 30


def test_by_force_it_replaces(archive: Path, install: Callable[..., Installation], tmp_path: Path) -> None:
    other = install(ready=True)
    path = tmp_path / "others.mrc"
    path.write_bytes(collection(3, word="harbour"))
    with other.held():
        other.json("import", str(path))
        BlobStore(other.home / "files").put([b"another file"])
        other.run("restore", str(archive), "--force")
        assert other.json("search", "harbour")["total"] == 0
        assert other.json("search", "lighthouse")["total"] == 30
    assert len(list(BlobStore(other.home / "files").digests())) == 1


@pytest.fixture(scope="module")
def empty(install: Callable[..., Installation]) -> Iterator[Installation]:
    """An installation that stays as it is, whatever it is asked to restore."""
    one = install()
    with one.held():
        yield one


@pytest.mark.parametrize("damage", ["bit", "cut", "other"])
def test_what_is_damaged_is_refused(damage: str, archive: Path, empty: Installation, tmp_path: Path) -> None:
    broken = tmp_path / "broken.tar"
    data = bytearray(archive.read_bytes())
    if damage == "bit":
        with tarfile.open(archive) as tar:
            data[tar.getmember("database.dump").offset_data + 50] ^= 1
    elif damage == "cut":
        del data[len(data) // 2 :]
    else:
        data = bytearray(b"not a backup at all" * 1000)
    broken.write_bytes(data)
    empty.run("restore", str(broken), "--check", code=exits.FAILED)
    empty.run("restore", str(broken), code=exits.FAILED)
    assert not (empty.home / "files").exists()


def test_the_secret_key_can_be_left_out(filled: Installation, tmp_path: Path) -> None:
    path = tmp_path / "shared.tar"
    filled.run("backup", str(path), "--without-secret-key")
    with tarfile.open(path) as tar:
        assert "secret-key" not in tar.getnames()
