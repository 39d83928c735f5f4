"""How near people are to texts that nobody has stored: for files, and for whoever has both at hand. Reads no table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from khaneh.domains.profiles.rules.affinity import affinities
from khaneh.infrastructure import meaning

_BATCH = 64  # texts between two words on how far it is


def rank(
    people: Sequence[Sequence[str]],
    texts: Sequence[str],
    told: Callable[[int, int], None] | None = None,
) -> NDArray[np.float64]:
    """How near each person, known by texts of theirs, is to each text: float64[len(people), len(texts)] (profiles, `rules.affinity`).

    `told` hears how many of how many texts have been read. An abstract takes 0.1 to 0.2 s of processor time; where the machine has no
    model, words alone are compared and it takes none.
    """
    own = [text for some in people for text in some]
    if not own or not texts:
        return affinities(people, texts, None)
    if not meaning.available():
        return affinities(people, texts, None)
    distinct = list(dict.fromkeys([*own, *texts]))
    made = []
    for at in range(0, len(distinct), _BATCH):
        # Both sides are asked as the same: neither is a question to the other.
        vectors = meaning.vectors(distinct[at : at + _BATCH], meaning.Role.QUERY)
        if vectors is None:
            return affinities(people, texts, None)
        made.append(vectors)
        if told is not None:
            told(min(at + _BATCH, len(distinct)), len(distinct))
    found = np.concatenate(made)
    place = {text: at for at, text in enumerate(distinct)}
    return affinities(people, texts, (found[_places(own, place)], found[_places(texts, place)]))


def _places(texts: Iterable[str], place: dict[str, int]) -> list[int]:
    return [place[text] for text in texts]
