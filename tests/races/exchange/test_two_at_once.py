"""Two who decide at one moment: brokers, both sides of a match, one organisation in two windows. Each race with its unlocked control."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from khaneh.domains.exchange import services
from khaneh.domains.exchange.models import Gathering, Match, Posting, Review
from khaneh.domains.exchange.types import GatheringDecision, ReviewReason
from khaneh.domains.network.types import Role
from tests.domains.exchange.bazaar import NOW, Bazaar, make_bazaar, match_state, state_of
from tests.races.circulation.desks import kinds, meanwhile

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
LOCKED = pytest.mark.parametrize("locked", [True, False], ids=["locked", "control"])


@pytest.fixture
def bazaar(transactional_db: None) -> Bazaar:
    """A library, its brokers, companies."""
    return make_bazaar()


@LOCKED
def test_two_brokers_review_one_need(bazaar: Bazaar, locked: bool) -> None:
    need = bazaar.need(state="submitted")
    publishing = partial(services.approve, actor=bazaar.broker(), posting_id=need.id, now=NOW)
    refusing = partial(services.refuse, actor=bazaar.broker(), posting_id=need.id, reason=ReviewReason.UNCLEAR, now=NOW)
    answers = kinds(meanwhile(publishing, refusing, before="INSERT INTO exchange_review", locked=locked))
    # Without locks both believe that it waits, and the database stops the one that comes later.
    assert answers == (("PostingRow", "StateRefused") if locked else ("IntegrityError", "PostingRow"))
    assert state_of(need.id) == ("published" if locked else "closed")
    assert Review.objects.count() == 1


@LOCKED
def test_two_companies_are_agreed_with_at_once(bazaar: Bazaar, locked: bool) -> None:
    need = bazaar.need()
    both = []
    for company in (bazaar.company, bazaar.rival):
        partner = bazaar.speaker(company)
        found = bazaar.match(need, far="in_talks", of=company, partner=partner)
        services.propose_text(
            actor=bazaar.librarian(), match_id=found.id, text="Both agree.", language="en", template="pilot", now=NOW
        )
        both.append(partial(services.accept_text, actor=partner, match_id=found.id, version=1, now=NOW))
    answers = kinds(meanwhile(*both, before="UPDATE exchange_agreement", locked=locked))
    assert answers == (("AgreedAlready", "MatchRow") if not locked else ("MatchRow", "AgreedAlready")) or (
        not locked and answers == ("IntegrityError", "MatchRow")
    )
    assert Match.objects.filter(state="agreed").count() == 1
    assert state_of(need.id) == "agreed"


@LOCKED
def test_an_introduction_while_the_company_leaves(bazaar: Bazaar, locked: bool) -> None:
    found = bazaar.match(bazaar.need())
    bringing = partial(services.introduce, actor=bazaar.broker(), match_id=found.id, now=NOW)
    leaving = partial(services.end_match, actor=bazaar.speaker(), match_id=found.id, now=NOW)
    answers = kinds(meanwhile(bringing, leaving, before="UPDATE exchange_match", locked=locked))
    assert answers == (("MatchRow", "NoneType") if locked else ("IntegrityError", "NoneType"))
    assert match_state(found.id) == "ended"


@LOCKED
def test_one_organisation_submits_in_two_windows(bazaar: Bazaar, locked: bool) -> None:
    librarian = bazaar.librarian()
    for number in range(4):
        bazaar.need(librarian, state="submitted", title=f"Need {number}")
    both = [
        partial(
            services.submit, actor=librarian, posting_id=bazaar.need(librarian, state="draft", title=title).id, now=NOW
        )
        for title in ("The fifth", "The sixth")
    ]
    answers = kinds(meanwhile(*both, before="UPDATE exchange_posting", locked=locked))
    # Without the organisation's lock each sees four others, and six wait.
    assert answers == (("PostingRow", "TooManySubmitted") if locked else ("PostingRow", "PostingRow"))
    assert Posting.objects.filter(state="submitted").count() == (5 if locked else 6)


@LOCKED
def test_two_decide_what_becomes_of_repeated_needs(bazaar: Bazaar, locked: bool) -> None:
    bazaar.need()
    bazaar.need(bazaar.speaker(bazaar.authority), house_code="", title="Again")
    later = NOW + timedelta(days=61)
    services.gather_needs(now=later)
    bazaar._with(Role.TRAINER, house=bazaar.centre)
    decide = partial(
        services.decide_gathering, actor=bazaar.broker(), gathering_id=Gathering.objects.get().pk, now=later
    )
    both = [
        partial(decide, decision=GatheringDecision.COURSE, house_code="X-INN"),
        partial(decide, decision=GatheringDecision.ASIDE, note="Too early"),
    ]
    answers = kinds(meanwhile(*both, before='UPDATE "exchange_gathering"', locked=locked))
    # Without the lock both believe that it waits, and the database stops the one that comes later.
    assert answers == (("GatheringRow", "GatheringDecided") if locked else ("IntegrityError", "GatheringRow"))
    assert Gathering.objects.get().decision == ("course" if locked else "aside")
