"""Lending and taking back, through the services."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khaneh.domains.circulation import services
from khaneh.domains.circulation.errors import CopyOnLoan
from khaneh.domains.circulation.models import Loan, Statistic
from khaneh.domains.circulation.types import Override, ReturnedTo
from khaneh.domains.people.models import Card, MemberBlock
from khaneh.domains.policies.types import PolicyRefused
from khaneh.kernel.actor import SYSTEM
from tests.domains.circulation.shelves import NOW, Shelves

pytestmark = pytest.mark.django_db


def card_of(member: object) -> str:
    return Card.objects.get(member=member, state="active").barcode  # type: ignore[misc]


def test_circ_out_1_a_copy_is_lent_and_comes_back_and_nobody_knows_who_read_it(shelves: Shelves) -> None:
    member, copy = shelves.member(), shelves.copy()
    lent = services.check_out(
        actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode, card=card_of(member), now=NOW
    )
    assert (lent.due_at - NOW).days in (13, 14)
    copy.refresh_from_db()
    assert copy.state == "on_loan"
    with pytest.raises(CopyOnLoan):
        services.check_out(
            actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode, card=card_of(shelves.member()), now=NOW
        )
    back = services.check_in(
        actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode, now=NOW + timedelta(days=3)
    )
    assert (back.goes_to, back.fee, back.was_late_days) == (ReturnedTo.SHELF, 0, 0)
    assert Loan.objects.get().member_id is None
    assert [row.category for row in Statistic.objects.order_by("pk")] == ["adult", "adult"]


def test_circ_out_2_a_blocked_member_is_refused_and_a_right_with_a_reason_passes_over_it(shelves: Shelves) -> None:
    member, copy = shelves.member(), shelves.copy()
    MemberBlock.objects.create(member=member, reason="conduct", placed_at=NOW)
    act = {
        "actor": SYSTEM,
        "house_id": shelves.central.pk,
        "barcode": copy.barcode,
        "card": card_of(member),
        "now": NOW,
    }
    with pytest.raises(PolicyRefused) as caught:
        services.check_out(**act)
    assert caught.value.facts["reasons"][0]["code"] == "circulation.member_blocked"
    assert not Loan.objects.exists()
    override = Override(frozenset({"lend_to_blocked"}), "the head of the house agreed")
    assert services.check_out(**act, override=override).loan_id
    assert Loan.objects.get().override == {"rights": ["lend_to_blocked"], "reason": "the head of the house agreed"}


def test_circ_in_1_a_copy_of_another_house_goes_home_and_arrives(shelves: Shelves) -> None:
    copy = shelves.copy(shelves.far)
    came = services.check_in(actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode, now=NOW)
    assert (came.goes_to, came.to_house_id) == (ReturnedTo.TRANSIT_HOME, shelves.far.pk)
    home = services.check_in(actor=SYSTEM, house_id=shelves.far.pk, barcode=copy.barcode, now=NOW + timedelta(days=1))
    assert home.goes_to == ReturnedTo.SHELF
    copy.refresh_from_db()
    assert (copy.state, copy.current_house_id) == ("available", None)


def test_the_statements_of_a_loan_and_a_return(shelves: Shelves) -> None:
    first, second = shelves.copy(), shelves.copy()
    member = shelves.member()
    for copy, limits in ((first, None), (second, (12, 12))):
        with CaptureQueriesContext(
            connection,
        ) as out:
            services.check_out(
                actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode, member_id=member.pk, now=NOW
            )
        with CaptureQueriesContext(connection) as back:
            services.check_in(actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode, now=NOW)
        if limits:
            assert (len(out), len(back)) <= limits, [
                q["sql"][:90] for q in (*out.captured_queries, *back.captured_queries)
            ]
