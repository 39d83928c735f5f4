"""What the database itself keeps: what is published, submitted, spent, decided or entered never changes; no impossible row stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from khaneh.domains.founding import services
from khaneh.domains.founding.models import (
    Assessment,
    Item,
    PassportEntry,
    Proposal,
    Score,
    Spend,
    Standard,
    Task,
)
from tests.domains.founding.yard import NOW, TODAY, Yard

pytestmark = pytest.mark.django_db


def _refused(act: Callable[[], Any]) -> bool:
    try:
        with transaction.atomic():
            act()
    except IntegrityError:
        return True
    return False


def test_a_published_standard_never_changes(yard: Yard) -> None:
    officer = yard.officer()
    draft = yard.standard(by=officer, publish=False)
    own, items = Standard.objects.filter(pk=draft.id), Item.objects.filter(standard_id=draft.id)
    own.update(pass_percent=70)  # the control: a draft does
    items.update(weight=2)
    assert _refused(lambda: own.update(state="retired", published_at=NOW, retired_at=NOW))
    services.publish_standard(actor=officer, standard_id=draft.id, now=NOW)
    changes: tuple[dict[str, Any], ...] = (
        {"pass_percent": 50},
        {"names": {"en": "x"}},
        {"version": 9},
        {"state": "draft", "published_at": None},
    )
    for values in changes:
        assert _refused(partial(own.update, **values)), values
    assert _refused(lambda: items.update(least=0))
    assert _refused(items.earliest("pk").delete)
    assert _refused(own.get().delete)
    assert _refused(lambda: Item.objects.create(standard_id=draft.id, position=9, code="x"))
    services.retire_standard(actor=officer, standard_id=draft.id, now=NOW)
    assert _refused(lambda: own.update(state="published", retired_at=None))


def test_a_standard_without_a_checklist_is_not_published(yard: Yard) -> None:
    made = Standard.objects.create(
        code="bare", version=1, authority=yard.authority, kind="incubator", pass_percent=1, made_at=NOW
    )
    assert _refused(lambda: Standard.objects.filter(pk=made.pk).update(state="published", published_at=NOW))


def test_what_was_submitted_and_decided_stays(yard: Yard) -> None:
    row = yard.fitting()
    own = Proposal.objects.filter(pk=row.id)
    assert _refused(lambda: Score.objects.update(score=0))
    assert _refused(lambda: Score.objects.all().delete())
    assert _refused(lambda: Assessment.objects.update(permille=1000))
    assert _refused(lambda: Assessment.objects.update(state="drafted", submitted_at=None, permille=None))
    changes: tuple[dict[str, Any], ...] = (
        {"permille": 1000}, {"reason": "Other"}, {"despite": True}, {"weighed": {}}, {"state": "open", "opened_on": None},
        {"state": "assessed"}, {"made_at": NOW + timedelta(1)}, {"decided_by_id": row.made_by}, {"budget": None},
    )  # fmt: skip
    for values in changes:
        assert _refused(partial(own.update, **values)), values
    assert _refused(own.get().delete)
    assert _refused(lambda: Proposal.objects.create(
        house_id=row.house.id, standard_id=row.standard.id, plan="x", made_at=NOW, made_key="x", weighed={}, changed_at=NOW
    ))  # fmt: skip


def test_money_and_history_are_only_added_to(yard: Yard) -> None:
    officer = yard.officer()
    row = yard.fitting(budget=100)
    services.spend(actor=officer, proposal_id=row.id, amount=60, receipt="R", spent_on=TODAY, now=NOW)
    assert _refused(lambda: Spend.objects.update(amount=F("amount") - 1))
    assert _refused(Spend.objects.get().delete)
    assert _refused(lambda: Proposal.objects.update(budget=59))
    values = {"proposal_id": row.id, "spent_on": TODAY, "receipt": "R", "noted_at": NOW}
    assert _refused(lambda: Spend.objects.create(amount=41, made_key="a", **values))
    assert _refused(lambda: Spend.objects.create(amount=-1, made_key="b", **values))
    assert _refused(lambda: Task.objects.create(
        proposal_id=row.id, title="x", due_on=TODAY, planned=101, made_key="c", made_at=NOW
    ))  # fmt: skip
    services.open_house(actor=officer, proposal_id=row.id, now=NOW)
    assert _refused(lambda: Spend.objects.create(amount=1, made_key="d", **values))
    assert _refused(lambda: PassportEntry.objects.update(meets=False))
    assert _refused(PassportEntry.objects.get().delete)


def test_a_score_fits_its_item(yard: Yard) -> None:
    row = yard.proposed()
    begun = services.begin(actor=yard.assessor(), proposal_id=row.id, now=NOW)
    item = row.standard.items[0]
    assert _refused(lambda: Score.objects.create(assessment_id=begun.id, item_id=item.id, score=5))
    other = yard.standard(code="other").items[0]
    assert _refused(lambda: Score.objects.create(assessment_id=begun.id, item_id=other.id, score=1))
    Score.objects.create(assessment_id=begun.id, item_id=item.id, score=4)
