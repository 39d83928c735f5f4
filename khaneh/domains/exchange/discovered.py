"""Needs and offers as they can be found in the one search box: those that are open, as a visitor sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from khaneh.domains.discovery import registry
from khaneh.domains.discovery.types import Document, Kind
from khaneh.domains.exchange import queries
from khaneh.domains.exchange.types import PARTNERSHIPS, POSTING_KINDS
from khaneh.domains.network.types import sector_name
from khaneh.kernel.actor import VISITOR
from khaneh.kernel.labels import LANGUAGES


def register() -> None:
    """Make needs and offers findable."""
    for kind, label in POSTING_KINDS.items():
        ids: Callable[[], Iterator[list[int]]] = partial(queries.public_posting_ids, kind)
        registry.register(Kind(kind.value, label, posting_documents, ids))


def posting_documents(keys: list[int]) -> Iterable[Document]:
    """The documents of what is open. A visitor's rows: who stands behind an anonymous need is not in them. Six statements."""
    for row in queries.postings_by_ids(keys, actor=VISITOR).values():
        if not row.is_open:
            continue
        words = [*(PARTNERSHIPS[one] for one in row.partnerships)]
        if row.sector:
            words.append(sector_name(row.sector))
        owner = row.organisation.names if row.organisation else None
        yield Document(
            kind=row.kind.value,
            key=row.id,
            title=row.title,
            creators=(owner.pick(row.language),) if owner else (),
            names=tuple(name for name in owner if name) if owner else (),
            subjects=tuple(name for label in words for name in label if name),
            text=tuple(text for text in (row.problem, row.technology, row.context, row.limits) if text),
            facets={"region": ("/".join(ref.code for ref in row.regions),)} if row.regions else {},
            added=row.published_at,
            payload={
                "title": row.title,
                "language": row.language,
                "kind_names": POSTING_KINDS[row.kind].to_dict(),
                "posting_kind": row.kind.value,
                "organisation_names": owner.to_dict() if owner else {},
                "closes_on": row.closes_on.isoformat() if row.closes_on else "",
                "region": {
                    language: ("، " if language == "fa" else ", ").join(
                        ref.names.pick(language) for ref in reversed(row.regions)
                    )
                    for language in LANGUAGES
                },
            },
        )
