"""Needs that several have and nobody has answered: put together by a job, decided once by a person, answered by the house that is asked."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np

from khaneh.domains.exchange import notices, permissions, queries
from khaneh.domains.exchange.errors import GatheringDecided
from khaneh.domains.exchange.models import GatheredNeed, Gathering, MatchText, Posting
from khaneh.domains.exchange.queries.gatherings import unanswered
from khaneh.domains.exchange.queries.proposals import need_text
from khaneh.domains.exchange.rules import days
from khaneh.domains.exchange.rules import gathering as rule
from khaneh.domains.exchange.rules.drafts import LONGEST_NOTE
from khaneh.domains.exchange.types import GatheringAnswer, GatheringDecision, GatheringRow
from khaneh.domains.network import queries as network
from khaneh.domains.profiles.rules.terms import Matrix, TermSpace, words_of
from khaneh.infrastructure import db, journal, meaning
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.refusal import Invalid, NotFound

_LOCK = ("exchange.gatherings", 0)
MOST = 3_000  # needs that are compared, the last published first: some seconds
_WORDS = 6  # that are kept to say why
# What was made is named here; a purchase is the library's own affair.
_COLUMNS = {GatheringDecision.CALL: "call_id", GatheringDecision.COURSE: "course_id"}


class _Found(NamedTuple):
    """A gathering as it should be."""

    needs: frozenset[int]
    meaning: float | None
    words: list[str]
    sector: str


def gather_needs(*, now: datetime) -> int:
    """Bring what waits for a decision to what is without an answer now; gives how many gatherings changed. Safe to run again.

    A need counts when nobody has agreed on it for `days.UNANSWERED_AFTER` since it was published, and until a year after its last day. One that
    was decided on is not gathered again.
    """
    with db.transaction():
        db.lock(_LOCK)
        wanted = _together(_unanswered(now))
        waiting = {one.pk: one for one in Gathering.objects.filter(decision="")}
        members: dict[int, set[int]] = {number: set() for number in waiting}
        for home, need in GatheredNeed.objects.filter(gathering_id__in=members).values_list("gathering_id", "need_id"):
            members[home].add(need)
        # Each goes on as the one with which it shares most, so that its address stays.
        pairs = sorted(
            ((len(one.needs & known), -number, at) for at, one in enumerate(wanted) for number, known in members.items() if one.needs & known),
            reverse=True,
        )  # fmt: skip
        kept: dict[int, int] = {}
        for _, number, at in pairs:
            if at not in kept and -number not in kept.values():
                kept[at] = -number
        lost = set(members) - set(kept.values())
        Gathering.objects.filter(pk__in=lost).delete()
        changed = len(lost)
        stale = [(at, one) for at, one in enumerate(wanted) if at not in kept or members[kept[at]] != one.needs]
        GatheredNeed.objects.filter(gathering_id__in=[kept[at] for at, _ in stale if at in kept]).delete()
        for at, one in stale:
            says = {"meaning": one.meaning, "words": one.words, "sector": one.sector}
            if at in kept:
                number = kept[at]
                Gathering.objects.filter(pk=number).update(**says)
            else:
                number = Gathering.objects.create(made_at=now, **says).pk
                journal.record("exchange.gathering.made", actor=SYSTEM, gathering_id=number, needs=sorted(one.needs))
            GatheredNeed.objects.bulk_create(
                GatheredNeed(gathering_id=number, need_id=need) for need in sorted(one.needs)
            )
    return changed + len(stale)


def decide_gathering(
    *,
    actor: Actor,
    gathering_id: int,
    decision: GatheringDecision,
    now: datetime,
    note: str = "",
    house_code: str = "",
) -> GatheringRow:
    """Say what becomes of needs that several have: it is proposed to a house, or laid aside. Who needs it and who is asked are told.

    Of two who decide at once the second is told that it is done. To lay aside, `note` says why; to suggest a purchase, what to buy. A purchase
    is suggested to a library; each house needs somebody who can answer. Needs that found an answer since they were gathered are let go. Raises
    NotFound, Invalid (note; house: required, not_in_list, nobody_there), GatheringDecided.
    """
    note = _note(note, needed=decision in (GatheringDecision.ASIDE, GatheringDecision.PURCHASE))
    with db.transaction():
        db.lock(_LOCK)
        found = Gathering.objects.filter(pk=gathering_id).first()
        needs = list(Posting.objects.filter(gathered__gathering_id=gathering_id).order_by("pk"))
        if found is None or not any(permissions.gathers(actor, house_id=one.broker_house_id) for one in needs):
            raise NotFound(what="gathering")
        if found.decision:
            raise GatheringDecided(gathering_id=gathering_id)
        house_id = None if decision is GatheringDecision.ASIDE else _house(decision, house_code, now)
        lacking = set(unanswered().filter(gathered__gathering_id=gathering_id).values_list("pk", flat=True))
        needs = [one for one in needs if one.pk in lacking]
        if len({(one.organisation_id, one.house_id) for one in needs}) < rule.LEAST:
            raise NotFound(what="gathering")
        GatheredNeed.objects.filter(gathering_id=gathering_id).exclude(need_id__in=lacking).delete()
        Gathering.objects.filter(pk=gathering_id).update(
            decision=decision.value, note=note, house_id=house_id, decided_at=now, decided_by_id=actor.account_id
        )
        journal.record(
            "exchange.gathering.decided", actor=actor, house_id=house_id, gathering_id=gathering_id,
            decision=decision.value, needs=sorted(lacking),
        )  # fmt: skip
        notices.tell_gathered(needs, gathering_id, "decided", now=now)
        if house_id is not None:
            notices.tell_asked(decision, house_id, gathering_id, now=now)
    return queries.gathering(gathering_id, actor=actor)


def answer_gathering(
    *,
    actor: Actor,
    gathering_id: int,
    answer: GatheringAnswer,
    now: datetime,
    note: str = "",
    make: Callable[[], int] | None = None,
) -> GatheringRow:
    """The house says once whether it does what was proposed; with a reason if it does not. Who needs it is told.

    A call or a course is taken by making one: `make` enters the draft, in the same transaction and with nobody else's at the same time, and gives
    its number. Whoever composes the two domains passes it, because calls are kept beside this domain, not below it; what it raises goes
    through and nothing is done. Raises NotFound, Invalid, GatheringDecided.
    """
    note = _note(note, needed=answer is GatheringAnswer.DECLINED)
    with db.transaction():
        db.lock(_LOCK)
        found = Gathering.objects.filter(pk=gathering_id, house__isnull=False).first()
        if found is None or found.house_id is None:
            raise NotFound(what="gathering")
        decision = GatheringDecision(found.decision)
        if not permissions.answers(actor, decision, house_id=found.house_id):
            raise NotFound(what="gathering")
        if found.answer:
            raise GatheringDecided(gathering_id=gathering_id)
        Gathering.objects.filter(pk=gathering_id).update(
            answer=answer.value, answer_note=note, answered_at=now, answered_by_id=actor.account_id,
            **_made(decision, make) if answer is GatheringAnswer.TAKEN else {},
        )  # fmt: skip
        journal.record(
            "exchange.gathering.answered", actor=actor, house_id=found.house_id, gathering_id=gathering_id,
            answer=answer.value,
        )  # fmt: skip
        needs = Posting.objects.filter(gathered__gathering_id=gathering_id).order_by("pk")
        notices.tell_gathered(list(needs), gathering_id, "answered", now=now)
    return queries.gathering(gathering_id, actor=actor)


def _made(decision: GatheringDecision, make: Callable[[], int] | None) -> dict[str, int]:
    """The column that names what was made. Raises Invalid for a call or a course that nobody makes."""
    column = _COLUMNS.get(decision)
    if column is None:
        return {}
    if make is None:
        raise Invalid(fields={"answer": "required"})
    return {column: make()}


def _unanswered(now: datetime) -> list[Posting]:
    """What is to be compared, in the order of its publishing: what was decided on is not asked about again."""
    found = unanswered().filter(
        published_at__lte=now - days.UNANSWERED_AFTER, closes_on__gte=(now - days.FORGOTTEN_AFTER).date()
    )
    found = found.exclude(pk__in=GatheredNeed.objects.exclude(gathering__decision="").values("need_id"))
    return sorted(found.order_by("-published_at", "-pk")[:MOST], key=lambda one: (one.published_at or now, one.pk))


def _together(needs: Sequence[Posting]) -> list[_Found]:
    if len(needs) < rule.LEAST:
        return []
    read = dict(
        MatchText.objects.filter(kind="need", key__in=[one.pk for one in needs], version=meaning.VERSION).values_list("key", "vector")
    )  # fmt: skip
    texts = [need_text(one) for one in needs]
    everything = range(len(texts))
    words = TermSpace(texts, words_of).similarities(everything, everything)
    near = _meanings(needs, read)
    lacking = [rule.Lacking(one.pk, (one.organisation_id, one.house_id), one.sector) for one in needs]
    found = []
    for group in rule.gathered(lacking, near, words):
        pairs = near[np.ix_(group, group)][np.triu_indices(len(group), 1)]
        least = float(np.nanmin(pairs)) if not np.isnan(pairs).all() else None
        sector = rule.common_sector([needs[at].sector for at in group])
        found.append(
            _Found(frozenset(needs[at].pk for at in group), least, _shared([texts[at] for at in group], texts), sector)
        )
    return found


def _meanings(needs: Sequence[Posting], read: dict[int, bytes | memoryview | None]) -> Matrix:
    """Centred cosines: float32[n, n], NaN where one of the two has not been read.

    What is taken away is the usual text of a language, not the middle of these few: that would change with each need that comes.
    """
    near = np.full((len(needs), len(needs)), np.nan, np.float32)
    known = [at for at, one in enumerate(needs) if read.get(one.pk) is not None]
    if not known:
        return near
    rows = np.array([np.frombuffer(bytes(read[needs[at].pk] or b""), np.float16) for at in known], np.float32)
    rows -= np.array([meaning.usual(needs[at].language) for at in known])
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
    near[np.ix_(known, known)] = rows @ rows.T
    return near


def _shared(some: Sequence[str], texts: Sequence[str]) -> list[str]:
    """The words that tell most of those which at least half of `some` say, two at the least: few of all `texts` do; titles before others."""
    said = Counter(word for text in some for word in set(words_of(text)))
    often = {
        word for word, times in said.items() if times >= max(2, len(some) / 2) and len(word) > 2 and not word.isdigit()
    }
    named = {word for text in some for word in words_of(text.split("\n", 1)[0])}
    everywhere = Counter(word for text in texts for word in often.intersection(words_of(text)))
    worth = {
        word: said[word] * (2 if word in named else 1) * math.log(1 + len(texts) / everywhere[word]) for word in often
    }
    return sorted(often, key=lambda word: (-worth[word], word))[:_WORDS]


def _note(note: str, *, needed: bool) -> str:
    note = note.strip()
    if needed and not note:
        raise Invalid(fields={"note": "required"})
    if len(note) > LONGEST_NOTE:
        raise Invalid(fields={"note": "too_long"})
    return note


def _house(decision: GatheringDecision, code: str, now: datetime) -> int:
    """The house that is asked. Raises Invalid."""
    if not code:
        raise Invalid(fields={"house": "required"})
    number = network.house_ids_by_code([code]).get(code)
    if number is None or (decision is GatheringDecision.PURCHASE and code not in network.library_names()):
        raise Invalid(fields={"house": "not_in_list"})
    if not queries.answering(decision, house_id=number, now=now):
        raise Invalid(fields={"house": "nobody_there"})
    return number
