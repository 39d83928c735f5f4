"""The desk and the reader's account in the last hour of a year and the first of the next: each day shown is the house's, not the server's."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from khaneh.domains.circulation import services
from khaneh.domains.circulation.models import FeeEntry, Loan
from khaneh.domains.network.models import House
from khaneh.domains.network.queries import facts
from khaneh.domains.people.models import Account, Member
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.calendars import JalaliDate, show_short_date
from khaneh.kernel.calendars.days import Calendar
from tests.interfaces.web import network_data
from tests.interfaces.web.desk import desk_data, lending_data

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
DESK = "/desk/circulation/"
_NEXT = datetime.now(UTC).year + 1
NIGHTS = {
    "31 December": ("Asia/Ho_Chi_Minh", date(_NEXT, 12, 31)),
    "29 Esfand": ("Asia/Tehran", JalaliDate(JalaliDate.from_gregorian(date(_NEXT, 6, 1)).year, 12, 29).to_gregorian()),
}
Clock = Callable[[int, int, int], datetime]


@pytest.fixture(params=NIGHTS.values(), ids=list(NIGHTS))
def night(request: pytest.FixtureRequest, db: None) -> tuple[ZoneInfo, date]:
    """The zone of the house and the day that ends; a reader whose card ends with it, three copies."""
    zone, day = request.param
    network_data.load()
    desk_data.staff()
    lending_data.load()
    House.objects.update(time_zone=zone)
    facts._kept.clear()
    Member.objects.update(expires_on=day, joined_on=day - 300 * DAY)
    return ZoneInfo(zone), day


@pytest.fixture
def clock(night: tuple[ZoneInfo, date], monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Sets the clock of the pages: so many days after the last of the year, at a time of the house."""
    zone, day = night

    def set_to(days: int, hour: int, minute: int) -> datetime:
        then = day + days * DAY
        instant = datetime(then.year, then.month, then.day, hour, minute, tzinfo=zone).astimezone(UTC)
        monkeypatch.setattr(timezone, "now", lambda: instant)
        return instant

    return set_to


def window(email: str) -> Client:
    client = Client(headers={"accept-language": "fa"})
    client.force_login(Account.objects.get(email=email), backend="django.contrib.auth.backends.ModelBackend")
    return client


def shown(day: date) -> str:
    return show_short_date(day, language="fa", calendar=Calendar.JALALI)


def test_the_desk_lends_to_the_last_minute_of_the_card_and_says_so(night: tuple[ZoneInfo, date], clock: Clock) -> None:
    _, day = night
    member = Member.objects.get().pk
    clock(0, 23, 30)
    desk = window("librarian@example.org")
    page = desk.get(DESK, {"house": "NA-LIB", "member": member}).content.decode()
    assert 'badge--bad">' not in page
    desk.post(DESK, {"house": "NA-LIB", "member": member, "scan": "C00000000"})
    assert Loan.objects.count() == 1
    clock(1, 0, 30)
    page = desk.get(DESK, {"house": "NA-LIB", "member": member}).content.decode()
    assert re.search(rf'badge--bad">[^<]*{shown(day)}', page), "the badge and the words say the same"
    assert 'data-tone="bad"' in page
    desk.post(DESK, {"house": "NA-LIB", "member": member, "scan": "C00000001"})
    assert Loan.objects.count() == 1
    assert f'value="{day + DAY}"' in desk.get(reverse("desk-run-new"), {"house": "NA-LIB"}).content.decode()


def test_a_fee_stands_under_the_houses_day(night: tuple[ZoneInfo, date], clock: Clock) -> None:
    _, day = night
    member, house = Member.objects.get(), House.objects.get(code="NA-LIB").pk
    Member.objects.update(account=Account.objects.get(email="reader@example.org"), keep_history=True)
    for days, at in ((0, (23, 30)), (1, (0, 30))):
        now = clock(days, *at)
        began = now - 40 * DAY
        copy = lending_data.copies_of(1, house=house, first=500 + days)[0]
        lent = services.check_out(actor=SYSTEM, house_id=house, barcode=copy, member_id=member.pk, now=began)
        Loan.objects.filter(pk=lent.loan_id).update(
            terms={"fee_per_day": [1_000, "VND"], "grace_days": 0}, due_at=now - 3 * DAY
        )
        services.check_in(actor=SYSTEM, house_id=house, barcode=copy, now=now)
        assert FeeEntry.objects.count() == days + 1
    desk, reader = window("librarian@example.org"), window("reader@example.org")
    for page in (
        desk.get(DESK, {"house": "NA-LIB", "member": member.pk}).content.decode(),
        reader.get(reverse("account-fees")).content.decode(),
        reader.get(reverse("account-history")).content.decode(),
    ):
        assert shown(day) in page
        assert shown(day + DAY) in page
        assert shown(day - DAY) not in page
    table = reader.get(reverse("account-history-file")).content.decode()
    assert f",{day}," in table
    assert f",{day + DAY}," in table
