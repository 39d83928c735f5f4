"""Needs that several have and nobody answers: put together by what they say, decided once, answered once by the house that is asked; all are told."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.db import DatabaseError, transaction

from khaneh.domains.exchange import queries, services
from khaneh.domains.exchange.errors import GatheringDecided
from khaneh.domains.exchange.models import GatheredNeed, Gathering, MatchText
from khaneh.domains.exchange.rules import gathering as rule
from khaneh.domains.exchange.types import CloseReason, GatheringAnswer, GatheringDecision, PostingRow
from khaneh.domains.network.types import Role
from khaneh.domains.notices.models import Notice
from khaneh.infrastructure import meaning
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound
from tests.domains.exchange.bazaar import NOW, Bazaar

PARTS = ("title", "problem", "context", "limits", "technology")
LATER = NOW + timedelta(days=61)


@pytest.fixture
def repeated(bazaar: Bazaar) -> list[PostingRow]:
    """The library and a company need the same; the company something else beside it."""
    company = bazaar.speaker(bazaar.rival)
    return [bazaar.need(), *(_need_of(bazaar, company, title=title, problem=problem) for title, problem in (
        ("کپی‌های کاربنی کم‌رنگ", "برگه‌های کپی کاربنی داریم که نویسه‌خوان‌های رایج نمی‌خوانند و کم‌رنگ‌تر می‌شوند."),
        ("کاشی برای آشپزخانه", "سفالی می‌خواهیم که در سرمای زمستان ترک نخورد و رنگ آن بماند."),
    ))]  # fmt: skip


def _need_of(bazaar: Bazaar, actor: Actor, **facts: str) -> PostingRow:
    from tests.domains.exchange.bazaar import draft

    made = services.add_posting(
        actor=actor, organisation_id=bazaar.rival.pk, draft=draft(house_code="", **facts), now=NOW
    )
    services.submit(actor=actor, posting_id=made.id, now=NOW)
    return services.approve(actor=bazaar.broker(), posting_id=made.id, now=NOW)


def _gathered() -> Gathering:
    services.gather_needs(now=LATER)
    return Gathering.objects.get()


def test_pairs_that_are_near_are_together_and_chains_are_not() -> None:
    needs = [
        rule.Lacking(number, (owner, None), sector)
        for number, (owner, sector) in enumerate([(1, "91"), (2, "91"), (3, ""), (4, "01"), (4, "01")])
    ]
    words = np.eye(5, dtype=np.float32)
    unread = np.full((5, 5), np.nan, np.float32)
    for left, right, how in ((0, 1, 0.9), (1, 2, 0.6), (0, 3, 0.95), (3, 4, 0.95)):
        words[left, right] = words[right, left] = how
    # 2 is near 1 alone; 3 is of another sector than 0; 3 and 4 are one owner's.
    assert rule.gathered(needs, unread, words) == [[0, 1]]
    read = unread.copy()
    read[:3, :3] = 0.8
    assert rule.gathered(needs, read, words) == [[0, 1, 2]]
    read[0, 1] = read[1, 0] = 0.1  # what has been read counts, whatever the words
    assert [0, 1] not in rule.gathered(needs, read, words)
    assert rule.common_sector(["2393", "23", ""]) == "23"
    assert rule.common_sector(["91", "01"]) == ""


# What lies nearest to one another among the others, and a need that is near one of the repeated ones alone.
NEAREST = (
    "stack-rfid",
    "night-return",
    "phone-privacy",
    "oral-history",
    "carbon-copies",
    "manuscript-scan",
    "paper-mending",
)


def test_the_thresholds_part_what_repeats_from_what_is_akin() -> None:
    if not meaning.available():
        pytest.skip("this machine has no model")
    lines = [*_lines("repeated"), *(one for one in _lines("needs") if one["key"] in NEAREST)]
    read = meaning.vectors(["\n".join(one[part] for part in PARTS) for one in lines], meaning.Role.QUERY)
    assert read is not None
    centred = read - np.array([meaning.usual(one["language"]) for one in lines])
    centred /= np.linalg.norm(centred, axis=1, keepdims=True)
    lacking = [rule.Lacking(number, (number, None), one["sector"]) for number, one in enumerate(lines)]
    groups = rule.gathered(lacking, centred @ centred.T, np.zeros((len(lines), len(lines)), np.float32))
    assert [{lines[at]["key"] for at in group} for group in groups] == [
        {"mend-quynhluu", "mend-qom", "mend-tus"},
        {"offline-muonglong", "offline-aqda", "offline-torbat"},
        {"standards-namgiang", "standards-meybod", "standards-tus"},
    ]


def _lines(name: str) -> list[dict[str, str]]:
    path = Path(__file__).parents[3] / "demo" / "exchange" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_what_two_lack_for_two_months_is_gathered(bazaar: Bazaar, repeated: list[PostingRow]) -> None:
    assert services.gather_needs(now=NOW + timedelta(days=59)) == 0
    one = _gathered()
    assert services.gather_needs(now=LATER) == 0
    row = queries.gathering(one.pk, actor=bazaar.broker())
    assert {need.id for need in row.needs} == {repeated[0].id, repeated[1].id}
    assert (row.since, row.sector, row.meaning, row.owners) == (NOW, "91", None, 2)
    assert "کاربنی" in row.words
    assert [found.id for found in queries.gatherings(bazaar.broker())] == [one.pk]
    for other in (bazaar.librarian(), bazaar.speaker(), bazaar.person()):
        assert queries.gatherings(other) == []
        with pytest.raises(NotFound):
            queries.gathering(one.pk, actor=other)


def test_what_has_been_read_is_compared_by_meaning(repeated: list[PostingRow]) -> None:
    services.gather_texts(kinds=["need"])
    vector = np.random.default_rng(1).standard_normal(384).astype(np.float16)
    MatchText.objects.filter(kind="need").update(vector=vector.tobytes(), version=meaning.VERSION)
    one = _gathered()
    assert GatheredNeed.objects.filter(gathering=one).count() == 3
    assert one.meaning == pytest.approx(1.0, abs=0.05)


def test_what_is_answered_since_is_let_go(bazaar: Bazaar, repeated: list[PostingRow]) -> None:
    one = _gathered()
    owner = bazaar.librarian()
    services.close_posting(actor=owner, posting_id=repeated[0].id, reason=CloseReason.NOT_WANTED, now=LATER)
    assert queries.gatherings(bazaar.broker()) == []
    with pytest.raises(NotFound):
        services.decide_gathering(
            actor=bazaar.broker(), gathering_id=one.pk, decision=GatheringDecision.ASIDE, note="Late", now=LATER
        )
    assert services.gather_needs(now=LATER) == 1
    assert not Gathering.objects.exists()


def test_it_is_decided_once_and_owners_and_who_is_asked_are_told(bazaar: Bazaar, repeated: list[PostingRow]) -> None:
    one, broker = _gathered(), bazaar.broker()
    call: dict[str, Any] = {
        "gathering_id": one.pk,
        "decision": GatheringDecision.CALL,
        "house_code": "X-INN",
        "now": LATER,
    }
    with pytest.raises(Invalid):
        services.decide_gathering(actor=broker, gathering_id=one.pk, decision=GatheringDecision.ASIDE, now=LATER)
    with pytest.raises(NotFound):
        services.decide_gathering(
            actor=bazaar.librarian(), **{**call, "decision": GatheringDecision.COURSE, "house_code": "X-LIB"}
        )
    with pytest.raises(Invalid, match="nobody_there"):  # who would answer?
        services.decide_gathering(actor=broker, **call)
    manager = bazaar._with(Role.PROGRAMME_MANAGER, house=bazaar.centre)
    made = services.decide_gathering(actor=broker, **call)
    assert (made.fate.decision, made.decides, made.answers) == (GatheringDecision.CALL, False, False)
    assert set(Notice.objects.filter(event="exchange.proposed").values_list("account_id", flat=True)) == {
        manager.account_id
    }
    assert Notice.objects.filter(event="exchange.gathered").count() >= 2
    with pytest.raises(GatheringDecided):
        services.decide_gathering(actor=manager, **{**call, "decision": GatheringDecision.COURSE})
    assert services.gather_needs(now=LATER) == 0
    assert [row.id for row in queries.decided_gatherings(broker)] == [one.pk]
    assert [row.answers for row in queries.proposed_gatherings(manager)] == [True]
    for change in (
        lambda: Gathering.objects.filter(pk=one.pk).update(decision="course"),
        lambda: Gathering.objects.filter(pk=one.pk).update(answer="taken", answered_at=LATER),  # by which call?
        lambda: GatheredNeed.objects.filter(gathering=one).delete(),
        lambda: GatheredNeed.objects.create(gathering=one, need_id=repeated[2].id),
        lambda: Gathering.objects.filter(pk=one.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_call_is_taken_by_making_it_and_whoever_needs_it_sees_it(bazaar: Bazaar, repeated: list[PostingRow]) -> None:
    one, manager = _gathered(), bazaar._with(Role.PROGRAMME_MANAGER, house=bazaar.centre)
    owner = bazaar.librarian()
    before = queries.gathered(repeated[0].id, actor=owner)
    assert before is not None
    assert (before.others, before.fate.decision) == (1, None)
    assert queries.gathered(repeated[2].id, actor=bazaar.speaker(bazaar.rival)) is None
    assert queries.gathered(repeated[0].id, actor=bazaar.person()) is None
    services.decide_gathering(
        actor=bazaar.broker(), gathering_id=one.pk, decision=GatheringDecision.CALL, house_code="X-INN", now=LATER
    )
    take: dict[str, Any] = {"gathering_id": one.pk, "answer": GatheringAnswer.TAKEN, "now": LATER}

    def refused() -> int:
        raise NotFound(what="programme")

    with pytest.raises(NotFound):
        services.answer_gathering(actor=manager, **take, make=refused)
    with pytest.raises(Invalid):
        services.answer_gathering(actor=manager, **take)
    with pytest.raises(NotFound):
        services.answer_gathering(actor=bazaar.broker(), **take, make=lambda: 7)
    services.answer_gathering(actor=manager, **take, make=lambda: 7)
    with pytest.raises(GatheringDecided):
        services.answer_gathering(actor=manager, **take, make=lambda: 8)
    told = queries.gathered(repeated[0].id, actor=owner)
    assert told is not None
    assert (told.fate.answer, told.fate.call_id) == (GatheringAnswer.TAKEN, 7)
    assert {
        fact["turn"] for fact in Notice.objects.filter(event="exchange.gathered").values_list("facts", flat=True)
    } == {"decided", "answered"}


def test_a_library_answers_what_it_is_asked_to_buy(bazaar: Bazaar, repeated: list[PostingRow]) -> None:
    one, librarian = _gathered(), bazaar.librarian()
    asked: dict[str, Any] = {
        "actor": bazaar.broker(),
        "gathering_id": one.pk,
        "decision": GatheringDecision.PURCHASE,
        "now": LATER,
    }
    for note, house in (("", "X-LIB"), ("A reader", "X-INN")):
        with pytest.raises(Invalid):
            services.decide_gathering(**asked, note=note, house_code=house)
    services.decide_gathering(**asked, note="A reader of carbon copies", house_code="X-LIB")
    assert Notice.objects.filter(event="exchange.proposed", account_id=librarian.account_id or 0).count() == 1
    assert [row.fate.note for row in queries.proposed_gatherings(librarian)] == ["A reader of carbon copies"]
    assert queries.proposed_gatherings(bazaar.speaker()) == []
    answer: dict[str, Any] = {"gathering_id": one.pk, "now": LATER}
    with pytest.raises(NotFound):
        services.answer_gathering(actor=bazaar.speaker(), answer=GatheringAnswer.TAKEN, **answer)
    with pytest.raises(Invalid):
        services.answer_gathering(actor=librarian, answer=GatheringAnswer.DECLINED, **answer)
    done = services.answer_gathering(actor=librarian, answer=GatheringAnswer.TAKEN, **answer)
    assert done.fate.answer is GatheringAnswer.TAKEN
    with pytest.raises(GatheringDecided):
        services.answer_gathering(actor=librarian, answer=GatheringAnswer.DECLINED, note="No", **answer)
    assert queries.proposed_gatherings(librarian) == []
