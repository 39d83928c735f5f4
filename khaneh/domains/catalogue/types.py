"""The catalogue's words: states, lists with their labels, and the frozen rows that queries give. No Django."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, TypedDict

from khaneh.formats.marc.description import Description
from khaneh.formats.marc.types import Record as MarcRecord
from khaneh.kernel.labels import Label
from khaneh.kernel.money import Money


class CopyState(StrEnum):
    """Where a copy is in its life. Circulation sets those between `available` and `lost`; an import never changes a state."""

    ON_ORDER = "on_order"
    IN_PROCESS = "in_process"
    AVAILABLE = "available"
    ON_LOAN = "on_loan"
    ON_HOLD_SHELF = "on_hold_shelf"
    IN_TRANSIT = "in_transit"
    AT_REPAIR = "at_repair"
    MISSING = "missing"
    LOST = "lost"
    WITHDRAWN = "withdrawn"


COPY_STATES: Mapping[CopyState, Label] = {
    CopyState.ON_ORDER: Label(en="On order", fa="در سفارش", vi="Đang đặt mua"),
    CopyState.IN_PROCESS: Label(en="In process", fa="در دست آماده‌سازی", vi="Đang xử lý nghiệp vụ"),
    CopyState.AVAILABLE: Label(en="Available", fa="موجود", vi="Có sẵn"),
    CopyState.ON_LOAN: Label(en="On loan", fa="امانت داده شده", vi="Đang cho mượn"),
    CopyState.ON_HOLD_SHELF: Label(en="On hold shelf", fa="در قفسهٔ رزرو", vi="Trên giá chờ nhận"),
    CopyState.IN_TRANSIT: Label(en="In transit", fa="در راه", vi="Đang luân chuyển"),
    CopyState.AT_REPAIR: Label(en="At repair", fa="در تعمیر", vi="Đang sửa chữa"),
    CopyState.MISSING: Label(en="Missing", fa="ناپیدا", vi="Thất lạc"),
    CopyState.LOST: Label(en="Lost", fa="گم‌شده", vi="Đã mất"),
    CopyState.WITHDRAWN: Label(en="Withdrawn", fa="وجین‌شده", vi="Đã thanh lý"),
}


class ItemType(StrEnum):
    """How a copy is lent: what policies distinguish, whatever the record says it is."""

    BOOK = "book"
    CHILDREN = "children"
    SHORT_LOAN = "short_loan"
    REFERENCE = "reference"
    PERIODICAL = "periodical"
    MEDIA = "media"
    DEVICE = "device"
    RARE = "rare"


ITEM_TYPES: Mapping[ItemType, Label] = {
    ItemType.BOOK: Label(en="Book", fa="کتاب", vi="Sách"),
    ItemType.CHILDREN: Label(en="Children's book", fa="کتاب کودک", vi="Sách thiếu nhi"),
    ItemType.SHORT_LOAN: Label(en="Short loan", fa="امانت کوتاه‌مدت", vi="Mượn ngắn hạn"),
    ItemType.REFERENCE: Label(en="Reference", fa="مرجع", vi="Tra cứu"),
    ItemType.PERIODICAL: Label(en="Periodical", fa="نشریهٔ ادواری", vi="Báo, tạp chí"),
    ItemType.MEDIA: Label(en="Audio and video", fa="دیداری و شنیداری", vi="Nghe nhìn"),
    ItemType.DEVICE: Label(en="Device", fa="دستگاه", vi="Thiết bị"),
    ItemType.RARE: Label(en="Rare or manuscript", fa="نفیس یا خطی", vi="Quý hiếm hoặc chép tay"),
}


class ImportState(StrEnum):
    """waiting → running → done | failed | stopped. A killed run stays `running` until it is taken up again from its checkpoint."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


IMPORT_STATES: Mapping[ImportState, Label] = {
    ImportState.WAITING: Label(en="Waiting", fa="در نوبت", vi="Đang chờ"),
    ImportState.RUNNING: Label(en="Running", fa="در حال اجرا", vi="Đang chạy"),
    ImportState.DONE: Label(en="Done", fa="انجام شد", vi="Đã xong"),
    ImportState.FAILED: Label(en="Failed", fa="ناموفق", vi="Thất bại"),
}


class QuarantineState(StrEnum):
    """open → resolved | discarded. Nothing is ever deleted."""

    OPEN = "open"
    RESOLVED = "resolved"
    DISCARDED = "discarded"


