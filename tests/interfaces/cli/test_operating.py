"""Doctor, migrate, accounts and the network's tables, by the real program."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from khaneh.interfaces.cli import exits
from tests.installation import Installation

DEMO = Path(__file__).resolve().parents[3] / "demo"


@pytest.fixture(scope="module")
def one(install: Callable[..., Installation]) -> Iterator[Installation]:
    """An installation with the network's tables in it."""
    made = install(ready=True)
    with made.held():
        reports = made.json("network", "import", str(DEMO / "network"))
        assert {report["table"] for report in reports} >= {"regions", "houses", "organisations"}
        assert all(report["refused"] == 0 for report in reports)
        yield made


def test_migrating_again_has_nothing_to_do(one: Installation) -> None:
    assert one.json("migrate", "--check") == {"pending": [], "applied": []}


def test_an_empty_home_has_something_to_do(install: Callable[..., Installation]) -> None:
    fresh = install()
    assert "people.0001_initial" in fresh.json("migrate", "--check", code=exits.FAILED)["pending"]
    states = {check["name"]: check["state"] for check in fresh.json("doctor", code=exits.FAILED)["checks"]}
    assert states["migrations"] == "broken"
    assert states["database"] == "ok"


def test_doctor_tells_what_is_broken_and_what_to_do(install: Callable[..., Installation], tmp_path: Path) -> None:
    lost = install(DATABASE_URL=f"postgresql://nobody@/none?host={tmp_path}", EMAIL_URL="smtp://127.0.0.1:9")
    report = lost.json("doctor", code=exits.FAILED)
    broken = {check["name"]: check for check in report["checks"] if check["state"] == "broken"}
    assert not report["ok"]
    assert set(broken) == {"database", "mail"}
    assert all(check["hint"] for check in broken.values())
    assert "DATABASE_URL" in broken["database"]["hint"]


def test_a_secret_that_others_can_read_is_a_warning(one: Installation) -> None:
    (one.home / "secret-key").chmod(0o644)
    states = {check["name"]: check for check in one.json("doctor", code=exits.DONE)["checks"]}
    assert states["home"]["state"] == "warning"
    assert "chmod 600" in states["home"]["hint"]
    (one.home / "secret-key").chmod(0o600)


def test_importing_the_tables_again_changes_nothing(one: Installation) -> None:
    for report in one.json("network", "import", str(DEMO / "network")):
        assert (report["created"], report["changed"], report["refused"]) == (0, 0, 0), report["table"]
        assert report["same"] > 0


def test_a_wrong_line_is_told_with_its_number_and_the_rest_is_taken(one: Installation, tmp_path: Path) -> None:
    lines = (DEMO / "network/houses.csv").read_text(encoding="utf-8").splitlines()
    columns = next(csv.reader([lines[0]]))
    row = dict(zip(columns, next(csv.reader([lines[1]])), strict=True))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns)
    writer.writeheader()
    writer.writerow({**row, "code": "XX-GOOD", "parent_code": ""})
    writer.writerow({**row, "code": "XX-BAD", "parent_code": "", "kind": "castle"})
    path = tmp_path / "houses.csv"
    path.write_text(out.getvalue(), encoding="utf-8")
    (tried,) = one.json("network", "import", str(path), "--try", code=exits.PARTLY)
    assert not tried["applied"]
    (report,) = one.json("network", "import", str(path), code=exits.PARTLY)
    assert (report["created"], report["refused"]) == (1, 1), "what was tried was undone"
    (error,) = report["errors"]
    assert (error["line"], error["code"], error["column"]) == (3, "XX-BAD", "kind")
    exported = one.run("network", "export", "houses")
    assert "XX-GOOD" in exported
    assert "XX-BAD" not in exported


def test_what_is_exported_can_be_imported(one: Installation, tmp_path: Path) -> None:
    path = tmp_path / "regions.xlsx"
    one.run("network", "export", "regions", "--format", "xlsx", "--output", str(path))
    (report,) = one.json("network", "import", str(path))
    assert report["refused"] == report["created"] == report["changed"] == 0
    assert report["same"] > 200


def test_the_first_administrator(one: Installation) -> None:
    made = one.json("account", "create", "Director@Example.org", "--name", "Director")
    assert made["created"]
    assert len(made["password"]) >= 12
    again = one.json("account", "create", "director@example.org")
    assert (again["created"], again["password"]) == (False, None)
    assert "is administrator" in one.run(
        "account", "grant", "director@example.org", "administrator", "--house", "NA-LIB"
    )
    assert "was already" in one.run("account", "grant", "director@example.org", "administrator", "--house", "NA-LIB")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("account", "grant", "director@example.org", "emperor", "--house", "NA-LIB"), exits.USAGE),
        (("account", "grant", "director@example.org", "librarian"), exits.USAGE),
        (("account", "grant", "nobody@example.org", "librarian", "--house", "NA-LIB"), exits.REFUSED),
        (("account", "grant", "director@example.org", "librarian", "--house", "NOWHERE"), exits.REFUSED),
        (("account", "create", "no address"), exits.REFUSED),
        (("network", "import", __file__), exits.USAGE),
    ],
)
def test_what_cannot_be_is_refused(one: Installation, arguments: tuple[str, ...], code: int) -> None:
    one.json("account", "create", "director@example.org")
    one.run(*arguments, code=code)
