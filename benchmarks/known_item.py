"""Is the book one asks for among the first three? `python -m benchmarks.known_item [--home FOLDER]`. Goal: 97 of a hundred.

A thousand records are sampled from the real sets, and each is asked for by the words of its title and its author's surname, as a reader
types them: marks and tones dropped, Persian with the letters of an Arabic keyboard, ZWNJ lost, no capitals. All records of the sets are in
the index. Records that nobody could tell apart by title and author count as one: finding any of them is finding it.

Without `--home` the records are indexed as they come; with it, the search is that of an installation into which the sets have been
imported and merged.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import report
from benchmarks.vocabulary import records_of
from khaneh.domains.catalogue.rules.intake.document import document
from khaneh.domains.discovery.rules.analysis import FIELDS, analysed
from khaneh.domains.discovery.types import Document, SearchRequest
from khaneh.formats.marc.description import Description
from khaneh.infrastructure.search import open_engine
from khaneh.kernel.orthography import latin_digits, script_of, search_key

SETS = {
    "marc_persian_nyu": ("marc_persian_nyu/*.mrc", "marc_persian_nyu/*.MRC"),
    "marc_arabic_aco": ("marc_arabic_aco/*.marcxml.gz",),
    "marc_vietnamese_bk": ("marc_vietnamese_bk/*.mrc.gz",),
    "marc_general": (
        "marc_general/solrmarc/**/uva_001_2000.mrc",
        "marc_general/loc_marc2bibframe2/**/*.xml",
        "marc_general/evergreen/**/*.mrc",
        "marc_general/temple/**/marc_fixture.xml",
        "marc_general/qa_catalogue/**/*.mrc",
    ),
}
_TITLE_WORDS = 8  # nobody types more


class Item(NamedTuple):
    """A record and what a reader would type for it."""

    set: str
    title: str
    author: str
    query: str

    @property
    def told(self) -> tuple[str, str]:
        """What tells it from another to a reader."""
        return search_key(self.title), search_key(self.author)


def as_typed(text: str) -> str:
    """The text as hurried hands type it: bare letters, an Arabic keyboard's kaf and yeh, no ZWNJ, lower case."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")
    bare = bare.replace("đ", "d").replace("Đ", "D").replace("\u200c", "").replace("\u0640", "")
    bare = bare.translate(str.maketrans("یکۀ", "يكه")) if script_of(bare) == "Arab" else bare
    kept = (c if c.isalnum() or c.isspace() else " " for c in latin_digits(bare).lower() if c not in "ʻʼʹ'’‘`")
    return " ".join("".join(kept).split())


def item(name: str, own: Description) -> Item | None:
    """The item, where it has a title and somebody who made it."""
    if not own.title.value.strip() or not own.agents:
        return None
    agent = own.agents[0].name
    surname = agent.replace("،", ",").split(",")[0].split()
    if not surname:
        return None
    # A name without a comma is in the order in which it is said: the surname is its last word, in Vietnamese the given name one uses.
    typed_name = surname if "," in agent or "،" in agent else surname[-1:]
    words = as_typed(own.title.value).split()[:_TITLE_WORDS]
    if not words:
        return None
    return Item(name, own.title.value, agent, f"{' '.join(words)} {as_typed(' '.join(typed_name))}")


def _descriptions(folder: Path) -> Iterator[tuple[str, Description]]:
    for name, patterns in SETS.items():
        for path in sorted({path for pattern in patterns for path in folder.glob(pattern)}):
            for own in records_of(path):
                yield name, own


def _as_document(number: int, own: Description) -> Document:
    fields: dict[str, Any] = document(own)
    values: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in fields.items()}
    return Document("record", number, **values)


def _index(home: Path, folder: Path) -> list[Item]:
    """Index every record of the sets in `home`, and give the items that can be asked for."""
    engine = open_engine(FIELDS, folder=home / "index")
    engine.create("known-item")
    items: list[Item] = []
    with engine.writer("known-item", bulk=True) as writer:
        for number, (name, own) in enumerate(_descriptions(folder)):
            writer.add([analysed(_as_document(number, own), frozenset())])
            if known := item(name, own):
                items.append(known)
    engine.publish("known-item")
    return items


def _sample(items: list[Item], count: int, seed: int) -> list[Item]:
    """As many of every set where it has as many."""
    chance = random.Random(seed)
    by_set: dict[str, list[Item]] = defaultdict(list)
    for one in items:
        by_set[one.set].append(one)
    share = count // len(SETS)
    chosen = [one for own in by_set.values() for one in chance.sample(own, min(share, len(own)))]
    rest = [one for one in items if one not in set(chosen)]
    return chosen + chance.sample(rest, max(0, min(count - len(chosen), len(rest))))


def rank(one: Item) -> int:
    """At which place the item, or one that nobody could tell from it, stands: 1 to 20, or 0."""
    from khaneh.domains.discovery.queries import search

    title, author = one.told
    page = search(SearchRequest(text=one.query, limit=20, highlights=False))
    for place, hit in enumerate(page.hits, 1):
        made = search_key(" ".join(hit.creators))
        shown = search_key(hit.title)
        if (shown == title or shown.startswith(f"{title} ")) and (author in made or not made):
            return place
    return 0


def main() -> None:
    """Index or open, ask, report; the questions that failed are kept with the result."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--questions", type=int, default=1_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--home", default="", help="KHANEH_HOME of an installation with the imported sets")
    options = arguments.parse_args()
    folder = report.data_folder()
    with tempfile.TemporaryDirectory(prefix="khaneh-bench-") as scratch:
        home = options.home or scratch
        os.environ.update(KHANEH_HOME=home, DJANGO_SETTINGS_MODULE="khaneh.config.settings", SECRET_KEY="benchmark")
        if options.home:
            items = [known for name, own in _descriptions(folder) if (known := item(name, own))]
        else:
            items = _index(Path(home), folder)
        import django

        django.setup()
        asked = _sample(items, options.questions, options.seed)
        places = [(one, rank(one)) for one in asked]
    found = Counter(one.set for one, place in places if 1 <= place <= 3)
    of = Counter(one.set for one, _ in places)
    figures = {
        "in_first_3": round(sum(found.values()) / len(places), 4),
        "first": round(sum(place == 1 for _, place in places) / len(places), 4),
        "mean_reciprocal_rank": round(sum(1 / place for _, place in places if place) / len(places), 4),
        **{f"in_first_3_{name}": round(found[name] / of[name], 4) for name in of},
    }
    missed = [{"set": o.set, "query": o.query, "place": place} for o, place in places if not 1 <= place <= 3]
    sizes = {"questions": len(places), "records": len(items), "seed": options.seed, "imported": bool(options.home)}
    report.write_result("known_item", figures, sizes, missed=missed)


if __name__ == "__main__":
    main()
