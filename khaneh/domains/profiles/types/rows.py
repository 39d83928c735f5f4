"""The frozen values that services and queries of profiles exchange. No Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from khaneh.domains.network.types import OrganisationRow, Ref
from khaneh.domains.profiles.types.lists import (
    DocumentKind,
    ImportState,
    LineOutcome,
    Outcome,
    PersonState,
    ProfileState,
    SignUpState,
    Stage,
)
from khaneh.kernel.labels import Label

NOTHING = Label("", "", "")


@dataclass(frozen=True, slots=True)
class SignUpDraft:
    """An organisation as somebody tells of it. `country` is two capitals, `sectors` ISIC codes, `capabilities` codes or own words."""

    kind: str
    names: Label
    country: str
    region_code: str
    registration_number: str = ""
    sectors: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()
    descriptions: Label = NOTHING
    address: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    note: str = ""  # to who verifies it, and to nobody else


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document that was handed in; `media` is what its content is, `size` in bytes."""

    id: int
    kind: DocumentKind
    name: str
    media: str
    size: int
    added_at: datetime


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """What was decided of one submission, by whom, why."""

    turn: int
    outcome: Outcome
    reasons: tuple[str, ...]
    words: str
    by: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class SignUpRow:
    """A sign-up with its documents and what was decided. `claims` is an organisation of the register that has its number already."""

    id: int
    state: SignUpState
    draft: SignUpDraft
    regions: tuple[Ref, ...]
    applicant: str
    account_id: int
    claims: Ref | None
    organisation: Ref | None
    turn: int
    made_at: datetime
    submitted_at: datetime | None
    documents: tuple[DocumentRow, ...] = ()
    decisions: tuple[DecisionRow, ...] = ()


@dataclass(frozen=True, slots=True)
class ProfileDraft:
    """What an organisation says of itself. `markets` are countries of ISO 3166 that it sells to, `founded` a Gregorian year."""

    makes: Label
    stage: Stage | None = None
    trl: int | None = None
    size: str = ""
    founded: int | None = None
    markets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProductDraft:
    """Something in the showcase. `alts` says what its picture shows."""

    names: Label
    texts: Label = NOTHING
    trl: int | None = None
    website: str = ""
    alts: Label = NOTHING


@dataclass(frozen=True, slots=True)
class ProductRow:
    """The same as it stands; `version` names its picture, empty without one; `width` and `height` in pixels."""

    id: int
    draft: ProductDraft
    version: str = ""
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody who is asked to be shown, or is. Without consent only the organisation sees this, and the person."""

    id: int
    account_id: int
    name: str
    titles: Label
    state: PersonState
    organisation: Ref


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """An organisation's profile with its showcase and the people who consent."""

    organisation: OrganisationRow
    state: ProfileState
    draft: ProfileDraft
    published_at: datetime | None
    withdrawn_at: datetime | None
    changed_at: datetime
    products: tuple[ProductRow, ...] = ()
    people: tuple[PersonRow, ...] = ()


@dataclass(frozen=True, slots=True)
class CatalogueFilter:
    """Which profiles. Empty means any; `region_code` and `sector` include what is below them."""

    family: str = ""
    sector: str = ""
    region_code: str = ""
    stage: str = ""
    trl: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class CatalogueLine:
    """A profile as lists show it."""

    organisation: OrganisationRow
    makes: Label
    stage: Stage | None
    trl: int | None


class FacetValue(NamedTuple):
    """A value, its words, and how many profiles have it together with everything else that is asked for."""

    value: str
    label: Label
    number: int


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """A page of a catalogue. `after` and `before` lead to the next and the previous one, empty where there is none."""

    total: int
    lines: tuple[CatalogueLine, ...]
    after: str
    before: str
    facets: Mapping[str, tuple[FacetValue, ...]]


@dataclass(frozen=True, slots=True)
class MentorDraft:
    """What somebody offers as a mentor. `languages` are codes of ISO 639-1, `hours` what they give in a month."""

    headlines: Label
    about: Label = NOTHING
    capabilities: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    region_code: str = ""
    organisation_code: str = ""
    hours: int = 0


@dataclass(frozen=True, slots=True)
class MentorRow:
    """A mentor: a person's competence, published by themself."""

    id: int
    account_id: int
    name: str
    draft: MentorDraft
    regions: tuple[Ref, ...]
    organisation: Ref | None
    published: bool
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class MentorPage:
    """A page of mentors; `after` leads to the next one."""

    total: int
    rows: tuple[MentorRow, ...]
    after: str


@dataclass(frozen=True, slots=True)
class Competence:
    """What somebody can do, as texts to be compared: an organisation's profile with its products, or a mentor's.

    `kind` is organisation or mentor, `id` the organisation's id or the mentor's; `key` is where to go on (`queries.competence`).
    """

    key: str
    kind: str
    id: int
    organisation_id: int | None
    account_id: int | None
    texts: Label
    capabilities: tuple[str, ...]
    sectors: tuple[str, ...]
    region_path: tuple[int, ...]
    trl: int | None
    stage: Stage | None
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of a table and what became of it. `problems` are fields with reasons; `candidates` those it may be, the likeliest first."""

    id: int
    number: int
    values: Mapping[str, str]
    outcome: LineOutcome
    organisation: Ref | None = None
    candidates: tuple[int, ...] = ()
    evidence: tuple[str, ...] = ()
    problems: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One table, with how many lines became what. Of `total` lines `taken` are decided; `problem` is why its file was given up."""

    id: int
    name: str
    made_at: datetime
    by: str
    counts: Mapping[LineOutcome, int]
    state: ImportState
    total: int
    taken: int
    problem: str
    started_at: datetime | None
    beat_at: datetime | None
