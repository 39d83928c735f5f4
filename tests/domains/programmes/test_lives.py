"""The life of a call and of an application: what is kept, what is refused, who sees what."""

from __future__ import annotations

import hashlib

import pytest
from django.db import IntegrityError, connection, transaction

from khaneh.domains.notices.models import Notice
from khaneh.domains.people import queries as people
from khaneh.domains.people.models import Account
from khaneh.domains.profiles.types import withdrawal_hooks
from khaneh.domains.programmes import queries, services
from khaneh.domains.programmes.errors import (
    ApplicationStateRefused,
    CallNotOpen,
    CallStateRefused,
    ChangedMeanwhile,
    FormMissing,
    InTheTeamAlready,
    NotComplete,
)
from khaneh.domains.programmes.models import Application, Submission
from khaneh.domains.programmes.rules import receipts
from khaneh.domains.programmes.types import ApplicationDraft, ApplicationState, CallStage, Part
from khaneh.kernel.actor import SYSTEM, VISITOR
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound
from tests.domains.programmes.calling import ANSWERS, CLOSES, DAY, NOW, OPENS, PDF, QUESTIONS, Calling, draft, said


def test_a_call_is_a_draft_then_announced_then_open_then_closed(calling: Calling) -> None:
    keeper = calling.keeper()
    made = services.add_call(actor=keeper, programme_code="p-incubator", draft=draft(), now=NOW - 5 * DAY, key="one")
    assert (
        services.add_call(actor=keeper, programme_code="p-incubator", draft=draft(), now=NOW, key="one").id == made.id
    )
    with pytest.raises(NotFound):
        queries.seen_call(made.id, actor=VISITOR)
    with pytest.raises(FormMissing):
        services.publish_call(actor=keeper, call_id=made.id, now=NOW - 5 * DAY)
    services.save_form(actor=keeper, call_id=made.id, questions=QUESTIONS, revision=None, now=NOW)
    services.publish_form(actor=keeper, call_id=made.id, now=NOW)
    shown = services.publish_call(actor=keeper, call_id=made.id, now=NOW - 5 * DAY)
    assert [shown.stage(at) for at in (OPENS - DAY, OPENS, CLOSES)] == [
        CallStage.PUBLISHED,
        CallStage.OPEN,
        CallStage.CLOSED,
    ]
    assert queries.seen_call(made.id, actor=VISITOR).deprivation_index_id is not None
    assert [row.id for row in queries.calls(now=NOW, stage=CallStage.OPEN, region_code="P-QM").rows] == [made.id]
    assert queries.calls(now=NOW, region_code="P-SB").total == 0


def test_what_was_promised_stays_and_a_deadline_only_moves_away(calling: Calling) -> None:
    call, keeper = calling.call(), calling.keeper()
    who = calling.person()
    calling.written(who, call)
    for facts in ({"places": 9}, {"closes_at": CLOSES - DAY}, {"quotas": ()}, {"criteria": ()}):
        with pytest.raises(Invalid) as refused:
            services.change_call(actor=keeper, call_id=call.id, draft=draft(**facts), now=NOW)
        assert set(refused.value.facts["fields"].values()) == {"fixed"}
    later = services.change_call(actor=keeper, call_id=call.id, draft=draft(closes_at=CLOSES + DAY), now=NOW)
    assert later.closes_at == CLOSES + DAY
    assert Notice.objects.filter(event="programmes.deadline").count() == 1
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE programmes_call SET closes_at = %s WHERE id = %s", [CLOSES, call.id])


