"""What may help with a need: companies, offers, mentors, machines, courses and records, each with what speaks for it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import numpy as np
from django.db.models import Max, QuerySet
from numpy.typing import NDArray

from khaneh.domains.catalogue import queries as catalogue
from khaneh.domains.exchange.models import Decision, LearntWeights, MatchText, NearRecord, Posting
from khaneh.domains.exchange.queries import naming, records
from khaneh.domains.exchange.queries.postings import posting
from khaneh.domains.exchange.rules import matching
from khaneh.domains.exchange.rules.matching import Side
from khaneh.domains.exchange.rules.shelf import TERMS_VERSION, Near, Row, Shelf, terms_of
from khaneh.domains.exchange.types import PARTS, Proposal, ProposedKind
from khaneh.domains.profiles.rules.words import said_by_both
from khaneh.infrastructure import meaning
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label

log = logging.getLogger(__name__)

# How many of each kind are proposed, and how many are looked at for that.
MOST: Mapping[ProposedKind, int] = {
    ProposedKind.ORGANISATION: 10,
    ProposedKind.OFFER: 10,
    ProposedKind.MENTOR: 4,
    ProposedKind.MACHINE: 4,
    ProposedKind.COURSE: 4,
    ProposedKind.RECORD: 6,
}
LOOKED_AT = 60
LEAST = 0.1  # nobody would be glad of what has a lower score
LEAST_RECORD = 0.2  # of a catalogue there is always something that shares a word
_SHARED = 5  # stretches of words that are named

_held: tuple[int, Shelf] | None = None
_holding = threading.Lock()


def proposals_for(need_id: int, viewer: Actor, now: datetime) -> tuple[Proposal, ...]:
    """What is proposed for a need, kind by kind in the order of ProposedKind, the best of each first. About thirty statements.

    What a broker has refused for this need is left out, and so is what its own organisation offers. Everything proposed is there at this
    moment: what has withdrawn since it was read is not proposed. Raises NotFound where the viewer may not see the need.
    """
    row = posting(need_id, actor=viewer)
    stored = Posting.objects.get(pk=need_id)
    text = need_text(stored)
    # Places as the viewer knows them: nearness must not tell where an anonymous need comes from.
    wanted = Side(
        (row.sector,) if row.sector else (),
        [ref.id for ref in row.regions],
        row.readiness,
        [str(one) for one in row.partnerships],
    )
    held, weights = shelf(), weights_in_force()
    vector = vector_of(need_id)
    refused = set(Decision.objects.filter(need_id=need_id, accepted=False).values_list("kind", "key"))
    near = held.nearest(
        vector,
        terms_of(text),
        group=stored.language,
        kinds=[kind.value for kind in MOST if kind is not ProposedKind.RECORD],
        most=LOOKED_AT,
        without_organisation=stored.organisation_id,
    )
    judged = [(_judge(one, wanted, weights), one) for one in near if (one.row.kind, one.row.key) not in refused]
    judged = [pair for pair in judged if pair[0][0] >= LEAST]
    judged.sort(key=lambda pair: (-pair[0][0], pair[1].row.key))
    found: list[Proposal] = []
    for kind, most in MOST.items():
        if kind is ProposedKind.RECORD:
            continue
        # A few more than are shown: some of them may be gone.
        best = [pair for pair in judged if pair[1].row.kind == kind][: most + 5]
        named = naming.named(kind, [one.row.key for _, one in best])
        texts = _texts(kind, [one.row.key for _, one in best if one.row.key in named])
        shown = [pair for pair in best if pair[1].row.key in named][:most]
        for (score, parts, features), one in shown:
            name = named[one.row.key]
            said = naming.evidence(
                parts, wanted, one.row.side, shared_words(text, texts.get(one.row.key, ""), held), name
            )
            found.append(Proposal(kind, one.row.key, name.title, round(score, 4), said, name.code, {**features}))
    return (*found, *_of_catalogue(stored, held, weights, refused))


def need_side(one: Posting) -> Side:
    """What a need says beside its text, its whole place with it."""
    return Side(
        (one.sector,) if one.sector else (),
        list(one.region.path) if one.region else [],
        one.readiness,
        list(one.partnerships),
    )


def need_text(one: Posting) -> str:
    """All that a need or an offer says, the title first."""
    return "\n".join(text for name in ("title", *PARTS) if (text := getattr(one, name)))


def weights_in_force() -> Mapping[str, float]:
    """What each piece of evidence counts: what was learnt from decisions, else what ships."""
    last = LearntWeights.objects.order_by("-pk").first()
    return {**matching.SHIPPED, **(last.weights if last else {})}


def shelf() -> Shelf:
    """Everything that can be proposed, as the last job left it; one statement where nothing has changed.

    Each process holds one. Seventy thousand rows take some seconds to read once, and one to put in order after a change.
    """
    global _held
    revision = MatchText.objects.aggregate(last=Max("revision"))["last"] or 0
    held = _held
    if held is not None and held[0] == revision:
        return held[1]
    with _holding:
        if _held is not None and _held[0] == revision:
            return _held[1]
        rows = list(_rows(MatchText.objects.filter(gone=False)))
        _held = (revision, Shelf(rows, meaning.DIMENSIONS, meaning.usual))
        log.info("exchange.shelf", extra={"rows": len(rows), "revision": revision})
        return _held[1]


def forget_shelf() -> None:
    """Read everything again at the next question: for tests, whose tables are emptied under their feet."""
    global _held
    _held = None


def shared_words(left: str, right: str, held: Shelf) -> list[str]:
    """What both texts say, as the first writes it, what tells most first, at most _SHARED (`profiles.rules.words`)."""
    return said_by_both(left, right, held.rarity, most=_SHARED, alone=held.telling)


def _rows(found: QuerySet[MatchText]) -> Iterator[Row]:
    fields = ("kind", "key", "language", "organisation_id", "vector", "terms", "terms_version")
    sides = ("sectors", "region_path", "readiness", "partnerships")
    old = dict(found.exclude(terms_version=TERMS_VERSION).values_list("pk", "text"))
    for number, kind, key, language, organisation, vector, terms, version, *side in found.values_list(
        "pk", *fields, *sides
    ).iterator(5_000):
        numbers = bytes(terms) if terms is not None and version == TERMS_VERSION else terms_of(old.get(number, ""))
        half = None if vector is None else bytes(vector)
        yield Row(kind, key, language or kind, organisation, half, numbers, Side(*side))


def vector_of(need_id: int) -> NDArray[np.float32] | None:
    """What the model made of a need; None until it has been read. One statement."""
    stored = MatchText.objects.filter(kind="need", key=need_id, version=meaning.VERSION).values_list(
        "vector", flat=True
    )
    kept = next(iter(stored), None)
    return None if kept is None else np.frombuffer(bytes(kept), np.float16).astype(np.float32)


def _judge(one: Near, wanted: Side, weights: Mapping[str, float]) -> tuple[float, dict[str, float], dict[str, float]]:
    """The score, what each piece of evidence adds to it, and the evidence itself."""
    features = matching.features(wanted, one.row.side, meaning=one.meaning, words=one.words)
    return matching.score(features, weights), matching.shares(features, weights), features


def _texts(kind: ProposedKind, keys: Sequence[int]) -> dict[int, str]:
    return dict(MatchText.objects.filter(kind=kind.value, key__in=keys).values_list("key", "text"))


def _of_catalogue(
    need: Posting, held: Shelf, weights: Mapping[str, float], refused: set[tuple[str, int]]
) -> list[Proposal]:
    """Books and articles: those that the job found in every language, and until it has come to this need those that say its own words."""
    kind = ProposedKind.RECORD
    found: list[tuple[int, float, float, Sequence[str], str]]
    if MatchText.objects.filter(kind="need", key=need.pk, looked_at__isnull=False).exists():
        kept = NearRecord.objects.filter(need=need).values_list("key", "words", "meaning", "said", "about")
        found = list(kept)
    else:
        found = [
            (one.key, one.words, one.words, one.said, one.about)
            for one in records.by_words(records.wanted_text(need), held)
        ]
    judged = []
    for key, words, near, said, about in found:
        evidence = {"meaning": near, "words": words}
        score = matching.score(evidence, weights)
        if score >= LEAST_RECORD and (kind.value, key) not in refused:
            judged.append((score, key, evidence, said, about))
    judged.sort(key=lambda one: (-one[0], one[1]))
    best = judged[: MOST[kind] + 5]
    titles = {line.id: line.title for line in catalogue.lines([key for _, key, *_ in best])}
    return [
        Proposal(
            kind, key, Label(titles[key], titles[key], titles[key]), round(score, 4),
            naming.of_record(said, about, matching.shares(evidence, weights)), str(key), evidence,
        )
        for score, key, evidence, said, about in best if key in titles
    ][: MOST[kind]]  # fmt: skip
