"""What a scan at the self-check does, and the words for it: (tone, words) in the reader's language. One service call each."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from khaneh.domains.circulation import services
from khaneh.domains.circulation.queries import own
from khaneh.domains.circulation.queries.machines import CopyLabel, copy_at_machine
from khaneh.domains.circulation.queries.terminals import TerminalRow
from khaneh.domains.circulation.types import Channel, LoanState, Returned, ReturnedTo
from khaneh.interfaces.web import lending, reader
from khaneh.interfaces.web.selfcheck.visit import Visit
from khaneh.kernel.calendars import show_number
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import Refusal

CHANNEL = Channel.SELF_CHECK


class Outcome(NamedTuple):
    """What came of a scan. `own` asks the reader whether the copy that they have is to be renewed or given back."""

    tone: str
    said: str
    own: bool = False


def lend(terminal: TerminalRow, visit: Visit, copy: CopyLabel, now: datetime) -> Outcome:
    """Lend a copy to whoever stands there; what they have already is asked about."""
    doing = copy_at_machine(barcode=copy.barcode)
    if doing is not None and doing.lent_to == visit.member_id and doing.due_at is not None:
        if doing.loan_id in visit.lent:
            # The same copy under the scanner twice.
            return Outcome("good", _until(terminal, doing.due_at))
        if doing.loan_state is LoanState.OPEN:
            return Outcome("info", _("You have it at home. What shall be done with it?"), own=True)
    try:
        lent = services.check_out(
            actor=terminal.actor(), house_id=terminal.house.id, barcode=copy.barcode, member_id=visit.member_id, channel=CHANNEL, now=now
        )  # fmt: skip
    except Refusal as refusal:
        return Outcome("bad", lending.sentence(refusal))
    visit.lent.append(lent.loan_id)
    visit.keep()
    return Outcome("good", _until(terminal, lent.due_at))


def take_back(terminal: TerminalRow, copy: CopyLabel, now: datetime, visit: Visit | None = None) -> Outcome:
    """Take a copy back, whoever had it. Who had it is not told."""
    try:
        back = services.check_in(
            actor=terminal.actor(), house_id=terminal.house.id, barcode=copy.barcode, channel=CHANNEL, now=now
        )
    except Refusal as refusal:
        return Outcome("bad", lending.sentence(refusal))
    if visit is not None and back.loan_id is not None:
        visit.returned += 1
        visit.lent = [number for number in visit.lent if number != back.loan_id]
        visit.renewed = [number for number in visit.renewed if number != back.loan_id]
        visit.keep()
    return Outcome("warn" if back.fee else "good", _taken(back))


def renew(terminal: TerminalRow, visit: Visit, loan_id: int, now: datetime) -> Outcome:
    """Renew one loan of whoever stands there."""
    # The terminal has a desk's right at its house, which the reader at it has not.
    if all(one.id != loan_id for one in own.own_loans(visit.member_id, now=now)):
        return Outcome("bad", _("This has ended in the meantime."))
    try:
        done = services.renew(
            actor=terminal.actor(), loan_id=loan_id, for_member_id=visit.member_id, channel=CHANNEL, now=now
        )
    except Refusal as refusal:
        return Outcome("bad", lending.sentence(refusal))
    visit.renewed.append(loan_id)
    visit.keep()
    return Outcome("good", _("Renewed until %(day)s.") % {"day": lending.day_of(done.due_at, terminal.house.id)})


def renew_all(terminal: TerminalRow, visit: Visit, now: datetime) -> tuple[Outcome, dict[int, str]]:
    """Renew all that may be; with the reasons of those that may not, by loan."""
    done = services.renew_all(
        actor=terminal.actor(), member_id=visit.member_id, for_member_id=visit.member_id, channel=CHANNEL, now=now
    )
    visit.renewed.extend(one.loan_id for one in done.renewed)
    visit.keep()
    language = reader.current().language
    said = ngettext("%(number)s loan was renewed.", "%(number)s loans were renewed.", len(done.renewed))
    words = [said % {"number": show_number(len(done.renewed), language)}]
    if done.refused:
        said = ngettext(
            "%(number)s loan could not be renewed; the reason stands beside it.",
            "%(number)s loans could not be renewed; the reasons stand beside them.",
            len(done.refused),
        )
        words.append(said % {"number": show_number(len(done.refused), language)})
    why = {number: lending.sentence(refusal) for number, refusal in done.refused}
    return Outcome("warn" if done.refused else "good", " ".join(words)), why


def _until(terminal: TerminalRow, due_at: datetime) -> str:
    return _("Yours until %(day)s.") % {"day": lending.day_of(due_at, terminal.house.id)}


def _taken(back: Returned) -> str:
    parts = [
        _("Taken back. Thank you.") if back.loan_id is not None else _("It was not lent; thank you for bringing it.")
    ]
    if back.goes_to is ReturnedTo.SHELF:
        parts.append(_("Please put it on the trolley."))
    elif back.goes_to is ReturnedTo.REPAIR:
        parts.append(_("Please hand it to a librarian."))
    else:
        # Where it goes and for whom is the desk's business.
        parts.append(_("Somebody waits for it or it travels on: please put it into the box."))
    if back.fee:
        shown = lending.money(Money(back.fee, back.currency))
        parts.append(_("It came late: %(sum)s, to be paid at the desk.") % {"sum": shown})
    return " ".join(parts)
