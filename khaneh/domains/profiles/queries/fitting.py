"""How near people are to texts, by what they tell of their competence: for whoever proposes reviewers, mentors or anybody else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from khaneh.domains.network.types import capability_name
from khaneh.domains.profiles.models import Meaning, Mentor
from khaneh.domains.profiles.rules import fitting
from khaneh.domains.profiles.types import Fit, Told
from khaneh.infrastructure import meaning
from khaneh.kernel.labels import LANGUAGES, Label


def fits(
    people: Mapping[int, Sequence[Told]], texts: Mapping[int, Told], *, evidence: bool = True
) -> dict[tuple[int, int], Fit]:
    """The fit of each pair (person, text), by words and, as far as both have been read, by meaning (`rules.fitting`). One statement."""
    digests = {one.digest for own in people.values() for one in own} | {one.digest for one in texts.values()}
    return fitting.fits(people, texts, _vectors(digests), meaning.usual, evidence=evidence)


def told(text: str) -> tuple[Told, ...]:
    """A text whose language nobody asked for, as it is compared; nothing for an empty one. No statement."""
    return (Told(text.strip(), fitting.language_of(text)),) if text.strip() else ()


def mentors_tell(account_ids: Iterable[int]) -> dict[int, tuple[Told, ...]]:
    """What the published mentors among these accounts tell of their competence, a text in each language. One statement."""
    found = Mentor.objects.filter(account_id__in=set(account_ids), published_at__isnull=False)
    return {one.account_id: _told(one) for one in found}


def every_mentor_tells() -> Iterator[Told]:
    """The same of everybody who is published. Two statements at any number."""
    for one in Mentor.objects.filter(published_at__isnull=False).order_by("pk").iterator(500):
        yield from _told(one)


def _told(one: Mentor) -> tuple[Told, ...]:
    """In each language in which they write; what they can do stands beside it in all of them."""
    headlines, about = Label.from_dict(one.headlines), Label.from_dict(one.about)
    can = [capability_name(code) for code in one.capabilities]
    found = []
    for language in LANGUAGES:
        own = [text for label in (headlines, about) if (text := getattr(label, language))]
        if own or not any((*headlines, *about)):
            found.append(Told("\n".join([*own, *(getattr(label, language) for label in can)]), language))
    return tuple(text for text in found if text.text)


def _vectors(digests: Iterable[str]) -> dict[str, NDArray[np.float32]]:
    rows = Meaning.objects.filter(digest__in=list(digests), version=meaning.VERSION).values_list("digest", "vector")
    return {digest: np.frombuffer(bytes(vector), np.float16).astype(np.float32) for digest, vector in rows}
