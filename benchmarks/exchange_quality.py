"""Does competence ranking put the right ones first? `python -m benchmarks.exchange_quality [--sample N]`

`talentclef_map`: mean average precision over the German and the Spanish job titles, the mean of both; beside it BM25 over words, TF-IDF
over pieces of words, and each language for itself. `kin_*`: the three sets of `exchange_sets`, by how the literature on reviewers counts:
of the pairs of texts that are not equally near to a person, those in the wrong order, weighed by how far they lie apart (loss), and the
right ones among those with a far and a near text (easy) and those with two near ones (hard). TF-IDF there is over words, by the mean of a
person's three nearest texts. `ndcg10`, `coverage` and `judges_kappa`: our own needs and offers, judged by two (`exchange_judged`).
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import exchange_judged
from benchmarks.exchange_sets import KIN, Kin, Titles, talentclef
from benchmarks.report import data_folder, write_result
from khaneh.domains.profiles.rules.terms import TermSpace, letters_of

Scores = NDArray[np.float64]
_GRADE = 12  # texts of each nearness that a person's pairs are made of: somebody asked would judge some, not thousands


def average_precision(order: Sequence[int], right: set[int]) -> float:
    """The mean of the precisions at the places of the right ones."""
    hits = np.isin(order, list(right))
    if not right or not hits.any():
        return 0.0
    return float((hits.cumsum() / np.arange(1, len(hits) + 1))[hits].sum() / len(right))


def mean_average_precision(scores: Scores, titles: Titles) -> float:
    """Over all queries; equal scores keep the order of the file."""
    found = [
        average_precision(np.argsort(-row, kind="stable").tolist(), right)
        for row, right in zip(scores, titles.right, strict=True)
    ]
    return float(np.mean(found))


def bm25(queries: Sequence[str], corpus: Sequence[str]) -> Scores:
    """Robertson's BM25 over words, with the usual constants."""
    k1, b = 1.2, 0.75
    texts = [plain_words(text) for text in corpus]
    mean = np.mean([len(text) for text in texts])
    held: dict[str, list[tuple[int, int]]] = {}
    for at, text in enumerate(texts):
        for word in set(text):
            held.setdefault(word, []).append((at, text.count(word)))
    scores = np.zeros((len(queries), len(corpus)))
    for row, query in enumerate(queries):
        for word in plain_words(query):
            found = held.get(word, [])
            rarity = np.log(1 + (len(texts) - len(found) + 0.5) / (len(found) + 0.5))
            for at, times in found:
                scores[row, at] += rarity * times * (k1 + 1) / (times + k1 * (1 - b + b * len(texts[at]) / mean))
    return scores


def tfidf(people: Sequence[Sequence[str]], texts: Sequence[str], terms_of: Callable[[str], list[str]]) -> Scores:
    """Cosines of TF-IDF, for each person the mean of their three nearest texts: the peer that is to be beaten."""
    own = [text for some in people for text in some]
    near = TermSpace([*own, *texts], terms_of).similarities(range(len(own)), range(len(own), len(own) + len(texts)))
    answer, at = [], 0
    for some in people:
        answer.append(np.sort(near[at : at + len(some)], axis=0)[-3:].mean(axis=0))
        at += len(some)
    return np.array(answer, float)


def plain_words(text: str) -> list[str]:
    """Words as any TF-IDF has them."""
    return [word for word in "".join(one if one.isalnum() else " " for one in text.casefold()).split() if len(word) > 1]


def triplets(scores: Scores, kin: Kin) -> dict[str, float]:
    """Loss, and what is right of the easy and of the hard pairs."""
    draw = np.random.default_rng(0)
    lost = weight = 0.0
    easy: list[float] = []
    hard: list[float] = []
    for mine, near in zip(scores, kin.near, strict=True):
        known = np.flatnonzero(~np.isnan(near))
        grades = np.round(near[known])
        picked = [at for grade in range(5) for at in draw.permutation(known[grades == grade])[:_GRADE].tolist()]
        highest = np.nanmax(near)
        for left in picked:
            for right in picked:
                apart = near[left] - near[right]
                if apart <= 1e-9:
                    continue
                wrong = float(mine[left] < mine[right]) + 0.5 * float(mine[left] == mine[right])
                lost, weight = lost + wrong * apart, weight + apart
                if round(near[right]) > 0:
                    hard.append(1 - wrong)
                elif near[left] >= highest - 1:
                    easy.append(1 - wrong)
    return {"loss": lost / weight, "easy": float(np.mean(easy)), "hard": float(np.mean(hard))}


def main() -> None:
    """Measure and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=0, help="people of each made set (all: 0)")
    parser.add_argument("--skip-kin", action="store_true", help="the job titles alone")
    arguments = parser.parse_args()
    _django()
    from khaneh.domains.exchange import queries
    from khaneh.infrastructure import meaning

    folder, figures, sizes = data_folder(), dict[str, float](), dict[str, Any]({"model": meaning.available()})
    began = time.process_time()
    for language in ("german", "spanish"):
        titles = talentclef(folder, language)
        people = [[query] for query in titles.queries]
        figures[f"{language}_map"] = mean_average_precision(queries.rank(people, titles.corpus), titles)
        figures[f"{language}_map_bm25"] = mean_average_precision(bm25(titles.queries, titles.corpus), titles)
        figures[f"{language}_map_tfidf"] = mean_average_precision(tfidf(people, titles.corpus, letters_of), titles)
        sizes[language] = [len(titles.queries), len(titles.corpus)]
    for peer in ("", "_bm25", "_tfidf"):
        figures[f"talentclef_map{peer}"] = float(
            np.mean([figures[f"{one}_map{peer}"] for one in ("german", "spanish")])
        )
    for name, load in {} if arguments.skip_kin else KIN.items():
        kin = load(folder)
        if arguments.sample:
            kin = Kin(kin.people[: arguments.sample], kin.texts, kin.near[: arguments.sample])
        ours = triplets(queries.rank(kin.people, kin.texts), kin)
        peer_said = triplets(tfidf(kin.people, kin.texts, plain_words), kin)
        figures |= {f"kin_{name}_{what}": value for what, value in ours.items()}
        figures |= {f"kin_{name}_{what}_tfidf": value for what, value in peer_said.items()}
        sizes[name] = [len(kin.people), len(kin.texts)]
    figures |= exchange_judged.figures(bm25)
    sizes["judged"] = "60 needs, 40 offers, 45 profiles, 12 mentors"
    figures["cpu_seconds"] = time.process_time() - began
    write_result("exchange_quality", {name: round(value, 4) for name, value in figures.items()}, sizes)


def _django() -> None:
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khaneh.config.settings")
    import django

    django.setup()


if __name__ == "__main__":
    main()
