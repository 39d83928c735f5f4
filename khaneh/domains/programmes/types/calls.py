"""What programmes and calls shall be, and what queries tell of them. Frozen values; instants are aware, days are plain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from khaneh.domains.network.types import Ref
from khaneh.domains.programmes.types.forms import FormRow
from khaneh.domains.programmes.types.lists import CallStage, CallState, ProgrammeKind, QuotaKind
from khaneh.kernel.labels import Label

_NOTHING = Label("", "", "")


@dataclass(frozen=True, slots=True)
class ProgrammeDraft:
    """What a programme shall be."""

    code: str
    kind: ProgrammeKind
    names: Label
    descriptions: Label = _NOTHING


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """A programme."""

    id: int
    code: str
    kind: ProgrammeKind
    names: Label
    descriptions: Label
    house: Ref


class CriterionDraft(NamedTuple):
    """By what applications shall be judged."""

    code: str
    names: Label
    weight: int
    scale_max: int = 10
    hints: Label = _NOTHING


class CriterionRow(NamedTuple):
    """By what applications are judged: `weight` relative to the others, scores from 0 to `scale_max`."""

    id: int
    code: str
    names: Label
    hints: Label
    weight: int
    scale_max: int


class QuotaDraft(NamedTuple):
    """For whom so many places shall be kept: a region by its code, or deciles up to one (1 is the most deprived), or villages."""

    kind: QuotaKind
    places: int
    region_code: str = ""
    decile_max: int | None = None


class QuotaRow(NamedTuple):
    """For whom so many places are kept."""

    id: int
    kind: QuotaKind
    places: int
    region: Ref | None
    decile_max: int | None


@dataclass(frozen=True, slots=True)
class CallDraft:
    """What a call shall be. Empty kinds, sectors and region ask for nothing; with `for_persons` people without an organisation may apply."""

    names: Label
    descriptions: Label = _NOTHING
    places: int = 1
    for_persons: bool = True
    for_kinds: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    region_code: str = ""
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    results_on: date | None = None
    criteria: tuple[CriterionDraft, ...] = ()
    quotas: tuple[QuotaDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call. `form` is the version that new applications are written on, None until one is published."""

    id: int
    programme: ProgrammeRow
    names: Label
    descriptions: Label
    state: CallState
    places: int
    for_persons: bool
    for_kinds: tuple[str, ...]
    sectors: tuple[str, ...]
    region: Ref | None
    opens_at: datetime | None
    closes_at: datetime | None
    results_on: date | None
    deprivation_index_id: int | None
    form: FormRow | None
    published_at: datetime | None
    checked_at: datetime | None
    criteria: tuple[CriterionRow, ...] = ()
    quotas: tuple[QuotaRow, ...] = ()

    @property
    def house(self) -> Ref:
        """The house that calls."""
        return self.programme.house

    def stage(self, now: datetime) -> CallStage:
        """Where the call is at an instant: open from its first instant until just before its last."""
        if self.state is not CallState.PUBLISHED:
            return CallStage(self.state.value)
        if self.opens_at is not None and now < self.opens_at:
            return CallStage.PUBLISHED
        return CallStage.OPEN if self.closes_at is not None and now < self.closes_at else CallStage.CLOSED


@dataclass(frozen=True, slots=True)
class CallPage:
    """One page of a list, and how many there are in all."""

    total: int
    rows: tuple[CallRow, ...]


class AskedRow(NamedTuple):
    """A question about a call with its answer. `own` for who asked it; nobody else learns who did."""

    id: int
    text: str
    asked_at: datetime
    answers: Label
    answered_at: datetime | None
    hidden: bool
    own: bool
