"""What is proposed for a need, and the evidence for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from khaneh.domains.exchange.types.lists import ProposedKind
from khaneh.kernel.labels import Label


class EvidenceKind(StrEnum):
    """What speaks for a proposal."""

    WORDS = "words"
    MEANING = "meaning"
    SECTOR = "sector"
    REGION = "region"
    READINESS = "readiness"
    CAPABILITY = "capability"
    PARTNERSHIP = "partnership"


EVIDENCE_KINDS: Mapping[EvidenceKind, Label] = {
    EvidenceKind.WORDS: Label("Shared words", "واژه‌های مشترک", "Từ chung"),
    EvidenceKind.MEANING: Label("Says something alike", "معنای نزدیک", "Ý gần nhau"),
    EvidenceKind.SECTOR: Label("Sector", "بخش", "Ngành"),
    EvidenceKind.REGION: Label("Near", "نزدیکی", "Ở gần"),
    EvidenceKind.READINESS: Label("Readiness", "آمادگی فناوری", "Mức sẵn sàng"),
    EvidenceKind.CAPABILITY: Label("Can do", "توانمندی", "Năng lực"),
    EvidenceKind.PARTNERSHIP: Label("Kind of partnership", "نوع همکاری", "Hình thức hợp tác"),
}


class Unproposed(StrEnum):
    """Why a company has never been proposed: the first of these that is so."""

    WITHDRAWN = "withdrawn"
    UNREAD = "unread"
    TERSE = "terse"
    NO_SECTOR = "no_sector"
    OUTRANKED = "outranked"


class Evidence(NamedTuple):
    """One reason: `said` names it (the words, the sector, the region), `weight` is what it adds to the score."""

    kind: EvidenceKind
    said: Label
    weight: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """The stored form."""
        return {"kind": self.kind.value, "said": self.said.to_dict(), "weight": self.weight}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Evidence:
        """From the stored form."""
        return cls(EvidenceKind(stored["kind"]), Label.from_dict(stored["said"]), float(stored.get("weight", 0.0)))


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something that may help with a need: `key` is its number among its kind, `score` from 0 to 1, the best evidence first.

    `code` is what its page is found by, where that is no number; `features` are what the score was reckoned from, kept with a decision.
    """

    kind: ProposedKind
    key: int
    title: Label
    score: float
    evidence: tuple[Evidence, ...] = ()
    code: str = ""
    features: Mapping[str, float] = field(default_factory=dict)