QUARANTINE_STATES: Mapping[QuarantineState, Label] = {
    QuarantineState.OPEN: Label(en="Waiting for a decision", fa="در انتظار تصمیم", vi="Chờ quyết định"),
    QuarantineState.RESOLVED: Label(en="Resolved", fa="حل شد", vi="Đã giải quyết"),
    QuarantineState.DISCARDED: Label(en="Discarded", fa="کنار گذاشته شد", vi="Đã loại bỏ"),
}


class ReviewState(StrEnum):
    """open → same | different; `later` leaves it open and puts it at the end of the queue."""

    OPEN = "open"
    SAME = "same"
    DIFFERENT = "different"


REVIEW_STATES: Mapping[ReviewState, Label] = {
    ReviewState.OPEN: Label(en="To be judged", fa="در انتظار داوری", vi="Chờ xem xét"),
    ReviewState.SAME: Label(en="The same", fa="یکسان", vi="Trùng nhau"),
    ReviewState.DIFFERENT: Label(en="Different", fa="متفاوت", vi="Khác nhau"),
}


class Outcome(StrEnum):
    """What an import did with one record of the file."""

    NEW = "new"  # a record nobody had
    MATCHED = "matched"  # a further contribution to a record that somebody had
    CHANGED = "changed"  # a next version of a contribution that the source had given before
    UNCHANGED = "unchanged"  # the same bytes as before
    QUARANTINED = "quarantined"
    AUTHORITY = "authority"  # an authority record, kept and used for variant names
    HOLDINGS = "holdings"  # a holdings record, kept in the quarantine until its bibliographic record is known


class HowToImport(TypedDict, total=False):
    """Whose records a file holds and how it is read; what is left out is found out or taken from the source.

    `house` is a house's code; `source` names whose control numbers these are where it is no house (default: the file's name);
    `columns` maps a table's columns to MARC.
    """

    house: str
    source: str
    profile: str
    encoding: str
    dialect: str
    columns: Iterable[tuple[str, str]] | None


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import has done up to its checkpoint. `reasons` counts quarantined records by reason code."""

    batch_id: int
    source: str
    file: str
    state: ImportState
    bytes_total: int
    bytes_done: int
    read: int
    new: int
    matched: int
    changed: int
    unchanged: int
    quarantined: int
    authorities: int
    copies: int
    reasons: Mapping[str, int]
    notes: Mapping[str, int]  # what was kept but is worth a look: barcode_taken, house_unknown, price_unread, to_review
    seconds: float
    failure: str = ""
    encoding: str = ""
    dialect: str = ""
    serialisation: str = ""
    started_at: datetime | None = None
    finished_at: datetime | None = None

    @property
    def records_per_second(self) -> float:
        """Records read in a second of working time, over every run of the batch."""
        return self.read / self.seconds if self.seconds else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Working time that the rest of the file will take at the pace so far; None before the first checkpoint."""
        if not self.bytes_done or self.state is not ImportState.RUNNING:
            return None
        return self.seconds * max(self.bytes_total - self.bytes_done, 0) / self.bytes_done

    def to_dict(self) -> dict[str, Any]:
        """JSON values, for `khaneh import --json` and the API."""
        return {
            "batch": self.batch_id,
            "source": self.source,
            "file": self.file,
            "state": str(self.state),
            "read": self.read,
            "new": self.new,
            "matched": self.matched,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "quarantined": self.quarantined,
            "reasons": dict(self.reasons),
            "authorities": self.authorities,
            "copies": self.copies,
            "notes": dict(self.notes),
            "seconds": round(self.seconds, 3),
            "records_per_second": round(self.records_per_second, 1),
            "encoding": self.encoding,
            "dialect": self.dialect,
            "format": self.serialisation,
            "failure": self.failure,
        }


@dataclass(slots=True)
class Measured:
    """Where the time of a run went, in seconds: `reading` is processor time of the readers, the others are of this process."""

    reading: float = 0.0
    writing: float = 0.0
    waiting: float = 0.0
    refreshing: float = 0.0


class CopyRow(NamedTuple):
    """One copy on a record's page. `kilometres` is from the place that was asked from, None where either has no coordinates."""

    id: int
    barcode: str
    house_id: int | None
    house_code: str
    house_names: Label
    house_given: str  # what the source called the house, where it is not known
    location: str
    call_number: str
    price: Money | None
    state: CopyState
    kilometres: float | None


class EvidenceRow(NamedTuple):
    """One feature that was compared, its two values and what it counted for."""

    feature: str
    left: str
    right: str
    weight: float


