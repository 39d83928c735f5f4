"""What becomes public in the domains below is written down, in the transaction in which it does."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from khaneh.domains.exchange import queries as exchange
from khaneh.domains.exchange.types import PostingState
from khaneh.domains.networking.types import NewsKind
from khaneh.domains.profiles.types import ProfileState
from khaneh.infrastructure import db

NEWS_PREFIXES = (
    "profiles.profile.state_changed",
    "exchange.posting.state_changed",
    "programmes.call.published",
    "events.event.opened",
    "residencies.residency.graduated",
)
# Again (hidden and shown again, back from talks) it is no news. An offer or a need is one by what it is.
_NOTE = """
INSERT INTO networking_news (kind, thing_id, at) VALUES (%(kind)s::text, %(thing)s::bigint, %(at)s::timestamptz) ON CONFLICT DO NOTHING
"""


def became_public(kind: str, house_id: int | None, facts: dict[str, Any]) -> None:
    """Follows the journal. One statement where something did, and six for what the exchange publishes."""
    found = _thing(kind, facts)
    if found is not None:
        db.execute(_NOTE, {"kind": found[0].value, "thing": found[1], "at": timezone.now()})


def _thing(kind: str, facts: dict[str, Any]) -> tuple[NewsKind, int] | None:
    if kind == "profiles.profile.state_changed":
        return (NewsKind.COMPANY, facts["organisation_id"]) if facts["after"] == ProfileState.PUBLISHED else None
    if kind == "exchange.posting.state_changed":
        if facts["after"] != PostingState.PUBLISHED:
            return None
        row = exchange.postings_by_ids([facts["posting_id"]])[facts["posting_id"]]
        return NewsKind(row.kind.value), row.id
    if kind == "programmes.call.published":
        return NewsKind.CALL, facts["call_id"]
    if kind == "events.event.opened":
        return NewsKind.EVENT, facts["event_id"]
    return NewsKind.GRADUATE, facts["residency_id"]
