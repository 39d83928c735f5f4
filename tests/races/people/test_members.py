"""Two who act on members at once: one card, one pair of memberships, one circle of guardians. Each with the unlocked control that shows
the race can be seen.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction

from khaneh.domains.people import services
from khaneh.domains.people.errors import CannotMerge, CardHeldAlready, CardTaken, GuardianshipCycle, PossibleDuplicate
from khaneh.domains.people.models import Card, Guardianship, Member, MemberMerge
from khaneh.domains.people.services import members_guardians
from khaneh.domains.people.types import CardState, GuardianshipKind
from khaneh.infrastructure import db
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.refusal import Refusal
from tests.domains.people.membership import NOW, Club, make_club

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def club(transactional_db: None) -> Club:
    return make_club()


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each act gave or raised; all begin at the same moment, each in a connection of its own."""
    gate = threading.Barrier(len(acts))
    answers: list[Any] = [None] * len(acts)

    def run(turn: int, act: Callable[[], Any]) -> None:
        gate.wait()
        try:
            answers[turn] = act()
        except Refusal as refusal:
            answers[turn] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(turn, act)) for turn, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def kinds(answers: list[Any]) -> set[type]:
    return {type(answer) for answer in answers}


def test_two_desks_give_one_barcode_to_two_members(club: Club) -> None:
    for turn in range(8):
        one, other = (club.register().member_id for _ in range(2))
        code = f"CARD-{turn:04}"
        facts: dict[str, Any] = {"actor": SYSTEM, "house_id": club.central.pk, "now": NOW, "barcode": code}
        answers = at_once(*(partial(services.replace_card, member_id=member, **facts) for member in (one, other)))
        assert kinds(answers) == {str, CardTaken}
        assert Card.objects.filter(barcode=code, state=CardState.ACTIVE).count() == 1
        # Who was refused keeps the card they had.
        assert Card.objects.filter(member_id__in=(one, other), state=CardState.ACTIVE).count() == 2


def test_two_desks_give_one_member_a_card(club: Club) -> None:
    for _ in range(8):
        member = club.register().member_id
        services.close_card(actor=SYSTEM, member_id=member, now=NOW)
        act = partial(services.issue_card, actor=SYSTEM, member_id=member, house_id=club.central.pk, now=NOW)
        assert kinds(at_once(act, act)) == {str, CardHeldAlready}
        assert Card.objects.filter(member_id=member, state=CardState.ACTIVE).count() == 1


def test_two_merge_the_same_pair_in_both_directions(club: Club) -> None:
    for _ in range(8):
        one, other = (club.register().member_id for _ in range(2))
        merge = partial(services.merge_members, actor=SYSTEM, now=NOW)
        answers = at_once(partial(merge, kept_id=one, gone_id=other), partial(merge, kept_id=other, gone_id=one))
        assert kinds(answers) == {type(None), CannotMerge}
        assert MemberMerge.objects.filter(gone_id__in=(one, other)).count() == 1
        assert Member.objects.filter(pk__in=(one, other), state="active").count() == 1


def test_two_desks_register_one_person(club: Club) -> None:
    for turn in range(6):
        draft = club.draft(given_name="Twin", family_name=f"Number{turn}")
        act = partial(services.register_member, actor=SYSTEM, draft=draft, now=NOW)
        answers = at_once(act, act)
        assert PossibleDuplicate in kinds(answers)
        assert Member.objects.filter(family_name=f"Number{turn}").count() == 1


def circles(club: Club) -> list[Any]:
    """Four members, two guardianships that stand, and two that would close the circle from its two ends at once."""
    one, two, three, four = (club.register().member_id for _ in range(4))

    def bind(guardian: int, ward: int) -> int:
        return services.add_guardian(
            actor=SYSTEM, guardian_id=guardian, ward_id=ward, kind=GuardianshipKind.PROXY, now=NOW
        )

    bind(one, two)
    bind(three, four)
    return at_once(lambda: bind(two, three), lambda: bind(four, one))


def test_a_circle_is_not_closed_from_its_two_ends(club: Club) -> None:
    for _ in range(8):
        assert kinds(circles(club)) == {int, GuardianshipCycle}


def test_without_the_lock_this_test_sees_the_circle(club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = threading.Barrier(2, timeout=30)
    create = Guardianship.objects.create

    def slowly(**facts: Any) -> Guardianship:
        gate.wait()  # both have looked, neither has written
        return create(**facts)

    ids = [club.register().member_id for _ in range(4)]
    for guardian, ward in ((0, 1), (2, 3)):
        services.add_guardian(
            actor=SYSTEM, guardian_id=ids[guardian], ward_id=ids[ward], kind=GuardianshipKind.PROXY, now=NOW
        )
    monkeypatch.setattr(db, "lock", lambda *things: None)
    monkeypatch.setattr(members_guardians.Guardianship.objects, "create", slowly)

    def bind(guardian: int, ward: int) -> int:
        return services.add_guardian(
            actor=SYSTEM, guardian_id=ids[guardian], ward_id=ids[ward], kind=GuardianshipKind.PROXY, now=NOW
        )

    assert kinds(at_once(lambda: bind(1, 2), lambda: bind(3, 0))) == {int}


def test_without_the_rows_held_this_test_sees_two_merges(club: Club) -> None:
    """What `merge_members` looks at is not enough alone: two that look before either writes both find nothing."""
    one, other = (club.register().member_id for _ in range(2))
    gate = threading.Barrier(2, timeout=30)

    def look(kept: int, gone: int) -> bool:
        with transaction.atomic():
            free = not MemberMerge.objects.filter(gone_id__in=(kept, gone)).exists()
            gate.wait()
            if free:
                MemberMerge.objects.create(kept_id=kept, gone_id=gone, merged_at=NOW)
            return free

    assert at_once(lambda: look(one, other), lambda: look(other, one)) == [True, True]
