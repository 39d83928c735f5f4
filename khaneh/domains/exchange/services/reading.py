"""What needs are compared with, kept as texts with vectors: gathered from where it stands, read by the model, all of it by a job."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import NamedTuple

import numpy as np
from django.db.models import Max

from khaneh.domains.exchange.models import Decision, LearntWeights, MatchText, Posting
from khaneh.domains.exchange.queries.proposals import need_text
from khaneh.domains.exchange.rules import matching
from khaneh.domains.exchange.rules.shelf import TERMS_VERSION, terms_of
from khaneh.domains.exchange.types import OPEN, PostingKind, PostingState, ProposedKind
from khaneh.domains.learning import queries as learning
from khaneh.domains.network import queries as network
from khaneh.domains.profiles import queries as profiles
from khaneh.domains.spaces import queries as spaces
from khaneh.domains.spaces.types import FACILITIES, SPACE_KINDS, SpaceGroup
from khaneh.infrastructure import db, meaning
from khaneh.kernel.labels import Label

_BATCH = 500  # texts a transaction
_READ = 32  # texts that the model is given at once: some seconds
_NEED = "need"
_LOCK = ("exchange.match_texts", 0)
# Things that work: halls, rooms and desks answer no technology need.
_MACHINES = (SpaceGroup.MACHINE, SpaceGroup.WORKSHOP, SpaceGroup.STUDIO)


class Source(NamedTuple):
    """One thing that can be compared, as it is now."""

    kind: str
    key: int
    text: str
    language: str = ""
    organisation_id: int | None = None
    sectors: tuple[str, ...] = ()
    region_path: tuple[int, ...] = ()
    readiness: int | None = None
    partnerships: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """What changes when anything of it does."""
        return hashlib.sha256(repr(tuple(self)).encode()).hexdigest()


def gather_texts(*, kinds: Iterable[str] = ()) -> int:
    """Bring the texts to what companies, mentors, offers, needs, machines and courses say now; gives how many changed. A statement per 500.

    One at a time: who comes second waits, and finds nothing to do.
    """
    wanted = set(kinds) or set(_SOURCES)
    changed = sum(_gather(kind, _SOURCES[kind]) for kind in _SOURCES if kind in wanted)
    _count_terms()
    return changed


def read_texts(*, most: int = 2_000) -> int:
    """Make vectors of up to `most` texts that have none of this version; gives of how many. Nothing where the machine has no model.

    Takes 0.1 to 0.3 s of processor time each. Texts are read without a lock and written if they are still the same.
    """
    if not meaning.available():
        return 0
    done = 0
    MatchText.objects.filter(gone=False).exclude(version__in=("", meaning.VERSION)).update(vector=None, version="")
    last = 0
    while done < most:
        found = list(MatchText.objects.filter(vector__isnull=True, gone=False, pk__gt=last).order_by("pk")[:_READ])
        if not found:
            break
        last = found[-1].pk
        made = meaning.vectors([one.text for one in found], meaning.Role.QUERY)
        if made is None:
            break
        with db.transaction():
            db.lock(_LOCK)
            revision = _revision() + 1
            for one, vector in zip(found, made.astype(np.float16), strict=True):
                done += MatchText.objects.filter(pk=one.pk, digest=one.digest, gone=False).update(
                    vector=vector.tobytes(), version=meaning.VERSION, revision=revision
                )
    return done


def learn_weights(*, now: datetime) -> bool:
    """Learn from every decided proposal what evidence counts; whether anything was decided since the last time."""
    decided = [
        (found, accepted)
        for found, accepted in Decision.objects.order_by("pk").values_list("features", "accepted")
        if found
    ]
    if not decided:
        return False
    accepted = sum(answer for _, answer in decided)
    weights = matching.learnt(decided)
    last = LearntWeights.objects.order_by("-pk").first()
    if last is not None and last.weights == weights:
        return False
    LearntWeights.objects.create(weights=weights, accepted=accepted, refused=len(decided) - accepted, learnt_at=now)
    return True


def _gather(kind: str, source: Callable[[], Iterator[Source]]) -> int:
    """Write what changed of one kind, and let go of what is not there any more."""
    changed = 0
    with db.transaction():
        db.lock(_LOCK)
        known: Mapping[int, str] = dict(MatchText.objects.filter(kind=kind, gone=False).values_list("key", "digest"))
        revision = _revision() + 1
        there: set[int] = set()
        found = source()
        while batch := list(islice(found, _BATCH)):
            there.update(one.key for one in batch)
            rows = [_row(one, revision) for one in batch if known.get(one.key) != one.digest]
            changed += len(rows)
            MatchText.objects.bulk_create(
                rows,
                update_conflicts=True,
                unique_fields=["kind", "key"],
                update_fields=[
                    "organisation", "language", "text", "sectors", "region_path", "readiness", "partnerships", "digest", "vector",
                    "version", "gone", "revision", "terms", "terms_version", "looked_at",
                ],
            )  # fmt: skip
        lost = set(known) - there
        if lost:
            changed += MatchText.objects.filter(kind=kind, key__in=lost).update(
                gone=True, text="", digest="", vector=None, version="", terms=None, terms_version=0, revision=revision
            )
    return changed


def _count_terms() -> None:
    """Number the words of texts that were written before their words were numbered as `rules.shelf` does."""
    old = MatchText.objects.filter(gone=False).exclude(terms_version=TERMS_VERSION).order_by("pk")
    while some := list(old.only("pk", "text", "digest")[:_BATCH]):
        for one in some:
            # Not a text that has been written anew in the meantime.
            MatchText.objects.filter(pk=one.pk, digest=one.digest).update(
                terms=terms_of(one.text), terms_version=TERMS_VERSION
            )


def _row(one: Source, revision: int) -> MatchText:
    return MatchText(
        kind=one.kind, key=one.key, organisation_id=one.organisation_id, language=one.language, text=one.text, sectors=list(one.sectors),
        region_path=list(one.region_path), readiness=one.readiness, partnerships=list(one.partnerships),
        digest=one.digest, vector=None, version="", gone=False, revision=revision, terms=terms_of(one.text),
        terms_version=TERMS_VERSION, looked_at=None,
    )  # fmt: skip


def _revision() -> int:
    return int(MatchText.objects.aggregate(last=Max("revision"))["last"] or 0)


def _competence(kind: str) -> Iterator[Source]:
    """What organisations or mentors can do, in all of their languages."""
    since = "" if kind == ProposedKind.ORGANISATION else "mentor:0"
    while page := profiles.competence(since_key=since, limit=_BATCH):
        since = page[-1].key
        for one in page:
            if one.kind == kind:
                yield Source(
                    kind,
                    one.id,
                    joined(one.texts),
                    "",
                    one.organisation_id,
                    tuple(one.sectors),
                    tuple(one.region_path),
                    one.trl,
                )
            elif kind == ProposedKind.ORGANISATION:
                return  # organisations come first


def _postings(kind: PostingKind) -> Iterator[Source]:
    # A need whose last day is over is compared with others that nobody has answered.
    states = (*OPEN, PostingState.EXPIRED) if kind is PostingKind.NEED else OPEN
    found = Posting.objects.filter(kind=kind.value, state__in=[state.value for state in states]).select_related(
        "region"
    )
    for one in found.order_by("pk").iterator(_BATCH):
        yield Source(
            kind.value, one.pk, need_text(one), one.language, one.organisation_id, (one.sector,) if one.sector else (),
            tuple(one.region.path) if one.region else (), one.readiness, tuple(one.partnerships),
        )  # fmt: skip


def _machines() -> Iterator[Source]:
    for ids in spaces.public_space_ids():
        for row in spaces.spaces_by_ids(ids).values():
            if row.group in _MACHINES:
                words = [
                    row.names,
                    SPACE_KINDS[row.kind],
                    row.descriptions,
                    *(FACILITIES[one] for one in row.facilities),
                ]
                regions = tuple(network.house_facts(row.house.id).regions)
                yield Source(ProposedKind.MACHINE.value, row.id, joined(*words), region_path=regions)


def _courses() -> Iterator[Source]:
    for ids in learning.public_course_ids():
        for row in learning.courses_by_ids(ids).values():
            regions = tuple(network.house_facts(row.house.id).regions) if row.house else ()
            yield Source(ProposedKind.COURSE.value, row.id, joined(row.names, row.descriptions), region_path=regions)


def joined(*labels: Label) -> str:
    """A text of all languages, a line each, nothing twice."""
    return "\n".join(dict.fromkeys(text for language in zip(*labels, strict=True) for text in language if text))


_SOURCES: Mapping[str, Callable[[], Iterator[Source]]] = {
    ProposedKind.ORGANISATION.value: lambda: _competence(ProposedKind.ORGANISATION.value),
    ProposedKind.MENTOR.value: lambda: _competence(ProposedKind.MENTOR.value),
    ProposedKind.OFFER.value: lambda: _postings(PostingKind.OFFER),
    _NEED: lambda: _postings(PostingKind.NEED),
    ProposedKind.MACHINE.value: _machines,
    ProposedKind.COURSE.value: _courses,
}
