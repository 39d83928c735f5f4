"""Two who lend, take back, ask and pay at one moment. Each race has the unlocked control that shows it can be seen. Spec: CIRC-INV."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from khaneh.domains.catalogue.models import Copy
from khaneh.domains.circulation import services
from khaneh.domains.circulation.models import FeeEntry, Loan, Request, Statistic, Target, Transfer
from khaneh.domains.circulation.types import FeeKind, PaymentMethod, RequestLevel, ReturnedTo
from khaneh.domains.people.models import Member
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.money import Money
from tests.domains.circulation.shelves import NOW, Shelves, make_shelves
from tests.races.circulation.desks import Act, kinds, meanwhile, sound

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
HOUR = timedelta(hours=1)
NEW_LOAN, OLD_LOAN = "INSERT INTO circulation_loan", "UPDATE circulation_loan"
OLD_REQUEST, NEW_FEE = "UPDATE circulation_request", "INSERT INTO circulation_fee_entry"


@pytest.fixture
def shelves(transactional_db: None) -> Shelves:
    """Three houses, empty, under the rules that ship."""
    services.ensure_policies()
    return make_shelves()


def lending(shelves: Shelves, copy: Copy, member: Member, now: Any = NOW) -> Act:
    return partial(
        services.check_out,
        actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode, member_id=member.pk, now=now,
    )  # fmt: skip


def returning(house: Any, copy: Copy, now: Any = NOW + HOUR) -> Act:
    return partial(services.check_in, actor=SYSTEM, house_id=house.pk, barcode=copy.barcode, now=now)


def asked(shelves: Shelves, copy: Copy, house: Any = None, **facts: Any) -> int:
    facts = {"member_id": shelves.member().pk, "now": NOW, **facts}
    house = house or shelves.central
    return services.place_request(
        actor=SYSTEM, level=RequestLevel.RECORD, target_id=copy.record_id, pickup_house_id=house.pk, **facts
    ).request_id


def cancelling(number: int) -> Act:
    return partial(services.cancel_request, actor=SYSTEM, request_id=number, now=NOW + HOUR)


def state(row: Any) -> str:
    row.refresh_from_db()
    return str(row.state)


def test_circ_out_3_two_desks_and_one_copy(shelves: Shelves) -> None:
    copy = shelves.copy()
    both = lending(shelves, copy, shelves.member()), lending(shelves, copy, shelves.member())
    assert kinds(meanwhile(*both, before=NEW_LOAN)) == ("Lent", "CopyOnLoan")
    assert (Loan.objects.count(), Statistic.objects.count(), state(copy)) == (1, 1, "on_loan")
    assert sound()


def test_without_locks_only_the_database_stops_the_second_loan_of_a_copy(shelves: Shelves) -> None:
    copy = shelves.copy()
    both = lending(shelves, copy, shelves.member()), lending(shelves, copy, shelves.member())
    assert kinds(meanwhile(*both, before=NEW_LOAN, locked=False)) == ("IntegrityError", "Lent")


@pytest.mark.parametrize("locked", [True, False], ids=["locked", "control"])
def test_circ_out_3_two_desks_and_one_last_permitted_loan(shelves: Shelves, locked: bool) -> None:
    member = shelves.member()
    for _ in range(4):
        lending(shelves, shelves.copy(), member)()
    both = lending(shelves, shelves.copy(), member), lending(shelves, shelves.copy(), member)
    second = "PolicyRefused" if locked else "Lent"
    assert kinds(meanwhile(*both, before=NEW_LOAN, locked=locked)) == ("Lent", second)
    assert Loan.objects.filter(member=member, state="open").count() == (5 if locked else 6)


@pytest.mark.parametrize("locked", [True, False], ids=["locked", "control"])
def test_a_return_during_a_renewal(shelves: Shelves, locked: bool) -> None:
    copy = shelves.copy()
    loan = lending(shelves, copy, shelves.member())().loan_id
    renewing = partial(services.renew, actor=SYSTEM, loan_id=loan, now=NOW + HOUR)
    answers = meanwhile(renewing, returning(shelves.central, copy), before=OLD_LOAN, locked=locked)
    assert kinds(answers) == ("Renewed", "Returned")
    # With locks the renewal came first. Without them what is on its shelf was renewed: its reader believes to have it for two weeks.
    acts = list(Statistic.objects.order_by("pk").values_list("act", flat=True))
    assert acts == (["loan", "renewal", "return"] if locked else ["loan", "return", "renewal"])
    assert (Loan.objects.get().state, state(copy)) == ("returned", "available")


def test_a_renewal_during_a_return(shelves: Shelves) -> None:
    copy = shelves.copy()
    loan = lending(shelves, copy, shelves.member())().loan_id
    renewing = partial(services.renew, actor=SYSTEM, loan_id=loan, now=NOW + HOUR)
    answers = meanwhile(returning(shelves.central, copy), renewing, before=OLD_LOAN)
    assert kinds(answers) == ("Returned", "LoanEnded")
    assert Loan.objects.values_list("renewals", flat=True).get() == 0


@pytest.mark.parametrize("locked", [True, False], ids=["locked", "control"])
def test_circ_capture_one_request_and_two_copies_that_come_back_at_once(shelves: Shelves, locked: bool) -> None:
    record = shelves.record()
    here, there = shelves.copy(shelves.central, record), shelves.copy(shelves.branch, record)
    for copy in (here, there):
        lending(shelves, copy, shelves.member())()
    number = asked(shelves, here)
    both = returning(shelves.central, here), returning(shelves.branch, there)
    first, second = meanwhile(*both, before=OLD_REQUEST, locked=locked)
    assert (first.goes_to, first.request_id) == (ReturnedTo.HOLD_SHELF, number)
    if locked:
        assert (second.goes_to, second.request_id) == (ReturnedTo.SHELF, None)
        assert not Transfer.objects.exists()
        assert sound()
    else:
        assert (second.goes_to, second.request_id) == (ReturnedTo.TRANSIT_TO_READER, number), (
            "two copies for one reader"
        )


def test_circ_capture_two_requests_and_two_copies_that_are_asked_for_crosswise(shelves: Shelves) -> None:
    record = shelves.record()
    here, there = shelves.copy(shelves.central, record), shelves.copy(shelves.branch, record)
    # The nearest is asked for each; the first in the queue takes what is scanned first, whichever was asked for.
    early, late = asked(shelves, here, shelves.branch), asked(shelves, here, shelves.central, now=NOW + HOUR / 2)
    assert dict(Target.objects.values_list("request_id", "copy_id")) == {early: there.pk, late: here.pk}
    both = returning(shelves.central, here), returning(shelves.branch, there)
    answers = meanwhile(*both, before="UPDATE circulation_target")
    assert kinds(answers) == ("Returned", "Returned")
    assert [answer.request_id for answer in answers] == [early, late]
    assert sound()


@pytest.mark.parametrize("locked", [True, False], ids=["locked", "control"])
def test_cancelled_while_it_is_captured(shelves: Shelves, locked: bool) -> None:
    copy = shelves.copy()
    lending(shelves, copy, shelves.member())()
    number = asked(shelves, copy)
    answers = meanwhile(returning(shelves.central, copy), cancelling(number), before=OLD_REQUEST, locked=locked)
    # Without locks only the database stops the desk that puts a copy on the hold shelf for nobody.
    assert kinds(answers) == ("Returned" if locked else "IntegrityError", "NoneType")
    assert Request.objects.get(pk=number).state == "cancelled"
    assert state(copy) == ("available" if locked else "on_loan")
    assert sound()


def test_captured_while_it_is_cancelled(shelves: Shelves) -> None:
    copy = shelves.copy()
    lending(shelves, copy, shelves.member())()
    number = asked(shelves, copy)
    answers = meanwhile(cancelling(number), returning(shelves.central, copy), before=OLD_REQUEST)
    assert kinds(answers) == ("NoneType", "Returned")
    assert (answers[1].goes_to, state(copy)) == (ReturnedTo.SHELF, "available")
    assert sound()


def _travels(shelves: Shelves) -> tuple[Copy, int]:
    """A copy on its way from the central library to a reader at the branch."""
    copy = shelves.copy()
    number = asked(shelves, copy, shelves.branch)
    assert returning(shelves.central, copy)().goes_to is ReturnedTo.TRANSIT_TO_READER
    return copy, number


@pytest.mark.parametrize("locked", [True, False], ids=["locked", "control"])
def test_cancelled_while_it_arrives(shelves: Shelves, locked: bool) -> None:
    copy, number = _travels(shelves)
    arriving = returning(shelves.branch, copy, NOW + 2 * HOUR)
    answers = meanwhile(arriving, cancelling(number), before=OLD_REQUEST, locked=locked)
    assert kinds(answers) == ("Returned" if locked else "IntegrityError", "NoneType")
    assert Request.objects.get(pk=number).state == "cancelled"
    assert state(copy) == ("available" if locked else "in_transit")
    assert sound()


def test_it_arrives_while_it_is_cancelled(shelves: Shelves) -> None:
    copy, number = _travels(shelves)
    arriving = returning(shelves.branch, copy, NOW + 2 * HOUR)
    answers = meanwhile(cancelling(number), arriving, before=OLD_REQUEST)
    assert kinds(answers) == ("NoneType", "Returned")
    assert answers[1].goes_to is ReturnedTo.TRANSIT_HOME, "nobody waits for it any more"
    assert sound()


def _on_shelf(shelves: Shelves) -> tuple[Copy, int, Member]:
    copy, member = shelves.copy(), shelves.member()
    number = asked(shelves, copy, member_id=member.pk)
    assert returning(shelves.central, copy)().goes_to is ReturnedTo.HOLD_SHELF
    return copy, number, member


@pytest.mark.parametrize("turned", [False, True], ids=["lent first", "cancelled first"])
def test_cancelled_while_it_is_collected(shelves: Shelves, turned: bool) -> None:
    copy, number, member = _on_shelf(shelves)
    acts = lending(shelves, copy, member, NOW + 2 * HOUR), cancelling(number)
    if turned:
        assert kinds(meanwhile(*reversed(acts), before=OLD_REQUEST)) == ("NoneType", "Lent")
    else:
        assert kinds(meanwhile(*acts, before=OLD_REQUEST)) == ("Lent", "RequestEnded")
    assert Request.objects.get(pk=number).state == ("cancelled" if turned else "fulfilled")
    assert state(copy) == "on_loan"
    assert sound()


@pytest.mark.parametrize("turned", [False, True], ids=["scanned first", "cancelled first"])
def test_cancelled_while_its_copy_is_scanned_on_the_hold_shelf(shelves: Shelves, turned: bool) -> None:
    copy, number, _ = _on_shelf(shelves)
    acts = returning(shelves.central, copy, NOW + 2 * HOUR), cancelling(number)
    if turned:
        acts = acts[1], acts[0]
    assert set(kinds(meanwhile(*acts, before=OLD_REQUEST))) == {"Returned", "NoneType"}
    assert Request.objects.get(pk=number).state == "cancelled"
    assert state(copy) == "available"
    assert sound()


def test_cancelled_while_the_copy_that_was_asked_for_is_given_to_another(shelves: Shelves) -> None:
    copy = shelves.copy()
    early, late = shelves.member(), asked(shelves, copy, now=NOW)
    first = asked(shelves, copy, member_id=early.pk, now=NOW - HOUR)
    assert Target.objects.get(state="asked").request_id == late
    answers = meanwhile(cancelling(late), returning(shelves.central, copy), before="UPDATE circulation_target")
    assert kinds(answers) == ("NoneType", "Returned")
    assert answers[1].request_id == first
    assert sound()


def test_cancelled_while_a_house_says_that_its_copy_is_not_there(shelves: Shelves) -> None:
    number = asked(shelves, shelves.copy())
    target = Target.objects.get(request_id=number).pk
    looking = partial(services.not_on_shelf, actor=SYSTEM, target_id=target, now=NOW + HOUR)
    answers = meanwhile(cancelling(number), looking, before="UPDATE circulation_target")
    assert kinds(answers) == ("NoneType", "RequestEnded")
    assert sound()


def test_cancelled_while_a_round_gives_a_silent_house_up(shelves: Shelves) -> None:
    number = asked(shelves, shelves.copy())
    round_ = partial(services.target_waiting, now=NOW + timedelta(days=5))
    answers = meanwhile(round_, cancelling(number), before="UPDATE circulation_target")
    assert kinds(answers) == ("Targeted", "NoneType")
    assert Request.objects.get(pk=number).state == "cancelled"
    assert sound()


def _found_again(shelves: Shelves) -> tuple[Copy, int]:
    """A copy that a reader waits for and nobody was asked for yet: it was missing, and was found by being read."""
    copy = shelves.copy()
    number = asked(shelves, copy)
    services.not_on_shelf(actor=SYSTEM, target_id=Target.objects.get(request_id=number).pk, now=NOW)
    services.use_in_house(actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode, now=NOW)
    # The house that did not find it is asked for it again when its answer is forgotten.
    Target.objects.update(state="withdrawn")
    return copy, number


@pytest.mark.parametrize(
    "before", ["UPDATE circulation_request SET state = 'targeted'", "SELECT id FROM catalogue_copy"]
)
def test_a_copy_comes_in_while_a_round_asks_for_it(shelves: Shelves, before: str) -> None:
    copy, number = _found_again(shelves)
    round_ = partial(services.target_waiting, now=NOW + HOUR)
    answers = meanwhile(round_, returning(shelves.central, copy, NOW + HOUR), before=before)
    assert kinds(answers) == ("Targeted", "Returned")
    assert answers[1].request_id == number
    assert sound()


@pytest.mark.parametrize(
    "before", ["UPDATE circulation_request SET state = 'targeted'", "SELECT id FROM catalogue_copy"]
)
def test_a_copy_is_lent_while_a_round_asks_for_it(shelves: Shelves, before: str) -> None:
    copy, _ = _found_again(shelves)
    round_ = partial(services.target_waiting, now=NOW + HOUR)
    answers = meanwhile(round_, lending(shelves, copy, shelves.member(), NOW + HOUR), before=before)
    # Who comes to the desk after the house was asked finds the copy reserved; who came before has it.
    assert kinds(answers) == ("Targeted", "Lent" if before.startswith("SELECT") else "PolicyRefused")
    assert sound()


@pytest.mark.parametrize("locked", [True, False], ids=["locked", "control"])
def test_circ_fee_4_one_debt_paid_at_two_desks(shelves: Shelves, locked: bool) -> None:
    member = shelves.member()
    act: dict[str, Any] = {"actor": SYSTEM, "house_id": shelves.central.pk, "member_id": member.pk, "now": NOW}
    services.charge(**act, kind=FeeKind.OTHER, amount=Money(5_000, "IRR"))
    paying = partial(services.pay, **act, amount=Money(5_000, "IRR"), method=PaymentMethod.CASH)
    answers = meanwhile(paying, paying, before=NEW_FEE, locked=locked)
    assert kinds(answers) == ("int", "PaymentTooHigh" if locked else "int")
    assert sum(FeeEntry.objects.values_list("amount", flat=True)) == (0 if locked else -5_000)