def test_a_draft_is_kept_as_it_is_typed_and_nobody_else_sees_it(calling: Calling) -> None:
    call, who = calling.call(), calling.person()
    row = services.begin(actor=who, call_id=call.id, now=NOW, key="k")
    assert services.begin(actor=who, call_id=call.id, now=NOW, key="k").id == row.id
    wrong = {"people": "three", "stage": "elsewhere", "team": [["Sara", "codes"], ["", ""]], "unknown": "x"}
    saved = services.save(
        actor=who, application_id=row.id, draft=ApplicationDraft(title="Half", answers=wrong), revision=0, now=NOW
    )
    kept = queries.draft_of(row.id)
    assert kept.answers == {"people": "three", "stage": "elsewhere", "team": [["Sara", "codes"]]}
    with pytest.raises(ChangedMeanwhile):
        services.save(actor=who, application_id=row.id, draft=ApplicationDraft(), revision=0, now=NOW)
    assert services.wanting(row.id) == {
        "summary": "required", "region_code": "required", "plan": "required", "people": "format", "stage": "not_in_list",
        "paper": "required",
    }  # fmt: skip
    with pytest.raises(NotComplete):
        services.submit(actor=who, application_id=row.id, revision=saved.revision, now=NOW)
    for other in (calling.keeper(), calling.person(), VISITOR):
        with pytest.raises(NotFound):
            queries.seen_application(row.id, actor=other)
    assert queries.sent_page(call.id, actor=calling.keeper()).rows == ()


def test_a_receipt_stands_for_what_was_handed_in_and_the_last_one_counts(calling: Calling) -> None:
    call, who = calling.call(), calling.person()
    row = calling.written(who, call)
    first = services.submit(actor=who, application_id=row.id, revision=row.revision, now=NOW)
    assert services.submit(actor=who, application_id=row.id, revision=row.revision, now=NOW) == first
    assert first.content is not None
    assert receipts.digest(first.content) == first.digest
    assert first.content["answers"] == {"plan": ANSWERS["plan"], "stage": "idea", "people": "3", "cost": 12000}
    assert [one["name"] for one in first.content["files"]["paper"]] == ["plan.pdf"]
    sent = queries.application(row.id)
    assert (sent.state, sent.receipt, sent.eligibility and sent.eligibility.permitted) == (
        ApplicationState.SUBMITTED, first.receipt, True,
    )  # fmt: skip
    # What is typed after it counts when it is handed in again, and not before.
    changed = ApplicationDraft("Better shelves", "RFID", "P-SB", {**ANSWERS, "stage": "sold", "sold_to": "Qom library"})
    saved = services.save(actor=who, application_id=row.id, draft=changed, revision=row.revision, now=NOW)
    assert (saved.title, saved.decile, saved.answers["stage"]) == ("Reading shelves", 6, "idea")
    second = services.submit(actor=who, application_id=row.id, revision=saved.revision, now=CLOSES - DAY)
    again = queries.application(row.id)
    assert (again.version, again.title, again.decile, again.rural, again.answers["sold_to"]) == (
        2, "Better shelves", 1, True, "Qom library",
    )  # fmt: skip
    assert second.receipt != first.receipt
    assert Notice.objects.filter(event="programmes.submitted").count() == 2
    with pytest.raises(CallNotOpen) as late:
        services.save(actor=who, application_id=row.id, draft=changed, revision=again.revision, now=CLOSES)
    assert late.value.facts["why"] == "late"


def test_what_was_handed_in_stays_in_the_database_too(calling: Calling) -> None:
    call, who = calling.call(), calling.person()
    row = calling.handed_in(who, call)
    wrong = (
        "UPDATE programmes_submission SET content = '{}'",
        "DELETE FROM programmes_submission",
        "DELETE FROM programmes_application",
        "UPDATE programmes_application SET state = 'accepted'",
        "UPDATE programmes_application SET organisation_id = (SELECT min(id) FROM network_organisation)",
        "UPDATE programmes_formversion SET questions = '[]'",
        "UPDATE programmes_step SET after = 'eligible'",
        "UPDATE programmes_call SET state = 'draft'",
    )
    for statement in wrong:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.create(
            application_id=row.id, version=2, form_id=row.form_id, digest="x", receipt="x", submitted_at=CLOSES
        )


