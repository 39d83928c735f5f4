"""What a machine did without a line, told over two lines at one moment: done once, and no person is asked. Spec: CIRC-SIP-1, CIRC-SIP-2."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from khaneh.domains.circulation import services
from khaneh.domains.circulation.models import Conflict, Loan, Statistic, StrayReturn, TerminalAnswer
from khaneh.domains.circulation.types import TerminalKind
from khaneh.formats.sip2 import messages as m
from khaneh.interfaces.protocols.sip2 import dispatch, session
from khaneh.kernel.actor import SYSTEM
from tests.domains.circulation.shelves import NOW, Shelves, make_shelves
from tests.interfaces.protocols.conftest import Clock, Machine, card_of
from tests.races.circulation.desks import Act, meanwhile, sound

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
# The machine had no line from noon on; in Tehran.
OUT, BACK = "20260302    120500", "20260302    121000"
DUE = "20260316    200000"
OLD_LOAN = "UPDATE circulation_loan"
Line = Callable[[], Machine]


@pytest.fixture
def shelves(transactional_db: None) -> Shelves:
    """Three houses, empty, under the rules that ship."""
    services.ensure_policies()
    return make_shelves()


@pytest.fixture
def line(shelves: Shelves) -> Line:
    """Opens another line of the same machine, signed in; an hour has passed since the messages."""
    session._ADDRESSES._wrong.clear()
    _, password = services.add_terminal(
        actor=SYSTEM, house_id=shelves.central.pk, name="front", kind=TerminalKind.SELF_CHECK, encoding="utf-8",
        language="en", asks_pin=False, now=NOW,
    )  # fmt: skip
    clock = Clock(NOW + timedelta(hours=1))

    def opened() -> Machine:
        made = dispatch.open_session("test")
        made._clock = clock
        machine = Machine(made)
        assert machine.send(m.Login(user="front", password=password)).ok == "1"
        return machine

    return opened


@pytest.fixture(params=[True, False], ids=["locked", "control"])
def locked(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether a message is claimed before it is done; the control does it however often it is told. Rows are held in both."""
    if not request.param:

        def unclaimed(*, act: Callable[[], dict[str, Any]], **_: Any) -> tuple[dict[str, Any], bool]:
            return act(), False

        monkeypatch.setattr(session.services, "answer_once", unclaimed)
    return bool(request.param)


def telling(line: Line, message: m.Message) -> Act:
    return partial(line().send, message)


def test_circ_sip_2_a_loan_told_over_two_lines(shelves: Shelves, line: Line, locked: bool) -> None:
    copy, member = shelves.copy(), shelves.member()
    told = m.CheckOut(at=OUT, patron=card_of(member), item=copy.barcode, no_block="Y", offline_due=DUE)
    answers = meanwhile(telling(line, told), telling(line, told), before="INSERT INTO circulation_loan")
    assert {one.ok for one in answers} == {"1"}, "the machine is told yes: the copy has left"
    assert Loan.objects.get().member_id == member.pk
    if locked:
        assert answers[0] == answers[1]
        assert TerminalAnswer.objects.count() == 1
    # It has come back when the machine, which heard no answer, tells it again: without the claim it is lent to a reader who brought it back.
    services.check_in(actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode, now=NOW + timedelta(hours=1))
    assert telling(line, told)().ok == "1"
    assert Loan.objects.filter(state="open").count() == (0 if locked else 1)
    assert not Conflict.objects.exists()
    assert sound()


def test_circ_sip_2_a_return_told_over_two_lines(shelves: Shelves, line: Line, locked: bool) -> None:
    copy, member = shelves.copy(), shelves.member()
    services.check_out(
        actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode, member_id=member.pk,
        now=NOW - timedelta(days=3),
    )  # fmt: skip
    told = m.CheckIn(at=BACK, item=copy.barcode, returned=BACK, no_block="Y")
    both = telling(line, told), telling(line, told)
    answers = meanwhile(*both, before=OLD_LOAN)
    assert {one.ok for one in answers} == {"1"}
    assert (Loan.objects.get().state, Conflict.objects.count()) == ("returned", 0)
    # Without the claim it comes in a second time, from nobody: a loan that arrives later from another machine would end with that.
    assert (Statistic.objects.filter(act="return").count(), StrayReturn.objects.count()) == (1, 0 if locked else 1)
    assert sound()
