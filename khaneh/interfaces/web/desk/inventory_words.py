"""What an inventory's findings are called, what is to be done about each, and what the button says."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from khaneh.domains.circulation.queries.inventories import FindingRow
from khaneh.domains.circulation.types import SCAN_DETAILS, SCAN_FINDINGS, ScanDetail, ScanFinding, ScanOutcome
from khaneh.kernel.labels import Label

# Two tables: ScanFinding.MISSING (was not found) and ScanDetail.MISSING (was missing, and is here) are equal as text.
_ADVICE_OF_FINDING: Mapping[ScanFinding, Callable[[], str]] = {
    ScanFinding.MISSING: lambda: _("Look on the shelves beside it and among what came back today; then mark it missing."),
    ScanFinding.UNKNOWN: lambda: _("Put it aside for the cataloguers."),
}  # fmt: skip
_ADVICE: Mapping[ScanDetail, Callable[[], str]] = {
    ScanDetail.OTHER_LOCATION: lambda: _("Carry it to its own shelf."),
    ScanDetail.OUTSIDE_RANGE: lambda: _("Put it where its call number stands."),
    ScanDetail.OTHER_HOUSE: lambda: _("Take it in: it goes home, or to who waits for it."),
    ScanDetail.ON_LOAN: lambda: _("Somebody put it back without a scan: take it back, and the loan ends."),
    ScanDetail.IN_TRANSIT: lambda: _("It has arrived without a scan: receive it."),
    ScanDetail.ON_HOLD_SHELF: lambda: _("A reader waits for it: bring it to the hold shelf."),
    ScanDetail.AT_REPAIR: lambda: _("If it is mended, put it into service; else bring it to the repair shelf."),
    ScanDetail.NOT_READY: lambda: _("If it is ready, put it into service; else bring it back to the cataloguers."),
    ScanDetail.MISSING: lambda: _("It is found: take it in."),
    ScanDetail.LOST: lambda: _("It is found: take it in, and whoever paid for it is refunded."),
    ScanDetail.WITHDRAWN: lambda: _("It should have left: put it aside."),
}  # fmt: skip
_TAKE_IN: Mapping[ScanDetail, Callable[[], str]] = {
    ScanDetail.OTHER_HOUSE: lambda: _("Send it home"),
    ScanDetail.ON_LOAN: lambda: _("Take it back"),
    ScanDetail.IN_TRANSIT: lambda: _("Receive it"),
    ScanDetail.ON_HOLD_SHELF: lambda: _("To the hold shelf"),
    ScanDetail.AT_REPAIR: lambda: _("Put into service"),
    ScanDetail.NOT_READY: lambda: _("Put into service"),
}
_BUTTONS: Mapping[ScanOutcome, Callable[[], str]] = {
    ScanOutcome.MARKED_MISSING: lambda: _("Mark it missing"),
    ScanOutcome.SEEN: lambda: _("Found after all"),
    ScanOutcome.PUT_BACK: lambda: _("It is in its place"),
    ScanOutcome.PUT_ASIDE: lambda: _("It is put aside"),
    ScanOutcome.TAKEN_IN: lambda: _("Found: take it in"),
}


def what(row: FindingRow) -> Label:
    """What was found: why it should not be here, or the kind of finding."""
    return SCAN_DETAILS[row.detail] if row.detail is not None else SCAN_FINDINGS[row.finding]


def advice(row: FindingRow) -> str:
    """What to do about it; nothing where it is in its place."""
    say = _ADVICE.get(row.detail) if row.detail is not None else _ADVICE_OF_FINDING.get(row.finding)
    return say() if say is not None else ""


def button(row: FindingRow, outcome: ScanOutcome) -> str:
    """What the button says that does it."""
    say = _TAKE_IN.get(row.detail) if outcome is ScanOutcome.TAKEN_IN and row.detail is not None else None
    if say is not None:
        return say()
    return _BUTTONS[outcome]()


def tone(row: FindingRow) -> str:
    """good, info or bad, for colour and sound."""
    return {ScanFinding.EXPECTED: "good", ScanFinding.MISPLACED: "warn"}.get(row.finding, "bad")
