"""Words, names and subjects as libraries really use them, by language: read at run time from the folder of real records, else from
the demonstration's own works. Nothing of them is kept.
"""

from __future__ import annotations

import csv
import itertools
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from khaneh.formats.marc.describe import describe
from khaneh.formats.marc.description import Description
from khaneh.formats.marc.detect import detect_stream
from khaneh.formats.marc.read import read
from khaneh.formats.marc.scan import scan
from khaneh.kernel.orthography import script_of

LANGUAGES = ("per", "vie", "eng", "ara")
_CHECKOUT = Path(__file__).resolve().parents[1]
_READ = 2_500  # records of each file are enough for the shape of a language
_SETS = (
    ("marc_arabic_aco/NjP_local.marcxml.gz", "ara"),
    ("marc_arabic_aco/LeBAU_local.marcxml.gz", "ara"),
    ("marc_persian_nyu/D150924.T110551.ARA-75r.mrc", "per"),
    ("marc_persian_nyu/D160422.T012546.ARA-99r.mrc", "per"),
    ("marc_persian_nyu/tp_20160219_bk_per_273r_pkgd_marc.mrc", "per"),
    ("marc_vietnamese_bk/book3part0final.mrc.gz", ""),
    ("marc_vietnamese_bk/book3part2final.mrc.gz", ""),
)
_PLACES = {
    "per": ("تهران", "قم", "مشهد", "یزد"),
    "vie": ("Hà Nội", "TP. Hồ Chí Minh", "Vinh", "Huế"),
    "eng": ("London", "New York", "Singapore", "Leiden"),
    "ara": ("بيروت", "القاهرة", "دمشق", "بغداد"),
}
_VIETNAMESE = frozenset("ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ")


@dataclass
class Pool:
    """What one language's records are made of: words with how often they occur, and lists with the frequent first."""

    words: Counter[str] = field(default_factory=Counter)
    given: Counter[str] = field(default_factory=Counter)
    family: Counter[str] = field(default_factory=Counter)
    subjects: Counter[str] = field(default_factory=Counter)
    publishers: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)

    def title(self, text: str) -> None:
        """Count the words of a title."""
        self.words.update(w for w in text.split() if any(map(str.isalpha, w)) and len(w) < 30)

    def name(self, name: str) -> None:
        """Count the parts of a name, inverted or direct."""
        family, comma, given = name.partition("،" if "،" in name else ",")
        if not comma:
            family, _, given = name.partition(" ")
        if family.strip() and given.strip() and len(name) < 60:
            self.family[family.strip()] += 1
            self.given[given.strip().split(",")[0]] += 1


def records_of(path: Path, limit: int | None = None) -> Iterator[Description]:
    """What the readable records of a file say."""
    with path.open("rb") as stream:
        fmt = detect_stream(stream, name=path.name)
        stream.seek(0)
        for raw in itertools.islice(scan(stream, fmt), limit):
            reading = read(raw, fmt)
            if reading.record is not None and reading.kind == "bibliographic":
                yield describe(reading.record, reading.dialect)


def _language(text: str, expected: str) -> str:
    if script_of(text) == "Arab":
        return expected or "per"
    if expected or script_of(text) != "Latn":
        return ""
    return "vie" if any(c in _VIETNAMESE for c in text.lower()) else "eng"


def pools() -> dict[str, Pool]:
    """A pool for each of LANGUAGES, from the real records where there are any."""
    found = {language: Pool() for language in LANGUAGES}
    named = os.environ.get("KHANEH_DATA")
    folder = Path(named) if named else _CHECKOUT.parent / "shared" / "data"
    if folder.is_dir():
        for name, expected in _SETS:
            _take(found, records_of(folder / name, _READ), expected)
        for path in sorted((folder / "books_meta" / "persian_books").glob("*.csv")):
            _take_table(found["per"], path)
    else:
        _take_demonstration(found)
    for language, pool in found.items():
        pool.places = pool.places or Counter(_PLACES[language])
        pool.publishers = pool.publishers or Counter(pool.family)
        # Where a set has no headings (brief Vietnamese records), its own words make them.
        pool.subjects = pool.subjects or Counter(dict(pool.words.most_common(2000)))
    return found


def _take(found: dict[str, Pool], descriptions: Iterable[Description], expected: str) -> None:
    for own in descriptions:
        language = _language(own.title.value, expected)
        if not language:
            continue
        pool = found[language]
        pool.title(f"{own.title.value} {own.subtitle.value}")
        for agent in own.agents:
            if _language(agent.name, expected) == language:
                pool.name(agent.name)
        pool.subjects.update(s.heading for s in own.subjects if len(s.heading) < 80)
        for publication in own.publications:
            if publication.publisher:
                pool.publishers[publication.publisher] += 1
            if publication.place:
                pool.places[publication.place] += 1


def _take_table(pool: Pool, path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            pool.title(row.get("name") or row.get("title") or "")
            pool.name((row.get("authors") or row.get("author") or "").split("،")[0].strip())
            publisher = (row.get("publisher") or "").strip()
            if publisher:
                pool.publishers[publisher] += 1


def _take_demonstration(found: dict[str, Pool]) -> None:
    for path in sorted((_CHECKOUT / "demo" / "works").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                for column, text in row.items():
                    language = _language(text or "", "")
                    if not text or not language:
                        continue
                    if "name" in column:
                        found[language].name(text)
                    found[language].title(text)
    found["ara"] = found["per"]
