"""Everything that can be proposed, in memory: compared with a need in some hundredths of a second. Pure; rows are handed in.

Fifty thousand companies and twenty thousand offers take 27 MB for their vectors and some 50 for their words.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from khaneh.domains.exchange.rules.matching import Side
from khaneh.domains.profiles.rules.terms import Matrix
from khaneh.domains.profiles.rules.words import telling_words

_ROWS = 2_048  # turned into single precision at a time, so that they stay in the processor's cache
_USUAL = 20  # texts that a usual one counts as
_TELLING = 3.2
TERMS_VERSION = 1  # of `terms_of` and the words that `profiles.rules.words` leaves out: raise it with them
_MEANING, _WORDS = 0.65, 0.35  # of what decides who is looked at closely


class Row(NamedTuple):
    """One thing that is compared. `vector` is float16[D] as bytes, None where there is none; `terms` uint32 as bytes (`terms_of`).

    `group` is its language, or its kind where it says the same in several.
    """

    kind: str
    key: int
    group: str
    organisation_id: int | None
    vector: bytes | None
    terms: bytes
    side: Side


class Near(NamedTuple):
    """One row with how near it is: `meaning` is the centred cosine, None without vectors; `words` the cosine of TF-IDF."""

    row: Row
    meaning: float | None
    words: float


def terms_of(text: str) -> bytes:
    """The different words of a text that tell something as numbers of 32 bits, sorted: uint32 as bytes. Two in four thousand million share one."""
    return np.array(sorted({zlib.crc32(word.encode()) for word in telling_words(text)}), np.uint32).tobytes()


class Shelf:
    """Rows with their vectors and an inverted list of their words.

    Vectors are compared after the middle of their group is taken away: texts of one language lie together whatever they say, and a need in
    Vietnamese would find everything Vietnamese before what answers it in Persian. `usual(group)` is where a usual text of a language lies,
    so that few rows have a middle too.
    """

    def __init__(self, rows: Sequence[Row], dimensions: int, usual: Callable[[str], NDArray[np.float32]]) -> None:
        self.rows = rows
        # In the order of the rows, since comparing seventy thousand words takes longer than multiplying vectors.
        self._places: dict[str, NDArray[np.int64]] = {}
        for kind in {row.kind for row in rows}:
            self._places[kind] = np.array([at for at, row in enumerate(rows) if row.kind == kind], np.int64)
        self._organisations = np.array([row.organisation_id or 0 for row in rows], np.int64)
        self._has = np.array([row.vector is not None for row in rows], bool)
        self._small = np.zeros((len(rows), dimensions), np.int8)
        self._scale = np.zeros(len(rows), np.float32)
        self._usual = usual
        self._middles = self._found_middles(rows, dimensions)
        self._shrink(rows, dimensions)
        self._index(rows)

    def _found_middles(self, rows: Sequence[Row], dimensions: int) -> dict[str, NDArray[np.float32]]:
        """The mean of each group's vectors, a usual text of its language counting as _USUAL of them."""
        sums: dict[str, NDArray[np.float64]] = {}
        counts: dict[str, int] = {}
        for at in range(0, len(rows), _ROWS):
            read, groups = _read(rows[at : at + _ROWS], dimensions), [row.group for row in rows[at : at + _ROWS]]
            for group in set(groups):
                mine = [place for place, name in enumerate(groups) if name == group]
                sums[group] = sums.get(group, np.zeros(dimensions)) + read[mine].sum(axis=0, dtype=np.float64)
                counts[group] = counts.get(group, 0) + int(self._has[at : at + _ROWS][mine].sum())
        return {
            group: np.asarray((total + _USUAL * self._usual(group)) / (counts[group] + _USUAL), np.float32)
            for group, total in sums.items()
        }

    def _shrink(self, rows: Sequence[Row], dimensions: int) -> None:
        """Vectors less the middle of their group, of length one, as whole numbers up to 127 with a scale each.

        Half floats would be exact to a thousandth more, and take ten times as long to multiply.
        """
        for at in range(0, len(rows), _ROWS):
            read = _read(rows[at : at + _ROWS], dimensions)
            read -= np.array([self._middles[row.group] for row in rows[at : at + _ROWS]])
            read /= np.maximum(np.linalg.norm(read, axis=1, keepdims=True), 1e-6)
            most = np.maximum(np.abs(read).max(axis=1), 1e-6)
            self._small[at : at + _ROWS] = np.round(read / most[:, None] * 127)
            self._scale[at : at + _ROWS] = most / 127

    def _index(self, rows: Sequence[Row]) -> None:
        terms = np.frombuffer(b"".join(row.terms for row in rows), np.uint32)
        holders = np.repeat(np.arange(len(rows), dtype=np.int32), [len(row.terms) // 4 for row in rows])
        order = np.argsort(terms, kind="stable")
        self._holders = holders[order]
        self._terms, self._begins, counts = np.unique(terms[order], return_index=True, return_counts=True)
        self._ends = self._begins + counts
        self._rarity = (np.log((1 + len(rows)) / (1 + counts))).astype(np.float32)
        weight = np.repeat(self._rarity, counts) ** 2
        self._weights = np.sqrt(np.maximum(np.bincount(self._holders, weight, minlength=len(rows)), 1e-9))

    def rarity(self, words: Iterable[str]) -> dict[str, float]:
        """How much each word tells: the logarithm of how few know it; of a word that nobody knows, the greatest."""
        wanted = list(words)
        if not len(self._terms):
            return dict.fromkeys(wanted, 1.0)
        numbers = np.array([zlib.crc32(word.encode()) for word in wanted], np.uint32)
        places = np.minimum(np.searchsorted(self._terms, numbers), len(self._terms) - 1)
        known = self._terms[places] == numbers
        most = float(np.log(1 + len(self.rows)))
        return {
            word: float(self._rarity[place]) if there else most
            for word, place, there in zip(wanted, places, known, strict=True)
        }

    @property
    def telling(self) -> float:
        """How much a word must tell to say something by itself: about one text in twenty-five may use it, of few texts fewer."""
        return min(_TELLING, 0.6 * float(np.log(1 + len(self.rows))))

    def knows(self, word: str) -> bool:
        """Whether any row says it."""
        number = zlib.crc32(word.encode())
        place = int(np.searchsorted(self._terms, number))
        return place < len(self._terms) and int(self._terms[place]) == number

    def meanings(self, vector: NDArray[np.float32], group: str) -> Matrix:
        """Centred cosines of a vector of a group with every row: float32[rows]; 0 for rows without a vector."""
        asked = vector - self._middles.get(group, self._usual(group))
        asked /= max(float(np.linalg.norm(asked)), 1e-6)
        answer = np.empty(len(self.rows), np.float32)
        for at in range(0, len(self.rows), _ROWS):
            answer[at : at + _ROWS] = self._small[at : at + _ROWS].astype(np.float32) @ asked
        return np.where(self._has, answer * self._scale, 0).astype(np.float32)

    def shared_words(self, terms: bytes) -> Matrix:
        """Cosines of TF-IDF with every row: float32[rows]."""
        answer = np.zeros(len(self.rows), np.float32)
        wanted = np.frombuffer(terms, np.uint32)
        places = np.searchsorted(self._terms, wanted)
        places = places[places < len(self._terms)]
        length = 0.0
        for place in places[np.isin(self._terms[places], wanted)]:
            rarity = float(self._rarity[place])
            length += rarity**2
            answer[self._holders[self._begins[place] : self._ends[place]]] += rarity**2
        return np.asarray(answer / self._weights / max(length, 1e-9) ** 0.5, np.float32)

    def nearest(
        self,
        vector: NDArray[np.float32] | None,
        terms: bytes,
        *,
        group: str,
        kinds: Collection[str],
        most: int,
        without_organisation: int | None = None,
    ) -> list[Near]:
        """Of each kind the `most` rows that are nearest by meaning and words together, in no order.

        Rows of `without_organisation` are left out: nobody answers their own need.
        """
        if not len(self.rows):
            return []
        words = self.shared_words(terms)
        meaning = self.meanings(vector, group) if vector is not None and self._has.any() else None
        found = []
        for kind in kinds:
            at = self._places.get(kind, np.zeros(0, np.int64))
            if without_organisation is not None:
                at = at[self._organisations[at] != without_organisation]
            if not len(at):
                continue
            near = _WORDS * _standard(words[at])
            if meaning is not None:
                near = near + _MEANING * _standard(meaning[at])
            best = at[np.argpartition(-near, most - 1)[:most]] if len(at) > most else at
            found += [
                Near(
                    self.rows[place],
                    float(meaning[place]) if meaning is not None and self._has[place] else None,
                    float(words[place]),
                )
                for place in best.tolist()
            ]
        return found


def _read(rows: Sequence[Row], dimensions: int) -> NDArray[np.float32]:
    some = b"".join(row.vector or bytes(2 * dimensions) for row in rows)
    return np.frombuffer(some, np.float16).reshape(len(rows), dimensions).astype(np.float32)


def _standard(values: Matrix) -> Matrix:
    return np.asarray((values - values.mean()) / (values.std() + 1e-6), np.float32)
