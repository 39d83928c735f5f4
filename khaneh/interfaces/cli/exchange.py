"""`khaneh exchange`: who is near to what, by texts alone; whom the proposals never reach. `rank` needs no database."""

from __future__ import annotations

import os
from typing import Any, BinaryIO, NamedTuple

import click
import orjson

from khaneh.interfaces.cli import exits, output, runtime


class Entry(NamedTuple):
    """One line of a file."""

    id: str | int
    texts: list[str]


@click.group()
def exchange() -> None:
    """Rank people by what their texts say; tell whom proposals never reach."""


@exchange.command(
    epilog="""\b
A line of either file is {"id": …, "texts": ["…", …]}. Each of a person's texts is one of their works (a title with its abstract, a
post held, a profile); those of a line of --texts are parts of one text.
With --json there is a line for every pair: {"person": id, "text": id, "score": number}. Scores can be compared within one answer:
the higher, the nearer, whether you ask who fits a text or what fits a person.
Example:
  khaneh exchange rank --people reviewers.jsonl --texts papers.jsonl --json > scores.jsonl
"""
)
@click.option(
    "--people", required=True, type=click.File("rb"), metavar="FILE", help="People and their texts, one a line."
)
@click.option(
    "--texts", required=True, type=click.File("rb"), metavar="FILE", help="What they are to be near to, one a line."
)
@click.option(
    "--best", type=click.IntRange(1), default=10, show_default=True, help="People told of each text without --json."
)
@output.json_option
def rank(people: BinaryIO, texts: BinaryIO, best: int, as_json: bool) -> int:
    """Score how near each person is to each text: by words, by their company, and by meaning across languages.

    A line that cannot be read is named on standard error, and the rest goes on; the command then leaves with 4. On a machine without the
    model of meaning words alone are compared, and it says so. Sixty people with a thousand abstracts take some minutes.
    """
    runtime.django()
    from khaneh.domains.exchange import queries
    from khaneh.infrastructure import meaning

    faults: list[str] = []
    persons, asked = _read(people, faults), _read(texts, faults)
    for fault in faults:
        output.say(fault)
    meaning.use_cores(os.cpu_count() or 1)
    if not meaning.available():
        output.say(f"words alone are compared: {meaning.why_not()}")
    with output.progress("read", "texts") as told:
        scores = queries.rank([one.texts for one in persons], ["\n".join(one.texts) for one in asked], told)
    for at, person in enumerate(persons):
        if as_json:
            for score, text in zip(scores[at].tolist(), asked, strict=True):
                output.write_json({"person": person.id, "text": text.id, "score": round(score, 6)}, compact=True)
    if not as_json:
        for at, text in enumerate(asked):
            for nth in scores[:, at].argsort(kind="stable")[::-1][:best].tolist():
                click.echo(f"{text.id}\t{persons[nth].id}\t{scores[nth, at]:+.3f}")
    return exits.PARTLY if faults else exits.DONE


@exchange.command(epilog="Example: khaneh exchange coverage --json")
@output.json_option
def coverage(as_json: bool) -> int:
    """Tell which companies are proposed for none of the open needs, with the best score each had and how much its profile says."""
    with runtime.ready():
        from khaneh.domains.exchange import queries

        found = queries.coverage()
    if as_json:
        output.write_json({
            "needs": found.needs, "organisations": found.organisations, "proposed": found.proposed,
            "unseen": [
                {"code": one.organisation.code, "name": one.organisation.names.to_dict(), "best": one.best,
                 "words": one.words, "terse": one.is_terse} for one in found.unseen
            ],
        })  # fmt: skip
        return exits.DONE
    click.echo(
        f"{found.needs} open needs; {found.proposed} of {found.organisations} organisations are proposed for one"
    )
    for one in found.unseen:
        why = "says too little" if one.is_terse else f"at best {one.best:.2f}"
        click.echo(f"{one.organisation.code}\t{one.organisation.names.pick('en')}\t{why}")
    return exits.DONE


def _read(file: BinaryIO, faults: list[str]) -> list[Entry]:
    """The lines of a file; what is wrong with the others is added to `faults`."""
    found: dict[str | int, Entry] = {}
    for number, line in enumerate(file, start=1):
        if not line.strip():
            continue
        entry, fault = _entry(line)
        if entry is not None and entry.id in found:
            fault = f"the id {entry.id} was there before"
        elif entry is not None:
            found[entry.id] = entry
        if fault:
            faults.append(f"{getattr(file, 'name', '-')}, line {number}: {fault}")
    return list(found.values())


def _entry(line: bytes) -> tuple[Entry | None, str]:
    """What a line holds, or what is wrong with it."""
    try:
        read: Any = orjson.loads(line)
    except ValueError as error:
        return None, str(error)
    if (
        not isinstance(read, dict)
        or not isinstance(read.get("id"), str | int)
        or not isinstance(read.get("texts"), list)
    ):
        return None, 'a line must be {"id": …, "texts": [texts]}'
    if not all(isinstance(text, str) for text in read["texts"]):
        return None, "texts must be strings"
    return Entry(read["id"], [text for text in read["texts"] if text.strip()]), ""
