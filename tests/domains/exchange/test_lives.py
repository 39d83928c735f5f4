"""A need's life from draft to outcome, an offer's, and what may not happen on the way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from khaneh.domains.exchange import queries, services
from khaneh.domains.exchange.errors import (
    AgreedAlready,
    MatchedAlready,
    MatchStateRefused,
    OldVersion,
    OutcomeConfirmed,
    OwnerNotAsked,
    OwnSide,
    SaidAlready,
    StateRefused,
    TooManySubmitted,
)
from khaneh.domains.exchange.models import Decision, Match, Outcome, Posting
from khaneh.domains.exchange.types import (
    CloseReason,
    EndReason,
    Evidence,
    EvidenceKind,
    MatchState,
    OutcomeKind,
    PostingFilter,
    PostingKind,
    PostingState,
    Proposal,
    ProposedKind,
    ReviewReason,
    Side,
    Swept,
)
from khaneh.domains.network.types import Role
from khaneh.domains.notices.models import Notice
from khaneh.domains.people.models import RoleAssignment
from khaneh.domains.people.queries import actor as actor_of
from khaneh.kernel.actor import SYSTEM, VISITOR
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound
from tests.domains.exchange.bazaar import DAY, NOW, TODAY, Bazaar, draft, match_state, state_of

PDF = b"%PDF-1.7\nstartxref\n0\n%%EOF"


def told(code: str) -> int:
    return Notice.objects.filter(event=f"exchange.{code}").count()


def test_from_a_need_to_its_outcome(bazaar: Bazaar) -> None:
    librarian, broker, company = bazaar.librarian(), bazaar.broker(), bazaar.speaker()
    need = bazaar.need(librarian)
    assert need.state is PostingState.PUBLISHED
    assert need.closes_on == TODAY + timedelta(days=180)
    proposal = Proposal(
        ProposedKind.ORGANISATION, bazaar.company.pk, Label("Vajehnegar", "واژه‌نگار", "Vajehnegar"), 0.8,
        (Evidence(EvidenceKind.WORDS, Label("OCR", "نویسه‌خوان", "OCR"), 0.5),), features={"words": 0.5},
    )  # fmt: skip
    number = services.decide_proposal(actor=broker, need_id=need.id, proposal=proposal, accepted=True, now=NOW)
    assert number is not None
    assert (told("review"), told("reviewed"), told("invited")) == (1, 1, 1)
    asked = queries.match(number, actor=company)
    assert (asked.state, asked.side, asked.evidence[0].said.en) == (MatchState.INVITED, Side.PARTNER, "OCR")
    services.show_interest(
        actor=company, need_id=need.id, partner_id=bazaar.company.pk, words="We read such copies.", now=NOW
    )
    assert match_state(number) == "interested"
    services.introduce(actor=broker, match_id=number, now=NOW, meeting_at=NOW + DAY, where="Qalam")
    assert state_of(need.id) == "matched"
    met = queries.match(number, actor=company, now=NOW)
    assert met.contacts == ((librarian.name, f"{_email(librarian.account_id)}"),)
    services.start_talks(actor=broker, match_id=number, now=NOW)
    assert state_of(need.id) == "in_talks"
    services.propose_text(actor=librarian, match_id=number, text="One", language="en", template="pilot", now=NOW)
    services.propose_text(actor=company, match_id=number, text="Two", language="en", template="pilot", now=NOW)
    services.propose_text(actor=company, match_id=number, text="Two", language="en", template="pilot", now=NOW)
    with pytest.raises(OldVersion):
        services.accept_text(actor=librarian, match_id=number, version=1, now=NOW)
    with pytest.raises(NotAllowed):
        services.accept_text(actor=broker, match_id=number, version=2, now=NOW)
    agreed = services.accept_text(actor=librarian, match_id=number, version=2, now=NOW)
    assert (agreed.state, state_of(need.id)) == (MatchState.AGREED, "agreed")
    assert services.sweep(now=NOW + 61 * DAY) == Swept(asked_outcome=1)
    said = services.tell_outcome(
        actor=company, match_id=number, kind=OutcomeKind.IN_USE, words="30,000 pages are read.", now=NOW, file=PDF,
        file_name="../report.pdf",
    )  # fmt: skip
    (outcome,) = said.outcomes
    assert outcome.file_name == "report.pdf"
    with pytest.raises(OutcomeConfirmed):
        services.confirm_outcome(actor=company, match_id=number, outcome_id=outcome.id, now=NOW)
    services.confirm_outcome(actor=librarian, match_id=number, outcome_id=outcome.id, now=NOW)
    closed = queries.posting(need.id, actor=VISITOR)
    assert (closed.state, closed.close_reason) == (PostingState.CLOSED, CloseReason.SOLVED_HERE)


def _email(account_id: int | None) -> str:
    from khaneh.domains.people.models import Account

    return Account.objects.get(pk=account_id or 0).email


def test_the_brokers_house_tells_who_it_is_where_it_publishes_for_its_owner_alone(bazaar: Bazaar) -> None:
    librarian = bazaar.librarian()
    need = bazaar.need(librarian, anonymous=True, state="draft")
    alone = services.telltale(actor=librarian, posting_id=need.id, now=NOW)
    assert [(one.part, one.kind) for one in alone] == [("broker_house", "broker")]
    bazaar.offer()
    assert services.telltale(actor=librarian, posting_id=need.id, now=NOW) == ()


def test_who_stands_behind_an_anonymous_need_is_named_after_their_yes_alone(bazaar: Bazaar) -> None:
    librarian, broker, company = bazaar.librarian(), bazaar.broker(), bazaar.speaker()
    need = bazaar.need(librarian, anonymous=True)
    for other in (VISITOR, company, bazaar.person()):
        seen = queries.posting(need.id, actor=other)
        assert (seen.organisation, seen.house) == (None, None)
        assert [ref.code for ref in seen.regions] == ["X-QM"], "the province alone"
    for wanted, total in ((PostingFilter(region_code="X-QM"), 1), (PostingFilter(region_code="X-KA"), 0)):
        assert queries.postings(wanted, actor=VISITOR).total == total
    assert queries.organisation_postings(bazaar.authority.pk) == []
    number = services.show_interest(
        actor=company, need_id=need.id, partner_id=bazaar.company.pk, words="We can.", now=NOW
    )
    assert queries.match(number, actor=company, now=NOW).owner is None
    with pytest.raises(OwnerNotAsked):
        services.introduce(actor=broker, match_id=number, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Match.objects.filter(pk=number).update(state="introduced", introduced_at=NOW)
    services.say_yes(actor=librarian, match_id=number, now=NOW)
    services.introduce(actor=broker, match_id=number, now=NOW)
    known = queries.match(number, actor=company, now=NOW)
    assert known.owner is not None
    assert known.owner.code == "X-AUTH"
    assert known.contacts
    assert queries.posting(need.id, actor=bazaar.speaker(bazaar.rival)).organisation is None


def test_nobody_else_reads_a_match(bazaar: Bazaar) -> None:
    found = bazaar.match(bazaar.need())
    for other in (VISITOR, bazaar.person(), bazaar.speaker(bazaar.rival)):
        with pytest.raises(NotFound):
            queries.match(found.id, actor=other)
        with pytest.raises(NotFound):
            services.end_match(actor=other, match_id=found.id, now=NOW)
        assert queries.own_matches(other) == []
    with pytest.raises(NotFound):
        services.introduce(actor=bazaar.librarian(), match_id=found.id, now=NOW)
    with pytest.raises(NotFound):
        services.say_yes(actor=bazaar.speaker(), match_id=found.id, now=NOW)


def test_drafts_are_the_owners_and_reviews_the_brokers(bazaar: Bazaar) -> None:
    librarian = bazaar.librarian()
    need = bazaar.need(librarian, state="draft")
    for other in (VISITOR, bazaar.broker(), bazaar.speaker()):
        with pytest.raises(NotFound):
            queries.posting(need.id, actor=other)
        with pytest.raises(NotFound):
            services.submit(actor=other, posting_id=need.id, now=NOW)
        with pytest.raises(NotFound):
            services.approve(actor=other, posting_id=need.id, now=NOW)
    with pytest.raises(NotAllowed):
        services.add_posting(actor=bazaar.speaker(), organisation_id=bazaar.authority.pk, draft=draft(), now=NOW)
    services.submit(actor=librarian, posting_id=need.id, now=NOW)
    broker = bazaar.broker()
    (waiting,) = queries.waiting(broker, now=NOW)
    assert (waiting.posting.id, waiting.findings) == (need.id, ())
    assert queries.waiting(librarian, now=NOW) == []
    back = services.send_back(
        actor=broker, posting_id=need.id, reason=ReviewReason.UNCLEAR, note="How many pages?", now=NOW
    )
    assert back.state is PostingState.DRAFT
    (review,) = queries.reviews_of(need.id, actor=librarian)
    assert review.note == "How many pages?"
    services.change_posting(actor=librarian, posting_id=need.id, draft=draft(context="Thirty thousand."), now=NOW)
    services.submit(actor=librarian, posting_id=need.id, now=NOW)
    services.approve(actor=broker, posting_id=need.id, now=NOW, publish=False)
    with pytest.raises(NotFound):
        queries.posting(need.id, actor=VISITOR)
    assert services.publish(actor=librarian, posting_id=need.id, now=NOW).is_open
    with pytest.raises(StateRefused):
        services.approve(actor=broker, posting_id=need.id, now=NOW)
    with pytest.raises(StateRefused):
        services.change_posting(actor=librarian, posting_id=need.id, draft=draft(), now=NOW)


def test_a_broker_decides_nothing_of_their_own_side(bazaar: Bazaar) -> None:
    account = bazaar.account()
    for role, where in (
        (Role.BROKER, {"house": bazaar.centre}),
        (Role.PROGRAMME_MANAGER, {"organisation": bazaar.company}),
    ):
        RoleAssignment.objects.create(account=account, role=role.value, valid_from=NOW - DAY, **where)
    both = actor_of(account.pk, now=NOW)
    made = services.add_posting(
        actor=both, organisation_id=bazaar.company.pk, draft=draft(kind=PostingKind.OFFER, house_code=""), now=NOW
    )
    services.submit(actor=both, posting_id=made.id, now=NOW)
    with pytest.raises(OwnSide):
        services.approve(actor=both, posting_id=made.id, now=NOW)
    found = bazaar.match(bazaar.need(), partner=both)
    with pytest.raises(OwnSide):
        services.introduce(actor=both, match_id=found.id, now=NOW)


def test_one_is_agreed_and_the_others_end(bazaar: Bazaar) -> None:
    need = bazaar.need()
    other = bazaar.match(need, far="in_talks", of=bazaar.rival)
    agreed = bazaar.match(need, far="agreed")
    assert (match_state(agreed.id), match_state(other.id)) == ("agreed", "ended")
    assert Match.objects.get(pk=other.id).end_reason == EndReason.OTHER_AGREED
    with pytest.raises(AgreedAlready):
        bazaar.match(need, of=bazaar.rival)
    with pytest.raises(IntegrityError), transaction.atomic():
        Match.objects.create(
            need_id=need.id, partner=bazaar.rival, by_partner=True, state="agreed", made_at=NOW, changed_at=NOW,
            introduced_at=NOW, agreed_at=NOW,
        )  # fmt: skip


def test_a_need_is_open_again_when_nothing_comes_of_talks(bazaar: Bazaar) -> None:
    need = bazaar.need()
    found = bazaar.match(need, far="in_talks")
    services.end_match(actor=bazaar.speaker(), match_id=found.id, words="No hands free.", now=NOW)
    assert (state_of(need.id), match_state(found.id)) == ("published", "ended")
    assert queries.match(found.id, actor=bazaar.librarian()).end_note == ""
    assert queries.match(found.id, actor=bazaar.broker()).end_note == "No hands free."
    with pytest.raises(MatchStateRefused):
        services.start_talks(actor=bazaar.broker(), match_id=found.id, now=NOW)
    again = bazaar.match(need)
    with pytest.raises(MatchedAlready):
        services.invite(actor=bazaar.broker(), need_id=need.id, partner_id=bazaar.company.pk, now=NOW)
    assert again.id != found.id


def test_what_is_laid_aside_is_remembered_and_asks_nobody(bazaar: Bazaar) -> None:
    need, broker = bazaar.need(), bazaar.broker()
    proposal = Proposal(ProposedKind.RECORD, 7, Label("Book", "کتاب", "Sách"), 0.4, features={"words": 0.4})
    for accepted in (False, True):
        assert (
            services.decide_proposal(actor=broker, need_id=need.id, proposal=proposal, accepted=accepted, now=NOW)
            is None
        )
    assert list(Decision.objects.values_list("accepted", "features")) == [(True, {"words": 0.4})]
    assert not Match.objects.exists()


def test_the_clock_asks_to_renew_expires_and_lapses(bazaar: Bazaar) -> None:
    librarian = bazaar.librarian()
    need = bazaar.need(librarian, closes_on=TODAY + 40 * DAY)
    found = bazaar.match(need)
    assert services.sweep(now=NOW + 25 * DAY) == Swept()
    assert services.sweep(now=NOW + 26 * DAY) == Swept(asked_to_renew=1)
    assert services.sweep(now=NOW + 30 * DAY) == Swept(lapsed=1)
    assert Match.objects.get(pk=found.id).end_reason == EndReason.NO_ANSWER
    assert services.sweep(now=NOW + 40 * DAY) == Swept(), "the last day is not over"
    assert services.sweep(now=NOW + 41 * DAY) == Swept(expired=1)
    with pytest.raises(StateRefused):
        bazaar.match(need)
    renewed = services.renew(actor=librarian, posting_id=need.id, now=NOW + 50 * DAY)
    assert (renewed.state, renewed.renewals) == (PostingState.PUBLISHED, 1)
    assert renewed.closes_on == TODAY + 230 * DAY


def test_what_is_in_talks_does_not_expire(bazaar: Bazaar) -> None:
    need = bazaar.need(closes_on=TODAY + 3 * DAY)
    bazaar.match(need, far="in_talks")
    assert services.sweep(now=NOW + 9 * DAY).expired == 0
    assert state_of(need.id) == "in_talks"


def test_one_organisation_submits_so_much(bazaar: Bazaar) -> None:
    librarian = bazaar.librarian()
    for number in range(5):
        bazaar.need(librarian, state="submitted", title=f"Need {number}")
    with pytest.raises(TooManySubmitted) as refused:
        bazaar.need(librarian, state="submitted", title="Need six")
    assert refused.value.facts == {"limit": 5, "which": "waiting"}
    broker = bazaar.broker()
    for one in queries.waiting(broker, now=NOW)[:3]:
        services.refuse(actor=broker, posting_id=one.posting.id, reason=ReviewReason.ADVERTISING, now=NOW)
    with pytest.raises(TooManySubmitted) as refused:
        bazaar.need(librarian, state="submitted", title="Need seven")
    assert refused.value.facts["which"] == "refused"
    with pytest.raises(NotFound):
        queries.posting(Posting.objects.filter(state="closed").values_list("pk", flat=True)[0], actor=VISITOR)


def test_the_same_is_not_said_twice(bazaar: Bazaar) -> None:
    librarian = bazaar.librarian()
    first = bazaar.need(librarian)
    with pytest.raises(SaidAlready) as refused:
        bazaar.need(librarian, state="submitted", title="خواندن کپی های کاربنی")
    assert refused.value.facts == {"posting_id": first.id}
    made = [
        services.add_posting(actor=librarian, organisation_id=bazaar.authority.pk, draft=draft(), now=NOW, key="k").id
        for _ in range(2)
    ]
    assert made[0] == made[1], "a form that is sent twice makes one"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"title": " "}, "title"),
        ({"problem": ""}, "problem"),
        ({"problem": "too short"}, "problem"),
        ({"language": "de"}, "language"),
        ({"readiness": 10}, "readiness"),
        ({"sector": "00"}, "sector"),
        ({"budget_from": 5}, "currency"),
        ({"budget_from": 5, "budget_to": 4, "currency": "IRR"}, "budget_to"),
        ({"wanted_by": TODAY - DAY}, "wanted_by"),
        ({"closes_on": TODAY + 400 * DAY}, "closes_on"),
        ({"region_code": "nowhere"}, "region_code"),
        ({"broker_house_code": ""}, "broker_house_code"),
        ({"broker_house_code": "nowhere"}, "broker_house_code"),
        ({"kind": PostingKind.OFFER, "anonymous": True}, "anonymous"),
    ],
)
def test_a_wrong_draft_is_refused(bazaar: Bazaar, facts: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        bazaar.need(state="draft", **facts)
    assert list(refused.value.facts["fields"]) == [field]
    assert not Posting.objects.exists()


def test_nobody_writes_for_a_house_of_others(bazaar: Bazaar) -> None:
    with pytest.raises(Invalid):
        services.add_posting(
            actor=bazaar.librarian(), organisation_id=bazaar.company.pk, draft=draft(house_code="X-LIB"), now=NOW
        )


def test_evidence_is_what_it_says(bazaar: Bazaar) -> None:
    found = bazaar.match(bazaar.need(), far="agreed")
    for wrong in (
        {"file": b"<html>"}, {"file": b"MZ" * 9}, {"file": b"%PDF-1.7 and no end"}, {"file": b"%PDF-1.7\n/Launch" + PDF},
        {"file": PDF, "file_name": "report.png"}, {"file": b"Words.", "file_name": "report.txt"},
        {"link": "javascript:alert(1)"}, {"words": ""},
    ):  # fmt: skip
        facts: dict[str, Any] = {"words": "Done", "file_name": "report.pdf", **wrong}
        with pytest.raises(Invalid):
            services.tell_outcome(
                actor=bazaar.speaker(), match_id=found.id, kind=OutcomeKind.PILOT_DONE, now=NOW, **facts
            )
    assert not Outcome.objects.exists()
    services.tell_outcome(
        actor=bazaar.speaker(), match_id=found.id, kind=OutcomeKind.PILOT_DONE, now=NOW, words="Done", file=PDF, file_name="report.pdf"
    )  # fmt: skip
    assert Outcome.objects.get().file_name == "report.pdf"


def test_an_organisation_that_withdraws_is_nowhere(bazaar: Bazaar) -> None:
    need = bazaar.need()
    talks = bazaar.match(need, far="in_talks")
    offer = bazaar.offer()
    services.withdraw_organisation(organisation_id=bazaar.company.pk, actor=SYSTEM, now=NOW)
    assert (match_state(talks.id), state_of(need.id), state_of(offer.id)) == ("ended", "published", "closed")
    with pytest.raises(NotFound):
        queries.posting(offer.id, actor=VISITOR)


def test_the_database_keeps_what_services_promise(bazaar: Bazaar) -> None:
    need = bazaar.need()
    found = bazaar.match(need, far="in_talks")
    posting, match = Posting.objects.filter(pk=need.id), Match.objects.filter(pk=found.id)
    for rows, wrong in (
        (posting, {"state": "draft", "kind": "offer"}),
        (posting, {"state": "agreed"}),
        (posting, {"state": "submitted"}),
        (posting, {"title": "Another"}),
        (posting, {"anonymous": True}),
        (posting, {"closes_on": None}),
        (match, {"state": "interested"}),
        (match, {"partner_id": bazaar.rival.pk}),
        (match, {"state": "ended"}),
        (match, {"state": "agreed"}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM exchange_match")
    with pytest.raises(IntegrityError), transaction.atomic():
        Match.objects.create(
            need_id=need.id, partner=bazaar.authority, by_partner=True, state="interested", made_at=NOW, changed_at=NOW
        )
