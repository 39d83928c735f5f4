"""Lines of a table of companies as drafts. Pure. A missing column and an empty cell say nothing."""

from __future__ import annotations

from collections.abc import Mapping

from khaneh.domains.network.types import OrganisationDraft
from khaneh.domains.profiles.types import PROFILED_KINDS, ProfileDraft, Stage
from khaneh.kernel.calendars import latin_digits
from khaneh.kernel.labels import LANGUAGES, Label

COLUMNS = (
    "name_fa", "name_vi", "name_en", "kind", "country", "region", "registration_number", "isic", "capabilities", "address",
    "phone", "email", "website", "description_fa", "description_vi", "description_en", "makes_fa", "makes_vi", "makes_en",
    "stage", "trl", "people", "founded", "markets",
)  # fmt: skip
# Without these nobody can tell one company from another.
NEEDED = ("country",)

Cells = Mapping[str, str]


def label(cells: Cells, name: str) -> Label:
    """A text in three columns."""
    return Label(**{language: cells.get(f"{name}_{language}", "").strip() for language in LANGUAGES})


def organisation(cells: Cells, *, code: str) -> OrganisationDraft:
    """The organisation that a line tells of."""
    return OrganisationDraft(
        code=code,
        kind=cells.get("kind", "").strip() or "company_startup",
        names=label(cells, "name"),
        country=cells.get("country", "").strip().upper(),
        region_code=cells.get("region", "").strip(),
        registration_number=" ".join(latin_digits(cells.get("registration_number", "")).split()),
        sectors=_several(cells.get("isic", "")),
        capabilities=_several(cells.get("capabilities", "")),
        descriptions=label(cells, "description"),
        address=cells.get("address", "").strip(),
        phone=cells.get("phone", "").strip(),
        email=cells.get("email", "").strip(),
        website=cells.get("website", "").strip(),
    )


def profile(cells: Cells) -> tuple[ProfileDraft, dict[str, str]]:
    """What it says of itself, and what is wrong with it."""
    problems = {}
    numbers: dict[str, int | None] = {"trl": None, "founded": None}
    for name in numbers:
        given = latin_digits(cells.get(name, "")).strip()
        if given and not (given.isdecimal() and len(given) < 6):
            problems[name] = "format"
        elif given:
            numbers[name] = int(given)
    stage = cells.get("stage", "").strip()
    if stage and stage not in list(Stage):
        problems["stage"] = "not_in_list"
    draft = ProfileDraft(
        makes=label(cells, "makes"),
        stage=Stage(stage) if stage in list(Stage) else None,
        trl=numbers["trl"],
        size=cells.get("people", "").strip(),
        founded=numbers["founded"],
        markets=_several(cells.get("markets", "").upper()),
    )
    return draft, problems


def kind_problem(draft: OrganisationDraft) -> dict[str, str]:
    """Only what shows a profile comes in by this table; authorities are entered where they are answered for."""
    return {} if draft.kind in PROFILED_KINDS else {"kind": "not_in_list"}


def completed(there: OrganisationDraft, told: OrganisationDraft) -> OrganisationDraft:
    """What is there, with what it does not say yet taken from a line. Nothing that stands is overwritten."""
    return OrganisationDraft(
        code=there.code,
        kind=there.kind,
        names=_filled(there.names, told.names),
        country=there.country,
        region_code=there.region_code or told.region_code,
        parent_code=there.parent_code,
        registration_number=there.registration_number or told.registration_number,
        sectors=there.sectors or told.sectors,
        capabilities=tuple(dict.fromkeys((*there.capabilities, *told.capabilities))),
        descriptions=_filled(there.descriptions, told.descriptions),
        address=there.address or told.address,
        latitude=there.latitude,
        longitude=there.longitude,
        phone=there.phone or told.phone,
        email=there.email or told.email,
        website=there.website or told.website,
    )


def _filled(there: Label, told: Label) -> Label:
    return Label(*(one or other for one, other in zip(there, told, strict=True)))


def _several(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(";") if part.strip()))
