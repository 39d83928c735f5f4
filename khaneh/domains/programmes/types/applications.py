"""What queries tell of applications. Frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from khaneh.domains.network.types import Ref
from khaneh.domains.programmes.types.lists import ApplicationState, Part
from khaneh.kernel.labels import Label


class ReasonRow(NamedTuple):
    """Why somebody does not meet the conditions, and what would help."""

    code: str
    label: Label
    remedy: Label | None


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Whether an applicant meets the conditions."""

    permitted: bool
    reasons: tuple[ReasonRow, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The stored form."""
        return {
            "permitted": self.permitted,
            "reasons": [
                {"code": one.code, "label": one.label.to_dict(), "remedy": one.remedy.to_dict() if one.remedy else None}
                for one in self.reasons
            ],
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Eligibility:
        """From the stored form."""
        return cls(
            stored["permitted"],
            tuple(
                ReasonRow(
                    one["code"],
                    Label.from_dict(one["label"]),
                    Label.from_dict(one["remedy"]) if one["remedy"] else None,
                )
                for one in stored["reasons"]
            ),
        )


@dataclass(frozen=True, slots=True)
class ApplicationDraft:
    """What is being written, as it is typed. `region_code` is where it shall be."""

    title: str = ""
    summary: str = ""
    region_code: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)


class MemberRow(NamedTuple):
    """Somebody of an application's team. `account_id` is None for an invitation that waits."""

    id: int
    account_id: int | None
    name: str
    email: str
    part: Part
    joined_at: datetime | None


class InvitationRow(NamedTuple):
    """What somebody who was invited learns before they join: who asks (`lead`) and for which call. `language` is the application's."""

    application_id: int
    call_id: int
    call: Label
    lead: str
    part: Part
    until: datetime
    language: str


class SentFilter(NamedTuple):
    """Which of what was handed in to a call: a state, a region with what is below it, words of the title."""

    state: str = ""
    region_code: str = ""
    text: str = ""


class FileRow(NamedTuple):
    """An uploaded document."""

    id: int
    question: str
    name: str
    media_type: str
    digest: str
    size: int
    added_at: datetime


class SubmissionRow(NamedTuple):
    """What was handed in. `content` has title, summary, organisation, region, answers and files; None once it was forgotten."""

    version: int
    receipt: str
    digest: str
    form_id: int
    submitted_at: datetime
    content: Mapping[str, Any] | None


class StepRow(NamedTuple):
    """A step of an application's life. `name` is who took it, empty for the system and for who was forgotten."""

    before: ApplicationState
    after: ApplicationState
    name: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """An application as lists and other domains see it: what was last submitted, or the draft while nothing was.

    `regions` from the province down; `decile` by the call's version of the index, None where it is not known. `answers` are those that count: texts,
    numbers as written, amounts in the smallest coin, ISO days, codes, rows by column; empty before anything was submitted. `form_id` is the version
    on which it is written.
    """

    id: int
    call_id: int
    house_id: int
    account_id: int | None
    organisation: Ref | None
    regions: tuple[Ref, ...]
    decile: int | None
    rural: bool | None
    title: str
    summary: str
    language: str
    state: ApplicationState
    version: int
    revision: int
    form_id: int
    answers: Mapping[str, Any]
    eligibility: Eligibility | None
    submitted_at: datetime | None
    changed_at: datetime
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class SentPage:
    """A page of what was handed in, the latest first; `total` are all that the filter finds. `before` and `after` are keys of the pages beside it,
    empty where there is none."""

    total: int
    rows: tuple[ApplicationRow, ...]
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class OwnRow:
    """One line of one's own applications. `part` is what one may do; `joined` is false for an invitation that waits."""

    application: ApplicationRow
    call: Label
    house: Ref
    closes_at: datetime | None
    part: Part
    joined: bool
