"""Reminders: found each morning of a house from its loans, so that a loan carries no job of its own. Spec: CIRC-TELL."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from khaneh.domains.circulation.models import Loan
from khaneh.domains.circulation.notices import DUE_SOON_DAYS, ENDING_DAYS, OVERDUE_DAYS
from khaneh.domains.circulation.queries import telling
from khaneh.domains.circulation.types import LoanState
from khaneh.domains.network import queries as network
from khaneh.domains.network.queries.clocks import open_house_zones
from khaneh.domains.notices import queries as notice_queries
from khaneh.domains.notices import services as notices
from khaneh.domains.notices.types import Told
from khaneh.domains.people.queries.contacts import memberships_ending
from khaneh.infrastructure import db

# When a house's reminders are found, on its own clock; sending waits for the end of quiet hours anyway.
MORNING = 7
# A morning on which nothing ran is made up for on the next ones.
CATCH_UP = 3
_RECEIPTS = timedelta(hours=6)


def houses_in_the_morning(*, now: datetime) -> list[int]:
    """The houses in service whose clock shows the hour of reminders. One statement."""
    return [pk for pk, zone in open_house_zones().items() if now.astimezone(ZoneInfo(zone)).hour == MORNING]


def remind(*, house_id: int, now: datetime) -> int:
    """Tell the readers of one house what is due soon, overdue for the first, second or third time, and whose membership ends.

    Gives how many notices had not been told before: running again the same day tells nobody twice. About ten statements, whatever the
    number of loans.
    """
    zone = ZoneInfo(network.house_facts(house_id).calendar.zone)
    today = now.astimezone(zone).date()

    def midnight(days: int) -> datetime:
        day = today + timedelta(days=days)
        return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)

    def told(prefix: str, loan: telling.DueLoan, until: datetime | None) -> Told:
        due = loan.due_at.astimezone(zone).date().isoformat()
        facts = {"loan": loan.loan_id, "due": due}
        return Told(loan.member_id, house_id, facts, f"{prefix}:{loan.loan_id}:{due}", until=until)

    with db.transaction():
        soon = telling.due_between(house_id=house_id, first=now, last=midnight(DUE_SOON_DAYS + 1), claimed=True)
        count = notices.tell_many(
            event="circulation.due_soon", told=[told("due_soon", loan, loan.due_at) for loan in soon], now=now
        )
        for number, days in enumerate(OVERDUE_DAYS, 1):
            late = telling.due_between(
                house_id=house_id, first=midnight(-days - CATCH_UP + 1), last=midnight(-days + 1)
            )
            count += notices.tell_many(
                event=f"circulation.overdue_{number}",
                told=[told(f"overdue_{number}", loan, None) for loan in late],
                now=now,
            )
        ending = memberships_ending(
            house_id=house_id, first=today + timedelta(days=ENDING_DAYS - CATCH_UP), last=today + timedelta(ENDING_DAYS)
        )
        count += notices.tell_many(
            event="circulation.membership_ending",
            told=[
                Told(member, house_id, {"member": member, "ends": day.isoformat()}, f"ending:{member}:{day}")
                for member, day in ending.items()
            ],
            now=now,
        )
    return count


def give_receipts(*, now: datetime) -> int:
    """Tell those who asked for receipts what they borrowed in the last hours; gives how many notices are new. Three statements.

    Found from the loans, so that lending costs nothing for those who want none.
    """
    wanting = notice_queries.members_wanting(event="circulation.receipt")
    if not wanting:
        return 0
    lent = telling.lent_since(member_ids=wanting, since=now - _RECEIPTS)
    return notices.tell_many(
        event="circulation.receipt",
        told=[Told(member, house, {"loan": loan}, f"receipt:{loan}") for loan, member, house in lent],
        now=now,
    )


def send_receipt(*, member_id: int, house_id: int, loan_ids: Iterable[int], now: datetime) -> int:
    """Send a receipt of a member's open loans to whoever asked for one at the self-check; gives how many notices are new. Two statements.

    The caller has identified the member; what is not theirs is left out.
    """
    theirs = Loan.objects.filter(pk__in=list(loan_ids), member_id=member_id, state=LoanState.OPEN.value)
    return notices.tell_many(
        event="circulation.receipt_asked",
        told=[
            Told(member_id, house_id, {"loan": loan}, f"receipt_asked:{loan}:{now:%Y-%m-%dT%H:%M}")
            for loan in theirs.order_by("due_at", "pk").values_list("pk", flat=True)
        ],
        now=now,
    )
