"""Who follows is told of what is new once, of nothing that is withdrawn, and of nobody who wants to be anonymous."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from khaneh.domains.networking import notices, queries, services
from khaneh.domains.networking.errors import TooMuchFollowed
from khaneh.domains.networking.models import Digest, News, Subscription
from khaneh.domains.networking.queries.news import news_items
from khaneh.domains.networking.rules.due import next_after
from khaneh.domains.networking.services import following
from khaneh.domains.networking.types import Followed, Frequency, NewsKind
from khaneh.domains.notices.models import Notice
from khaneh.domains.notices.services import gather, send_due
from khaneh.domains.people.models import Account
from khaneh.domains.profiles import services as profiles
from khaneh.infrastructure.outgoing import Handed, Outcome
from khaneh.kernel.refusal import NotAllowed, NotFound
from tests.domains.networking.fair import DAY, WEEK, Fair
from tests.domains.residencies.centre import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + WEEK


def follow(fair: Fair, *things: tuple[Followed, str], **facts: Any) -> tuple[Any, int]:
    """Somebody who follows these, and the number of what they follow."""
    who = facts.pop("who", None) or fair.person()
    for what, code in things:
        row = services.follow(actor=who, what=what, code=code, now=NOW, **facts)
    return who, row.id


def told(subscription_id: int) -> list[list[str]]:
    """The names of what each digest said, the first digest first."""
    names = {pk: item.names.en for pk, item in _items().items()}
    return [
        sorted(names.get(number, "—") for number in one.news)
        for one in Digest.objects.filter(subscription_id=subscription_id).order_by("number")
    ]


def _items() -> Any:
    return news_items(News.objects.all(), now=NOW)


def test_a_digest_says_what_is_new_in_a_sector_and_region_and_never_again(fair: Fair) -> None:
    who, number = follow(fair, (Followed.SECTOR, "C"), (Followed.REGION, "X-QM"))
    wanted, _ = fair.company("2651")
    fair.company("6201")
    fair.company("2651", region=fair.centre.house.region)
    assert [item.names.en for item in queries.preview(number, actor=who, now=NOW)] == [wanted.names["en"]]
    assert services.make_digests(now=NOW + DAY) == 0
    assert services.make_digests(now=LATER) == 1
    assert services.make_digests(now=LATER) == 0
    assert told(number) == [[wanted.names["en"]]]
    assert queries.preview(number, actor=who, now=LATER) == []
    # Nothing new: nothing is said. Hidden and shown again is nothing new.
    services.make_digests(now=LATER + WEEK)
    again, speaker = fair.company("2652")
    profiles.hide(actor=speaker, organisation_id=again.pk, now=LATER)
    profiles.publish(actor=speaker, organisation_id=again.pk, now=LATER)
    services.make_digests(now=LATER + 2 * WEEK)
    profiles.hide(actor=speaker, organisation_id=again.pk, now=LATER)
    profiles.publish(actor=speaker, organisation_id=again.pk, now=LATER)
    services.make_digests(now=LATER + 3 * WEEK)
    assert told(number) == [[wanted.names["en"]], [again.names["en"]]]
    assert Notice.objects.filter(event="networking.digest").count() == 2


def test_a_crash_between_digest_and_notice_neither_doubles_nor_loses(fair: Fair, monkeypatch: Any) -> None:
    _, number = follow(fair, (Followed.SECTOR, "C"))
    company, _ = fair.company("2651")

    def killed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(notices, "tell_digests", killed)
        with pytest.raises(KeyboardInterrupt), transaction.atomic():
            services.make_digests(now=LATER)
    assert not Digest.objects.exists()
    assert services.make_digests(now=LATER) == 1
    assert told(number) == [[company.names["en"]]]
    assert Notice.objects.filter(event="networking.digest").count() == 1
    # And PostgreSQL keeps two digests from telling of the same turns.
    first = Digest.objects.get()
    with pytest.raises(IntegrityError, match="networking_digest_apart"), transaction.atomic():
        Digest.objects.create(
            subscription_id=number, number=9, turns=(first.turns.upper - 1, first.turns.upper), news=[1], made_at=NOW
        )


def test_what_is_committed_late_is_told_all_the_same(fair: Fair) -> None:
    """A row with a lower number that was not to be seen when others got their turns gets a later one."""
    _, number = follow(fair, (Followed.SECTOR, "C"))
    late, speaker = fair.company("2651", shown=False)
    early, _ = fair.company("2651")
    services.make_digests(now=LATER)
    # As if it had been written before, and committed only now.
    News.objects.create(pk=News.objects.get().pk - 1, kind="company", thing_id=late.pk, at=NOW)
    profiles.publish(actor=speaker, organisation_id=late.pk, now=NOW)
    services.make_digests(now=LATER + WEEK)
    assert told(number) == [[early.names["en"]], [late.names["en"]]]


def test_a_letter_says_what_is_true_when_it_is_sent(fair: Fair) -> None:
    fair.company("2651")
    gone, speaker = fair.company("2652")
    _, number = follow(fair, (Followed.SECTOR, "C"))
    services.make_digests(now=LATER)
    profiles.withdraw(actor=speaker, organisation_id=gone.pk, now=LATER)
    (letter,) = sent(LATER)
    secret = Subscription.objects.get(pk=number).secret
    assert gone.names["en"] not in letter["plain"]
    assert "Company: Nomso" in letter["plain"]
    assert letter["leave"].endswith(f"/digests/{secret}/stop")


def test_nothing_is_sent_of_which_nothing_stands_or_that_is_wanted_no_more(fair: Fair) -> None:
    gone, speaker = fair.company("2652")
    follow(fair, (Followed.SECTOR, "C"))
    fair.company("0111")
    _, other = follow(fair, (Followed.SECTOR, "A"))
    services.make_digests(now=LATER)
    assert Digest.objects.count() == 2
    profiles.withdraw(actor=speaker, organisation_id=gone.pk, now=LATER)
    services.stop_by_secret(secret=Subscription.objects.get(pk=other).secret, now=LATER)
    assert sent(LATER) == []
    # What was followed stays, and one may come back.
    assert Subscription.objects.get(pk=other).frequency == "never"
    assert services.make_digests(now=LATER + WEEK) == 1
    with pytest.raises(NotFound):
        services.stop_by_secret(secret="", now=LATER)


def test_following_tells_nothing_of_an_anonymous_need_but_what_everybody_reads(fair: Fair) -> None:
    fair.bazaar.need(anonymous=True, title="خواندن برگه‌های کم‌رنگ")
    near = [(Followed.REGION, "X-KA"), (Followed.HOUSE, "X-LIB"), (Followed.HOUSE, "X-INN")]
    for thing in near:
        who, number = follow(fair, thing)
        assert queries.preview(number, actor=who, now=NOW) == []
    who, number = follow(fair, (Followed.REGION, "X-QM"))
    (item,) = queries.preview(number, actor=who, now=NOW)
    assert (item.where.en, item.houses) == ("Qom", frozenset())


def test_offers_needs_and_events_come_and_go(fair: Fair) -> None:
    fair.bazaar.need()
    offer = fair.bazaar.offer()
    who, number = follow(fair, (Followed.SECTOR, "R"))
    kinds = [item.kind for item in queries.preview(number, actor=who, now=NOW)]
    assert sorted(kinds) == [NewsKind.NEED, NewsKind.OFFER]
    services.set_wishes(actor=who, subscription_id=number, kinds=[NewsKind.OFFER], frequency=Frequency.MONTHLY, now=NOW)
    services.make_digests(now=LATER)
    assert told(number) == []
    services.make_digests(now=datetime(2026, 4, 2, 9, tzinfo=UTC))
    assert told(number) == [[offer.title]]


def test_one_follows_for_an_organisation_by_a_role_there(fair: Fair) -> None:
    investor, speaker = fair.investor()
    row = services.follow(actor=speaker, what=Followed.HOUSE, code="X-LIB", now=NOW, organisation_id=investor.pk)
    assert row.organisation is not None
    assert row.organisation.code == investor.code
    with pytest.raises(NotAllowed):
        services.follow(actor=fair.person(), what=Followed.HOUSE, code="X-LIB", now=NOW, organisation_id=investor.pk)
    with pytest.raises(NotFound):
        services.follow(actor=speaker, what=Followed.HOUSE, code="NONE", now=NOW)
    services.withdraw_organisation(organisation_id=investor.pk, actor=speaker, now=NOW)
    assert queries.subscriptions(speaker) == []


def test_nobody_follows_without_end(fair: Fair, monkeypatch: Any) -> None:
    monkeypatch.setattr(following, "MOST_FOLLOWED", 1)
    who, number = follow(fair, (Followed.SECTOR, "C"), (Followed.SECTOR, "C"))
    with pytest.raises(TooMuchFollowed):
        services.follow(actor=who, what=Followed.SECTOR, code="A", now=NOW)
    (one,) = queries.subscription(number, actor=who).follows
    services.unfollow(actor=fair.person(), follow_id=one.id, now=NOW)
    assert queries.subscription(number, actor=who).follows == (one,)
    services.unfollow(actor=who, follow_id=one.id, now=NOW)
    assert queries.subscription(number, actor=who).follows == ()


def test_many_followers_and_much_news_cost_as_few(fair: Fair) -> None:
    def cost(followers: int, companies: int) -> int:
        for _ in range(companies):
            fair.company("2651")
        for _ in range(followers):
            follow(fair, (Followed.SECTOR, "C"))
        Subscription.objects.update(next_at=NOW)
        with CaptureQueriesContext(connection) as caught:
            services.make_digests(now=NOW)
        return len(caught)

    few = cost(1, 1)
    assert cost(6, 4) <= few


def test_whoever_is_forgotten_follows_nothing(fair: Fair) -> None:
    who, _ = follow(fair, (Followed.SECTOR, "C"))
    fair.company("2651")
    services.make_digests(now=LATER)
    services.erase_account(who.account_id or 0, LATER)
    assert not Subscription.objects.exists()
    assert not Digest.objects.exists()


@pytest.mark.parametrize(
    ("last", "frequency", "now", "wanted"),
    [
        ((2026, 3, 2), Frequency.WEEKLY, (2026, 3, 2), (2026, 3, 9)),
        # However long nobody looked, one digest makes up for it.
        ((2026, 3, 2), Frequency.WEEKLY, (2026, 3, 24), (2026, 3, 30)),
        ((2026, 1, 31), Frequency.MONTHLY, (2026, 1, 31), (2026, 2, 28)),
        ((2025, 12, 15), Frequency.MONTHLY, (2026, 2, 15), (2026, 3, 15)),
    ],
)
def test_when_the_next_is_due(last: Any, frequency: Frequency, now: Any, wanted: Any) -> None:
    assert next_after(datetime(*last, tzinfo=UTC), frequency, now=datetime(*now, tzinfo=UTC)) == datetime(
        *wanted, tzinfo=UTC
    )


class _Carrier:
    sends_once = True

    def __init__(self) -> None:
        self.letters: list[dict[str, Any]] = []

    def send(self, **letter: Any) -> Handed:
        self.letters.append(letter)
        return Handed(Outcome.SENT)


def sent(now: datetime) -> list[dict[str, Any]]:
    """The letters that go out."""
    Account.objects.filter(email__startswith="fair").update(language="en")
    while gather(now=now):
        pass
    carrier = _Carrier()
    send_due(mail=carrier, sms=carrier, now=now + DAY)
    return [one for one in carrier.letters if "digests" in one["plain"]]
