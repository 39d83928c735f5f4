"""Using what is shared: a place is booked, a mentor's time is taken. Hours are counted under the sharing's own lock, whoever else holds what."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from khaneh.domains.networking.errors import SharedHoursUsedUp, SharingNotForThis
from khaneh.domains.networking.models import Sharing
from khaneh.domains.networking.queries.sharing import covers, homes_of, reaches, used_minutes
from khaneh.domains.networking.types import Shared, SharingState
from khaneh.domains.residencies.types import SessionWish
from khaneh.domains.spaces.types import SharedUse
from khaneh.infrastructure import db
from khaneh.kernel.money import Money


def terms_of_sharing(use: SharedUse) -> Money | None:
    """What an hour of a place costs by a sharing (None: nothing), for whom it is meant and while its hours last.

    Asked by `spaces` within its act. Six statements. Raises SharingNotForThis, SharedHoursUsedUp.
    """
    hold_sharings([use.sharing_id])
    one = Sharing.objects.filter(pk=use.sharing_id).first()
    if one is None or one.space_id != use.space_id or not covers(one, use.starts):
        raise SharingNotForThis
    homes = homes_of(account_id=use.account_id, organisation_id=use.organisation_id)
    if not any(reaches(one, home) for home in homes):
        raise SharingNotForThis
    _refuse_over(one, use.starts, use.ends, except_id=use.except_id)
    return Money(one.price_amount, one.price_currency) if one.price_amount is not None else None


def count_session(wish: SessionWish, *, now: datetime) -> None:
    """A mentor's hours that are shared with a house last for a month. Who is not shared with it is asked by nobody. At most three statements.

    Registered with `residencies`. Raises SharedHoursUsedUp.
    """
    found = Sharing.objects.filter(
        what=Shared.MENTOR.value, mentor_id=wish.mentor_id, state=SharingState.ACTIVE.value
    ).order_by(F("to_house").asc(nulls_last=True), F("to_region").asc(nulls_last=True), "pk")
    mine = [one for one in found if reaches(one, wish.house_id) and covers(one, wish.starts)]
    if mine:
        hold_sharings([mine[0].pk])
        # Whoever ended it meanwhile has taken its hours away with it.
        mine[0].refresh_from_db()
        if covers(mine[0], wish.starts):
            _refuse_over(mine[0], wish.starts, wish.ends, except_id=None)


def hold_sharings(sharing_ids: list[int]) -> None:
    """Hold sharings until the transaction ends: after all that `spaces` and `residencies` hold. One statement."""
    db.lock(*(("networking.sharing", number) for number in sharing_ids))


def _refuse_over(one: Sharing, starts: datetime, ends: datetime, *, except_id: int | None) -> None:
    wanted = int((ends - starts).total_seconds()) // 60
    used = used_minutes([one], at=starts, except_id=except_id).get(one.pk, 0)
    if used + wanted > one.minutes:
        raise SharedHoursUsedUp(minutes=one.minutes, left=max(0, one.minutes - used))
