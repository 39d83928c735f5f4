"""What networking tells people of: a digest with its list, and what becomes of sharings. A notice holds numbers; what it says is read when it is written."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from khaneh.domains.network import queries as network
from khaneh.domains.networking.models import Digest, Sharing
from khaneh.domains.networking.permissions import SHARERS
from khaneh.domains.networking.queries.following import items_of
from khaneh.domains.networking.queries.sharing import things_of
from khaneh.domains.networking.types import (
    NEWS_WORDS,
    SHARING_STATES,
    Frequency,
    NewsItem,
    SharingState,
)
from khaneh.domains.notices import registry, services
from khaneh.domains.notices.types import Channel, EventType, Kind, Told, Urgency, Variable
from khaneh.domains.people import queries as people
from khaneh.domains.people.queries.contacts import members_of_accounts
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.calendars import show_number
from khaneh.kernel.labels import Label

_Items = list[Mapping[str, Any] | None]
# So many lines of a digest stand in a letter; its page has all.
MOST_LINES = 12
_REST = Label("… and {} more", "… و {} مورد دیگر", "… và {} tin khác")

_NEWS = Variable(
    "news", Label("What is new, a line each", "تازه‌ها، هر یک در سطری", "Tin mới, mỗi tin một dòng"), Kind.LINES,
    ["…"],
)  # fmt: skip
_NUMBER = Variable("number", Label("How many are new", "شمار تازه‌ها", "Số tin mới"), Kind.NUMBER, 3)
_PAGE = Variable(
    "page", Label("Address of the digest", "نشانی خبرنامه", "Địa chỉ bản tin"), Kind.TEXT,
    "https://khaneh.example/account/following",
)  # fmt: skip
_STOP = Variable(
    "stop", Label("Address to end it", "نشانی پایان دادن", "Địa chỉ ngừng nhận"), Kind.TEXT,
    "https://khaneh.example/digests/abc/stop",
)  # fmt: skip
_THING = Variable(
    "thing", Label("What is shared", "آنچه به اشتراک است", "Được chia sẻ"), Kind.TEXT,
    Label("Laser workshop", "کارگاه لیزر", "Xưởng laser"),
)  # fmt: skip
_BY = Variable(
    "by", Label("By which house", "از کدام خانه", "Từ cơ sở nào"), Kind.TEXT,
    Label("Qom Creative House", "خانهٔ خلاق قم", "Nhà sáng tạo Qom"),
)  # fmt: skip
_HOURS = Variable("hours", Label("Hours a month", "ساعت در ماه", "Số giờ mỗi tháng"), Kind.NUMBER, 10)
_STATE = Variable(
    "state", Label("State", "وضعیت", "Trạng thái"), Kind.TEXT, SHARING_STATES[SharingState.ACTIVE]
)  # fmt: skip


def _digests(facts: Sequence[Mapping[str, Any]], language: str, now: datetime) -> _Items:
    """Each digest as it is true now; one of which nothing stands any more, or that is wanted no more, is not told."""
    found = Digest.objects.select_related("subscription").in_bulk([one["digest"] for one in facts])
    items = items_of(found.values(), now=now)
    told: _Items = []
    for one in facts:
        digest = found.get(one["digest"])
        shown = [items[number] for number in digest.news if number in items] if digest is not None else []
        if digest is None or not shown or digest.subscription.frequency == Frequency.NEVER:
            told.append(None)
            continue
        told.append(
            {
                "news": lines(shown, language),
                "number": len(shown),
                "page": f"{settings.SITE_URL}/account/following/{digest.subscription_id}/digests",
                "stop": f"{settings.SITE_URL}/digests/{digest.subscription.secret}/stop",
            }
        )
    return told


def lines(shown: Sequence[NewsItem], language: str) -> list[str]:
    """A line for each, and one that says how many more there are."""
    more = show_number(len(shown) - MOST_LINES, language)
    rest = [_REST.pick(language).format(more)] if len(shown) > MOST_LINES else []
    return [*(line(item, language) for item in shown[:MOST_LINES]), *rest]


def line(item: NewsItem, language: str) -> str:
    """One thing in a line: Call: Seeds for dry fields (Qom Creative House)."""
    where = item.where.pick(language)
    return f"• {NEWS_WORDS[item.kind].pick(language)}: {item.names.pick(language)}" + (f" ({where})" if where else "")


def _sharings(*states: SharingState) -> Any:
    """Fills what notices of sharings say; one that is in another state by now is not told."""

    def resolve(facts: Sequence[Mapping[str, Any]], language: str, now: datetime) -> _Items:
        found = {
            pk: one
            for pk, one in Sharing.objects.in_bulk([one["sharing"] for one in facts]).items()
            if SharingState(one.state) in states
        }
        things = things_of(found.values())
        houses = network.house_refs(one.house_id for one in found.values())
        return [
            {
                "thing": things[sharing.pk].pick(language),
                "by": houses[sharing.house_id].names.pick(language),
                "hours": sharing.minutes // 60,
                "state": SHARING_STATES[SharingState(sharing.state)].pick(language),
            }
            if (sharing := found.get(one["sharing"])) is not None
            else None
            for one in facts
        ]

    return resolve


DIGEST = EventType(
    "networking.digest",
    Label("A digest of what I follow", "خبرنامهٔ آنچه دنبال می‌کنم", "Bản tin về những gì tôi theo dõi"),
    (_NEWS, _NUMBER, _PAGE, _STOP),
    urgency=Urgency.SOON,
    channels=frozenset({Channel.EMAIL, Channel.APP}),
    resolve=_digests,
    leave_by="stop",
    samples=(
        {
            "news": ["• Call: Seeds for dry fields (Qom)", "• Company: Kavir Sensors (Kashan)"],
            "number": 2,
        },
    ),
)
_LETTER = frozenset({Channel.EMAIL, Channel.APP})
OFFERED = EventType(
    "networking.sharing_offered",
    Label("Something is offered to be shared", "پیشنهاد اشتراک میان خانه‌ها", "Có đề nghị dùng chung"),
    (_THING, _BY, _HOURS),
    channels=_LETTER,
    resolve=_sharings(SharingState.OFFERED, SharingState.ACTIVE),
)
ANSWERED = EventType(
    "networking.sharing_answered",
    Label("An answer to what we offered to share", "پاسخ به پیشنهاد اشتراک ما", "Trả lời đề nghị dùng chung của chúng tôi"),
    (_THING, _BY, _HOURS, _STATE),
    channels=_LETTER,
    resolve=_sharings(SharingState.ACTIVE, SharingState.DECLINED),
)  # fmt: skip
ENDED = EventType(
    "networking.sharing_ended",
    Label("Something is shared no more", "پایان یک اشتراک", "Chấm dứt dùng chung"),
    (_THING, _BY, _STATE),
    channels=_LETTER,
    resolve=_sharings(SharingState.ENDED, SharingState.WITHDRAWN),
)
EVENTS = (DIGEST, OFFERED, ANSWERED, ENDED)


def register() -> None:
    """Make the events known, with the texts that ship."""
    folder = Path(__file__).parent / "notice_texts"
    for event in EVENTS:
        registry.register(event, registry.read_texts(folder, event.code))


def tell_digests(made: Collection[Digest], *, now: datetime) -> None:
    """Tell of digests, each once for ever. Two statements."""
    if not made:
        return
    members = members_of_accounts(one.subscription.account_id for one in made)
    told = [
        Told(
            members.get(one.subscription.account_id), one.subscription.house_id, {"digest": one.pk},
            key=f"networking.digest:{one.subscription_id}:{one.number}", account_id=one.subscription.account_id,
        )
        for one in made
    ]  # fmt: skip
    services.tell_many(event=DIGEST.code, told=told, now=now)


def tell_sharing(event: EventType, one: Sharing, *, house_ids: Collection[int], now: datetime, mentor: bool) -> None:
    """Tell those who share at the very houses, and the mentor. Two statements a house, and two for each who is told."""
    whom = {one.mentor_id} if mentor and one.mentor_id is not None else set()
    for house_id in house_ids:
        held = people.roles_at(actor=SYSTEM, house_id=house_id, now=now)
        whom |= {row.account_id for row in held if row.role in SHARERS and row.is_valid(now)}
    for account_id in sorted(whom):
        services.tell_account(
            event=event.code, account_id=account_id, house_id=one.house_id, facts={"sharing": one.pk},
            key=f"{event.code}:{one.pk}:{one.state}:{account_id}", now=now,
        )  # fmt: skip
