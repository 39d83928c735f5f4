"""Needs, offers and matches in words: money, places, states, and every refusal with what would change it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from khaneh.domains.exchange.types import (
    EVIDENCE_KINDS,
    MATCH_STATES,
    PART_NAMES,
    PARTNERSHIPS,
    PARTS,
    POSTING_KINDS,
    POSTING_STATES,
    Evidence,
    Finding,
    MatchRow,
    MatchState,
    PostingRow,
    PostingState,
    ProposedKind,
    Side,
)
from khaneh.domains.network.types import sector_name
from khaneh.domains.profiles.types import READINESS
from khaneh.interfaces import refusals
from khaneh.interfaces.web import field_reasons, lending, reader
from khaneh.interfaces.web.reasons import Why
from khaneh.kernel.calendars import show_number
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import Refusal

TONES = {
    PostingState.SUBMITTED: "accent",
    PostingState.REVIEWED: "accent",
    PostingState.PUBLISHED: "good",
    PostingState.MATCHED: "action",
    PostingState.IN_TALKS: "action",
    PostingState.AGREED: "good",
    PostingState.EXPIRED: "warn",
}
MATCH_TONES = {
    MatchState.INVITED: "accent",
    MatchState.INTERESTED: "accent",
    MatchState.INTRODUCED: "action",
    MatchState.IN_TALKS: "action",
    MatchState.AGREED: "good",
}
# The order of a match's life, as its page shows it.
STEPS = (
    MatchState.INVITED, MatchState.INTERESTED, MatchState.INTRODUCED, MatchState.IN_TALKS, MatchState.AGREED,
)  # fmt: skip


def line(row: PostingRow) -> dict[str, Any]:
    """A need or an offer as lists show it."""
    language = reader.current().language
    return {
        "row": row,
        "kind": POSTING_KINDS[row.kind].pick(language),
        "state": POSTING_STATES[row.state].pick(language),
        "tone": TONES.get(row.state, ""),
        "owner": owner(row),
        "place": place(row),
        "budget": budget(row),
        "sector": sector_name(row.sector).pick(language) if row.sector else "",
        "partnerships": [PARTNERSHIPS[one].pick(language) for one in row.partnerships],
        "beginning": _beginning(row.problem),
    }


def whole(row: PostingRow) -> dict[str, Any]:
    """A need or an offer as its page shows it."""
    language = reader.current().language
    return {
        **line(row),
        "parts": [(PART_NAMES[row.kind][name].pick(language), text) for name in PARTS if (text := getattr(row, name))],
        "readiness": READINESS[row.readiness].pick(language) if row.readiness else "",
        "foreign": row.language != language[:2],
    }


def owner(row: PostingRow) -> str:
    """Who stands behind it; the broker's house where that is not to be known."""
    language = reader.current().language
    if row.organisation is None:
        return _("Anonymous, through %(house)s") % {"house": row.broker_house.names.pick(language)}
    if row.house is not None:
        return row.house.names.pick(language)
    return row.organisation.names.pick(language)


def place(row: PostingRow) -> str:
    """Where, the smallest first."""
    language = reader.current().language
    return _(", ").join(ref.names.pick(language) for ref in reversed(row.regions))


def budget(row: PostingRow) -> str:
    """How much may be spent; empty where nothing is said."""
    if row.budget_from is None:
        return ""
    least = lending.money(Money(row.budget_from, row.currency))
    if row.budget_to is None or row.budget_to == row.budget_from:
        return least
    return _("%(least)s to %(most)s") % {"least": least, "most": lending.money(Money(row.budget_to, row.currency))}


def match_line(row: MatchRow) -> dict[str, Any]:
    """A match as lists show it, with the name of the other side."""
    language = reader.current().language
    return {
        "row": row,
        "state": MATCH_STATES[row.state].pick(language),
        "tone": MATCH_TONES.get(row.state, ""),
        "other": owner(row.need) if row.side is Side.PARTNER else row.partner.names.pick(language),
        "waits": _waits(row),
    }


def _waits(row: MatchRow) -> str:
    """What the reader's side is to do next; empty where others are to act."""
    if row.side is Side.PARTNER and row.state is MatchState.INVITED:
        return _("Say whether you are interested")
    if row.state is MatchState.INTERESTED:
        if row.side is Side.OWNER and row.owner_said_yes is None:
            return _("Do you want to meet them?")
        if row.side is Side.BROKER and (row.owner_said_yes or not row.need.anonymous):
            return _("Introduce them")
    if row.state is MatchState.INTRODUCED and row.side is Side.BROKER:
        return _("Have they met?")
    if row.state is MatchState.IN_TALKS and row.agreements:
        last = row.agreements[0]
        if (row.side is Side.OWNER and last.owner_at is None) or (row.side is Side.PARTNER and last.partner_at is None):
            return _("Read the text")
    if row.state is MatchState.AGREED and row.side is not Side.BROKER:
        if not row.outcomes:
            return _("What came of it?")
        if any(one.confirmed_at is None and one.side is not row.side for one in row.outcomes):
            return _("Is it as they say?")
    return ""


