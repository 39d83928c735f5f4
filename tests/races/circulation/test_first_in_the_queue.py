"""Who is first and has their request in hand at the moment at which a copy comes in is not passed over. Spec: CIRC-CAPTURE."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from khaneh.domains.circulation import services
from khaneh.domains.circulation.models import Request
from khaneh.domains.circulation.services import Move, capturing
from khaneh.domains.circulation.types import RequestLevel, ReturnedTo
from khaneh.kernel.actor import SYSTEM
from tests.domains.circulation.shelves import NOW, Shelves, make_shelves
from tests.races.circulation.desks import meanwhile, sound

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
HOUR = timedelta(hours=1)


@pytest.fixture
def shelves(transactional_db: None) -> Shelves:
    """Three houses, empty, under the rules that ship."""
    services.ensure_policies()
    return make_shelves()


@pytest.mark.parametrize("patient", [True, False], ids=["patient", "control"])
def test_circ_capture_whoever_changes_their_request_keeps_their_turn(
    shelves: Shelves, patient: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Longer than the test holds the request; the control does not wait at all.
    monkeypatch.setattr(capturing, "PATIENCE", 20.0 if patient else 0.0)
    copy = shelves.copy()
    act = {"actor": SYSTEM, "house_id": shelves.central.pk, "barcode": copy.barcode}
    services.check_out(**act, member_id=shelves.member().pk, now=NOW)  # type: ignore[arg-type]
    first, second = (
        services.place_request(
            actor=SYSTEM, member_id=shelves.member().pk, level=RequestLevel.RECORD, target_id=copy.record_id,
            pickup_house_id=shelves.central.pk, now=NOW + turn * HOUR,
        ).request_id
        for turn in (1, 2)
    )  # fmt: skip
    moving = partial(
        services.move_request, actor=SYSTEM, request_id=first, to=Move.USUAL, reason="x", now=NOW + 4 * HOUR
    )
    back = partial(services.check_in, **act, now=NOW + 4 * HOUR)
    _, came = meanwhile(moving, back, before="UPDATE circulation_request")
    assert came.goes_to is ReturnedTo.HOLD_SHELF
    assert came.request_id == (first if patient else second)
    assert Request.objects.get(pk=first).state == ("on_shelf" if patient else "placed")
    assert sound()


def test_circ_capture_whoever_is_being_served_is_passed_over_after_a_moment(shelves: Shelves) -> None:
    """Two copies come in at once: the first reader gets one, and the second does not wait for ever for the other."""
    record = shelves.record()
    copies = [shelves.copy(record=record) for _ in range(2)]
    for copy in copies:
        services.check_out(
            actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode, member_id=shelves.member().pk, now=NOW
        )
    waiting = [
        services.place_request(
            actor=SYSTEM, member_id=shelves.member().pk, level=RequestLevel.RECORD, target_id=record.pk,
            pickup_house_id=shelves.central.pk, now=NOW + turn * HOUR,
        ).request_id
        for turn in (1, 2)
    ]  # fmt: skip
    both = [
        partial(services.check_in, actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode, now=NOW + 4 * HOUR)
        for copy in copies
    ]
    answers = meanwhile(*both, before="UPDATE circulation_request")
    assert [one.request_id for one in answers] == waiting
    assert sound()