def test_conditions_are_told_at_once_and_judged_after_the_deadline(calling: Calling) -> None:
    call = calling.call(for_persons=False, for_kinds=("company_startup",), sectors=("62",))
    good = calling.handed_in(calling.speaker(), call, organisation_id=calling.company.pk)
    bad = calling.handed_in(calling.person(), call)
    told = bad.eligibility
    assert told is not None
    assert [one.code for one in told.reasons] == ["programmes.kind_not_meant"]
    assert told.reasons[0].remedy is not None
    assert told.reasons[0].remedy.fa
    with pytest.raises(CallStateRefused):
        services.check_conditions(actor=SYSTEM, call_id=call.id, now=CLOSES - DAY)
    assert dict(services.sweep(now=CLOSES)) == {"eligible": 1, "ineligible": 1, "calls": 1}
    assert services.check_conditions(actor=SYSTEM, call_id=call.id, now=CLOSES) == {}
    assert queries.application(good.id).state is ApplicationState.ELIGIBLE
    step = queries.steps_of(bad.id)[-1]
    assert (step.after, step.reason) == (ApplicationState.INELIGIBLE, "The call is not for such an applicant")
    keeper = calling.keeper()
    services.advance(actor=keeper, application_id=bad.id, to=ApplicationState.ELIGIBLE, now=CLOSES)
    assert Notice.objects.filter(event="programmes.admitted").count() == 1
    with pytest.raises(ApplicationStateRefused):
        services.advance(actor=keeper, application_id=bad.id, to=ApplicationState.CONTRACTED, now=CLOSES)
    for other in (calling.person(), calling.speaker()):
        with pytest.raises(NotAllowed):
            services.advance(actor=other, application_id=good.id, to=ApplicationState.UNDER_REVIEW, now=CLOSES)
    services.advance(actor=SYSTEM, application_id=good.id, to=ApplicationState.UNDER_REVIEW, now=CLOSES)
    with pytest.raises(Invalid):
        services.advance(actor=keeper, application_id=good.id, to=ApplicationState.DECLINED, now=CLOSES)
    services.advance(actor=keeper, application_id=good.id, to=ApplicationState.DECLINED, reason="Too early", now=CLOSES)


def test_one_applies_once_to_a_call_and_not_for_strangers(calling: Calling) -> None:
    call, who = calling.call(), calling.person()
    calling.handed_in(who, call)
    second = calling.handed_in(who, call)
    assert second.eligibility is not None
    assert not second.eligibility.permitted
    with pytest.raises(NotAllowed):
        services.begin(actor=who, call_id=call.id, organisation_id=calling.company.pk, now=NOW)
    services.withdraw(actor=who, application_id=second.id, now=NOW)
    assert queries.application(second.id).state is ApplicationState.WITHDRAWN


def test_colleagues_write_and_only_who_answers_for_it_hands_in(calling: Calling) -> None:
    call, lead, writer, stranger = calling.call(), calling.person(), calling.person(), calling.person()
    row = calling.written(lead, call)
    email = f" {Account.objects.get(pk=writer.account_id).email.upper()}"
    services.invite(actor=lead, application_id=row.id, email=email, part=Part.WRITER, now=NOW)
    with pytest.raises(InTheTeamAlready):
        services.invite(actor=lead, application_id=row.id, email=email, part=Part.READER, now=NOW)
    assert Notice.objects.filter(event="programmes.invited").count() == 1
    with pytest.raises(NotFound):
        services.save(actor=writer, application_id=row.id, draft=ApplicationDraft(), revision=row.revision, now=NOW)
    with pytest.raises(NotFound):
        services.join(actor=stranger, application_id=row.id, email="stranger@example.org", now=NOW)
    assert [one.joined for one in queries.own(writer, email=email)] == [False]
    services.join(actor=writer, application_id=row.id, email=email, now=NOW)
    saved = services.save(
        actor=writer, application_id=row.id, draft=queries.draft_of(row.id), revision=row.revision, now=NOW
    )
    with pytest.raises(NotAllowed):
        services.submit(actor=writer, application_id=row.id, revision=saved.revision, now=NOW)
    with pytest.raises(NotAllowed):
        services.invite(actor=writer, application_id=row.id, email="x@example.org", part=Part.READER, now=NOW)
    member = next(one for one in queries.team(row.id) if one.part is Part.WRITER)
    services.leave(actor=lead, application_id=row.id, member_id=member.id, now=NOW)
    with pytest.raises(NotFound):
        queries.seen_application(row.id, actor=writer)


