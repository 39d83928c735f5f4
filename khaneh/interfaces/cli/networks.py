"""`khaneh network`: regions, houses, organisations, hours and holidays as files."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from khaneh.interfaces.cli import exits, output, runtime

if TYPE_CHECKING:
    from khaneh.domains.network.types import ImportReport

_TABLES = (
    "regions",
    "boundaries",
    "deprivation_indexes",
    "deprivation",
    "organisations",
    "houses",
    "opening_hours",
    "holidays",
)


@click.group()
def network() -> None:
    """Import and export the network: regions, boundaries, indexes, organisations, houses, hours, holidays."""


@network.command(
    "import",
    epilog="""\b
Examples:
  khaneh network import houses.xlsx --try       what would happen
  khaneh network import demo/network            every table of a folder, in the order of dependence
The name of the file says which table it is, or --table does.
""",
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH…", type=click.Path(path_type=Path, exists=True))
@click.option("--table", type=click.Choice(_TABLES), help="Which table the file is, whatever its name.")
@click.option("--try", "only_try", is_flag=True, help="Change nothing; report what would happen.")
@click.option("--all-or-nothing", is_flag=True, help="Change nothing if one line is refused.")
@output.json_option
def import_tables(
    paths: tuple[Path, ...], table: str | None, only_try: bool, all_or_nothing: bool, as_json: bool
) -> int:
    """Take in tables as CSV or XLSX (boundaries: GeoJSON) and report line by line. Leaves with 4 when lines were refused."""
    files = _files(paths, table)
    with runtime.ready():
        from khaneh.domains.network.types import ImportMode

        mode = ImportMode.ALL_OR_NOTHING if all_or_nothing else ImportMode.GOOD_LINES
        mode = ImportMode.TRY if only_try else mode
        reports = [(path, *take_in(name, path, mode)) for name, path in files]
        from khaneh.interfaces.cli.searching import until_findable

        until_findable()
        shown = [_facts(path, report, ended) for path, report, ended in reports]
    if as_json:
        output.write_json(shown)
    else:
        for one in shown:
            _print(one)
    return exits.PARTLY if any(one["refused"] for one in shown) else exits.DONE


@network.command(
    "export",
    epilog="""\b
Examples:
  khaneh network export houses > houses.csv
  khaneh network export organisations --format xlsx --output organisations.xlsx
""",
)
@click.argument("table", type=click.Choice([name for name in _TABLES if name != "boundaries"]))
@click.option(
    "--format", "form", default="csv", show_default=True, type=click.Choice(["csv", "xlsx"]), help="The kind of file."
)
@click.option(
    "--output", "target", type=click.Path(path_type=Path, dir_okay=False), help="A file instead of standard output."
)
def export_table(table: str, form: str, target: Path | None) -> None:
    """Write a table as it can be imported again."""
    with runtime.ready():
        from khaneh.domains.network import queries
        from khaneh.domains.network.types import TableName
        from khaneh.kernel.actor import SYSTEM

        data = queries.export_table(TableName(table), form="xlsx" if form == "xlsx" else "csv", actor=SYSTEM)
    if target is None:
        sys.stdout.buffer.write(data)
    else:
        target.write_bytes(data)


def take_in(table: str, path: Path, mode: Any) -> tuple[ImportReport, int]:
    """Import one file as the operator, who may do everything; and how many bookings its hours and days off end, or would."""
    from khaneh.domains.network import services
    from khaneh.domains.network.types import TABLES_OF_HOURS, ImportMode, TableName
    from khaneh.domains.spaces import services as spaces
    from khaneh.kernel.actor import SYSTEM

    now = datetime.now(UTC)
    act = partial(services.import_table, actor=SYSTEM, table=TableName(table), data=path.read_bytes(), now=now)
    if table not in TABLES_OF_HOURS:
        return act(mode=mode), 0
    if mode is ImportMode.TRY:
        return act(mode=mode), len(spaces.weigh_opening(change=partial(act, mode=ImportMode.GOOD_LINES), now=now))
    done = spaces.change_opening(actor=SYSTEM, change=partial(act, mode=mode), now=now)
    return done.result, len(done.booking_ids)


def files_of(folder: Path) -> list[tuple[str, Path]]:
    """The tables that lie in a folder, in the order in which they depend on each other."""
    names = [(table, f"{table}.{ending}") for table in _TABLES for ending in ("csv", "xlsx", "geojson")]
    return [(table, folder / name) for table, name in names if (folder / name).is_file()]


def _files(paths: tuple[Path, ...], table: str | None) -> list[tuple[str, Path]]:
    found: list[tuple[str, Path]] = []
    for path in paths:
        if path.is_dir():
            found += files_of(path)
        elif table is not None or path.stem in _TABLES:
            found.append((table or path.stem, path))
        else:
            raise click.UsageError(f"{path.name} is called after no table; say which with --table")
    return found


def _facts(path: Path, report: ImportReport, ended: int) -> dict[str, Any]:
    from khaneh.domains.network import services
    from khaneh.domains.network.types import Outcome

    refused = [line for line in report.lines if line.outcome is Outcome.REFUSED]
    return {
        "file": str(path),
        "table": str(report.table),
        "applied": report.applied,
        **{str(outcome): report.counts.get(outcome, 0) for outcome in Outcome},
        "unknown_columns": list(report.unknown_columns),
        "bookings_ended": ended,
        "errors": [
            {
                "line": line.line,
                "code": line.code,
                "column": one.column,
                "problem": one.code,
                "text": services.explain(one),
            }
            for line in refused
            for one in line.problems
        ],
    }


def _print(one: dict[str, Any]) -> None:
    counts = ", ".join(f"{one[name]} {name}" for name in ("created", "changed", "same", "refused"))
    click.echo(f"{one['file']}: {counts}" + ("" if one["applied"] else " (nothing was changed)"))
    if one["unknown_columns"]:
        click.echo(f"  left out of account: {', '.join(one['unknown_columns'])}")
    if one["bookings_ended"]:
        said = "ended; those who booked are told" if one["applied"] else "would end"
        click.echo(f"  bookings outside of the hours: {one['bookings_ended']} {said}")
    for error in one["errors"]:
        where = f"line {error['line']}" + (f", {error['column']}" if error["column"] else "")
        click.echo(f"  {where}: {error['text']} [{error['problem']}]")
