"""What standards, proposals and tasks shall be. Frozen values; days are plain, money counts minor units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from khaneh.kernel.labels import Label

NOTHING = Label("", "", "")
LONGEST_NAME, LONGEST_TEXT = 300, 10_000
MOST_ITEMS = 200


@dataclass(frozen=True, slots=True)
class StandardDraft:
    """What a standard shall be. `code` names it through its versions; `authority_code` is the organisation that publishes it.

    A house meets it with `pass_percent` of the weighted scores and every item at its least. `assessors` have to submit before anybody
    decides; what is open is assessed again after `valid_months`.
    """

    code: str
    authority_code: str
    kind: str
    names: Label
    descriptions: Label = NOTHING
    pass_percent: int = 60
    assessors: int = 1
    valid_months: int = 24


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """A line of the checklist. Scores go from 0 to `scale`; one below `least` fails the whole. `photo`: a photograph belongs to it."""

    code: str
    names: Label
    sections: Label = NOTHING
    evidence: Label = NOTHING
    weight: int = 1
    scale: int = 4
    least: int = 0
    photo: bool = False


@dataclass(frozen=True, slots=True)
class ProposalDraft:
    """A house that shall be: in `parent_code` (a library), or on the estate of `operator_code`. A plan that is there already is named by
    `code` alone, and all but `standard_id`, `plan` and what follows is left as it is.

    `asked` is the money that is asked for, in minor units of `currency`; `area` square metres; `opens_on` the day that is hoped for.
    """

    code: str
    standard_id: int
    plan: str
    names: Label = NOTHING
    parent_code: str = ""
    operator_code: str = ""
    region_code: str = ""
    address: str = ""
    area: int | None = None
    asked: int | None = None
    currency: str = ""
    opens_on: date | None = None


@dataclass(frozen=True, slots=True)
class TaskDraft:
    """Something to be done until the house can open. `planned` is what it may cost, in minor units of the proposal's currency."""

    title: str
    due_on: date
    planned: int = 0


@dataclass(frozen=True, slots=True)
class ScoreDraft:
    """What an assessor gives for an item, and what was seen."""

    item_id: int
    score: int
    note: str = ""
