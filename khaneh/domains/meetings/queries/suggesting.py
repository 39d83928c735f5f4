"""Whom a participant should meet: what one looks for and the other offers, in words and by sector, with the evidence for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from math import log

from khaneh.domains.meetings.models import Meeting, Participant
from khaneh.domains.meetings.queries.rows import participant_rows
from khaneh.domains.meetings.rules import affinity
from khaneh.domains.meetings.types import LIVE_MEETINGS, MeetingState, ParticipantRow, ParticipantState, Suggestion
from khaneh.domains.network import queries as network
from khaneh.kernel.labels import Label

MOST = 8


def suggestions(mine: Participant) -> list[Suggestion]:
    """Participants whom this one has not asked and was not asked by, the nearest first; who has fewer meetings first among equals.

    At most twelve statements, whatever the number of participants.
    """
    rows = participant_rows(
        Participant.objects.filter(
            matchmaking_id=mine.matchmaking_id, state=ParticipantState.REGISTERED.value
        ).order_by("pk")
    )
    said = _said(rows)
    me = next(row for row in rows if row.id == mine.pk)
    known: Counter[int] = Counter()
    met = set()
    closed = {state.value for state in LIVE_MEETINGS} | {MeetingState.DECLINED.value}
    pairs = Meeting.objects.filter(matchmaking_id=mine.matchmaking_id, state__in=closed)
    for asker, asked in pairs.values_list("asker_id", "asked_id"):
        known.update((asker, asked))
        if mine.pk in (asker, asked):
            met |= {asker, asked}
    rarity = _rarity([f"{offers}\n{seeks}" for offers, seeks in said.values()])
    found = []
    for row in rows:
        if row.id == me.id or row.id in met:
            continue
        fit = affinity.fit(affinity.Says(*said[me.id], me.sectors), affinity.Says(*said[row.id], row.sectors), rarity)
        found.append(Suggestion(row, fit.score, fit.they_offer, fit.they_seek, fit.sectors))
    found.sort(key=lambda one: (-one.score, known[one.participant.id], one.participant.id))
    return found[:MOST]


def _said(rows: Collection[ParticipantRow]) -> dict[int, tuple[str, str]]:
    """What each offers and looks for, with what the register says of their organisation among the offers. One statement."""
    asked = {row.organisation.id for row in rows if row.organisation is not None}
    told: Mapping[int, Label] = network.organisation_descriptions(asked) if asked else {}
    return {
        row.id: ("\n".join([row.offers, *(told[row.organisation.id] if row.organisation else ())]), row.seeks)
        for row in rows
    }


def _rarity(texts: Collection[str]) -> affinity.Rarity:
    """How much a word says: the fewer participants use it, the more."""
    used: Counter[str] = Counter(word for text in texts for word in affinity.words_of(text))

    def weigh(words: Collection[str]) -> Mapping[str, float]:
        return {word: log((2 + len(texts)) / (1 + used[word])) + 0.1 for word in words}

    return weigh
