"""Do the right texts come first in Persian? `python -m benchmarks.relevance`, on Hamshahri's news, questions and judgements.

Three ways to search the same texts, side by side: the site's own search; BM25 over the words as they are written, which is what an engine
does that knows no Persian; and the same BM25 over our folded keys, so that what the orthography brings is seen apart from what the rest
of the search brings. Judgements name relevant texts only: all else counts as not relevant.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import os
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks import report
from khaneh.domains.discovery.rules.analysis import FIELDS, analysed
from khaneh.domains.discovery.types import Document, SearchRequest
from khaneh.infrastructure.search import open_engine
from khaneh.kernel.orthography import search_key

_DEPTH = 100  # places that are looked at
_WORD = re.compile(r"\w+")
# The question as an Iranian keyboard of today writes it; the texts and questions of the set have the letters of an Arabic one.
_TODAY = str.maketrans("يك", "یک")


class Text(NamedTuple):
    """One news text: its name in the set, its first line and the rest."""

    name: str
    title: str
    body: str


class BM25:
    """Robertson's BM25 with the usual constants, over words that somebody else has cut."""

    _K1, _B = 1.2, 0.75

    def __init__(self, texts: Iterable[Sequence[str]]) -> None:
        self._found: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self._lengths: list[int] = []
        for number, words in enumerate(texts):
            self._lengths.append(len(words))
            for word, times in Counter(words).items():
                self._found[word].append((number, times))
        self._average = sum(self._lengths) / len(self._lengths)

    def best(self, words: Iterable[str]) -> list[int]:
        """The numbers of the texts with any of the words, best first."""
        scores: dict[int, float] = defaultdict(float)
        for word in set(words):
            found = self._found.get(word, ())
            weight = math.log(1 + (len(self._lengths) - len(found) + 0.5) / (len(found) + 0.5))
            for number, times in found:
                length = 1 - self._B + self._B * self._lengths[number] / self._average
                scores[number] += weight * times * (self._K1 + 1) / (times + self._K1 * length)
        return sorted(scores, key=lambda number: (-scores[number], number))[:_DEPTH]


def ndcg(ranked: Sequence[str], relevant: frozenset[str], depth: int = 10) -> float:
    """Normalised discounted cumulative gain of the first places, with gain 1 for what is relevant."""
    gained = sum(1 / math.log2(place + 2) for place, name in enumerate(ranked[:depth]) if name in relevant)
    return gained / sum(1 / math.log2(place + 2) for place in range(min(depth, len(relevant))))


def average_precision(ranked: Sequence[str], relevant: frozenset[str]) -> float:
    """Average precision over the places that are looked at."""
    hits, total = 0, 0.0
    for place, name in enumerate(ranked, 1):
        if name in relevant:
            hits += 1
            total += hits / place
    return total / len(relevant)


def _texts(folder: Path) -> list[Text]:
    with gzip.open(folder / "hamshahri_docs.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    cut = ((row["id"], *row["text"].strip().partition("\n")) for row in rows)
    return [Text(name, title, body) for name, title, _, body in cut]


def _questions(folder: Path) -> list[tuple[str, frozenset[str]]]:
    relevant: dict[str, set[str]] = defaultdict(set)
    for line in (folder / "hamshahri_qrels.txt").read_text("utf-8").splitlines():
        question, _, name, grade = line.split()
        if int(grade) > 0:
            relevant[question].add(name)
    asked = (line.split("\t", 1) for line in (folder / "hamshahri_queries.tsv").read_text("utf-8").splitlines())
    return [(text, frozenset(relevant[number])) for number, text in asked if relevant[number]]


def _site(texts: Sequence[Text], home: Path) -> Callable[[str], list[str]]:
    """The site's search over the texts, as documents of one kind."""
    engine = open_engine(FIELDS, folder=home / "index")
    engine.create("relevance")
    with engine.writer("relevance", bulk=True) as writer:
        for number, text in enumerate(texts):
            writer.add([analysed(Document("text", number, text.title, text=(text.body,)), frozenset())])
    engine.publish("relevance")
    import django

    django.setup()
    from khaneh.domains.discovery.queries import search

    def ask(question: str) -> list[str]:
        page = search(SearchRequest(text=question, limit=_DEPTH, highlights=False))
        return [texts[hit.key].name for hit in page.hits]

    return ask


def main() -> None:
    """Index, ask every question in both spellings three ways, report."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    folder = report.data_folder() / "search_ir"
    texts, questions = _texts(folder), _questions(folder)
    written = BM25(_WORD.findall(f"{text.title} {text.body}".lower()) for text in texts)
    folded = BM25(search_key(f"{text.title} {text.body}").split() for text in texts)
    with tempfile.TemporaryDirectory(prefix="khaneh-bench-") as scratch:
        os.environ.update(KHANEH_HOME=scratch, DJANGO_SETTINGS_MODULE="khaneh.config.settings", SECRET_KEY="benchmark")
        os.environ.pop("SEARCH_URL", None)
        ways: dict[str, Callable[[str], list[str]]] = {
            "site": _site(texts, Path(scratch)),
            "bm25_as_written": lambda text: [texts[n].name for n in written.best(_WORD.findall(text.lower()))],
            "bm25_folded": lambda text: [texts[n].name for n in folded.best(search_key(text).split())],
        }
        figures: dict[str, float] = {}
        for way, ask in ways.items():
            for spelling, spelled in (("", str), ("_todays_letters", lambda text: text.translate(_TODAY))):
                answers = [(ask(spelled(text)), relevant) for text, relevant in questions]
                figures[f"{way}_ndcg_10{spelling}"] = _mean(ndcg(*answer) for answer in answers)
                figures[f"{way}_map_100{spelling}"] = _mean(average_precision(*answer) for answer in answers)
    sizes = {
        "texts": len(texts),
        "questions": len(questions),
        "judgements": sum(len(relevant) for _, relevant in questions),
    }
    report.write_result("relevance", figures, sizes)


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return round(sum(found) / len(found), 4)


if __name__ == "__main__":
    main()
