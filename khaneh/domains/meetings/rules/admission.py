"""Who may take part. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from khaneh.domains.meetings.types import GuestKind
from khaneh.domains.network.types import COMPANY_KINDS

_ALONE = {"investor": GuestKind.INVESTOR, "accelerator": GuestKind.ACCELERATOR, "university": GuestKind.UNIVERSITY}


def guest_kind(organisation_kind: str) -> GuestKind:
    """As whom an organisation of a kind takes part."""
    if organisation_kind in COMPANY_KINDS:
        return GuestKind.COMPANY
    return _ALONE.get(organisation_kind, GuestKind.INSTITUTION)


def why_not(kind: GuestKind, sectors: Iterable[str], *, guests: Collection[str], wanted: Collection[str]) -> str:
    """What keeps somebody out: kind, sector, or nothing. A sector is met by itself, by one within it or one around it."""
    if guests and kind not in guests:
        return "kind"
    own = list(sectors)
    if wanted and not any(one.startswith(other) or other.startswith(one) for one in own for other in wanted):
        return "sector"
    return ""