def test_a_published_form_changes_by_a_version_and_what_was_begun_keeps_its_own(calling: Calling) -> None:
    call, who, keeper = calling.call(), calling.person(), calling.keeper()
    row = calling.written(who, call)
    shorter = tuple(one for one in QUESTIONS if one.key not in ("people", "paper"))
    saved = services.save_form(actor=keeper, call_id=call.id, questions=shorter, revision=None, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        services.save_form(actor=keeper, call_id=call.id, questions=QUESTIONS, revision=saved.revision + 1, now=NOW)
    published = services.publish_form(actor=keeper, call_id=call.id, now=NOW)
    assert (saved.number, published.is_published) == (2, True)
    assert queries.application(row.id).form_id != published.id
    taken = services.take_new_form(actor=who, application_id=row.id, now=NOW)
    assert taken.form_id == published.id
    assert "people" not in queries.draft_of(row.id).answers
    services.submit(actor=who, application_id=row.id, revision=taken.revision, now=NOW)


def test_a_question_is_answered_for_all_without_a_name(calling: Calling) -> None:
    call, who, keeper = calling.call(), calling.person(), calling.keeper()
    calling.written(calling.person(), call)
    number = services.ask(actor=who, call_id=call.id, text="May two apply together?", now=NOW)
    assert services.ask(actor=who, call_id=call.id, text="May two apply together?", now=NOW) == number
    assert queries.asked(call.id, actor=VISITOR) == []
    assert [one.own for one in queries.asked(call.id, actor=who)] == [True]
    with pytest.raises(NotAllowed):
        services.answer_question(actor=who, question_id=number, answers=said("Yes"), now=NOW)
    services.answer_question(actor=keeper, question_id=number, answers=Label("Yes", "", ""), now=NOW)
    assert [(one.text, one.answers.pick("fa"), one.own) for one in queries.asked(call.id, actor=VISITOR)] == [
        ("May two apply together?", "Yes", False)
    ]
    told = set(Notice.objects.values_list("event", flat=True))
    assert {"programmes.asked", "programmes.answered", "programmes.answered_for_all"} <= told
    with pytest.raises(CallNotOpen):
        services.ask(actor=who, call_id=call.id, text="Too late?", now=CLOSES)


def test_somebody_forgotten_leaves_a_number_and_a_digest(calling: Calling) -> None:
    call, who = calling.call(), calling.person()
    row = calling.handed_in(who, call)
    sent = queries.submissions_of(row.id)[0]
    assert (
        services.export_member(people.member_of_account(who.account_id or 0) or 0)["applications"][0]["title"]
        == "Reading shelves"
    )
    services.erase_account(who.account_id or 0, NOW)
    left = queries.application(row.id)
    assert (left.state, left.title, left.account_id, left.answers) == (ApplicationState.WITHDRAWN, "", None, {})
    kept = queries.submissions_of(row.id)[0]
    assert (kept.receipt, kept.digest, kept.content) == (sent.receipt, sent.digest, None)
    assert services.forget_documents([hashlib.sha256(PDF).hexdigest()]) == 1


def test_a_withdrawn_company_takes_part_no_more(calling: Calling) -> None:
    first, second, who = calling.call(), calling.call(), calling.speaker()
    written = calling.written(who, first, organisation_id=calling.company.pk)
    sent = calling.handed_in(who, second, organisation_id=calling.company.pk)
    other = calling.handed_in(calling.person(), second)
    assert services.withdraw_organisation in withdrawal_hooks()
    services.withdraw_organisation(organisation_id=calling.company.pk, actor=SYSTEM, now=NOW)
    states = {row.id: row.state.value for row in queries.applications_by_ids([written.id, sent.id, other.id]).values()}
    assert states == {written.id: "withdrawn", sent.id: "withdrawn", other.id: "submitted"}


def test_lists_take_the_same_statements_for_one_and_for_many(
    calling: Calling, django_assert_max_num_queries: object
) -> None:
    call, keeper = calling.call(), calling.keeper()
    for _ in range(6):
        calling.handed_in(calling.person(), call)
    assert Application.objects.count() == 6
    with django_assert_max_num_queries(10):  # type: ignore[operator]
        assert len(queries.sent_page(call.id, actor=keeper).rows) == 6
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        assert len(queries.applications_of(call.id)) == 6