@dataclass(frozen=True, slots=True)
class ContributionRow:
    """A source's own record: whose it is, how it was read, and why it stands where it stands."""

    id: int
    record_id: int
    source_code: str
    source_names: Label
    house_code: str
    control_number: str
    dialect: str
    encoding: str
    serialisation: str
    digest: str
    size: int  # bytes
    version: int
    versions: int
    added_at: datetime
    problems: tuple[Mapping[str, Any], ...]
    decision_id: int | None = None  # the standing merge that brought it here; None when it began here
    is_automatic: bool = False  # the program matched it
    decided_by: str = ""  # the person's name; "" for the program, and for an account that is gone
    score: float | None = None
    reason: str = ""
    evidence: tuple[EvidenceRow, ...] = ()


class Line(NamedTuple):
    """A record as one line of a list."""

    id: int
    title: str
    subtitle: str
    creators: tuple[str, ...]
    year: int | None
    form: str
    languages: tuple[str, ...]
    edition: str
    publisher: str
    work_id: int | None
    copies: int
    available: int


@dataclass(frozen=True, slots=True)
class RecordPage:
    """Everything a record's page shows. `record` is chosen field by field; `origins` names the contribution of each field shown."""

    id: int
    description: Description
    record: MarcRecord
    dialect: str
    copies: tuple[CopyRow, ...]
    copies_total: int
    contributions: tuple[ContributionRow, ...]
    origins: tuple[tuple[str, int], ...]  # (tag, contribution id), in the order of the record's fields
    work_id: int | None
    editions: tuple[Line, ...]
    variant_names: Mapping[str, tuple[str, ...]]  # by an agent's name: the other forms that an authority record gives
    added_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class WorkPage:
    """A work and its editions, oldest first."""

    id: int
    title: str
    creators: tuple[str, ...]
    languages: tuple[str, ...]
    editions: tuple[Line, ...]
    total: int


@dataclass(frozen=True, slots=True)
class HeadingPage:
    """An author or a subject: the heading, its other forms, what to see also, and the records under it."""

    kind: str  # author | subject
    heading: str
    variants: tuple[str, ...]
    see_also: tuple[str, ...]
    records: tuple[Line, ...]
    total: int


@dataclass(frozen=True, slots=True)
class QuarantineRow:
    """One record that waits for a decision."""

    id: int
    batch_id: int
    source_code: str
    file: str
    position: int  # the record's number in the file, from 1
    offset: int  # bytes from the start of the (unpacked) file
    size: int
    reasons: tuple[str, ...]
    facts: tuple[Mapping[str, Any], ...]
    state: QuarantineState
    resolution: Mapping[str, Any]
    added_at: datetime


class Decoded(NamedTuple):
    """The bytes as one encoding would have them. `text` is empty and `failed_at` set where it cannot."""

    encoding: str
    label: Label
    text: str
    failed_at: int | None
    score: float


@dataclass(frozen=True, slots=True)
class QuarantineView:
    """One item with its bytes (a window of them) and what each likely encoding would make of them, likeliest first."""

    row: QuarantineRow
    hex_lines: tuple[tuple[int, str, str], ...]  # offset, sixteen bytes in hexadecimal, the same as ASCII
    tries: tuple[Decoded, ...]
    title: str  # the title as the present reading has it, or ""


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """Two records that may be one, side by side."""

    id: int
    left: Line
    right: Line
    score: float
    evidence: tuple[EvidenceRow, ...]
    state: ReviewState
    added_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A merge: what was moved from where to where, by whom and why; standing or undone."""

    id: int
    from_record_id: int
    into_record_id: int
    contributions: tuple[int, ...]
    automatic: bool
    account_id: int | None
    decided_by: str  # the person's name; "" for the program, the command line, and an account that is gone
    reason: str
    score: float | None
    evidence: tuple[EvidenceRow, ...]
    at: datetime
    undone_at: datetime | None
    undone_by: str
    undo_reason: str


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """How a source's copies are written. `rules` as `rules.intake.profile` describes them."""

    id: int
    name: str
    label: Label
    rules: Mapping[str, Any]
    builtin: bool


@dataclass(frozen=True, slots=True)
class SourceRow:
    """Somebody who gives records: usually a house."""

    id: int
    code: str
    label: Label
    house_id: int | None
    house_code: str
    profile: str
    encoding: str
    dialect: str
    contributions: int


@dataclass(frozen=True, slots=True)
class Counts:
    """What the catalogue holds, for the home page. `as_of` is when it was counted."""

    records: int
    works: int
    copies: int
    contributions: int
    languages: Mapping[str, int] = field(default_factory=dict)
