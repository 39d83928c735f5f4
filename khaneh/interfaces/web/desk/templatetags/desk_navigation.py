"""The desk's side navigation: only what the person's roles open."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from khaneh.interfaces.web.desk.gate import (
    ADMINISTRATORS,
    AWARDERS,
    BROKERS,
    CATALOGUERS,
    COMPANY_IMPORTERS,
    DESK,
    FOUNDING,
    IMPORTERS,
    MANAGERS,
    MEMBERSHIP,
    PLACEMENTS,
    PROGRAMMES,
    QUEUE_READERS,
    READERS,
    RESIDENCIES,
    ROUNDS,
    SPACES,
    STAFF,
    VERIFIERS,
)
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.templatetags.khaneh import icon

register = template.Library()

_CURRENT = SafeString(' aria-current="page"')


@register.simple_tag(takes_context=True)
def desk_navigation(context: dict[str, Any], section: str = "") -> SafeString:
    """List items with links."""
    actor = actor_of(context["request"])
    entries = (
        ("start", STAFF, "desk", "desk", _("What waits")),
        ("circulation", DESK, "desk-circulation", "book", _("Lending and returns")),
        ("queues", DESK, "desk-queues", "clock", _("Queues")),
        ("inventories", DESK, "desk-inventories", "list", _("Inventories")),
        ("runs", ROUNDS, "desk-runs", "map", _("Rounds")),
        ("floating", DESK, "desk-floating", "share", _("Floating collections")),
        ("spaces", SPACES, "desk-spaces", "calendar", _("Spaces and bookings")),
        ("events", SPACES, "desk-events", "organisation", _("Events")),
        ("courses", SPACES, "desk-courses", "book", _("Courses")),
        ("qualifications", AWARDERS, "desk-qualifications", "check", _("Qualifications")),
        ("programmes", PROGRAMMES, "desk-programmes", "list", _("Programmes and calls")),
        ("selection", PROGRAMMES, "desk-selections", "check", _("Selection")),
        ("placements", PLACEMENTS, "desk-placements", "person", _("Placements")),
        ("exchange", BROKERS, "desk-exchange", "share", _("Needs and offers")),
        ("residencies", RESIDENCIES, "desk-residencies", "desk", _("Residencies")),
        ("signups", VERIFIERS, "desk-signups", "check", _("Organisations to verify")),
        ("companies", COMPANY_IMPORTERS, "desk-company-imports", "download", _("Tables of companies")),
        ("credits", SPACES, "desk-credits", "list", _("Balances and credits")),
        ("members", MEMBERSHIP, "desk-members", "person", _("Members")),
        ("imports", IMPORTERS, "desk-imports", "download", _("Imports")),
        ("quarantine", IMPORTERS, "desk-quarantine", "warning", _("Quarantine")),
        ("pairs", CATALOGUERS, "desk-pairs", "copy", _("Pairs to judge")),
        ("merges", IMPORTERS, "desk-merges", "history", _("Merges")),
        ("profiles", IMPORTERS, "desk-profiles", "settings", _("Profiles")),
        ("founding", FOUNDING, "desk-founding", "plus", _("Founding")),
        ("houses", MANAGERS, "desk-houses", "house", _("Houses")),
        ("organisations", ADMINISTRATORS, "desk-organisations", "organisation", _("Organisations")),
        ("regions", MANAGERS, "desk-regions", "map", _("Regions")),
        ("notices", QUEUE_READERS, "desk-notices", "mail", _("Messages")),
        ("policies", READERS, "desk-policies", "check", _("Rules")),
        ("terminals", MANAGERS, "desk-terminals", "settings", _("Machines")),
        ("network", MANAGERS, "desk-network", "list", _("Tables of the network")),
    )
    return format_html_join(
        "",
        '<li><a href="{}"{}>{}<span>{}</span></a></li>',
        (
            (reverse(address), _CURRENT if name == section else "", icon(image), words)
            for name, roles, address, image, words in entries
            if actor.holds_somewhere(roles)
        ),
    )
