"""How fast search answers: `python -m benchmarks.search [records] [--url http://…]`. Goal at 1,000,000: p50 10 ms, p99 60 ms.

Made-up records are indexed by the program's own analysis; questions of five kinds, drawn from the records, are asked of
`discovery.queries.search` with eight facets and twenty marked hits, each once. Zebra answers the same questions over the same records
in the same run, without facets and with eight of its own (it inspects a limited number of hits for them, we all).
Then twenty users at a time ask a web server over the same index for result pages through HTTP: once each the moment the last answer is
there (20 requests always under way, which no readers do), and once with a second of reading on average between two. The users'
own work shares the cores. `--url` asks a running site instead; `--keep FOLDER` builds once (our index, and Zebra's) and asks again.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import resource
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import report, zebra
from benchmarks.corpus import records
from benchmarks.installation import installation
from benchmarks.pages import site
from khaneh.domains.catalogue.rules.intake.document import document
from khaneh.domains.discovery.rules.analysis import FIELDS, analysed
from khaneh.domains.discovery.types import Document, SearchRequest
from khaneh.formats.marc.describe import describe
from khaneh.formats.marc.types import Record
from khaneh.formats.marc.write import to_iso2709
from khaneh.infrastructure.search import open_engine

FACETS = ("kind", "form", "language", "script", "author", "subject", "year", "house")
_BATCH = 1_000
_GENERATION = "benchmark"


class Question(NamedTuple):
    """What is asked, as words."""

    words: list[str]
    phrase: bool = False

    @property
    def text(self) -> str:
        """As a reader types it."""
        return f'"{" ".join(self.words)}"' if self.phrase else " ".join(self.words)


def as_document(number: int, record: Record) -> Document:
    """The document the catalogue would make of a record, with its house from 852."""
    own = document(describe(record, "marc21"))
    house = next((field.first("b") for field in record.get("852")), "")
    own["facets"] = {**own.get("facets", {}), "house": (house,), "available": ("yes",)}
    tuples: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in own.items()}
    return Document(kind="record", key=number, **tuples)


def _analysed(batch: list[tuple[int, Record]]) -> list[tuple[str, bytes]]:
    return [analysed(as_document(number, record), frozenset({"house"})) for number, record in batch]


def build(folder: Path, count: int, seed: int, questions: int) -> tuple[float, list[Question]]:
    """Index the records, write them to `records.mrc` for the peer, and draw questions. The seconds of indexing, and the questions."""
    engine = open_engine(FIELDS, folder=folder / "index")
    engine.create(_GENERATION)
    chance = random.Random(seed)
    chosen = set(chance.sample(range(count), min(questions, count)))
    asked: list[Question] = []
    started = time.perf_counter()
    with (
        (folder / "records.mrc").open("wb") as out,
        engine.writer(_GENERATION, bulk=True) as writer,
        ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool,
    ):
        waiting: list[object] = []
        for batch in _batches(enumerate(records(count, seed))):
            out.writelines(to_iso2709(record) for _, record in batch)
            asked += [_question(record, chance) for number, record in batch if number in chosen]
            waiting.append(pool.submit(_analysed, batch))
            if len(waiting) > 6:
                writer.add(waiting.pop(0).result())  # type: ignore[attr-defined]
        for future in waiting:
            writer.add(future.result())  # type: ignore[attr-defined]
    engine.publish(_GENERATION)
    chance.shuffle(asked)
    return time.perf_counter() - started, asked


def _batches(numbered: Iterable[tuple[int, Record]]) -> Iterator[list[tuple[int, Record]]]:
    batch: list[tuple[int, Record]] = []
    for item in numbered:
        batch.append(item)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _question(record: Record, chance: random.Random) -> Question:
    """Of ten: four title and surname, three two words of a title, one word, a name, a phrase."""
    title = [w for w in next(record.get("245")).first("a").removesuffix(" /").split() if any(map(str.isalnum, w))]
    name = next(record.get("100")).first("a").replace("،", ",").split(",")
    start = chance.randrange(max(1, len(title) - 1))
    kind = chance.randrange(10)
    if kind < 4:
        return Question([*title[:4], *name[0].split()[:1]])
    if kind < 7:
        return Question(title[start : start + 2])
    if kind == 7:
        return Question([chance.choice(title)])
    if kind == 8:
        return Question(" ".join(name).split()[:3])
    return Question(title[start : start + 2], phrase=True)


def timed(ask: Callable[[Question], object], questions: list[Question], warm: int = 50) -> list[float]:
    """Milliseconds of each question after the first `warm` ones."""
    for question in questions[:warm]:
        ask(question)
    taken: list[float] = []
    for question in questions[warm:]:
        started = time.perf_counter()
        ask(question)
        taken.append((time.perf_counter() - started) * 1000)
    return taken


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of a hundred lie."""
    return round(statistics.quantiles(values, n=100)[int(share) - 1], 2)


