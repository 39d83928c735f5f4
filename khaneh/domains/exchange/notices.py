"""What the domain tells people of. A notice holds numbers; what it says is looked up when it is written, as the side it goes to may know it.

Letters go out in the name of the broker's house, never of the house that needs something.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from khaneh.domains.exchange.models import Gathering, Match, Outcome, Posting, Review
from khaneh.domains.exchange.queries import answering, brokers_of, speaking
from khaneh.domains.exchange.types import (
    END_REASONS,
    GATHERING_ANSWERS,
    GATHERING_DECISIONS,
    KNOWN,
    OUTCOME_KINDS,
    POSTING_STATES,
    REVIEW_REASONS,
    EndReason,
    GatheringAnswer,
    GatheringDecision,
    MatchState,
    OutcomeKind,
    PostingState,
    ReviewReason,
    Side,
)
from khaneh.domains.network import queries as network
from khaneh.domains.notices import registry, services
from khaneh.domains.notices.types import Channel, EventType, Kind, Variable
from khaneh.kernel.labels import Label

_Items = list[Mapping[str, Any] | None]
_LETTER = frozenset({Channel.EMAIL, Channel.APP})
_ALIVE = tuple(state for state in MatchState if state is not MatchState.ENDED)

_TITLE = Variable(
    "title", Label("Title", "عنوان", "Tiêu đề"), Kind.TEXT,
    Label("Reading carbon copies", "خواندن کپی‌های کاربنی", "Đọc bản than chì"),
)  # fmt: skip
_OTHER = Variable(
    "other", Label("The other side", "طرف دیگر", "Bên kia"), Kind.TEXT,
    Label("Vajehnegar", "واژه‌نگار", "Vajehnegar"),
)  # fmt: skip
_WHAT = Variable(
    "what", Label("What happened", "چه شد", "Chuyện gì"), Kind.TEXT, POSTING_STATES[PostingState.PUBLISHED]
)
_WHY = Variable("why", Label("Why", "علت", "Lý do"), Kind.TEXT, END_REASONS[EndReason.OTHER_AGREED])
_DAY = Variable("day", Label("Last day", "آخرین روز", "Ngày cuối"), Kind.DAY, "2026-09-01")
_MEETING = Variable("meeting", Label("Meeting", "دیدار", "Cuộc gặp"), Kind.INSTANT, "2026-03-02T12:00:00Z")


def _resolve_posting(facts: Sequence[Mapping[str, Any]], language: str, now: datetime) -> _Items:
    found = Posting.objects.in_bulk([one["posting"] for one in facts])
    last: dict[int, Review] = {}
    for review in Review.objects.filter(posting_id__in=found).order_by("decided_at", "pk"):
        last[review.posting_id] = review
    items: _Items = []
    for one in facts:
        posting = found.get(one["posting"])
        if posting is None or posting.state != one["state"]:
            items.append(None)
            continue
        what, review_ = POSTING_STATES[PostingState(posting.state)].pick(language), last.get(posting.pk)
        if review_ is not None and review_.reason and posting.state in (PostingState.DRAFT, PostingState.CLOSED):
            what = REVIEW_REASONS[ReviewReason(review_.reason)].pick(language)
        day = posting.closes_on.isoformat() if posting.closes_on else None
        items.append({"title": posting.title, "what": what, "day": day})
    return items


def _resolve_match(facts: Sequence[Mapping[str, Any]], language: str, now: datetime) -> _Items:
    found = Match.objects.select_related("need").in_bulk([one["match"] for one in facts])
    ids = {number for one in found.values() for number in (one.partner_id, one.need.organisation_id)}
    names = network.organisation_refs(ids)
    houses = network.house_refs(one.need.broker_house_id for one in found.values())
    outcomes: dict[int, str] = {}
    for said in Outcome.objects.filter(match_id__in=found).order_by("told_at", "pk"):
        outcomes[said.match_id] = said.kind
    items: _Items = []
    for one in facts:
        match = found.get(one["match"])
        if match is None or (one["alive"] and match.state not in _ALIVE):
            items.append(None)
            continue
        if one["side"] == Side.PARTNER:
            # Before they are introduced, who stands behind an anonymous need is its broker.
            known = not match.need.anonymous or match.state in KNOWN
            other = names[match.need.organisation_id] if known else houses[match.need.broker_house_id]
        else:
            other = names[match.partner_id]
        said_kind = outcomes.get(match.pk)
        items.append(
            {
                "title": match.need.title,
                "other": other.names.pick(language),
                "why": END_REASONS[EndReason(match.end_reason)].pick(language) if match.end_reason else "",
                "what": OUTCOME_KINDS[OutcomeKind(said_kind)].pick(language) if said_kind else "",
                "meeting": match.meeting_at.isoformat() if match.meeting_at else None,
            }
        )
    return items


def _resolve_gathering(facts: Sequence[Mapping[str, Any]], language: str, now: datetime) -> _Items:
    """What was decided on needs that several have, to the owner of one, or to who is asked: nothing tells who the others are."""
    found = Gathering.objects.in_bulk([one["gathering"] for one in facts])
    titles = dict(Posting.objects.filter(pk__in=[one["need"] for one in facts]).values_list("pk", "title"))
    houses = network.house_refs(one.house_id for one in found.values() if one.house_id)
    items: _Items = []
    for one in facts:
        stored, title, turn = found.get(one["gathering"]), titles.get(one["need"]), one["turn"]
        if stored is None or title is None or not stored.decision or (turn == "asked" and stored.answer):
            items.append(None)
            continue
        decision, note = GatheringDecision(stored.decision), stored.note
        what = GATHERING_DECISIONS[decision].pick(language)
        if turn == "answered" and stored.answer:
            what = GATHERING_ANSWERS[decision, GatheringAnswer(stored.answer)].pick(language)
            note = stored.answer_note
        house = houses[stored.house_id].names.pick(language) if stored.house_id and turn != "asked" else ""
        items.append({"title": title, "what": " — ".join(part for part in (what, house, note) if part)})
    return items


def _event(code: str, label: Label, *variables: Variable, match: bool = True) -> EventType:
    resolve = _resolve_match if match else _resolve_posting
    return EventType(f"exchange.{code}", label, variables, channels=_LETTER, resolve=resolve)


EVENTS: tuple[EventType, ...] = (
    _event(
        "review", Label("A need or offer to review", "نیاز یا عرضه‌ای برای بررسی", "Có nhu cầu hoặc chào công nghệ cần duyệt"),
        _TITLE, match=False,
    ),
    _event(
        "reviewed", Label("Our need or offer was reviewed", "بررسی نیاز یا عرضهٔ ما", "Nhu cầu hoặc chào công nghệ của ta đã duyệt"),
        _TITLE, _WHAT, match=False,
    ),
    _event(
        "expiring", Label("Our need or offer ends soon", "پایان نزدیک نیاز یا عرضهٔ ما", "Sắp hết hạn đăng"),
        _TITLE, _DAY, match=False,
    ),
    _event(
        "expired", Label("Our need or offer is shown no more", "پایان نمایش نیاز یا عرضهٔ ما", "Đã hết hạn đăng"),
        _TITLE, _DAY, match=False,
    ),
    _event("invited", Label("A need that may be ours to answer", "نیازی که شاید پاسخش نزد ماست", "Nhu cầu có thể hợp với ta"), _TITLE, _OTHER),
    _event("interest", Label("A company is interested", "شرکتی علاقه‌مند است", "Có doanh nghiệp quan tâm"), _TITLE, _OTHER),
    _event("yes", Label("A meeting is wanted", "خواستار دیدارند", "Muốn gặp nhau"), _TITLE, _OTHER),
    _event("introduced", Label("We are introduced", "معرفی به یکدیگر", "Được giới thiệu"), _TITLE, _OTHER, _MEETING),
    _event("agreement", Label("A text to agree on", "متنی برای توافق", "Có văn bản thỏa thuận"), _TITLE, _OTHER),
    _event("agreed", Label("Agreed", "توافق شد", "Đã thỏa thuận"), _TITLE, _OTHER),
    _event("ended", Label("Nothing came of it", "به سرانجام نرسید", "Không thành"), _TITLE, _OTHER, _WHY),
    _event("outcome", Label("What came of an agreement", "نتیجهٔ یک توافق", "Kết quả của thỏa thuận"), _TITLE, _OTHER, _WHAT),
    EventType(
        "exchange.gathered", Label("What becomes of a need of ours that others have too", "سرانجام نیازی که دیگران هم دارند", "Nhu cầu chung được xử lý ra sao"),
        (_TITLE, _WHAT), channels=_LETTER, resolve=_resolve_gathering,
    ),
    EventType(
        "exchange.proposed", Label("Repeated needs are proposed to our house", "نیازهای تکراری به خانهٔ ما پیشنهاد شد", "Nhu cầu lặp lại được đề xuất cho ta"),
        (_TITLE, _WHAT), channels=_LETTER, resolve=_resolve_gathering,
    ),
    _event("ask_outcome", Label("Asked what came of it", "پرسش از نتیجه", "Hỏi kết quả"), _TITLE, _OTHER),
)  # fmt: skip


def register() -> None:
    """Make the events known, with the texts that ship."""
    folder = Path(__file__).parent / "notice_texts"
    for event in EVENTS:
        registry.register(event, registry.read_texts(folder, event.code))


def tell_owners(event: str, posting: Posting, *, now: datetime, turn: str = "") -> None:
    """Tell those who speak for a need or an offer how it stands. At most nine statements and two for each of them."""
    facts = {"posting": posting.pk, "state": posting.state}
    who = speaking(posting.organisation_id, posting.house_id, now)
    _tell(event, who, facts, f"{event}:{posting.pk}:{posting.state}:{turn or f'{now:%Y%m%d%H%M%S}'}", posting, now)


def tell_brokers(event: str, posting: Posting, *, now: datetime) -> None:
    """Tell the brokers of its house. At most seven statements and two for each of them."""
    facts = {"posting": posting.pk, "state": posting.state}
    _tell(event, brokers_of(posting, now), facts, f"{event}:{posting.pk}:{now:%Y%m%d%H%M%S}", posting, now)


def tell_match(
    event: str,
    match: Match,
    *,
    now: datetime,
    owner: bool = False,
    partner: bool = False,
    brokers: bool = False,
    turn: str = "",
) -> None:
    """Tell the sides of a match, each what it may know. At most nine statements a side and two for each person."""
    need = match.need
    sides: list[tuple[Side, Iterable[int]]] = []
    if owner:
        sides.append((Side.OWNER, speaking(need.organisation_id, need.house_id, now)))
    if partner:
        sides.append((Side.PARTNER, speaking(match.partner_id, None, now)))
    if brokers:
        sides.append((Side.BROKER, brokers_of(need, now)))
    for side, who in sides:
        facts = {"match": match.pk, "side": side.value, "alive": event != "exchange.ended"}
        _tell(event, who, facts, f"{event}:{match.pk}:{side.value}:{turn}", need, now)


def tell_gathered(needs: Sequence[Posting], gathering_id: int, turn: str, *, now: datetime) -> None:
    """Tell whoever has one of these needs what was decided (`turn` decided), or what the house that is asked says (answered)."""
    for need in needs:
        facts = {"gathering": gathering_id, "need": need.pk, "turn": turn}
        who = speaking(need.organisation_id, need.house_id, now)
        _tell("exchange.gathered", who, facts, f"exchange.gathered:{gathering_id}:{need.pk}:{turn}", need, now)


def tell_asked(decision: GatheringDecision, house_id: int, gathering_id: int, *, now: datetime) -> None:
    """Tell who answers in the house to which it is proposed. At most fourteen statements and two for each of them."""
    need_id = (
        Posting.objects.filter(gathered__gathering_id=gathering_id).order_by("pk").values_list("pk", flat=True).first()
    )
    for account_id in sorted(answering(decision, house_id=house_id, now=now)):
        services.tell_account(
            event="exchange.proposed", account_id=account_id, house_id=house_id,
            facts={"gathering": gathering_id, "need": need_id, "turn": "asked"},
            key=f"exchange.proposed:{gathering_id}:{account_id}", now=now,
        )  # fmt: skip


def _tell(
    event: str, accounts: Iterable[int], facts: Mapping[str, Any], key: str, posting: Posting, now: datetime
) -> None:
    for account_id in accounts:
        services.tell_account(
            event=event, account_id=account_id, house_id=posting.broker_house_id, facts=facts,
            key=f"{key}:{account_id}", now=now,
        )  # fmt: skip
