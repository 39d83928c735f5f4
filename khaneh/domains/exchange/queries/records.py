"""Books and articles of the catalogue that may help with a need: found through the search engine, which holds the million of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from khaneh.domains.discovery import queries as discovery
from khaneh.domains.discovery.types import Hit, SearchRequest
from khaneh.domains.exchange.rules.shelf import Shelf
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import capability_name
from khaneh.domains.profiles.rules.terms import words_of
from khaneh.kernel.labels import Label
from khaneh.kernel.orthography import search_key

_ASKED = 8  # words of the need that are looked for
_ABLE = 4  # abilities
_LOOKED_AT = 40


class Helpful(NamedTuple):
    """A record: by which of the need's words it was found, and how much of what they tell is in it (0 to 1).

    `bridged` is the ability by whose name it was found where it was none of the need's words.
    """

    key: int
    title: Label
    share: float
    words: tuple[str, ...]
    bridged: Label | None


def helpful(text: str, held: Shelf, organisation_ids: Sequence[int], *, most: int) -> list[Helpful]:
    """The records nearest to a need, the best first. Two questions to the index and at most two statements.

    The need's rarest words are looked for, any of them; and, since a need in one language should find books in the others, the names in
    all languages of what the companies can do that answer it best.
    """
    rare = held.rarity(dict.fromkeys(words_of(text)))
    first = dict.fromkeys(words_of(text.split("\n", 1)[0]))  # a title names the matter, what follows describes it
    telling = sorted(
        (word for word in rare if len(word) > 2 and not word.isdigit()),
        key=lambda word: (-rare[word] * (1.5 if word in first else 1.0), word),
    )
    # A word that nothing that can be proposed has said is as likely a name or a slip as the matter itself.
    known = [word for word in telling if held.knows(word)][:_ASKED] or telling[:_ASKED]
    found = _by_words(known, rare)
    bridged = _by_abilities(organisation_ids)
    there = {one.key for one in found}
    both = found + [one for one in bridged if one.key not in there]
    return sorted(both, key=lambda one: (-one.share, one.key))[:most]


def _by_words(words: Sequence[str], rare: dict[str, float]) -> list[Helpful]:
    total = sum(rare[word] for word in words)
    if not total:
        return []
    found = []
    for hit in _ask(" OR ".join(words)):
        there = _words_in(hit)
        shared = tuple(word for word in words if search_key(word) in there)
        # One word alone, however rare, is shared by what has nothing to do with it.
        if len(shared) >= 2:
            share = sum(rare[word] for word in shared) / total
            found.append(Helpful(hit.key, _same(hit.title), share, shared, None))
    return found


def _by_abilities(organisation_ids: Sequence[int]) -> list[Helpful]:
    rows = network.organisations_by_ids(organisation_ids) if organisation_ids else {}
    abilities = list(
        dict.fromkeys(one for number in organisation_ids if number in rows for one in rows[number].capabilities)
    )
    names = [capability_name(one) for one in abilities[:_ABLE]]
    phrases = [(search_key(text), name) for name in names for text in name if len(text.split()) > 1 or len(text) > 5]
    if not phrases:
        return []
    found = []
    for hit in _ask(" OR ".join(f'"{phrase}"' for phrase, _ in phrases)):
        there = f" {_text_of(hit)} "
        name = next((name for phrase, name in phrases if f" {phrase} " in there), None)
        if name is not None:
            found.append(Helpful(hit.key, _same(hit.title), 0.35, (), name))
    return found


def _ask(text: str) -> list[Hit]:
    request = SearchRequest(text=text, filters={"kind": ("record",)}, limit=_LOOKED_AT)
    return list(discovery.search(request).hits)


def _words_in(hit: Hit) -> set[str]:
    return set(_text_of(hit).split())


def _text_of(hit: Hit) -> str:
    """What the index kept of a record to be shown, marked words and all, folded."""
    marked = ["".join(piece.text for piece in pieces) for pieces in hit.highlights.values()]
    return search_key(" ".join([hit.title, hit.subtitle, *marked]))


def _same(text: str) -> Label:
    return Label(text, text, text)
