"""The network's refusals and import problems, said in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from khaneh.domains.network.types import Problem

_TEXTS: dict[str, Callable[[], str]] = {
    "required": lambda: _("This is needed."),
    "too_long": lambda: _("This is too long."),
    "format": lambda: _("This is not written as it should be."),
    "not_in_list": lambda: _("This is not one of the known values."),
    "out_of_range": lambda: _("This is outside what is possible."),
    "time_zone": lambda: _("There is no such time zone."),
    "email": lambda: _("This is not an e-mail address."),
    "web_address": lambda: _("A web address starts with http:// or https://."),
    "coordinates": lambda: _("Latitude and longitude go together."),
    "level": lambda: _("A province has no parent, and every other region has one."),
    "unknown_code": lambda: _("Nothing has this code."),
    "not_of_region": lambda: _("The region is in another country."),
    "number": lambda: _("This is not a number."),
    "whole_number": lambda: _("This is not a whole number."),
    "flag": lambda: _("Write 1 for yes or 0 for no."),
    "date": lambda: _("This is not a date."),
    "time": lambda: _("This is not a time of day."),
    "never_comes": lambda: _("No such day ever comes."),
    "duplicate_line": lambda: _("An earlier line has the same code."),
    "other_line": lambda: _("Another line of the same house is wrong, and a week is taken whole."),
    "geometry_type": lambda: _("An outline is a Polygon or a MultiPolygon."),
    "geometry_rings": lambda: _("A ring of the outline is open or has fewer than four points."),
    "geometry_position": lambda: _("A point of the outline is not a longitude and a latitude."),
    "geometry_size": lambda: _("The outline has too many points."),
    "kernel.not_allowed": lambda: _("Your roles do not cover this."),
    "kernel.not_found": lambda: _("There is no such thing, or it is not for you to see."),
    "network.code_taken": lambda: _("Another one has this code."),
    "network.registration_number_taken": lambda: _("Another organisation of the country has this registration number."),
    "network.tree_refused": lambda: _("It cannot be below this parent."),
    "network.state_change_refused": lambda: _("A house does not go from its present state to this one."),
    "network.houses_still_open": lambda: _("Houses inside it are still in service."),
    "network.hours_overlap": lambda: _("Two spans of the week share time."),
    "network.holiday_taken": lambda: _("Another entry has these days already."),
    "spans_overlap": lambda: _("Two spans of the day share time."),
    "duplicate_season": lambda: _("There is a season of these days already."),
    "too_many": lambda: _("These are too many."),
    "network.decile_fixed": lambda: _(
        "A decile that is published does not change: publish a further version of the index."
    ),
    "not_a_table": lambda: _("The file is not a CSV or XLSX table."),
    "not_geojson": lambda: _("The file is not a GeoJSON FeatureCollection."),
    "no_header": lambda: _("The first line must name the columns, each once."),
    "missing_columns": lambda: _("Columns are missing."),
    "too_large": lambda: _("The file is too large."),
}


def explain(problem: Problem) -> str:
    """Why a line was refused, without the column's name, in the language that is active."""
    text = _TEXTS[problem.code]() if problem.code in _TEXTS else problem.code
    details = _details(problem.facts)
    return f"{text} ({details})" if details else text


def _details(facts: dict[str, Any]) -> str:
    shown = [facts[name] for name in ("value", "code", "registration_number", "houses", "columns") if facts.get(name)]
    return ", ".join(", ".join(map(str, fact)) if isinstance(fact, list | tuple) else str(fact) for fact in shown)