def page_times(url: str, questions: list[Question], users: int = 20, reading: float = 0.0) -> list[float]:
    """Milliseconds of `GET /search?q=…` by `users` at a time, each with a connection of its own.

    `reading`: seconds between a page and the next, on average; how long varies as arrivals do (Poisson).
    """
    import httpx

    chance = random.Random(users)
    pauses = [chance.expovariate(1 / reading) if reading else 0.0 for _ in questions]
    shares = [list(zip(questions[user::users], pauses[user::users], strict=True)) for user in range(users)]

    def one(share: list[tuple[Question, float]]) -> list[float]:
        with httpx.Client(base_url=url, timeout=60) as client:
            client.get("/search").raise_for_status()
            taken = []
            for question, pause in share:
                time.sleep(pause)
                started = time.perf_counter()
                client.get("/search", params={"q": question.text}).raise_for_status()
                taken.append((time.perf_counter() - started) * 1000)
            return taken

    with ThreadPoolExecutor(users) as pool:
        return [time_ for times in pool.map(one, shares) for time_ in times]


def _ours() -> Callable[[Question], object]:
    from khaneh.domains.discovery.queries import search

    def ask(question: Question) -> object:
        page = search(SearchRequest(text=question.text, facets=FACETS, limit=20))
        assert page.ready
        return page

    return ask


def main() -> None:
    """Build, ask, let Zebra do the same, report."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("records", type=int, nargs="?", default=1_000_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--questions", type=int, default=1_050)
    arguments.add_argument("--url", default="", help="a running site to ask through HTTP too")
    arguments.add_argument("--no-peer", action="store_true")
    arguments.add_argument("--keep", default="", help="a folder for the index and records that stays and is used again")
    options = arguments.parse_args()
    os.environ.pop("SEARCH_URL", None)
    with installation(options.keep) as folder:
        seconds, questions = _built(folder, options.records, options.seed, options.questions)
        ours = timed(_ours(), questions)
        figures = {
            "p50_ms": percentile(ours, 50),
            "p95_ms": percentile(ours, 95),
            "p99_ms": percentile(ours, 99),
            "worst_ms": round(max(ours), 1),
            "build_seconds": round(seconds, 1),
            "resident_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }
        print(f"  asked: {figures}", flush=True)  # what comes after takes much longer
        missing = "left out" if options.no_peer else zebra.available()
        if not missing:
            figures |= _peer(folder, questions, figures["p50_ms"])
        with contextlib.nullcontext(options.url) if options.url else site(folder) as url:
            figures["page_p95_ms"] = percentile(page_times(url, questions), 95)
            figures["page_reading_p95_ms"] = percentile(page_times(url, questions, reading=1.0), 95)
        sizes = {"records": options.records, "questions": len(ours), "facets": len(FACETS), "seed": options.seed}
        report.write_result("search", figures, sizes, peer=missing or "Zebra 2.2, ZOOM on a local socket")


def _built(folder: Path, count: int, seed: int, questions: int) -> tuple[float, list[Question]]:
    """What `build` gives; where it was done before, what it gave."""
    done = folder / f"built-{count}-{seed}-{questions}.json"
    if not done.exists():
        seconds, asked = build(folder, count, seed, questions)
        done.write_text(json.dumps([seconds, asked]), "utf-8")
    seconds, kept = json.loads(done.read_text("utf-8"))
    return seconds, [Question(*question) for question in kept]


def _peer(folder: Path, questions: list[Question], our_p50: float) -> dict[str, float]:
    home = folder / "zebra"
    done = home / "built.json"
    if not done.exists():
        done.write_text(json.dumps(zebra.build(home, folder / "records.mrc")), "utf-8")
    seconds = json.loads(done.read_text("utf-8"))
    with zebra.server(home) as connection:
        plain = timed(lambda q: connection.search(zebra.query(*q)), questions)
        counted = timed(lambda q: connection.search(zebra.query(*q), facets=zebra.FACETS), questions)
    return {
        "zebra_build_seconds": round(seconds, 1),
        "zebra_p50_ms": percentile(plain, 50),
        "zebra_p99_ms": percentile(plain, 99),
        "zebra_facets_p50_ms": percentile(counted, 50),
        "zebra_facets_p99_ms": percentile(counted, 99),
        # Above 1: Zebra takes longer than we do with eight facets.
        "zebra_ratio": round(statistics.median(counted) / our_p50, 2),
        "zebra_ratio_without_facets": round(statistics.median(plain) / our_p50, 2),
    }


if __name__ == "__main__":
    main()