def evidence(found: tuple[Evidence, ...]) -> list[tuple[str, str]]:
    """Why something was proposed: of which kind, and what."""
    language = reader.current().language
    return [(EVIDENCE_KINDS[one.kind].pick(language), one.said.pick(language)) for one in found]


def proposed_heading(kind: ProposedKind) -> str:
    """What stands over proposals of a kind."""
    return {
        ProposedKind.ORGANISATION: _("Companies that may have an answer"),
        ProposedKind.OFFER: _("Offers that fit"),
        ProposedKind.MENTOR: _("Mentors who know this"),
        ProposedKind.MACHINE: _("Machines to try it on"),
        ProposedKind.COURSE: _("Courses that teach it"),
        ProposedKind.RECORD: _("Books and articles about it"),
    }[kind]


def proposed_url(kind: ProposedKind, key: int, code: str) -> str:
    """The page of what is proposed; empty where there is none."""
    if kind is ProposedKind.ORGANISATION:
        return reverse("organisation", args=[code]) if code else ""
    if kind is ProposedKind.OFFER:
        return reverse("exchange-posting", args=[key])
    if kind is ProposedKind.MACHINE:
        return reverse("space", args=[key])
    if kind is ProposedKind.MENTOR:
        return reverse("mentor", args=[key])
    if kind is ProposedKind.COURSE:
        return reverse("course", args=[code]) if code else ""
    return reverse("record", args=[key]) if kind is ProposedKind.RECORD else ""


def beside(one: Finding) -> str:
    """Where something was found that is in no part of the text."""
    return _("Broker") if one.kind == "broker" else _("In one line")


def finding(one: Finding) -> str:
    """What was found in a text that tells who wrote it."""
    return {
        "email": _("an e-mail address"),
        "link": _("an address on the web"),
        "phone": _("a telephone number"),
        "address": _("a postal address"),
        "person": _("somebody’s name"),
        "organisation": _("the organisation’s name"),
        "place": _("the town"),
        "broker": _("a house of yours through which nobody else has published anything"),
    }.get(one.kind, one.kind)


def suspicion(code: str) -> str:
    """Why a text may be spam."""
    return {
        "links": _("many links"),
        "shouting": _("it shouts"),
        "repeated": _("one word again and again"),
        "selling": _("words of advertising"),
        "short": _("very short"),
    }.get(code, code)


def count(number: int) -> str:
    """How many there are."""
    shown = {"number": show_number(number, reader.current().language)}
    return ngettext("%(number)s is open", "%(number)s are open", number) % shown


def why(refusal: Refusal) -> Why:
    """Why something is refused, and what would change it."""
    facts = refusal.facts
    limit = show_number(facts["limit"], reader.current().language) if isinstance(facts.get("limit"), int) else ""
    many = {
        "waiting": _("%(limit)s of your organisation wait for review already.") % {"limit": limit},
        "open": _("%(limit)s of your organisation are open already.") % {"limit": limit},
        "day": _("Your organisation has submitted %(limit)s within a day.") % {"limit": limit},
        "refused": _("Several of your organisation were refused: one may wait at a time."),
    }
    known: dict[str, tuple[str, str]] = {
        "exchange.too_many": (
            many.get(str(facts.get("which")), ""), _("Wait until some are decided, or close what is not wanted any more.")
        ),
        "kernel.not_allowed": (_("This is for those who speak for one of the two sides."), ""),
        "kernel.not_found": (_("This has ended in the meantime."), ""),
    }  # fmt: skip
    if refusal.code in known:
        return Why(*known[refusal.code])
    told = refusals.said(refusal.code, facts)
    return Why(*told) if told else lending.reasons(refusal)[0]


def wrong(reason: str) -> str:
    """What is wrong with a field."""
    return field_reasons.wrong(
        reason,
        {
            "too_short": _("Say a little more: what happens, and to whom."),
            "out_of_range": _("This is not possible: too much, too little or too late."),
            "too_large": _("The file is larger than 10 MB."),
            "nobody_there": _("Nobody there could answer: choose another house."),
            "not_a_document": _("This is neither a PDF nor a picture, whatever it is called."),
        },
    )


def facts_of(refusal: Refusal) -> dict[str, str]:
    """The wrong fields of a refusal, each with its sentence."""
    return field_reasons.by_field(refusal, wrong)


def _beginning(text: str) -> str:
    words = text.split()
    return " ".join(words[:32]) + (" …" if len(words) > 32 else "")
