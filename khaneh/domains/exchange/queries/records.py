"""Books and articles of the catalogue that may help with a need: found through the search engine, which holds the million of them.

A need in one language should find books in all: what is looked for are the need's own words, and in the other languages those of whoever
lies nearest to it by meaning, since companies describe themselves in three. What such words bring is sorted out by meaning
(`services.records`, a job); without a model, or before the job has come to a need, its own words alone count.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from khaneh.domains.catalogue.queries import documents
from khaneh.domains.discovery import queries as discovery
from khaneh.domains.discovery.types import Document, SearchRequest
from khaneh.domains.exchange.models import MatchText, Posting
from khaneh.domains.exchange.rules.shelf import Near, Shelf
from khaneh.domains.network.types import sector_name
from khaneh.domains.profiles.rules.words import is_vietnamese, said_by_both, search_terms, telling_words
from khaneh.kernel.labels import LANGUAGES
from khaneh.kernel.orthography import match_key, script_of

_OWN, _OTHERS = 14, 8  # terms that are looked for: of the need, and of each other language
_FOUND = 40  # records of a question
_GUIDES = 6  # texts near to the need that lend their words
_GUIDE_LEAST = 0.3  # how near they must be
_WHOLE = 8  # of a need's rarest words, what a record says that says everything
_QUOTED = 160  # letters of what a record says of itself
_READ = 400  # letters of a record that are compared
# What the catalogue calls the languages whose usual meaning is known.
_NAMES = {"per": "fa", "vie": "vi", "eng": "en"}
_ARABIC = "Arab"
_PIECE = re.compile(r"[^\s\w]")


class Candidate(NamedTuple):
    """A record that was found: what is compared of it, what it says of its matter, what it says that the need says too, and how much
    that is of both (0 to 1)."""

    key: int
    language: str
    text: str
    about: str
    said: tuple[str, ...]
    words: float


def wanted_text(need: Posting) -> str:
    """What a book is looked for by: the title and the technology that is wanted. Why it is wanted and where would lead elsewhere."""
    return f"{need.title}\n{need.technology or need.problem}"


def by_words(text: str, held: Shelf) -> list[Candidate]:
    """Those that say what a need says, the best first. One question to the index and at most eight statements."""
    found = _described(_ask(_own_terms(text, held)), text, held)
    return sorted((one for one in found if one.said), key=lambda one: (-one.words, one.key))


def candidates(
    text: str, language: str, sector: str, near: Sequence[Near], held: Shelf, *, most: int
) -> list[Candidate]:
    """What may be about the matter in any language, to be sorted by meaning: at most `most`.

    By the need's words, by the names of its sector, and by the words of what lies nearest to it (`near`), a question for each language.
    """
    asked = [_own_terms(text, held)]
    others = _lent(near, language, held)
    for other in LANGUAGES:
        terms = others.get(other, []) if other != language else []
        if sector:
            terms = [*terms, *_phrases(sector_name(sector).pick(other))]
        asked.append(terms)
    keys: dict[int, None] = {}
    answers = [_ask(terms) for terms in asked]
    # In turn, so that no language takes all the places.
    for rank in range(_FOUND):
        keys |= dict.fromkeys(answer[rank] for answer in answers if rank < len(answer))
    return _described(list(keys)[:most], text, held)


def _own_terms(text: str, held: Shelf) -> list[str]:
    """What tells most of a need, the words of its title before others."""
    first = set(search_terms(text.split("\n", 1)[0]))
    rare = held.rarity(telling_words(text))
    weights = {
        term: sum(rare.get(word, 0.0) for word in telling_words(term)) * (1.5 if term in first else 1.0)
        for term in search_terms(text)
        # What nothing else has said is as likely a name or a slip as the matter itself.
        if term in first or any(held.knows(word) for word in telling_words(term))
    }
    return sorted(weights, key=lambda term: (-weights[term], term))[:_OWN]


def _lent(near: Sequence[Near], language: str, held: Shelf) -> Mapping[str, list[str]]:
    """Words of other languages in which the nearest texts say what they say, by language."""
    guides = sorted(
        (one for one in near if (one.meaning or 0.0) >= _GUIDE_LEAST), key=lambda one: -(one.meaning or 0.0)
    )
    guides = guides[:_GUIDES]
    keys = {(one.row.kind, one.row.key): one.meaning or 0.0 for one in guides}
    stored = MatchText.objects.filter(kind__in={kind for kind, _ in keys}, key__in={key for _, key in keys})
    weights: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for kind, key, text in stored.values_list("kind", "key", "text"):
        for line in text.split("\n") if (kind, key) in keys else ():
            spoken = _spoken(line)
            if spoken == language:
                continue
            rare = held.rarity(telling_words(line))
            for term in search_terms(line):
                weights[spoken][term] += keys[kind, key] * max(
                    (rare.get(w, 0.0) for w in telling_words(term)), default=0.0
                )
    return {spoken: sorted(some, key=lambda term: (-some[term], term))[:_OTHERS] for spoken, some in weights.items()}


def _described(keys: Sequence[int], text: str, held: Shelf) -> list[Candidate]:
    if not keys:
        return []
    rare = sorted(held.rarity(telling_words(text)).values(), reverse=True)
    whole = sum(rare[:_WHOLE]) or 1.0
    title = set(telling_words(text.split("\n", 1)[0]))
    by_key = {one.key: one for one in documents.record_documents(list(keys))}
    found = []
    called_already: set[str] = set()
    for key in keys:
        # Editions of one book say the same: the first of them stands for all.
        if (one := by_key.get(key)) is None or (name := match_key(f"{one.title}{one.subtitle}")) in called_already:
            continue
        called_already.add(name)
        own = _text_of(one)
        said = _about_the_matter(said_by_both(text, own, held.rarity, most=5, alone=held.telling), title)
        shared = held.rarity({word for piece in said for word in telling_words(piece)})
        called = held.rarity(telling_words(f"{one.title} {one.subtitle}"))
        # Of what the need says, and of what the record is called: a word of a long title is less than the whole of a short one.
        of_need = sum(shared.values()) / whole
        of_title = sum(weight for word, weight in called.items() if word in shared) / (sum(called.values()) or 1.0)
        found.append(
            Candidate(key, _language_of(one), own, _about(one), tuple(said), min(1.0, of_need * of_title) ** 0.5)
        )
    return found


def _about_the_matter(said: list[str], title: set[str]) -> list[str]:
    """What is shared, if it is more than one word that the need's title does not say: such a word is shared by what is about anything."""
    if len(said) == 1 and len(said[0].split()) == 1 and not title & set(telling_words(said[0])):
        return []
    return said


