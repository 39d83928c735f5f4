"""Sets that competence ranking is measured on, out of the real data: job titles with judgements, and three made of texts with known kin.

Nobody has judged reviewers and papers here, so kin stands for competence: somebody is known by texts of one field, and the other texts of
that field should come before those of the next field, and those before the rest.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import re
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

PEOPLE = 60
_FIELD = re.compile(r"COL title VAL (.*?) COL authors VAL (.*?) COL venue VAL .*? COL year")
_PARTS = ("payoff", "abstract", "description", "enablingTechnologies", "mainApplications")


class Titles(NamedTuple):
    """Job titles that are asked for, those to be ranked, and which of them are right: sets of places in `corpus`."""

    queries: list[str]
    corpus: list[str]
    right: list[set[int]]


class Kin(NamedTuple):
    """People by their texts, texts to be ranked, and how near each is: float64[people, texts]; NaN for a text that is the person's own."""

    people: list[list[str]]
    texts: list[str]
    near: NDArray[np.float64]


def talentclef(folder: Path, language: str) -> Titles:
    """TalentCLEF 2025's titles of one language, as its experts judged them."""

    def rows(name: str) -> list[list[str]]:
        text = (folder / f"matching/talentclef/{language}_{name}").read_text("utf-8")
        return [line.split("\t") for line in text.splitlines()[1:]]

    queries, corpus = rows("queries"), rows("corpus_elements")
    place = {row[0]: at for at, row in enumerate(corpus)}
    right: dict[str, set[int]] = defaultdict(set)
    for line in (folder / f"matching/talentclef/{language}_qrels.tsv").read_text("utf-8").splitlines():
        query, _, found, _ = line.split()
        right[query].add(place[found])
    return Titles([row[1] for row in queries], [row[1] for row in corpus], [right[row[0]] for row in queries])


def offers(folder: Path) -> Kin:
    """Technology offers of 165 words; somebody has written five that share fields of use, and two on other things. Nearness: shared fields."""
    with gzip.open(folder / "matching/knowledge_share/startup_details_clean.json.gz") as file:
        read = json.load(file)
    rows = []
    for one in read:
        fields = {field["id"] for field in one.get("categories", [])}
        groups = {field["group"] for field in one.get("categories", [])}
        text = " ".join((one.get(part) or "").replace("•", " ").replace("\n", " ") for part in _PARTS)
        if fields and len(text.split()) > 60:
            rows.append((text[:1800], fields, groups))

    def nearness(left: int, right: int) -> float:
        (_, mine, my_groups), (_, others, their_groups) = rows[left], rows[right]
        return 2 * len(mine & others) / min(len(mine), len(others)) + bool(my_groups & their_groups)

    draw, count = random.Random(5), len(rows)
    order = list(range(count))
    draw.shuffle(order)
    people, near = [], np.full((min(PEOPLE, count), count), np.nan)
    for at, first in enumerate(order[:PEOPLE]):
        kin = sorted((n for n in range(count) if n != first), key=lambda n: (-nearness(first, n), draw.random()))[:7]
        own = {first, *draw.sample(kin, 4), *draw.sample(range(count), 2)}
        people.append([rows[n][0] for n in sorted(own)])
        near[at] = [np.nan if n in own else nearness(first, n) for n in range(count)]
    return Kin(people, [row[0] for row in rows], near)


def occupations(folder: Path) -> Kin:
    """ESCO's occupations of 51 words; somebody has five of one unit group. Nearness: how many digits of the group's number are shared."""
    with gzip.open(folder / "matching/talentclef/english_occupations_en.csv.gz") as file:
        rows = list(csv.DictReader(io.TextIOWrapper(file, encoding="utf-8")))
    groups = defaultdict(list)
    for row in rows:
        if re.match(r"\d{4}", row["code"]) and len(row["description"].split()) > 25:
            groups[row["code"][:4]].append(f"{row['preferredLabel']}. {row['description']}")
    draw = random.Random(7)
    chosen = [code for code in groups if len(groups[code]) >= 8]
    draw.shuffle(chosen)
    chosen = chosen[:PEOPLE]
    people = [draw.sample(groups[code], 5) for code in chosen]
    taken = {text for own in people for text in own}
    rest = [(code, text) for code, texts in groups.items() for text in texts if text not in taken]
    draw.shuffle(rest)
    rest = rest[:700]
    near = [[next((n for n in (4, 3, 2, 1) if mine[:n] == code[:n]), 0) for code, _ in rest] for mine in chosen]
    return Kin(people, [text for _, text in rest], np.array(near, float))


def papers(folder: Path) -> Kin:
    """Titles of papers of 8 words; somebody has written half of theirs. Nearness: their other half 3, papers of who wrote with them 2."""
    authors: dict[str, frozenset[str]] = {}
    for name in ("DBLP-ACM_train", "DBLP-ACM_valid", "DBLP-GoogleScholar_valid"):
        with gzip.open(folder / f"dedup_labels/ditto/Structured_{name}.txt.gz", "rt", encoding="utf-8") as file:
            for line in file:
                if found := _FIELD.match(line):
                    authors[found[1].strip()] = frozenset(one.strip() for one in found[2].split(" , ") if one.strip())
    works = defaultdict(list)
    for title, by in authors.items():
        for author in by:
            works[author].append(title)
    draw, titles = random.Random(3), sorted(authors)
    chosen = [author for author in sorted(works) if len(works[author]) >= 8]
    draw.shuffle(chosen)
    people, near = [], []
    for author in chosen[:PEOPLE]:
        mine = works[author][:]
        draw.shuffle(mine)
        own, other = mine[: len(mine) // 2], set(mine[len(mine) // 2 :])
        beside = {one for title in mine for one in authors[title]} - {author}
        people.append(own)
        near.append([
            np.nan if title in own else 3 if title in other else 2 if authors[title] & beside else 0 for title in titles
        ])  # fmt: skip
    table = np.array(near, float)
    kept = [at for at in range(len(titles)) if np.nanmax(table[:, at]) >= 2 or draw.random() < 0.3]
    return Kin(people, [titles[at] for at in kept], table[:, kept])


KIN = {"offers": offers, "occupations": occupations, "papers": papers}
