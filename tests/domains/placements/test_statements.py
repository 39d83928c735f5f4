"""What is said of those who finished, where no vacancy tells it: by themselves, by the staff of the house, confirmed by an employer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from khaneh.domains.network.types import Role
from khaneh.domains.people import services as people
from khaneh.domains.people.models import Member
from khaneh.domains.people.services import personal_data
from khaneh.domains.placements import queries, services
from khaneh.domains.placements.errors import StatementStateRefused
from khaneh.domains.placements.models import Statement
from khaneh.domains.placements.rules import cohorts
from khaneh.domains.placements.rules.cohorts import Known, Said
from khaneh.domains.placements.types import (
    OUTCOME_GROUPS,
    CohortFilter,
    Outcome,
    PlacementState,
    StatedKind,
    StatementDraft,
    Teller,
)
from khaneh.kernel.actor import SYSTEM, VISITOR
from khaneh.kernel.refusal import Invalid, NotFound
from tests.domains.placements.graduates import give_course
from tests.domains.placements.market import DAY, NOW, TODAY, Market

K, S = StatedKind, PlacementState
LATER = NOW + 30 * DAY
YEAR = CohortFilter(date(2026, 1, 1), date(2026, 12, 31))


def draft(**facts: Any) -> StatementDraft:
    facts = {"kind": K.JOB, "since": TODAY + 9 * DAY, "told_on": TODAY + 20 * DAY, "agreed": True, **facts}
    return StatementDraft(**facts)


def begun(state: PlacementState = S.STARTED, *, reached: tuple[int, ...] = (), silent: bool = False) -> Known:
    return Known(state, TODAY, TODAY if state is not S.OFFERED else None, frozenset(reached), silent)


def said(kind: StatedKind = K.JOB, *, since: int = 1, told: int = 20, confirmed: bool = False) -> Said:
    return Said(kind, TODAY + since * DAY, TODAY + told * DAY, confirmed)


@pytest.mark.parametrize(
    ("placements", "statements", "wanted"),
    [
        ([], [said()], Outcome.SAID_JOB),
        ([], [said(K.BUSINESS)], Outcome.SAID_BUSINESS),
        ([], [said(), said(K.STUDY, told=21)], Outcome.SAID_STUDY),
        ([], [said(K.STUDY, told=21), said()], Outcome.SAID_STUDY),
        ([], [said(), said(K.STUDY)], Outcome.SAID_STUDY),
        ([], [said(confirmed=True), said(K.NOT_WORKING, told=99)], Outcome.ELSEWHERE),
        ([], [said(since=-1)], Outcome.NOTHING_KNOWN),
        ([], [said(since=-1, confirmed=True)], Outcome.NOTHING_KNOWN),
        ([], [said(K.NOT_WORKING, since=-400)], Outcome.SAID_NOT_WORKING),
        ([], [said(K.NOT_WORKING, since=-400, told=-1)], Outcome.NOTHING_KNOWN),
        ([begun()], [said(K.NOT_WORKING)], Outcome.STARTED),
        ([begun(S.ENDED)], [said()], Outcome.SAID_JOB),
        ([begun(S.ENDED)], [said(K.NOT_WORKING)], Outcome.LEFT),
        ([begun(S.UNKNOWN)], [said(K.STUDY)], Outcome.SAID_STUDY),
        ([begun(silent=True)], [said(confirmed=True)], Outcome.ELSEWHERE),
        ([begun(S.CONFIRMED_3, reached=(3,))], [said(confirmed=True)], Outcome.CONFIRMED_3),
        ([begun(S.OFFERED)], [said(K.NOT_WORKING)], Outcome.SAID_NOT_WORKING),
    ],
)
def test_who_was_heard_is_not_unknown_and_employers_words_go_first(
    placements: list[Known], statements: list[Said], wanted: Outcome
) -> None:
    assert cohorts.outcome(TODAY, placements, statements) is wanted


def test_every_outcome_is_known_by_somebodys_word_and_has_its_turn() -> None:
    assert [one for _label, outcomes in OUTCOME_GROUPS for one in outcomes] == list(Outcome)
    assert sorted(cohorts._FURTHEST) == sorted(Outcome)


pytestmark = pytest.mark.django_db


def test_a_trainee_speaks_for_themself_and_can_take_it_back(market: Market) -> None:
    sara = market.person()
    account_id = sara.account_id or 0
    with pytest.raises(NotFound):
        services.state_outcome(actor=sara, account_id=account_id, draft=draft(), now=LATER)
    give_course(market.house, "cnc", [sara], at=NOW)
    with pytest.raises(Invalid) as refused:
        services.state_outcome(actor=sara, account_id=account_id, draft=draft(agreed=False), now=LATER)
    assert refused.value.facts["fields"] == {"agreed": "required"}
    made = services.state_outcome(actor=sara, account_id=account_id, draft=draft(where=" Qom Pumps "), now=LATER)
    again = services.state_outcome(actor=sara, account_id=account_id, draft=draft(where="Qom Pumps"), now=LATER)
    assert (made.id, made.where, made.by_staff) == (again.id, "Qom Pumps", False)
    trainer = market.staff()
    assert queries.graduate(account_id, actor=trainer, now=LATER).outcome is Outcome.SAID_JOB
    with pytest.raises(NotFound):
        services.confirm_statement(
            actor=sara, statement_id=made.id, confirmed_by="I myself", confirmed_on=TODAY + 21 * DAY, now=LATER
        )
    services.withdraw_statement(actor=sara, statement_id=made.id, now=LATER)
    services.withdraw_statement(actor=sara, statement_id=made.id, now=LATER + DAY)
    assert queries.graduate(account_id, actor=trainer, now=LATER).outcome is Outcome.NOTHING_KNOWN
    (kept,) = queries.statements_of(account_id, actor=sara)
    assert kept.withdrawn_at == LATER
    with pytest.raises(StatementStateRefused):
        services.confirm_statement(
            actor=trainer, statement_id=made.id, confirmed_by="Boss", confirmed_on=TODAY + 21 * DAY, now=LATER
        )


def test_the_house_notes_what_it_was_told_and_who_told_it(market: Market) -> None:
    sara, trainer = market.person(), market.staff()
    account_id = sara.account_id or 0
    give_course(market.house, "cnc", [sara], at=NOW)
    by_employer = draft(said_by=Teller.EMPLOYER, agreed=False)
    with pytest.raises(Invalid) as refused:
        services.state_outcome(actor=trainer, account_id=account_id, draft=by_employer, now=LATER)
    assert refused.value.facts["fields"] == {"confirmed_by": "required"}
    told = services.state_outcome(actor=trainer, account_id=account_id, draft=draft(), now=LATER)
    assert (told.by_staff, told.may_be_confirmed) == (True, True)
    with pytest.raises(Invalid) as refused:
        services.confirm_statement(
            actor=trainer, statement_id=told.id, confirmed_by=" ", confirmed_on=told.since - DAY, now=LATER
        )
    assert set(refused.value.facts["fields"]) == {"confirmed_by", "confirmed_on"}
    sure = services.confirm_statement(
        actor=trainer, statement_id=told.id, confirmed_by="Mr Rezai", confirmed_on=TODAY + 25 * DAY, now=LATER
    )
    assert (sure.confirmed_by, sure.may_be_confirmed) == ("Mr Rezai", False)
    assert queries.graduate(account_id, actor=trainer, now=LATER).outcome is Outcome.ELSEWHERE
    other = replace(by_employer, confirmed_by="Ms Amini", where="Loom")
    assert services.state_outcome(actor=trainer, account_id=account_id, draft=other, now=LATER).confirmed_on
    assert [row.where for row in queries.statements_of(account_id, actor=sara)] == ["Loom", ""], "she sees what is kept"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"since": TODAY + 21 * DAY}, "since"),
        ({"since": TODAY - 5000 * DAY}, "since"),
        ({"told_on": TODAY + 40 * DAY}, "told_on"),
        ({"where": "x" * 301}, "where"),
        ({"said_by": Teller.EMPLOYER, "confirmed_by": "Boss"}, "said_by"),
    ],
)
def test_a_wrong_statement_is_refused(market: Market, facts: dict[str, Any], field: str) -> None:
    sara = market.person()
    give_course(market.house, "cnc", [sara], at=NOW)
    with pytest.raises(Invalid) as refused:
        services.state_outcome(actor=sara, account_id=sara.account_id or 0, draft=draft(**facts), now=LATER)
    assert list(refused.value.facts["fields"]) == [field]
    assert not Statement.objects.exists()


def test_names_are_for_the_staff_of_the_house_alone(market: Market) -> None:
    sara = market.person()
    account_id = sara.account_id or 0
    give_course(market.house, "cnc", [sara], at=NOW)
    services.state_outcome(actor=sara, account_id=account_id, draft=draft(), now=LATER)
    council = market.staff(Role.COUNCIL_MEMBER)
    assert queries.cohort(YEAR, actor=council, now=LATER).houses, "a council sees the figures"
    for nobody in (VISITOR, market.person(), market.employer(), market.staff(Role.CIRCULATION), council):
        assert queries.graduates(YEAR, actor=nobody, now=LATER).rows == ()
        assert queries.statements_of(account_id, actor=nobody) == []
        with pytest.raises(NotFound):
            queries.graduate(account_id, actor=nobody, now=LATER)
        with pytest.raises(NotFound):
            services.state_outcome(actor=nobody, account_id=account_id, draft=draft(kind=K.STUDY), now=LATER)
        with pytest.raises(NotFound):
            services.withdraw_statement(actor=nobody, statement_id=Statement.objects.get().pk, now=LATER)
    assert Statement.objects.get().withdrawn_at is None


def test_the_list_of_those_to_ask_costs_the_same_for_one_and_for_many(market: Market) -> None:
    people_, trainer = [market.person() for _ in range(6)], market.staff()
    give_course(market.house, "cnc", people_[:1], at=NOW)

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert queries.graduates(YEAR, actor=trainer, now=LATER).rows
        return len(seen)

    once = cost()
    give_course(market.house, "cad", people_, at=NOW + DAY)
    for who in people_[:4]:
        services.state_outcome(actor=who, account_id=who.account_id or 0, draft=draft(), now=LATER)
    assert cost() == once <= 11
    page = queries.graduates(YEAR, actor=trainer, now=LATER)
    assert [row.course.code for row in page.rows] == ["cad"] * 6, "each once, by the last"
    unknown = queries.graduates(YEAR, actor=trainer, now=LATER, only_unknown=True)
    assert (unknown.total, {row.outcome for row in unknown.rows}) == (2, {Outcome.NOTHING_KNOWN})


def test_figures_show_employers_words_and_own_words_apart(market: Market) -> None:
    trainees, trainer = [market.person() for _ in range(20)], market.staff()
    give_course(market.house, "cnc", trainees, at=NOW)
    for i, who in enumerate(trainees[:15]):
        kind = (K.JOB, K.JOB, K.STUDY)[i // 5]
        made = services.state_outcome(actor=trainer, account_id=who.account_id or 0, draft=draft(kind=kind), now=LATER)
        if i < 5:
            services.confirm_statement(
                actor=trainer, statement_id=made.id, confirmed_by="Boss", confirmed_on=made.told_on, now=LATER
            )
    found = queries.cohort(YEAR, actor=trainer, now=LATER)
    shown = {one.value: found.total.number(one) for one in Outcome if found.total.number(one)}
    assert shown == {"elsewhere": 5, "said_job": 5, "said_study": 5, "nothing_known": 5}
    assert (found.placed.counted, found.placed.finished, found.placed.high) == (5, 20, 0.5)
    assert (found.said_working.counted, found.said_working.finished) == (5, 20)
    last = trainees[19]
    services.state_outcome(actor=last, account_id=last.account_id or 0, draft=draft(kind=K.BUSINESS), now=LATER)
    found = queries.cohort(YEAR, actor=trainer, now=LATER)
    assert found.total.number(Outcome.SAID_BUSINESS) is None, "one is not shown"
    assert found.total.number(Outcome.NOTHING_KNOWN) is None, "nor the four left"
    assert found.said_working.counted is None, "nor a rate that would tell it"
    assert (found.total.finished, found.placed.counted) == (20, 5)


def test_what_was_said_is_kept_as_it_was_and_goes_with_the_account(market: Market) -> None:
    sara, trainer = market.person(), market.staff()
    account_id = sara.account_id or 0
    give_course(market.house, "cnc", [sara], at=NOW)
    made = services.state_outcome(actor=trainer, account_id=account_id, draft=draft(), now=LATER)
    one = Statement.objects.filter(pk=made.id)
    for wrong in ({"kind": "study"}, {"since": TODAY}, {"by_staff": False}, {"confirmed_on": TODAY}):
        with pytest.raises(IntegrityError), transaction.atomic():
            one.update(**wrong)
    services.withdraw_statement(actor=trainer, statement_id=made.id, now=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        one.update(withdrawn_at=LATER + timedelta(days=1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Statement.objects.create(
            account_id=account_id,
            kind="job",
            since=TODAY,
            told_on=TODAY,
            said_by="employer",
            by_staff=True,
            made_at=NOW,
        )
    keeper = personal_data.keepers()["placements"]
    member = Member.objects.get(account_id=account_id)
    assert [row["kind"] for row in keeper.exporter(member.pk)["statements"]] == ["job"]
    people.close_account(actor=sara, account_id=account_id, now=LATER)
    assert not Statement.objects.exists()
    assert queries.statements_of(account_id, actor=SYSTEM) == []
