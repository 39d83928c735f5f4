"""What everybody sees: standards with their checklists, and the passports of houses. Parse, call, translate."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from khaneh.domains.founding import queries
from khaneh.domains.founding.types import (
    FOUNDED_KINDS,
    PASSPORT_STATES,
    STANDARD_STATES,
    ItemRow,
    PassportRow,
    StandardRow,
    StandardState,
)
from khaneh.domains.network import queries as network
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.founding import wording
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.labels import Label


class Part(NamedTuple):
    """A part of a checklist."""

    names: Label
    items: list[ItemRow]
    weight: int


def parts_of(row: StandardRow) -> list[Part]:
    """The checklist by its parts, each with its share of the whole in per cent."""
    found: dict[Label, list[ItemRow]] = {}
    for one in row.items:
        found.setdefault(one.sections, []).append(one)
    whole = sum(one.weight for one in row.items) or 1
    return [Part(names, items, round(sum(one.weight for one in items) * 100 / whole)) for names, items in found.items()]


@require_safe
def standards(request: HttpRequest) -> HttpResponse:
    """What is in force, by kind of house."""
    rows = queries.standards(in_force=True)
    kinds = sorted({row.kind for row in rows}, key=list(FOUNDED_KINDS).index)
    context = {
        "groups": [(FOUNDED_KINDS[kind], [row for row in rows if row.kind == kind]) for kind in kinds],
        "crumbs": [(_("Home"), reverse("home")), (_("Standards"), "")],
    }
    return render(request, "founding/standards.html", context)


@require_safe
def standard(request: HttpRequest, code: str, version: int | None = None) -> HttpResponse:
    """One with its checklist and its versions."""
    row = queries.standard(code, version)
    shown = [one for one in queries.versions(code) if one.state is not StandardState.DRAFT]
    context = {
        "row": row,
        "kind": FOUNDED_KINDS[row.kind],
        "state": STANDARD_STATES[row.state],
        "tone": wording.tone(row.state),
        "parts": parts_of(row),
        "versions": [(one, STANDARD_STATES[one.state]) for one in shown],
        "crumbs": [
            (_("Home"), reverse("home")),
            (_("Standards"), reverse("standards")),
            (row.names.pick(reader.current().language), ""),
        ],
    }
    return render(request, "founding/standard.html", context)


@require_safe
def passport(request: HttpRequest, code: str) -> HttpResponse:
    """By which standard a house is measured, whether it meets it, and every time that it was judged."""
    now = timezone.now()
    house = network.house(code, actor=actor_of(request), now=now).row
    row = queries.passport(code, today=now.date())
    language = reader.current().language
    context = {
        "house": house,
        **card(row),
        "sections": [(one.names, one.permille, wording.share(one.permille)) for one in row.sections],
        "entries": [(one, wording.share(one.permille)) for one in row.entries],
        "crumbs": [
            (_("Home"), reverse("home")),
            (_("Houses"), reverse("houses")),
            (house.names.pick(language), reverse("house", args=[house.code])),
            (_("Passport"), ""),
        ],
    }
    return render(request, "founding/passport.html", context)


def card(row: PassportRow) -> dict[str, Any]:
    """What the page of a house says of its passport."""
    return {
        "passport": row,
        "passport_state": PASSPORT_STATES[row.state],
        "passport_tone": wording.tone(row.state),
        "passport_share": wording.share(row.permille),
    }
