"""Statistics: what happened, by what sort of person, and nothing that leads back to one."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from khaneh.domains.circulation.rules.fees import age_band
from khaneh.domains.circulation.types import Act, Channel
from khaneh.domains.network.queries import HouseFacts
from khaneh.domains.people.queries import Standing
from khaneh.infrastructure import db

_COUNT = """
INSERT INTO circulation_statistic (day, act, house_id, home_house_id, category, age_band, item_type, channel)
VALUES (%s, %s, %s, %s::bigint, %s, %s, %s, %s)
"""


def count(
    act: Act, *, house: HouseFacts, member: Standing | None, item_type: str, channel: Channel, now: datetime
) -> None:
    """Count one act on the house's own day. One statement, in the caller's transaction."""
    day = now.astimezone(ZoneInfo(house.calendar.zone)).date()
    db.execute(
        _COUNT,
        [
            day,
            act.value,
            house.id,
            member.home_house_id if member else None,
            member.category if member else "",
            age_band(member.age_on(day)) if member else "",
            item_type,
            channel.value,
        ],
    )
