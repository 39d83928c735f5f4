"""Made-up MARC21 records in Persian, Vietnamese, Arabic and English, any number of them, the same for the same seed.

Words, names and subjects occur as often as they do in real catalogues (Zipf's law); which stand together is chance. So an index of
them has real sizes and real lists of postings, and nothing about relevance can be learnt from it.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate

from benchmarks.vocabulary import Pool, pools
from khaneh.formats.marc.types import Field, Record

SHARES = {"per": 35, "vie": 30, "eng": 25, "ara": 10}  # of a hundred records
_COUNTRY = {"per": "ir ", "vie": "vm ", "eng": "xxu", "ara": "ua "}
_LEADER = "00000nam a2200000 a 4500"
_HOUSES = tuple(f"H{number:03d}" for number in range(60))


class _Draw:
    """Draws from a pool's counts, frequent ones often; the tail is lengthened to what a large catalogue has."""

    def __init__(self, counts: Counter[str], chance: random.Random, smallest: int = 1) -> None:
        ranked = [text for text, _ in counts.most_common()] or ["—"]
        while len(ranked) < smallest:
            ranked += [f"{text} {len(ranked)}" for text in ranked[: smallest - len(ranked)]]
        self._values = ranked
        # The counts of a few thousand records end in a plateau of ones; Zipf's law goes on.
        self._weights = list(accumulate(1 / (rank + 2) for rank in range(len(ranked))))
        self._chance = chance

    def one(self) -> str:
        return self._chance.choices(self._values, cum_weights=self._weights)[0]

    def some(self, count: int) -> list[str]:
        return self._chance.choices(self._values, cum_weights=self._weights, k=count)


class _Language:
    def __init__(self, pool: Pool, chance: random.Random) -> None:
        self.words = _Draw(pool.words, chance)
        self.given = _Draw(pool.given, chance)
        self.family = _Draw(pool.family, chance)
        self.subjects = _Draw(pool.subjects, chance, smallest=3000)
        self.publishers = _Draw(pool.publishers, chance)
        self.places = _Draw(pool.places, chance)


def isbn13(chance: random.Random) -> str:
    """A valid ISBN-13."""
    body = "978" + "".join(str(chance.randrange(10)) for _ in range(9))
    return body + str(-sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(body)) % 10)


def records(count: int, seed: int = 1, *, duplicates: float = 0.0) -> Iterator[Record]:
    """`count` records. `duplicates` is the share that describes an earlier book again, as another library would."""
    chance = random.Random(seed)
    languages = {name: _Language(pool, chance) for name, pool in pools().items()}
    names, weights = list(SHARES), list(accumulate(SHARES.values()))
    recent: list[Record] = []
    for number in range(count):
        if recent and chance.random() < duplicates:
            yield _again(chance.choice(recent), number, chance)
            continue
        code = chance.choices(names, cum_weights=weights)[0]
        record = _record(number, code, languages[code], chance)
        if len(recent) < 5_000:
            recent.append(record)
        else:
            recent[chance.randrange(5_000)] = record
        yield record


def _record(number: int, code: str, language: _Language, chance: random.Random) -> Record:
    year = min(2025, 2026 - int(chance.expovariate(1 / 18)))
    comma = "، " if code in ("per", "ara") else ", "
    given, family = language.given.one(), language.family.one()
    title = " ".join(language.words.some(chance.randint(2, 8)))
    fields = [
        Field("001", value=f"k{number:09d}"),
        Field("008", value=f"200101s{year:04d}    {_COUNTRY[code]}           000 0 {code} d"),
    ]
    if chance.random() < 0.6:
        fields.append(_field("020", a=isbn13(chance)))
    fields += [
        _field("100", "1", a=f"{family}{comma}{given}"),
        _field("245", "1", a=f"{title} /", c=f"{given} {family}."),
        _field("260", a=f"{language.places.one()} :", b=f"{language.publishers.one()},", c=f"{year}."),
        _field("300", a=f"{chance.randint(40, 900)} p. ;", c=f"{chance.randint(17, 30)} cm."),
    ]
    if chance.random() < 0.4:
        fields.append(_field("520", a=" ".join(language.words.some(chance.randint(8, 40)))))
    fields += [_field("650", " ", a=subject) for subject in language.subjects.some(chance.randint(1, 3))]
    if chance.random() < 0.3:
        fields.append(_field("700", "1", a=f"{language.family.one()}{comma}{language.given.one()}"))
    fields.append(_field("852", " ", b=chance.choice(_HOUSES), h=f"{chance.randint(1, 999)}", p=f"B{number:010d}"))
    return Record(_LEADER, tuple(fields))


def _again(record: Record, number: int, chance: random.Random) -> Record:
    """The same book as another library has it: its own numbers and, at times, fewer fields and capitals."""
    fields: list[Field] = []
    for field in record.fields:
        if field.tag == "001":
            fields.append(field._replace(value=f"k{number:09d}"))
        elif field.tag == "852":
            fields.append(_field("852", " ", b=chance.choice(_HOUSES), p=f"B{number:010d}"))
        elif field.tag in ("520", "650", "700") and chance.random() < 0.5:
            continue
        elif field.tag == "245" and chance.random() < 0.3:
            fields.append(field._replace(subfields=tuple((c, v.upper()) for c, v in field.subfields)))
        else:
            fields.append(field)
    return Record(record.leader, tuple(fields))


def _field(tag: str, ind1: str = " ", **subfields: str) -> Field:
    return Field(tag, ind1, " ", tuple(subfields.items()))
