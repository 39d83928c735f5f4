"""`khaneh demo`: the demonstration network, taken in through the same importers as anybody's data."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from khaneh.interfaces.cli import (
    accounts,
    demo_exchange,
    demo_founding,
    demo_meetings,
    demo_members,
    demo_networking,
    demo_profiles,
    demo_programmes,
    demo_residencies,
    demo_season,
    demo_selection,
    demo_spaces,
    demo_term,
    exits,
    importing,
    networks,
    output,
    runtime,
)
from khaneh.interfaces.cli.exits import Failed

# The same for all of them, told to everybody: it exists on demonstrations only.
PASSWORD = "khaneh-demo"  # noqa: S105

_PACKAGE = Path(__file__).resolve().parents[2]


@click.command(
    epilog="""\b
Examples:
  khaneh demo                   what is missing of it; again, and nothing changes
  khaneh demo --from ./demo     from this folder
"""
)
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The demonstration's folder.",
)
@click.option("--again", is_flag=True, help="Even if it was loaded and its files have not changed since.")
@output.json_option
def demo(source: Path | None, again: bool, as_json: bool) -> int:
    """Load the demonstration network: regions, houses, organisations, several hundred works, spaces with a season of bookings, accounts
    to sign in with.

    Never on a real site: everybody knows its passwords.
    """
    with runtime.ready():
        report = load(source, again=again)
        lines = sign_in_lines()
    if as_json:
        output.write_json({**report, "accounts": lines})
        return exits.DONE
    click.echo("loaded" if report["loaded"] else "it is loaded already, and unchanged since")
    for line in lines:
        click.echo(f"  {line}")
    return exits.DONE


def load(source: Path | None = None, *, again: bool = False) -> dict[str, Any]:
    """Take in what is missing; {"loaded": False} when nothing has changed since the last time. Raises Failed."""
    folder = source or find()
    digest = _digest(folder)
    marker = runtime.home() / "demonstration"
    if not again and marker.exists() and marker.read_text() == digest and _is_there():
        return {"loaded": False}
    output.say("loading the demonstration network")
    tables = _load_network(folder / "network")
    with _catalogues(folder) as files:
        records = _load_catalogues(files)
    now = datetime.now(UTC)
    opened = _load_accounts(folder / "accounts.csv", since=now)
    demo_spaces.open_accounts(folder / "spaces", since=now)
    members = demo_members.load(folder / "members")
    spaces = demo_spaces.load(folder / "spaces", now=now)
    season = demo_season.play(folder / "spaces", now=now)
    term = demo_term.load(folder / "term", now=now)
    profiles = demo_profiles.load(folder / "profiles", now=now)
    programmes = demo_programmes.load(folder / "programmes", now=now)
    exchange = demo_exchange.load(folder / "exchange", now=now)
    founding = demo_founding.load(folder / "founding", now=now)
    residencies = demo_residencies.load(folder / "residencies", now=now)
    meetings = demo_meetings.load(folder / "meetings", now=now)
    selection = demo_selection.load(folder / "selection", now=now)
    networking = demo_networking.load(folder / "networking", now=now)
    output.say(f"  spaces: {spaces} new, {season['book']} bookings; {term['courses']} courses, {term['events']} events")
    output.say(
        f"  profiles: {profiles['profiles']} organisations, {profiles['mentors']} mentors, {profiles['signups']} sign-ups"
    )
    from khaneh.interfaces.cli.searching import until_findable

    output.say("building the index")
    if not until_findable():
        raise Failed("the index did not get ready: khaneh doctor says why")
    marker.write_text(digest)
    return {
        "loaded": True, "tables": tables, "records": records, "new_accounts": opened, "new_members": members,
        "new_spaces": spaces, "season": season, "term": term, "exchange": exchange, "programmes": programmes, "founding": founding, "residencies": residencies, "meetings": meetings, "selection": selection,
        "networking": networking,
    }  # fmt: skip


def find() -> Path:
    """The demonstration's folder: in the installed package, else beside it in a checkout. Raises Failed."""
    for folder in (_PACKAGE / "demonstration", _PACKAGE.parent / "demo"):
        if (folder / "network").is_dir():
            return folder
    raise Failed("the demonstration's files are not here; name their folder: khaneh demo --from FOLDER")


