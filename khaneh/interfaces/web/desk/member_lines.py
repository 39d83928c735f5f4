"""What the member in hand has on loan and waits for, line by line as HTML. Written in code and not in a template: a class has 200 books out.

Every text is escaped here: what comes from a record never reaches the page as markup.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from html import escape

from django.urls import reverse
from django.utils.translation import gettext as _

from khaneh.domains.circulation.queries.members import LoanLine, RequestLine
from khaneh.domains.circulation.types import LoanState, RequestState
from khaneh.domains.network.types import Ref
from khaneh.interfaces.web.templatetags.khaneh import name, number, short_day
from khaneh.kernel.labels import Label


class MemberLines:
    """Writes the lines of one page, in the reader's language; what many lines say is made once."""

    def __init__(self) -> None:
        self._before, self._after = reverse("record", args=[0]).rsplit("0", 1)
        self._day = cache(lambda day: escape(short_day(day)))
        self._name = cache(lambda label: escape(name(label)))

    def loans(self, loans: Iterable[tuple[LoanLine, bool, Ref | None]]) -> str:
        """Loans with whether they are late, and the house that lent them where it is another one."""
        tick, renew, back = escape(_("Tick")), escape(_("Renew")), escape(_("Take back"))
        claimed = f' <span class="badge badge--warn">{escape(_("says it is back"))}</span>'
        lines = []
        for loan, is_late, place in loans:
            what = escape(loan.title or loan.barcode or "")
            again = _button(f"renew-{loan.id}", renew, what) if loan.state is LoanState.OPEN else ""
            lines.append(
                f'<li class="circ-loan{" circ-loan--late" if is_late else ""}"><label class="circ-loan__tick">'
                f'<input type="checkbox" name="loan" value="{loan.id}">'
                f'<span class="visually-hidden">{tick}: {what}</span></label>'
                f'<div class="circ-loan__what">{self._record(loan.record_id, what)}'
                f'<span class="card__meta">{_barcode(loan.barcode)}{self._renewed(loan.renewals)}{self._place(place)}</span></div>'
                f'<div class="circ-loan__due">{self._due(loan, is_late)}{claimed if loan.is_claimed else ""}</div>'
                f'<div class="circ-loan__acts"><input type="hidden" name="title-{loan.id}" value="{escape(loan.title)}">'
                f"{again}{_button(f'return-{loan.id}', back, what)}</div></li>"
            )
        return "".join(lines)

    def requests(self, requests: Iterable[tuple[RequestLine, Ref | None, Label]], *, here: Label, form: str) -> str:
        """Requests with the house where they are collected, None for the desk's own (`here`), and their state in words.

        The desk's own can be cancelled: `form` is what every form of the page begins with, and the form tag.
        """
        until, cancel = escape(_("until")), escape(_("Cancel the request"))
        lines = []
        for one, place, state in requests:
            what, title = escape(one.title or one.barcode or "–"), escape(one.title)
            kept = (
                f' <span class="nowrap small quiet">{until} {self._day(one.shelf_until)}</span>'
                if one.shelf_until
                else ""
            )
            acts = (
                f'{form}<input type="hidden" name="request" value="{one.id}"><input type="hidden" name="title" value="{title}">'
                f'<button class="button button--small" type="submit" aria-label="{cancel}: {title}">{cancel}</button></form>'
            )
            good = " badge--good" if one.state is RequestState.ON_SHELF else ""
            lines.append(
                f'<li class="circ-loan"><div class="circ-loan__what">{self._record(one.record_id, what)}<span class="card__meta">'
                f"{_barcode(one.barcode)}<bdi>{self._name(place.names if place else here)}</bdi></span></div>"
                f'<div class="circ-loan__due"><span class="badge{good}">{self._name(state)}</span>{kept}</div>'
                f'<div class="circ-loan__acts">{"" if place else acts}</div></li>'
            )
        return "".join(lines)

    def _record(self, record_id: int | None, what: str) -> str:
        if record_id is None:
            return f"<span><bdi>{what}</bdi></span>"
        return f'<a href="{self._before}{record_id}{self._after}"><bdi>{what}</bdi></a>'

    def _place(self, place: Ref | None) -> str:
        return f"<bdi>{self._name(place.names)}</bdi>" if place else ""

    @staticmethod
    def _renewed(times: int) -> str:
        return f"<span>{escape(_('renewed: %(number)s') % {'number': number(times)})}</span>" if times else ""

    def _due(self, loan: LoanLine, is_late: bool) -> str:
        if loan.state is LoanState.LOST:
            return f'<span class="badge badge--bad">{escape(_("lost"))}</span>'
        late = f' <span class="badge badge--bad">{escape(_("late"))}</span>' if is_late else ""
        return f'<span class="nowrap">{self._day(loan.due_at.date())}</span>{late}'


def _barcode(barcode: str | None) -> str:
    return f'<bdi class="ltr">{escape(barcode)}</bdi>' if barcode else ""


def _button(act: str, words: str, what: str) -> str:
    return f'<button class="button button--small" type="submit" name="one" value="{act}" aria-label="{words}: {what}">{words}</button>'
