"""From the first reviewer to the signed contract, and every way that is refused."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from khaneh.domains.people.queries import actor as actor_of
from khaneh.domains.programmes.models import Application
from khaneh.domains.selection import errors, queries, registry, services
from khaneh.domains.selection.models import (
    Appeal,
    Contract,
    Decision,
    Letter,
    RankingRun,
    Review,
    Reviewer,
    Round,
    Score,
    Slot,
    Trail,
)
from khaneh.domains.selection.rules.conflicts import Bond
from khaneh.domains.selection.services import Mark
from khaneh.domains.selection.types import DecisionKind, ReviewState, Standing, TieKind
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import Invalid, NotFound
from tests.domains.selection.ground import DAY, NOW, SECRET, Ground, marks_of, stands, state_of


def test_from_the_first_reviewer_to_the_signed_contract(ground: Ground) -> None:
    officer, other, lead = ground.officer(), ground.officer(), ground.person()
    round_id = ground.round(officer)
    for _ in range(3):
        ground.reviewer(officer, round_id)
    first, second, third = (
        ground.application(lead, language="fa"),
        ground.application(),
        ground.application(region=ground.poor),
    )
    ground.judged(officer, round_id, first, 8, 7, 9)
    ground.judged(officer, round_id, second, 6, 5, 7)
    ground.judged(officer, round_id, third, 6, 5, 6)
    run = services.make_ranking(actor=officer, round_id=round_id, now=NOW)
    assert services.make_ranking(actor=officer, round_id=round_id, now=NOW) == run
    row = queries.ranking(run, actor=officer)
    lines = {line.key: line for line in row.lines}
    # Without the weights of a deprived village the third would be behind the second.
    assert [line.key for line in row.lines] == [f"A{first}", f"A{third}", f"A{second}"]
    assert (lines[f"A{third}"].rank_without, lines[f"A{third}"].equity) == (3, 7_000)
    again = queries.recompute(run, actor=officer)
    assert (again.same, again.seed_kept) == (True, True)
    assert services.decide_by_ranking(actor=officer, run_id=run, reason="As ranked", now=NOW) == 3
    assert (stands(first), stands(third), stands(second)) == ("accepted", "accepted", "waiting_list")
    letter = Letter.objects.get(application_id=first)
    assert letter.language == "fa"
    assert SECRET in letter.subject
    assert "As ranked" in letter.body
    assert "{" not in letter.body

    contract = services.issue_contract(actor=other, application_id=first, now=NOW)
    with pytest.raises(errors.ContractStateRefused):
        services.issue_contract(actor=other, application_id=first, now=NOW)
    with pytest.raises(NotFound):
        services.sign_contract(actor=other, contract_id=contract, name="Other", now=NOW)
    services.sign_contract(actor=lead, contract_id=contract, name="Sara Ahmadi", now=NOW)
    services.sign_contract(actor=lead, contract_id=contract, name="Sara Ahmadi", now=NOW)
    assert stands(first) == "contracted"
    seen = queries.outcome(first, actor=lead, now=NOW)
    assert seen.contract is not None
    assert "مرکز نوآوری" in seen.contract.text
    assert seen.comments == ("Said 7", "Said 8", "Said 9")
    kinds = [one.kind for one in queries.trail(round_id, actor=officer)]
    assert kinds[0] == "contract.signed"
    assert {"round.fixed", "review.submitted", "ranking.made", "decision.made"} <= set(kinds)


def test_nothing_confidential_is_seen_before_the_conflict_is_declared(ground: Ground) -> None:
    officer = ground.officer()
    round_id = ground.round(officer)
    who, reviewer_id = ground.reviewer(officer, round_id)
    application_id = ground.application(company=True)
    number = services.assign(actor=officer, reviewer_id=reviewer_id, application_id=application_id, now=NOW)
    before = queries.task(number, actor=who, now=NOW)
    assert SECRET not in repr(before)
    assert SECRET not in repr(queries.tasks(who))
    assert before.applicant.organisation is not None
    with pytest.raises(NotFound):
        queries.task_document(number, "0" * 64, actor=who)
    with pytest.raises(errors.ReviewStateRefused):
        services.save_review(actor=who, review_id=number, marks=marks_of(5), comment="", note="", now=NOW)
    with pytest.raises(NotFound):
        queries.task(number, actor=ground.person(), now=NOW)
    services.declare_clear(actor=who, review_id=number, now=NOW)
    assert SECRET in repr(queries.task(number, actor=who, now=NOW))
    # PostgreSQL keeps it as well: no score without the declaration, none after the submission.
    services.submit_review(actor=who, review_id=number, marks=marks_of(5), comment="", note="", now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Score.objects.filter(review_id=number).update(value=9)
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(pk=number).update(state="drafted")


def test_a_conflict_that_is_known_is_never_assigned_and_one_that_is_declared_is_remembered(ground: Ground) -> None:
    officer = ground.officer()
    round_id = ground.round(officer)
    who, reviewer_id = ground.reviewer(officer, round_id)
    tied, tied_id = ground.reviewer(officer, round_id)
    ground.at_company(tied.account_id or 0)
    first, second = ground.application(company=True), ground.application(company=True)
    with pytest.raises(errors.Conflicted) as refused:
        services.assign(actor=officer, reviewer_id=tied_id, application_id=first, now=NOW)
    assert refused.value.facts == {"kinds": ["organisation"]}
    number = services.assign(actor=officer, reviewer_id=reviewer_id, application_id=first, now=NOW)
    services.declare_conflict(actor=who, review_id=number, kind=TieKind.FAMILY, lasting=True, now=NOW)
    assert state_of(number) == "conflicted"
    with pytest.raises(NotFound):
        queries.task_document(number, "0" * 64, actor=who)
    with pytest.raises(errors.Conflicted):
        services.assign(actor=officer, reviewer_id=reviewer_id, application_id=second, now=NOW)
    fits = queries.proposals_for(round_id, second, actor=officer, now=NOW)
    assert {one.reviewer_id: one.ties for one in fits} == {
        reviewer_id: (TieKind.FAMILY,), tied_id: (TieKind.ORGANISATION,),
    }  # fmt: skip


def test_who_comes_to_be_tied_after_scoring_counts_no_more(ground: Ground) -> None:
    officer = ground.officer()
    round_id = ground.round(officer)
    (_, _), (tied, _) = ground.reviewer(officer, round_id), ground.reviewer(officer, round_id)
    own = ground.application(company=True)
    _, second = ground.judged(officer, round_id, own, 4, 10)
    before = queries.ranking(services.make_ranking(actor=officer, round_id=round_id, now=NOW), actor=officer)
    ground.at_company(tied.account_id or 0)
    run = services.make_ranking(actor=officer, round_id=round_id, now=NOW)
    after = queries.ranking(run, actor=officer)
    assert state_of(second) == "set_aside"
    assert (before.lines[0].reviews, before.lines[0].aside) == (2, 0)
    assert (after.number, after.lines[0].reviews, after.lines[0].aside) == (2, 1, 1)
    assert "organisation" in queries.case(run, actor=officer).decode()
    # The earlier ranking stays as it was, and is said not to hold any more.
    assert not queries.ranking(before.id, actor=officer).is_current
    assert queries.recompute(before.id, actor=officer).same
    assert Score.objects.filter(review_id=second).count() == 2


def test_ties_that_other_domains_know_count(ground: Ground) -> None:
    officer, lead = ground.officer(), ground.person()
    round_id = ground.round(officer)
    who, reviewer_id = ground.reviewer(officer, round_id)
    application_id = ground.application(lead)

    def mentored(accounts: object, since: object) -> list[Bond]:
        return [Bond(TieKind.MENTORING, lead.account_id or 0, other_id=who.account_id)]

    registry.register_ties("test", mentored)
    try:
        with pytest.raises(errors.Conflicted):
            services.assign(actor=officer, reviewer_id=reviewer_id, application_id=application_id, now=NOW)
    finally:
        registry.forget_ties("test")
    services.assign(actor=officer, reviewer_id=reviewer_id, application_id=application_id, now=NOW)


def test_rules_are_fixed_before_anybody_judges_and_stay(ground: Ground) -> None:
    officer = ground.officer()
    round_id = ground.round(officer, fixed=False)
    _, reviewer_id = ground.reviewer(officer, round_id)
    application_id = ground.application()
    with pytest.raises(errors.RulesNotFixed):
        services.assign(actor=officer, reviewer_id=reviewer_id, application_id=application_id, now=NOW)
    assert queries.lottery(ground.call.pk) is None
    draft = replace(queries.usual(), lowest=200_000, appeal_days=91)
    with pytest.raises(Invalid) as refused:
        services.change_round(actor=officer, round_id=round_id, draft=draft, now=NOW)
    assert refused.value.facts["fields"] == {"lowest": "out_of_range", "appeal_days": "out_of_range"}
    services.change_round(actor=officer, round_id=round_id, draft=replace(queries.usual(), lowest=40_000), now=NOW)
    services.fix_round(actor=officer, round_id=round_id, now=NOW)
    public = queries.lottery(ground.call.pk)
    assert public is not None
    assert (len(public.commitment), public.seed, public.runs) == (64, "", ())
    with pytest.raises(errors.RulesFixed):
        services.change_round(actor=officer, round_id=round_id, draft=queries.usual(), now=NOW)
    for change in ({"seed": "other"}, {"places": 9}, {"equity": []}, {"lowest": 1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Round.objects.filter(pk=round_id).update(**change)
    with pytest.raises(errors.NothingToRank):
        services.make_ranking(actor=officer, round_id=round_id, now=NOW)


def test_reviews_are_assigned_by_competence_and_load(ground: Ground) -> None:
    officer = ground.officer()
    round_id = ground.round(officer)
    Round.objects.filter(pk=round_id).update(load=2)
    _, wood = ground.reviewer(officer, round_id, competence="wood furniture carpentry", load=2)
    _, water = ground.reviewer(officer, round_id, competence="irrigation water soil", load=2)
    desk = ground.application(title="Furniture of wood", text="carpentry")
    pump = ground.application(title="Water", text="irrigation of dry soil")
    best = queries.proposals_for(round_id, pump, actor=officer, now=NOW)[0]
    assert best.reviewer_id == water
    assert {"Water", "irrigation", "soil"} <= set(best.fit.words)
    assert services.assign_all(actor=officer, round_id=round_id, now=NOW) == 4  # three are wanted, two there are
    assert services.assign_all(actor=officer, round_id=round_id, now=NOW) == 0
    assert sorted(Review.objects.values_list("application_id", "reviewer_id")) == sorted(
        [(desk, wood), (desk, water), (pump, wood), (pump, water)]
    )
    with pytest.raises(errors.ReviewerFull):
        services.assign(actor=officer, reviewer_id=wood, application_id=ground.application(), now=NOW)
    services.remove_reviewer(actor=officer, reviewer_id=wood, now=NOW)
    assert Review.objects.filter(reviewer_id=wood, state=ReviewState.TAKEN_BACK).count() == 2


def test_a_review_is_submitted_whole_and_once(ground: Ground) -> None:
    officer = ground.officer()
    round_id = ground.round(officer)
    who, reviewer_id = ground.reviewer(officer, round_id)
    number = services.assign(actor=officer, reviewer_id=reviewer_id, application_id=ground.application(), now=NOW)
    services.declare_clear(actor=who, review_id=number, now=NOW)
    with pytest.raises(Invalid) as refused:
        services.save_review(actor=who, review_id=number, marks=marks_of(11), comment="", note="", now=NOW)
    assert refused.value.facts["fields"] == {"idea": "out_of_range", "team": "out_of_range"}
    with pytest.raises(errors.ScoresMissing) as missing:
        services.submit_review(actor=who, review_id=number, marks={"idea": Mark(5)}, comment="", note="", now=NOW)
    assert missing.value.facts == {"criteria": ["team"]}
    services.submit_review(actor=who, review_id=number, marks=marks_of(5), comment="Good", note="", now=NOW)
    services.submit_review(actor=who, review_id=number, marks=marks_of(9), comment="Better", note="", now=NOW)
    assert set(Score.objects.values_list("value", flat=True)) == {5}
    line = queries.application_of(round_id, Application.objects.get().pk, actor=officer)
    assert (line.reviews[0].total, line.reviews[0].comment) == (50_000, "Good")


def test_places_are_given_once_and_come_back_with_who_withdraws(ground: Ground) -> None:
    from khaneh.domains.programmes import services as programmes

    ground = replace(ground, call=_with_places(ground, 1))
    officer, lead = ground.officer(), ground.person()
    round_id = ground.round(officer)
    ground.reviewer(officer, round_id)
    first, second = ground.application(lead), ground.application()
    for one in (first, second):
        ground.judged(officer, round_id, one, 6)
    services.decide(actor=officer, application_id=first, kind=DecisionKind.ACCEPTED, reason="The best", seen=0, now=NOW)
    accept = {"kind": DecisionKind.ACCEPTED, "reason": "As good", "now": NOW}
    with pytest.raises(errors.NoPlaceLeft):
        services.decide(actor=officer, application_id=second, seen=0, **accept)  # type: ignore[arg-type]
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(
            round_id=round_id, application_id=second, number=1, kind="accepted", reason="by hand", decided_at=NOW
        )
    programmes.withdraw(actor=lead, application_id=first, now=NOW)
    assert Decision.objects.filter(application_id=first).order_by("-number")[0].kind == "released"
    services.decide(actor=officer, application_id=second, seen=0, **accept)  # type: ignore[arg-type]
    assert stands(second) == "accepted"


def test_a_decision_needs_a_reason_and_nobody_decides_about_their_own(ground: Ground) -> None:
    officer, own = ground.officer(), ground.officer()
    round_id = ground.round(officer)
    ground.reviewer(officer, round_id)
    application_id = ground.application(company=True)
    ground.judged(officer, round_id, application_id, 6)
    ground.at_company(own.account_id or 0)
    facts = {"application_id": application_id, "kind": DecisionKind.DECLINED, "now": NOW, "seen": 0}
    with pytest.raises(Invalid):
        services.decide(actor=officer, reason=" ", **facts)  # type: ignore[arg-type]
    with pytest.raises(errors.OwnMatter):
        services.decide(actor=own, reason="Not yet", **facts)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        services.decide(actor=ground.person(), reason="Not yet", **facts)  # type: ignore[arg-type]
    services.decide(actor=officer, reason="Not yet", **facts)  # type: ignore[arg-type]
    with pytest.raises(errors.DecidedMeanwhile) as told:
        services.decide(actor=own, reason="Not yet", **facts)  # type: ignore[arg-type]
    assert told.value.facts["kind"] == "declined"
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.update(reason="other")


def test_an_appeal_is_answered_by_another_and_opens_the_matter_again(ground: Ground) -> None:
    officer, other, lead = ground.officer(), ground.officer(), ground.person()
    round_id = ground.round(officer)
    ground.reviewer(officer, round_id)
    application_id = ground.application(lead, language="vi")
    ground.judged(officer, round_id, application_id, 6)
    with pytest.raises(errors.ApplicationStateRefused):
        services.appeal(actor=lead, application_id=application_id, text="Why?", now=NOW)
    services.decide(
        actor=officer, application_id=application_id, kind=DecisionKind.DECLINED, reason="No", seen=0, now=NOW
    )
    with pytest.raises(errors.AppealTooLate):
        services.appeal(actor=lead, application_id=application_id, text="Why?", now=NOW + 15 * DAY)
    with pytest.raises(NotFound):
        services.appeal(actor=ground.person(), application_id=application_id, text="Why?", now=NOW)
    number = services.appeal(actor=lead, application_id=application_id, text="You overlooked page 3.", now=NOW)
    with pytest.raises(errors.AppealedAlready):
        services.appeal(actor=lead, application_id=application_id, text="Again", now=NOW)
    answer = {"appeal_id": number, "upheld": True, "answer": "True, page 3.", "now": NOW}
    with pytest.raises(errors.OwnMatter):
        services.answer_appeal(actor=officer, **answer)  # type: ignore[arg-type]
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.update(answered_by_id=officer.account_id, answered_at=NOW, state="rejected", answer="No")
    services.answer_appeal(actor=other, **answer)  # type: ignore[arg-type]
    assert stands(application_id) == "under_review"
    with pytest.raises(errors.AppealedAlready):
        services.answer_appeal(actor=other, **answer)  # type: ignore[arg-type]
    assert list(Letter.objects.order_by("pk").values_list("kind", "language")) == [
        ("declined", "vi"), ("appeal_upheld", "vi"),
    ]  # fmt: skip
    services.decide(
        actor=other, application_id=application_id, kind=DecisionKind.ACCEPTED, reason="Page 3", seen=2, now=NOW
    )
    assert stands(application_id) == "accepted"


def test_a_time_for_the_interview_is_taken_by_one(ground: Ground) -> None:
    officer, lead, rival = ground.officer(), ground.person(), ground.person()
    round_id = ground.round(officer)
    ground.reviewer(officer, round_id)
    mine, theirs = ground.application(lead), ground.application(rival)
    slots = {
        "actor": officer,
        "round_id": round_id,
        "starts_at": NOW + DAY,
        "minutes": 30,
        "place": "Room 2",
        "now": NOW,
    }
    assert services.add_slots(count=2, **slots) == 2  # type: ignore[arg-type]
    assert services.add_slots(count=3, **slots) == 1  # type: ignore[arg-type]
    first, second, third = Slot.objects.order_by("starts_at").values_list("pk", flat=True)
    for one in (mine, theirs):
        ground.judged(officer, round_id, one, 6)
        services.invite(actor=officer, application_id=one, now=NOW)
    services.take_slot(actor=lead, application_id=mine, slot_id=first, now=NOW)
    with pytest.raises(errors.SlotTaken):
        services.take_slot(actor=rival, application_id=theirs, slot_id=first, now=NOW)
    with pytest.raises(errors.SlotTaken):
        services.remove_slot(actor=officer, slot_id=first, now=NOW)
    services.take_slot(actor=lead, application_id=mine, slot_id=second, now=NOW)
    assert [one.id for one in queries.outcome(theirs, actor=rival, now=NOW).slots] == [first, third]
    with pytest.raises(errors.SlotOver):
        services.take_slot(actor=lead, application_id=mine, slot_id=third, now=NOW + 2 * DAY)
    services.remove_slot(actor=officer, slot_id=third, now=NOW)


def test_a_ranking_is_kept_as_it_was(ground: Ground) -> None:
    officer = ground.officer()
    round_id = ground.round(officer)
    ground.reviewer(officer, round_id)
    ground.judged(officer, round_id, ground.application(), 6)
    run = services.make_ranking(actor=officer, round_id=round_id, now=NOW)
    for change in ({"result": b"{}"}, {"number": 7}):
        with pytest.raises(IntegrityError), transaction.atomic():
            RankingRun.objects.filter(pk=run).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        RankingRun.objects.filter(pk=run).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Trail.objects.all().delete()
    held = json.loads(queries.case(run, actor=officer))
    public = queries.lottery(ground.call.pk)
    assert public is not None
    assert held["seed"] == public.seed
    assert hashlib.sha256(public.seed.encode()).hexdigest() == public.commitment
    assert public.runs[-1].case_digest == hashlib.sha256(queries.case(run, actor=officer)).hexdigest()
    with pytest.raises(NotFound):
        queries.case(run, actor=ground.person())


def test_a_contract_has_no_word_that_cannot_be_filled(ground: Ground) -> None:
    officer = ground.officer()
    round_id = ground.round(officer)
    with pytest.raises(Invalid) as refused:
        texts = Label(en="Dear {applicant}", fa="{password}", vi="{people}")
        services.change_contracts(actor=officer, round_id=round_id, texts=texts, now=NOW)
    assert refused.value.facts["fields"] == {"text_fa": "unknown_word"}


def test_who_is_forgotten_is_taken_out_of_what_stays(ground: Ground) -> None:
    officer, lead = ground.officer(), ground.person()
    round_id = ground.round(officer)
    who, _ = ground.reviewer(officer, round_id)
    application_id = ground.application(lead)
    ground.judged(officer, round_id, application_id, 6)
    run = services.make_ranking(actor=officer, round_id=round_id, now=NOW)
    services.decide_by_ranking(actor=officer, run_id=run, reason="As ranked", now=NOW)
    contract = services.issue_contract(actor=officer, application_id=application_id, now=NOW)
    services.sign_contract(actor=lead, contract_id=contract, name="Sara", now=NOW)
    for one in (who, lead, officer):
        services.erase_account(one.account_id or 0, NOW)
    assert Reviewer.objects.get().account is None
    assert (Contract.objects.get().signed_name, Decision.objects.get().decided_by) == ("", None)
    assert not Trail.objects.filter(account__isnull=False).exists()
    assert queries.recompute(run, actor=actor_of(ground.officer().account_id, now=NOW)).same
    assert Standing(queries.ranking(run, actor=ground.officer()).lines[0].standing) is Standing.PLACE


def _with_places(ground: Ground, places: int):  # type: ignore[no-untyped-def]
    ground.call.places = places
    ground.call.save(update_fields=["places"])
    return ground.call


def test_lists_cost_the_same_at_any_number_of_rows(ground: Ground) -> None:
    officer = ground.officer()
    round_id = ground.round(officer)
    who, _ = ground.reviewer(officer, round_id)
    costs = []
    for more in (1, 4):
        for _ in range(more):
            ground.judged(officer, round_id, ground.application(), 6)
        with CaptureQueriesContext(connection) as told:
            queries.board(round_id, actor=officer)
            queries.tasks(who)
            queries.reviewers(round_id, actor=officer)
            queries.calls_run(officer, now=NOW)
        costs.append(len(told))
    assert costs[0] == costs[1]
