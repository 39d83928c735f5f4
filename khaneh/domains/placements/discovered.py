"""Vacancies as they can be found in the one search box: those that are open."""

from __future__ import annotations

from collections.abc import Iterable

from khaneh.domains.discovery import registry
from khaneh.domains.discovery.types import Document, Kind
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Ref
from khaneh.domains.placements import queries
from khaneh.domains.placements.types import VACANCY_KINDS
from khaneh.kernel.labels import LANGUAGES, Label

_NATIVE = {"IR": "fa", "VN": "vi"}


def register() -> None:
    """Make vacancies findable."""
    registry.register(
        Kind("vacancy", Label("Vacancy", "فرصت شغلی", "Việc làm"), vacancy_documents, queries.public_vacancy_ids)
    )


def vacancy_documents(keys: list[int]) -> Iterable[Document]:
    """The documents of open vacancies. About ten statements."""
    rows = [row for row in queries.vacancies_by_ids(keys).values() if row.is_open]
    employers = network.organisations_by_ids({row.organisation.id for row in rows})
    for row in rows:
        employer = employers[row.organisation.id]
        native = _NATIVE.get(employer.country, "en")
        title, kind = row.names.pick(native), VACANCY_KINDS[row.kind]
        yield Document(
            kind="vacancy",
            key=row.id,
            title=title,
            titles=tuple(dict.fromkeys(name for name in row.names if name and name != title)),
            creators=(row.organisation.names.pick(native),),
            names=tuple(name for name in row.organisation.names if name),
            subjects=(*kind, *(word for one in row.skills for word in one.skill.names if word)),
            text=tuple(text for text in (row.descriptions.pick(native), *row.descriptions) if text),
            facets={"region": ("/".join(ref.code for ref in row.regions),)} if row.regions else {},
            added=row.published_at,
            payload={
                "names": row.names.to_dict(),
                "kind_names": kind.to_dict(),
                "vacancy_kind": row.kind.value,
                "organisation_names": row.organisation.names.to_dict(),
                "closes_on": row.closes_on.isoformat() if row.closes_on else "",
                "region": {language: _place(row.regions, language) for language in LANGUAGES},
            },
        )


def _place(regions: tuple[Ref, ...], language: str) -> str:
    """Regions in words, the smallest first."""
    return ("، " if language == "fa" else ", ").join(ref.names.pick(language) for ref in reversed(regions))
