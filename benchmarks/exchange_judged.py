"""Needs and offers of the demonstration, judged twice: what the exchange proposes for each beside BM25 over the same texts.

The two judgements (`judgements/exchange_by_*.csv`) are of every need with every offer and company: 2 answers it, 1 helps in part, what is not
named 0. One went from need to need, the other from answer to answer (`judgements/README.md`).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from khaneh.domains.exchange.rules import matching
from khaneh.domains.exchange.rules.matching import Side
from khaneh.domains.exchange.rules.shelf import Row, Shelf, terms_of
from khaneh.domains.network.types import capability_name, sector_name
from khaneh.infrastructure import meaning

_ROOT = Path(__file__).resolve().parents[1]
_LANGUAGES = ("en", "fa", "vi")
_PARTS = ("title", "problem", "context", "limits", "technology")
DEPTH = 10


class Text(NamedTuple):
    """A need, an offer or a company as it is compared."""

    key: str
    kind: str
    language: str
    text: str
    side: Side


class Judged(NamedTuple):
    """Needs, what may answer them, and the two judgements: int[needs, answers]."""

    needs: list[Text]
    answers: list[Text]
    by_need: NDArray[np.int64]
    by_answer: NDArray[np.int64]


def read_judged() -> Judged:
    """Everything, as the demonstration ships it."""
    needs = [_posting(row, "need") for row in _rows("demo/exchange/needs.csv")]
    answers = [_posting(row, "offer") for row in _rows("demo/exchange/offers.csv")] + _companies()
    return Judged(needs, answers, _grades("by_need", needs, answers), _grades("by_answer", needs, answers))


def figures(rank_bm25: Any) -> dict[str, float]:
    """nDCG@10 of ours and of BM25, the companies that are among the first ten of any need, and how far the judgements agree (kappa)."""
    judged = read_judged()
    gains = (judged.by_need + judged.by_answer) / 2
    ours = proposed(judged)
    bm25 = rank_bm25([one.text for one in judged.needs], [one.text for one in judged.answers])
    companies = [at for at, one in enumerate(judged.answers) if one.kind == "organisation"]
    return {
        "ndcg10": ndcg(ours, gains),
        "ndcg10_bm25": ndcg(bm25, gains),
        "coverage": coverage(ours, companies),
        "coverage_bm25": coverage(bm25, companies),
        "judges_kappa": kappa(judged.by_need, judged.by_answer),
    }


def proposed(judged: Judged) -> NDArray[np.float64]:
    """The scores of the exchange, by what it holds in memory and the weights that ship."""
    everything = [*judged.answers, *judged.needs]
    vectors = meaning.vectors([one.text for one in everything], meaning.Role.QUERY)
    halves = [None] * len(everything) if vectors is None else [row.astype(np.float16).tobytes() for row in vectors]
    rows = [
        Row(one.kind, at, one.language or one.kind, None, half, terms_of(one.text), one.side)
        for at, (one, half) in enumerate(zip(everything, halves, strict=True))
    ]
    shelf = Shelf(rows, meaning.DIMENSIONS, meaning.usual)
    scores = np.zeros((len(judged.needs), len(judged.answers)))
    for at, need in enumerate(judged.needs):
        vector = None if vectors is None else vectors[len(judged.answers) + at]
        near = shelf.nearest(
            vector, terms_of(need.text), group=need.language, kinds=["offer", "organisation"], most=len(rows)
        )
        for one in near:
            found = matching.features(need.side, one.row.side, meaning=one.meaning, words=one.words)
            scores[at, one.row.key] = matching.score(found, matching.SHIPPED)
    return scores


def ndcg(scores: NDArray[np.float64], gains: NDArray[np.float64]) -> float:
    """The mean over the needs that anything answers, at DEPTH; gains are 2^grade - 1."""
    worth, found = 2**gains - 1, []
    discount = 1 / np.log2(np.arange(2, DEPTH + 2))
    for row, mine in zip(scores, worth, strict=True):
        if mine.any():
            best = np.sort(mine)[::-1][:DEPTH] @ discount
            found.append(mine[np.argsort(-row, kind="stable")[:DEPTH]] @ discount / best)
    return float(np.mean(found))


def coverage(scores: NDArray[np.float64], companies: Sequence[int]) -> float:
    """The share of the companies that are among the first ten of at least one need."""
    seen = {int(at) for row in scores for at in np.argsort(-row, kind="stable")[:DEPTH]}
    return len(seen & set(companies)) / len(companies)


def kappa(left: NDArray[np.int64], right: NDArray[np.int64]) -> float:
    """Cohen's kappa over the three grades."""
    same = float((left == right).mean())
    chance = sum(float((left == grade).mean()) * float((right == grade).mean()) for grade in range(3))
    return (same - chance) / (1 - chance)


def _grades(name: str, needs: Sequence[Text], answers: Sequence[Text]) -> NDArray[np.int64]:
    at_need, at_answer = ({one.key: at for at, one in enumerate(some)} for some in (needs, answers))
    found = np.zeros((len(needs), len(answers)), np.int64)
    for row in _rows(f"benchmarks/judgements/exchange_{name}.csv"):
        found[at_need[row["need"]], at_answer[row["answer"]]] = int(row["grade"])
    return found


def _posting(row: Mapping[str, str], kind: str) -> Text:
    side = Side(
        tuple(filter(None, [row["sector"]])), (), int(row["readiness"]) if row["readiness"] else None,
        tuple(filter(None, row["partnerships"].split(";"))),
    )  # fmt: skip
    return Text(row["key"], kind, row["language"], "\n".join(row[part] for part in _PARTS if row[part]), side)


def _companies() -> list[Text]:
    organisations = {row["code"]: row for row in _rows("demo/network/organisations.csv")}
    products: dict[str, list[Mapping[str, str]]] = {}
    for row in _rows("demo/profiles/products.csv"):
        products.setdefault(row["code"], []).append(row)
    found = []
    for row in _rows("demo/profiles/profiles.csv"):
        one = organisations[row["code"]]
        sectors = tuple(filter(None, one["isic"].split(";")))
        names = [capability_name(word) for word in one["capabilities"].split(";") if word]
        names += [sector_name(code) for code in sectors]
        texts = []
        for language in _LANGUAGES:
            texts += [row[f"makes_{language}"], one[f"description_{language}"]]
            for product in products.get(row["code"], []):
                texts += [product[f"name_{language}"], product[f"text_{language}"]]
            texts += [getattr(name, language) for name in names]
        side = Side(sectors, (), int(row["trl"]) if row["trl"] else None)
        found.append(Text(row["code"], "organisation", "", "\n".join(dict.fromkeys(filter(None, texts))), side))
    return found


def _rows(name: str) -> list[dict[str, str]]:
    with (_ROOT / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
