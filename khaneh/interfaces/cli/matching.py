"""`khaneh match`: what the matcher says of pairs of records, one line of JSON a pair. Needs no database."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Any, BinaryIO

import click
import orjson

from khaneh.interfaces.cli import exits, output, runtime

_BATCH = 200  # lines
_ALONE = 2_000  # lines are done before other processes would have started


@click.command(
    epilog="""\b
A line is {"left": MARC-in-JSON, "right": MARC-in-JSON}; what else it holds ("id", say) comes back as it was.
Examples:
  khaneh match --pairs pairs.jsonl --json > verdicts.jsonl
  … | khaneh match --pairs - --json
"""
)
@click.option(
    "--pairs", required=True, type=click.File("rb"), metavar="FILE", help="Pairs, one a line; - reads standard input."
)
@output.json_option
def match(pairs: BinaryIO, as_json: bool) -> int:
    """Say of each pair whether the two records describe the same edition: score, decision, evidence.

    A line that cannot be read is answered by a line with "error", and the rest goes on; the command then leaves with 4.
    """
    runtime.django()
    began = time.monotonic()
    done = wrong = 0
    decisions: dict[str, int] = {}
    with output.progress("match", "pairs") as told:
        for done, answer in enumerate(_answers(pairs), start=1):
            if "error" in answer:
                wrong += 1
            else:
                decisions[answer["decision"]] = decisions.get(answer["decision"], 0) + 1
            if as_json:
                output.write_json(answer, compact=True)
            else:
                click.echo(_text(answer))
            if done % 500 == 0:
                told(done)
    seconds = time.monotonic() - began
    rate = done / seconds if seconds else 0
    counts = ", ".join(f"{count} {name}" for name, count in sorted(decisions.items()))
    output.say(
        f"{output.number(done)} pairs in {output.duration(seconds)} ({output.number(rate)} a second): {counts or 'none'}"
    )
    if wrong:
        output.say(f"{wrong} lines could not be read")
    return exits.PARTLY if wrong else exits.DONE


def _answers(pairs: BinaryIO) -> Iterator[dict[str, Any]]:
    """The answers in the order of the lines; by all cores, where there are so many lines that it is worth it."""
    batches = _batches(pairs)
    for batch in itertools.islice(batches, _ALONE // _BATCH):
        yield from _answer_all(batch)
    first = next(batches, None)
    if first is None:
        return
    workers = os.cpu_count() or 1
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), runtime.django) as pool:
        running = deque([pool.submit(_answer_all, first)])
        for batch in batches:
            running.append(pool.submit(_answer_all, batch))
            if len(running) >= workers * 3:
                yield from running.popleft().result()
        while running:
            yield from running.popleft().result()


def _batches(pairs: BinaryIO) -> Iterator[list[tuple[int, bytes]]]:
    lines = ((number, line) for number, line in enumerate(pairs, start=1) if line.strip())
    while batch := list(itertools.islice(lines, _BATCH)):
        yield batch


def _answer_all(lines: list[tuple[int, bytes]]) -> list[dict[str, Any]]:
    answers = []
    for number, line in lines:
        try:
            answers.append(_answer(number, orjson.loads(line)))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            # One line's fault, whatever it is, is that line's answer.
            answers.append({"line": number, "error": f"{type(error).__name__}: {error}"})
    return answers


def _answer(number: int, pair: Any) -> dict[str, Any]:
    from khaneh.domains.catalogue import queries
    from khaneh.formats.marc.read import record_from_dict

    if not isinstance(pair, dict) or "left" not in pair or "right" not in pair:
        raise ValueError('a line must be {"left": record, "right": record}')
    verdict = queries.match_records(record_from_dict(pair["left"]), record_from_dict(pair["right"]))
    kept = {name: value for name, value in pair.items() if name not in {"left", "right"}}
    evidence = [
        {"feature": one.feature, "left": one.left, "right": one.right, "weight": round(one.weight, 4)}
        for one in verdict.evidence
    ]
    return {
        **kept,
        "line": number,
        "score": round(verdict.score, 6),
        "decision": str(verdict.decision),
        "evidence": evidence,
    }


def _text(answer: dict[str, Any]) -> str:
    if "error" in answer:
        return f"{answer['line']}\terror\t{answer['error']}"
    strongest = sorted(answer["evidence"], key=lambda one: -abs(one["weight"]))[:3]
    why = ", ".join(f"{one['feature']} {one['weight']:+.2f}" for one in strongest)
    return f"{answer['line']}\t{answer['decision']}\t{answer['score']:.3f}\t{why}"
