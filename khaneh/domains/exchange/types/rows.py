"""What the exchange's services take and its queries give: frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from khaneh.domains.exchange.types.lists import (
    KNOWN,
    OPEN,
    CloseReason,
    EndReason,
    MatchState,
    OutcomeKind,
    Partnership,
    PostingKind,
    PostingState,
    ReviewReason,
    ReviewVerdict,
    Side,
)
from khaneh.domains.exchange.types.proposals import Evidence
from khaneh.domains.network.types import Ref


@dataclass(frozen=True, slots=True)
class PostingDraft:
    """A need or an offer as it is written. Codes are the network's; money in whole units of the currency as people write it."""

    kind: PostingKind
    language: str
    title: str
    problem: str
    context: str = ""
    limits: str = ""
    technology: str = ""
    readiness: int | None = None
    budget_from: int | None = None
    budget_to: int | None = None
    currency: str = ""
    wanted_by: date | None = None
    partnerships: tuple[Partnership, ...] = ()
    sector: str = ""
    region_code: str = ""
    house_code: str = ""
    broker_house_code: str = ""
    anonymous: bool = False
    closes_on: date | None = None


class Finding(NamedTuple):
    """Something in a text that tells who wrote it: in which part, of which kind (`rules.telltale`), and what exactly."""

    part: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class PostingRow:
    """A need or an offer, as far as whoever asked may see it.

    `organisation` and `house` are None where the need is anonymous and the asker does not know who stands behind it; `regions` are then the
    province alone. `owns`: the asker speaks for it; `brokers`: the asker stands between.
    """

    id: int
    kind: PostingKind
    state: PostingState
    organisation: Ref | None
    house: Ref | None
    broker_house: Ref
    anonymous: bool
    language: str
    title: str
    problem: str
    context: str
    limits: str
    technology: str
    readiness: int | None
    budget_from: int | None
    budget_to: int | None
    currency: str
    wanted_by: date | None
    partnerships: tuple[Partnership, ...]
    sector: str
    regions: tuple[Ref, ...]
    published_at: datetime | None
    closes_on: date | None
    close_reason: CloseReason | None
    submitted_at: datetime | None
    changed_at: datetime
    renewals: int
    owns: bool = False
    brokers: bool = False

    @property
    def is_open(self) -> bool:
        """Whether others can say that they are interested."""
        return self.state in OPEN

    @property
    def is_need(self) -> bool:
        """Whether something is looked for."""
        return self.kind is PostingKind.NEED


@dataclass(frozen=True, slots=True)
class PostingFilter:
    """Which of those that everybody sees. Empty means any; a region includes what is below it, a sector what is within it."""

    kind: PostingKind | None = None
    sector: str = ""
    region_code: str = ""
    partnership: Partnership | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class PostingPage:
    """One page of a list, and how many there are in all."""

    total: int
    rows: tuple[PostingRow, ...]


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One decision on what was submitted."""

    verdict: ReviewVerdict
    reason: ReviewReason | None
    note: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for review, with what a broker should look at: what tells who wrote it, and what looks like spam."""

    posting: PostingRow
    findings: tuple[Finding, ...]
    suspicions: tuple[str, ...]
    said_before: int


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """One version of the text. `owner_at`, `partner_at`: when each side accepted it."""

    id: int
    version: int
    template: str
    language: str
    text: str
    side: Side
    made_at: datetime
    owner_at: datetime | None
    partner_at: datetime | None


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """What one side said came of it."""

    id: int
    kind: OutcomeKind
    words: str
    side: Side
    file_digest: str
    file_name: str
    link: str
    told_at: datetime
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class MatchRow:
    """A need and somebody who may have an answer, as one of the three sides sees it.

    `side` is the asker's. `owner` is None for a partner who has not been introduced to who stands behind an anonymous need, and
    `owner_said_yes` tells whether those have agreed to be named.
    """

    id: int
    need: PostingRow
    offer: Ref | None
    offer_title: str
    partner: Ref
    owner: Ref | None
    by_partner: bool
    state: MatchState
    words: str
    evidence: tuple[Evidence, ...]
    side: Side
    made_at: datetime
    changed_at: datetime
    owner_said_yes: datetime | None
    introduced_at: datetime | None
    meeting_at: datetime | None
    meeting_where: str
    talks_at: datetime | None
    agreed_at: datetime | None
    end_reason: EndReason | None
    end_note: str
    agreements: tuple[AgreementRow, ...] = ()
    outcomes: tuple[OutcomeRow, ...] = ()
    contacts: tuple[tuple[str, str], ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether both sides know one another."""
        return self.state in KNOWN


class Speaker(NamedTuple):
    """For whom somebody can write needs and offers: an organisation, or a house of it."""

    organisation: Ref
    house: Ref | None


class Swept(NamedTuple):
    """What the clock has ended or asked."""

    expired: int = 0
    asked_to_renew: int = 0
    lapsed: int = 0
    asked_outcome: int = 0
