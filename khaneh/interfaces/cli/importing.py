"""`khaneh import`: catalogues poured in from files, and a report of every one."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from khaneh.interfaces.cli import exits, output, runtime

if TYPE_CHECKING:
    from khaneh.domains.catalogue.types import ImportReport

_COUNTS = ("read", "new", "matched", "changed", "unchanged", "quarantined", "authorities", "copies")


@click.command(
    "import",
    epilog="""\b
Examples:
  khaneh import catalogue.mrc --house NA-LIB
  khaneh import /srv/catalogues/*.xml.gz --profile koha-952 --json
  khaneh import books.xlsx --profile my-columns --house QM-LIB
A folder stands for all files in it. An import that was killed goes on where it was when it is given again.
""",
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH…", type=click.Path(path_type=Path, exists=True))
@click.option("--house", metavar="CODE", help="The house whose catalogue it is.")
@click.option("--profile", metavar="NAME", help="Which fields hold barcode, house, location, call number, price.")
@output.json_option
def import_files(paths: Sequence[Path], house: str | None, profile: str | None, as_json: bool) -> int:
    """Import records: MARC21 and UNIMARC in ISO 2709, MARCXML, MARC-in-JSON, or a table (CSV, XLSX); also gzipped.

    What cannot be read or decided goes to the quarantine and is counted by reason; it never stops a file. When the command returns, the
    records can be found. Leaves with 4 when a whole file could not be used.
    """
    with runtime.ready():
        from khaneh.interfaces.cli.searching import until_findable
        from khaneh.kernel.actor import SYSTEM

        began = time.monotonic()
        with output.progress("import", "bytes") as told:
            report = pour(files_in(paths), house=house, profile=profile, actor=SYSTEM, told=told)
        seconds = time.monotonic() - began
        if not until_findable():
            output.say("imported, but the index lags behind: khaneh doctor says why")
    report["seconds"] = round(seconds, 3)
    report["records_per_second"] = round(report["read"] / max(seconds, 0.001), 1)
    report["seconds_until_findable"] = round(time.monotonic() - began, 3)
    if as_json:
        output.write_json(report)
    else:
        _print(report)
    return exits.PARTLY if any(file["failure"] for file in report["files"]) else exits.DONE


def files_in(paths: Sequence[Path]) -> list[Path]:
    """The files that are named, and those in the folders that are named, hidden ones left out."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(
                one for one in path.rglob("*") if one.is_file() and not any(part.startswith(".") for part in one.parts)
            )
        else:
            found.append(path)
    return found


def pour(
    files: Sequence[Path],
    *,
    house: str | None,
    profile: str | None,
    actor: Any,
    told: Callable[[int, int | None], None],
) -> dict[str, Any]:
    """Import file by file and add the reports up. `told` hears the bytes done and in all. A file that fails does not stop the others."""
    from khaneh.domains.catalogue import errors, services

    total = sum(path.stat().st_size for path in files)
    before = 0
    sums: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    reports: list[dict[str, Any]] = []
    for path in files:
        base = before

        def progress(report: ImportReport, base: int = base) -> None:
            told(base + report.bytes_done, total)

        try:
            report = services.import_file(
                actor=actor, path=path.resolve(), house=house or "", profile=profile or "", progress=progress
            )
        except (errors.FileUnreadable, errors.ImportRunning) as refusal:
            # This file's fault: the others are poured in all the same.
            reports.append({"file": path.name, "failure": str(refusal), **dict.fromkeys(_COUNTS, 0)})
        else:
            facts = report.to_dict()
            sums.update({name: facts[name] for name in _COUNTS})
            reasons.update(facts["reasons"])
            reports.append(facts)
        before += path.stat().st_size
        told(before, total)
    return {
        **{name: sums[name] for name in _COUNTS},
        "quarantined_reasons": dict(reasons.most_common()),
        "files": reports,
    }


def _print(report: dict[str, Any]) -> None:
    for file in report["files"]:
        how = ", ".join(str(file[name]) for name in ("format", "dialect", "encoding") if file.get(name))
        click.echo(f"{file['file']} ({how}): {output.number(file['read'])} read")
        if file["failure"]:
            click.echo(f"  failed: {file['failure']}")
    for name in _COUNTS:
        click.echo(f"{name:>12}  {output.number(report[name]):>12}")
    for reason, count in report["quarantined_reasons"].items():
        click.echo(f"{'':14}{output.number(count):>12}  {reason}")
    rate = f"{output.number(report['records_per_second'])} records a second"
    findable = output.duration(report["seconds_until_findable"])
    click.echo(f"{output.duration(report['seconds'])}, {rate}; all of it can be found after {findable}")