def sign_in_lines() -> list[str]:
    """Address, password, name and role of each demonstration account that can still sign in so. Empty on any other site."""
    if not (runtime.home() / "demonstration").exists():
        return []
    from khaneh.domains.people import queries

    roles: dict[str, list[str]] = {}
    for row in _accounts(find() / "accounts.csv"):
        where = row["house"] or row["organisation"]
        roles.setdefault(row["email"], []).append(f"{row['role'].replace('_', ' ')} of {where}" if where else "reader")
    width = max(map(len, roles))
    return [
        f"{email:<{width}}  {PASSWORD}  {', '.join(held)}"
        for email, held in roles.items()
        if queries.password_fits(email=email, password=PASSWORD)
    ]


def _digest(folder: Path) -> str:
    """One sum over every file's name and content, so that an edited demonstration is taken in again."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            total.update(path.relative_to(folder).as_posix().encode() + b"\0")
            total.update(path.read_bytes())
    return total.hexdigest()


def _is_there() -> bool:
    """Whether the database that is used now holds it: the marker lies in the home folder, the database may be another."""
    from khaneh.domains.catalogue import queries
    from khaneh.kernel.actor import SYSTEM

    return bool(queries.sources(actor=SYSTEM))


def _load_network(folder: Path) -> dict[str, dict[str, int]]:
    from khaneh.domains.network.types import ImportMode, Outcome

    counts: dict[str, dict[str, int]] = {}
    for table, path in networks.files_of(folder):
        report, _ended = networks.take_in(table, path, ImportMode.ALL_OR_NOTHING)
        refused = [line for line in report.lines if line.outcome is Outcome.REFUSED]
        if refused:
            faults = "; ".join(
                f"line {line.line}: {', '.join(one.code for one in line.problems)}" for line in refused[:5]
            )
            raise Failed(f"{path}: {len(refused)} lines were refused: {faults}")
        counts[table] = {str(outcome): count for outcome, count in report.counts.items()}
        output.say(f"  {table}: {', '.join(f'{count} {name}' for name, count in counts[table].items())}")
    return counts


@contextlib.contextmanager
def _catalogues(folder: Path) -> Iterator[list[tuple[Path, str, str]]]:
    """The files of records with house and profile: those that lie there, or written now by the demonstration's own program."""
    if (folder / "catalogues/manifest.json").exists():
        yield _manifest(folder / "catalogues")
        return
    with tempfile.TemporaryDirectory(prefix="khaneh-demo-") as name:
        done = subprocess.run(
            [sys.executable, "-m", "demo.build", name],
            cwd=folder.parent,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise Failed(f"the demonstration's records could not be written:\n{done.stderr.strip()[-2000:]}")
        yield _manifest(Path(name))


def _manifest(folder: Path) -> list[tuple[Path, str, str]]:
    told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return [(folder / one["file"], one["house"], one["profile"]) for one in told]


def _load_catalogues(files: list[tuple[Path, str, str]]) -> dict[str, Any]:
    from khaneh.kernel.actor import SYSTEM

    sums: dict[str, Any] = {}
    for path, house, profile in files:
        report = importing.pour(
            [path], house=house or None, profile=profile or None, actor=SYSTEM, told=lambda _done, _all: None
        )
        counts = ", ".join(f"{report[name]} {name}" for name in ("read", "new", "matched", "unchanged", "quarantined"))
        output.say(f"  {path.name} ({house}): {counts}")
        sums[path.name] = {name: value for name, value in report.items() if name != "files"}
    return sums


def _accounts(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _load_accounts(path: Path, *, since: datetime) -> int:
    made = 0
    for row in _accounts(path):
        made += accounts.open_account(email=row["email"], password=PASSWORD, name=row["name"], language=row["language"])
        if row["role"]:
            accounts.give_role(
                row["email"], row["role"], house=row["house"], organisation=row["organisation"], since=since
            )
    return made
