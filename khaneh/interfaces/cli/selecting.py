"""`khaneh selection`: a ranking reckoned again from the file that the desk hands out. Needs no database."""

from __future__ import annotations

from typing import BinaryIO

import click
import orjson

from khaneh.interfaces.cli import output, runtime


@click.group()
def selection() -> None:
    """Reckon rankings of calls again."""


@selection.command(
    epilog="""\b
FILE is “All it depends on” of a ranking at the desk (JSON); - reads standard input. The same file gives the same bytes on every machine: compare
the two digests with those on the page, and the commitment with what was published before anybody judged.
Example:
  khaneh selection rank khaneh-ranking-12-1.json
"""
)
@click.argument("file", type=click.File("rb"))
@output.json_option
def rank(file: BinaryIO, as_json: bool) -> int:
    """Rank the applications of FILE: normalised reviews, equity points, quotas, lottery."""
    runtime.django()
    from khaneh.domains.selection import queries

    try:
        found = queries.reckon(file.read())
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    digests = {
        "case_digest": found.case_digest, "result_digest": found.result_digest, "commitment": found.commitment,
    }  # fmt: skip
    if as_json:
        output.write_json({**digests, **orjson.loads(found.result)}, compact=True)
        return 0
    for line in found.lines:
        click.echo(f"{line.rank}\t{line.key}\t{'' if line.score is None else line.score / 1000}\t{line.standing.value}")
    for name, digest in digests.items():
        click.echo(f"{name}\t{digest}")
    return 0
