"""Calls, answers and applications in words: when, for whom, what is wrong, and every refusal with what would change it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import ORGANISATION_KINDS
from khaneh.domains.network.types.sectors import sector_name
from khaneh.domains.programmes.types import (
    APPLICATION_STATES,
    ApplicationState,
    CallRow,
    CallStage,
    Question,
    QuestionKind,
    QuotaKind,
    QuotaRow,
)
from khaneh.interfaces import refusals
from khaneh.interfaces.web import lending, reader
from khaneh.interfaces.web.reasons import Why
from khaneh.kernel.calendars import show_date, show_instant, show_number
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import Refusal

STAGE_TONES = {CallStage.OPEN: "good", CallStage.PUBLISHED: "accent", CallStage.CLOSED: "warn"}
STATE_TONES = {
    ApplicationState.SUBMITTED: "action",
    ApplicationState.ELIGIBLE: "action",
    ApplicationState.UNDER_REVIEW: "action",
    ApplicationState.INTERVIEW: "accent",
    ApplicationState.ACCEPTED: "good",
    ApplicationState.CONTRACTED: "good",
    ApplicationState.WAITING_LIST: "warn",
    ApplicationState.INELIGIBLE: "bad",
    ApplicationState.DECLINED: "bad",
}


def at(instant: datetime | None, house_id: int) -> str:
    """An instant on the clocks of a house, in the reader's calendar; empty for none."""
    if instant is None:
        return ""
    who = reader.current()
    zone = network.house_facts(house_id).calendar.zone
    return show_instant(instant, zone=zone, calendar=who.calendar, language=who.language)


def state(of: ApplicationState) -> str:
    """How it stands."""
    return APPLICATION_STATES[of].pick(reader.current().language)


def for_whom(row: CallRow) -> list[str]:
    """Who may apply, line by line."""
    language = reader.current().language
    kinds = [ORGANISATION_KINDS[code].pick(language) for code in row.for_kinds if code in ORGANISATION_KINDS]
    found = []
    if row.for_persons:
        found.append(_("People, without an organisation too"))
    if kinds:
        found.append(_("Organisations: %(kinds)s") % {"kinds": _(", ").join(kinds)})
    elif row.for_persons:
        found.append(_("Organisations of every kind"))
    if row.sectors:
        sectors = _(", ").join(sector_name(code).pick(language) for code in row.sectors)
        found.append(_("Organisations in these sectors: %(sectors)s") % {"sectors": sectors})
    if row.region is not None:
        found.append(_("Carried out in %(region)s") % {"region": row.region.names.pick(language)})
    return found


def quota(row: QuotaRow) -> str:
    """For whom so many places are kept."""
    language = reader.current().language
    number = show_number(row.places, language)
    if row.kind is QuotaKind.REGION and row.region is not None:
        region = row.region.names.pick(language)
        return _("%(number)s kept for %(region)s") % {"number": number, "region": region}
    if row.kind is QuotaKind.RURAL:
        return _("%(number)s kept for villages") % {"number": number}
    deciles = show_number(row.decile_max or 0, language)
    return _("%(number)s kept for deprived regions (deciles 1 to %(decile)s)") % {
        "number": number,
        "decile": deciles,
    }