def _ask(terms: Iterable[str]) -> list[int]:
    phrases = [f'"{term}"' if " " in term else term for term in terms]
    if not phrases:
        return []
    request = SearchRequest(text=" OR ".join(phrases), filters={"kind": ("record",)}, limit=_FOUND, highlights=False)
    return [hit.key for hit in discovery.search(request).hits]


def _phrases(name: str) -> list[str]:
    """The parts of a name of several things: "Libraries, archives and museums"."""
    return [part for piece in _PIECE.split(name) if (part := piece.strip()) and telling_words(part)]


def _text_of(one: Document) -> str:
    parts = [one.title, one.subtitle, *one.subjects, *one.text[:1]]
    return ". ".join(dict.fromkeys(part for part in parts if part))[:_READ]


def _about(one: Document) -> str:
    """What a record says of its matter: its subjects, else the words beside its title, else its summary."""
    told = " · ".join(dict.fromkeys(one.subjects[:4])) or one.subtitle or next(iter(one.text), "")
    return told if len(told) <= _QUOTED else told[:_QUOTED].rsplit(" ", 1)[0] + "…"


def _language_of(one: Document) -> str:
    return next((_NAMES[code] for code in one.facets.get("language", ()) if code in _NAMES), "")


def _spoken(line: str) -> str:
    if script_of(line) == _ARABIC:
        return "fa"
    return "vi" if is_vietnamese(line) else "en"
