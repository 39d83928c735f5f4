"""Needs and offers of the demonstration, judged by two: what the exchange proposes for each beside BM25 over the same texts.

The two judgements (`judgements/exchange_first.csv` and `_second`) are of every need with every offer, company and mentor: 3 would be
introduced at once, 2 could do an essential part, 1 is on the margin, what is not named 0 (`judgements/README.md`).
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
_GRADES = 4
DEPTH = 10


class Text(NamedTuple):
    """A need, an offer, a company or a mentor as it is compared."""

    key: str
    kind: str
    language: str
    text: str
    side: Side


class Judged(NamedTuple):
    """Needs, what may answer them, and the two judgements: int[needs, answers]."""

    needs: list[Text]
    answers: list[Text]
    first: NDArray[np.int64]
    second: NDArray[np.int64]

    @property
    def gains(self) -> NDArray[np.float64]:
        """The mean of the two: float64[needs, answers]."""
        return (self.first + self.second) / 2


def read_judged(answers: Sequence[Text]) -> Judged:
    """The needs as the demonstration ships them, beside what may answer them."""
    needs = [_posting(row, "need") for row in _rows("demo/exchange/needs.csv")]
    return Judged(needs, list(answers), _grades("first", needs, answers), _grades("second", needs, answers))


def figures(rank_bm25: Any) -> dict[str, float]:
    """nDCG@10 of ours and of BM25 over offers and companies, and over mentors; how far the judgements agree; who is ever proposed.

    `judges_kappa` is Cohen's over the four grades, `judges_kappa_linear` weighs a disagreement by how far apart the grades are;
    `coverage` the share of the companies that are among the first ten of any need.
    """
    firms, mentors = read_judged([*_offers(), *_companies()]), read_judged(_mentors())
    found = {}
    for name, judged in (("", firms), ("_mentors", mentors)):
        ours, bm25 = (
            proposed(judged),
            rank_bm25([one.text for one in judged.needs], [one.text for one in judged.answers]),
        )
        found[f"ndcg10{name}"] = ndcg(ours, judged.gains)
        found[f"ndcg10_bm25{name}"] = ndcg(bm25, judged.gains)
        if judged is firms:
            companies = [at for at, one in enumerate(judged.answers) if one.kind == "organisation"]
            found |= {"coverage": coverage(ours, companies), "coverage_bm25": coverage(bm25, companies)}
    both = [np.hstack([firms.first, mentors.first]), np.hstack([firms.second, mentors.second])]
    return {**found, "judges_kappa": kappa(*both), "judges_kappa_linear": kappa(*both, linear=True)}


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
            vector, terms_of(need.text), group=need.language, kinds=["offer", "organisation", "mentor"], most=len(rows)
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


def kappa(left: NDArray[np.int64], right: NDArray[np.int64], *, linear: bool = False) -> float:
    """Cohen's kappa over the grades; `linear`: a disagreement counts by how many grades it spans."""
    grades = np.arange(_GRADES)
    apart = np.abs(grades[:, None] - grades)
    weight = apart if linear else apart > 0
    seen = np.zeros((_GRADES, _GRADES))
    np.add.at(seen, (left.ravel(), right.ravel()), 1 / left.size)
    chance = np.outer(seen.sum(axis=1), seen.sum(axis=0))
    return float(1 - (weight * seen).sum() / (weight * chance).sum())


def _grades(name: str, needs: Sequence[Text], answers: Sequence[Text]) -> NDArray[np.int64]:
    at_need, at_answer = ({one.key: at for at, one in enumerate(some)} for some in (needs, answers))
    found = np.zeros((len(needs), len(answers)), np.int64)
    for row in _rows(f"benchmarks/judgements/exchange_{name}.csv"):
        if row["answer"] in at_answer:
            found[at_need[row["need"]], at_answer[row["answer"]]] = int(row["grade"])
    return found


def _offers() -> list[Text]:
    return [_posting(row, "offer") for row in _rows("demo/exchange/offers.csv")]


def _mentors() -> list[Text]:
    found = []
    for row in _rows("demo/profiles/mentors.csv"):
        names = [capability_name(word) for word in row["capabilities"].split(";") if word]
        texts = [row[f"{part}_{language}"] for language in _LANGUAGES for part in ("headline", "about")]
        texts += [getattr(name, language) for name in names for language in _LANGUAGES]
        side = Side(tuple(filter(None, row["sectors"].split(";"))), (), None)
        found.append(Text(row["email"], "mentor", "", "\n".join(dict.fromkeys(filter(None, texts))), side))
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
