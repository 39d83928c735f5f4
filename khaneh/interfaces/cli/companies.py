"""`khaneh companies`: tables of companies taken in from files, with a report of every line."""

from __future__ import annotations

import csv
import time
from datetime import UTC, datetime
from pathlib import Path

import click

from khaneh.interfaces.cli import exits, output, runtime


@click.group()
def companies() -> None:
    """Companies and others that show themselves."""


@companies.command(
    "import",
    epilog="""\b
Examples:
  khaneh companies import companies.csv
  khaneh companies import register.xlsx --json --report lines.csv
Of any size. One that was killed goes on where it was when it is given again; what was taken in already is said once more. What may be the same as
another waits at the desk, under Tables of companies.
""",
)
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--report", metavar="CSV", type=click.Path(path_type=Path, dir_okay=False), help="What became of every line."
)
@output.json_option
def import_companies(path: Path, report: Path | None, as_json: bool) -> int:
    """Take in a table of companies (CSV or XLSX), each line judged against the register.

    Leaves with 4 when the file could not be read to its end.
    """
    with runtime.ready():
        from khaneh.domains.profiles import queries, services
        from khaneh.domains.profiles.types import ImportState
        from khaneh.kernel.actor import SYSTEM

        began = time.monotonic()
        with path.open("rb") as content:
            made = services.begin_import(
                actor=SYSTEM, content=content, name=path.name, now=datetime.now(UTC), queued=False
            )
        with output.progress("companies", "lines") as told:
            row = services.run_import(import_id=made.id, clock=lambda: datetime.now(UTC), told=told)
        if report is not None:
            with report.open("w", encoding="utf-8-sig", newline="") as file:
                written = csv.writer(file)
                written.writerow(["line", "outcome", "organisation", "problems"])
                after = 0
                while lines := queries.import_lines(row.id, actor=SYSTEM, after=after, limit=1000):
                    for one in lines:
                        problems = "; ".join(f"{field}: {reason}" for field, reason in (one.problems or {}).items())
                        code = one.organisation.code if one.organisation else ""
                        written.writerow([one.number, one.outcome.value, code, problems])
                    after = lines[-1].number
    facts = {
        "import": row.id, "state": row.state.value, "lines": row.total, "decided": row.taken, "problem": row.problem,
        "outcomes": {outcome.value: number for outcome, number in sorted(row.counts.items())},
        "seconds": round(time.monotonic() - began, 3),
    }  # fmt: skip
    if as_json:
        output.write_json(facts)
    else:
        click.echo(f"{path.name}: {output.number(row.taken)} of {output.number(row.total)} lines decided")
        for outcome, number in sorted(row.counts.items(), key=lambda one: -one[1]):
            click.echo(f"{outcome.value:>12}  {output.number(number):>12}")
    return exits.PARTLY if row.state is ImportState.FAILED else exits.DONE
