"""Keys that bring candidates together: two records that share a key are worth comparing, all others are not.

Keys are signed 64-bit integers (BLAKE2b of a short text), so a contribution's keys are rows of (bigint, contribution) that COPY loads
and a join finds. `strong` come from identifiers, `weak` from orthography-proof title, author, year and extent. At most `MOST` of each.

**Common keys are dropped**: a key held by more than `TOO_COMMON` records brings nobody together (a filler ISBN, "Proceedings" of one
year). The join must leave such keys out; the same rule holds here, in the benchmarks and in SQL. With it a new record meets at
most `2 * MOST * TOO_COMMON` candidates, and in practice a handful.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import NamedTuple

from khaneh.domains.catalogue.rules.matching.comparable import Comparable, comparable
from khaneh.formats.marc.description import Description

MOST = 8
TOO_COMMON = 40
_NUMBERS_USED = 4
_begin = blake2b(digest_size=8).copy  # reading the arguments takes longer than the digest of a short text
_OPENERS = frozenset(("hz", "ktb"))  # the skeletons of "hādhā" and "kitāb", which half the libraries leave out


class MatchKeys(NamedTuple):
    """Signed 64-bit hashes; equal in two records when what they were made from is equal."""

    strong: tuple[int, ...]
    weak: tuple[int, ...]


def keys(description: Description) -> MatchKeys:
    """The keys of a described record. Where the comparable is at hand already, `keys_of` saves making it again."""
    return keys_of(comparable(description))


def keys_of(own: Comparable) -> MatchKeys:
    """The keys of a folded record."""
    return MatchKeys(
        tuple(map(_hash, strong_texts(own)[:MOST])), tuple(map(_hash, dict.fromkeys(weak_texts(own)[:MOST])))
    )


def packed_keys(own: Comparable) -> bytes:
    """All keys of a folded record as they are stored: eight bytes each, big-endian, strong ones first, none twice."""
    texts = [*strong_texts(own)[:MOST], *weak_texts(own)[:MOST]]
    digests: dict[bytes, None] = {}
    for text in texts:
        hasher = _begin()
        hasher.update(text.encode())
        digests[hasher.digest()] = None
    return b"".join(digests)


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def strong_texts(own: Comparable) -> list[str]:
    """What the strong keys are made of."""
    found = ["isbn:" + number for number in own.isbns[:_NUMBERS_USED]] if own.isbns else []
    if own.issns:
        found += ["issn:" + number for number in own.issns[:2]]
    if own.numbers:
        found += ["no:" + number for number in own.numbers[:_NUMBERS_USED]]
    return found


def weak_texts(own: Comparable) -> list[str]:
    """What the weak keys are made of, most telling first. A record without a title has none."""
    if own.bones:
        words = own.bones.split()
        rest_words = own.rest_bones.split()
        family = own.name_bones[0].split(" ")[0] if own.name_bones else ""
    else:
        words = own.title.split()
        rest_words = own.rest.split()
        family = own.names[0].split("|")[0].rsplit(" ", 1)[-1] if own.names else ""
    while len(words) > 1 and words[0] in _OPENERS:
        words = words[1:]
    if not words:
        return []
    whole = "".join(words)
    start = "".join([*words, *rest_words])[:14]
    year = own.year
    # Volumes of a set share title and year: their number keeps a long set from making one common key.
    part = ".".join(map(str, own.part))
    found: list[str] = []
    if year is not None:
        found += [f"t:{whole[:28]}:{year}:{part}", f"s:{start}:{year}"]
    if family:
        found.append(f"a:{family}:{start[:10]}:{part}")
        if own.pages:
            found.append(f"e:{family}:{own.pages}:{year or ''}")
        elif year is not None:
            found.append(f"v:{family}:{own.volumes or ''}:{year}:{part}")
    longest = sorted(words, key=lambda word: (-len(word), word))[:2]
    if own.pages and own.pages > 8:
        found.append(f"p:{whole[:8]}:{own.pages}")
        if year is not None:
            found.append(f"y:{longest[0]}:{own.pages}:{year}")
    if year is not None and len(words) > 2:
        found.append(f"w:{'.'.join(sorted(longest))}:{year}:{part}")
    if not found or (year is None and not family):
        found.append(f"o:{whole[:28]}:{part}")
    return found