def bounds(one: Question) -> str:
    """What an answer keeps to; empty for nothing."""
    language = reader.current().language
    least = "" if one.least is None else _amount(one, one.least)
    most = "" if one.most is None else _amount(one, one.most)
    if one.kind is QuestionKind.FILE:
        size = show_number((one.most or _LARGEST) // (1024 * 1024) or 1, language)
        return _("PDF, pictures, office documents or text; up to %(size)s MB") % {"size": size}
    if one.kind in (QuestionKind.TEXT, QuestionKind.LONG_TEXT):
        if least and most:
            return _("%(least)s to %(most)s characters") % {"least": least, "most": most}
        if most:
            return _("at most %(most)s characters") % {"most": most}
        return _("at least %(least)s characters") % {"least": least} if least else ""
    if least and most:
        return _("%(least)s to %(most)s") % {"least": least, "most": most}
    if most:
        return _("at most %(most)s") % {"most": most}
    return _("at least %(least)s") % {"least": least} if least else ""


def answer(one: Question, value: Any) -> list[str] | list[list[str]]:
    """An answer that counts, as it is read: lines, or rows of a table."""
    language = reader.current().language
    if one.kind is QuestionKind.TABLE:
        return [[row.get(column.code, "") for column in one.columns] for row in value]
    options = {option.code: option.label.pick(language) for option in one.options}
    if one.kind is QuestionKind.CHOICES:
        return [options.get(code, code) for code in value]
    if one.kind is QuestionKind.CHOICE:
        return [options.get(value, value)]
    if one.kind is QuestionKind.YES_NO:
        return [yes_no(value)]
    if one.kind is QuestionKind.MONEY:
        return [lending.money(Money(value, one.currency))]
    if one.kind is QuestionKind.DATE:
        return [show_date(date.fromisoformat(value), calendar=reader.current().calendar, language=language)]
    if one.kind is QuestionKind.NUMBER:
        written = Decimal(str(value))
        fraction = written.as_tuple().exponent
        return [show_number(written, language, decimals=-fraction if isinstance(fraction, int) and fraction < 0 else 0)]
    return [str(value)]


def yes_no(code: str) -> str:
    """An answer to a yes-or-no."""
    return _("Yes") if code == "yes" else _("No")


def wrong(reason: str) -> str:
    """Why a field is not taken."""
    return _reasons().get(reason, _("This is not possible."))


def wrongs(fields: Mapping[str, str]) -> dict[str, str]:
    """Why each field is not taken."""
    told = _reasons()
    return {name: told.get(reason, _("This is not possible.")) for name, reason in fields.items()}


def why(refusal: Refusal) -> Why:
    """A refusal, and what would change it."""
    if said := refusals.said(refusal.code, refusal.facts):
        return Why(said.message, said.remedy)
    if refusal.code == "kernel.invalid":
        return Why(" ".join(wrongs(refusal.facts["fields"]).values()), "")
    if refusal.code == "kernel.not_allowed":
        return Why(_("This is not yours to do."), _("Ask who answers for the application."))
    if refusal.code == "kernel.not_found":
        return Why(_("There is no such thing."), "")
    return Why(_("This did not work."), _("Load the page again and look how it stands."))


_LARGEST = 20 * 1024 * 1024


def _amount(one: Question, number: int) -> str:
    if one.kind is QuestionKind.MONEY:
        return lending.money(Money(number, one.currency))
    return show_number(number, reader.current().language)


def _reasons() -> dict[str, str]:
    return {
        "required": _("This is needed."),
        "format": _("This cannot be read as what is asked for."),
        "too_long": _("This is too long."),
        "too_short": _("This is too short."),
        "too_many": _("These are too many."),
        "too_few": _("These are too few."),
        "too_small": _("This is too small."),
        "too_large": _("This is too large."),
        "not_in_list": _("Choose one of the list."),
        "out_of_range": _("This is outside what is possible."),
        "order": _("This must come after the other date."),
        "past": _("This day is over."),
        "twice": _("This is there twice."),
        "fixed": _("This was promised when the call was published and stays."),
        "before": _("It can hang on a question that comes before it alone."),
        "empty": _("The document is empty."),
        "ending": _("Documents of this kind are not taken: send a PDF, a picture, an office document or text."),
        "content": _("The document is not what its name says. Save it again in the program that made it."),
        "macros": _("Documents with macros are not taken. Save it without them, or as a PDF."),
        "packed": _("The document unpacks to far more than it is. Save it as a PDF."),
        "together": _("All documents together are too large."),
    }
