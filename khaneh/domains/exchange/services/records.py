"""The catalogue looked through for needs: what words bring is read by the model, and what is near is kept beside the need. By a job."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
from django.db.models import F, Q

from khaneh.domains.exchange.models import MatchText, NearRecord, Posting
from khaneh.domains.exchange.queries import proposals, records
from khaneh.domains.exchange.rules import matching
from khaneh.domains.exchange.rules.shelf import terms_of
from khaneh.domains.exchange.types import OPEN, ProposedKind
from khaneh.domains.profiles.rules.affinity import unit
from khaneh.domains.profiles.rules.terms import Matrix
from khaneh.infrastructure import db, meaning

_READ = 48  # records that the model reads for a need: two seconds of processor time
_KEPT = 15
_AGAIN = timedelta(days=14)  # a catalogue grows
_NEAR = 60  # texts near a need that may lend their words
# A title of five words never lies as near to a need as a company's profile does: what counts as wholly alike. Without a word in common
# there is less to go by.
_ALIKE, _ALIKE_WITHOUT_WORDS = 0.5, 0.625
_LEAST, _LEAST_WITHOUT_WORDS = 0.1, 0.38  # how alike what is kept must be, once so reckoned
_USUAL = 20  # records that the usual text of a language counts as
_GUIDES = (
    ProposedKind.ORGANISATION.value,
    ProposedKind.OFFER.value,
    ProposedKind.COURSE.value,
    ProposedKind.MENTOR.value,
)


def find_records(*, now: datetime, most: int = 20) -> int:
    """Look through the catalogue for up to `most` open needs whose text has changed or that were looked at longest ago; gives how many.

    Two seconds of processor time and some thirty statements each. Nothing where the machine has no model: words alone are compared there,
    at the moment of the question.
    """
    if not meaning.available():
        return 0
    waiting = MatchText.objects.filter(kind="need", gone=False, version=meaning.VERSION).filter(
        Q(looked_at__isnull=True) | Q(looked_at__lt=now - _AGAIN)
    )
    wanted = list(waiting.order_by(F("looked_at").asc(nulls_first=True), "pk")[:most])
    open_ = Posting.objects.filter(state__in=[state.value for state in OPEN])
    needs = open_.in_bulk([one.key for one in wanted])
    for one in wanted:
        if one.key in needs:
            _keep(one, _near_records(one, needs[one.key]), now)
    return len(needs)


def _near_records(one: MatchText, need: Posting) -> list[NearRecord]:
    held = proposals.shelf()
    vector = np.frombuffer(bytes(one.vector or b""), np.float16).astype(np.float32)
    near = held.nearest(vector, terms_of(one.text), group=one.language, kinds=_GUIDES, most=_NEAR)
    wanted = records.wanted_text(need)
    found = records.candidates(wanted, one.language, need.sector, near, held, most=_READ)
    read = meaning.vectors([wanted, *(candidate.text for candidate in found)], meaning.Role.QUERY)
    if read is None or not found:
        return []
    asked = unit(read[:1] - meaning.usual(one.language))[0]
    alikes = unit(read[1:] - _middles([candidate.language for candidate in found], read[1:])) @ asked
    kept = []
    for candidate, alike in zip(found, alikes.tolist(), strict=True):
        near_it = min(1.0, max(0.0, alike / (_ALIKE if candidate.said else _ALIKE_WITHOUT_WORDS)))
        if near_it < (_LEAST if candidate.said else _LEAST_WITHOUT_WORDS):
            continue
        if matching.score({"meaning": near_it, "words": candidate.words}, matching.SHIPPED) >= proposals.LEAST_RECORD:
            kept.append(
                NearRecord(
                    need=need, key=candidate.key, words=round(candidate.words, 4), meaning=round(near_it, 4),
                    said=list(candidate.said), about=candidate.about,
                )
            )  # fmt: skip
    kept.sort(key=lambda row: -matching.score({"meaning": row.meaning, "words": row.words}, matching.SHIPPED))
    return kept[:_KEPT]


def _middles(languages: list[str], read: Matrix) -> Matrix:
    """Where texts like each of these usually lie, by its language: float32[len(read), DIMENSIONS]."""
    found = np.zeros_like(read)
    for language in set(languages):
        mine = [at for at, one in enumerate(languages) if one == language]
        found[mine] = (read[mine].sum(axis=0) + _USUAL * meaning.usual(language)) / (len(mine) + _USUAL)
    return found


def _keep(one: MatchText, found: list[NearRecord], now: datetime) -> None:
    """If the need is still what was looked for."""
    with db.transaction():
        if MatchText.objects.filter(pk=one.pk, digest=one.digest, gone=False).update(looked_at=now):
            NearRecord.objects.filter(need_id=one.key).delete()
            NearRecord.objects.bulk_create(found)
