"""The desk's menu: only what the person's roles open. A further part of the desk is one entry of a group here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from khaneh.interfaces.web.desk.gate import (
    ADMINISTRATORS,
    AWARDERS,
    BROKERS,
    CATALOGUERS,
    COMPANY_IMPORTERS,
    DESK,
    FOUNDING,
    GATHERING_DESK,
    IMPORTERS,
    MANAGERS,
    MEMBERSHIP,
    NETWORK_READERS,
    ORGANISERS,
    PLACEMENTS,
    PROGRAMMES,
    QUEUE_READERS,
    REACH_READERS,
    READERS,
    RESIDENCIES,
    ROUNDS,
    SHARERS,
    SPACES,
    STAFF,
    VERIFIERS,
)
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.side_menu import Group, Line, menu

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.utils.functional import _StrPromise

    # The page's `section`, the roles that open it, its address, an icon, words.
    _Entry = tuple[str, Collection[str], str, str, _StrPromise]

register = template.Library()

# More lines than this are folded, group by group.
MOST = 12

_GROUPS: tuple[tuple[str | _StrPromise, tuple[_Entry, ...]], ...] = (
    (
        "",
        (("start", STAFF, "desk", "desk", _("What waits")),),
    ),
    (
        _("Lending and members"),
        (
            ("circulation", DESK, "desk-circulation", "book", _("Lending and returns")),
            ("queues", DESK, "desk-queues", "clock", _("Queues")),
            ("inventories", DESK, "desk-inventories", "list", _("Inventories")),
            ("runs", ROUNDS, "desk-runs", "map", _("Rounds")),
            ("floating", DESK, "desk-floating", "share", _("Floating collections")),
            ("members", MEMBERSHIP, "desk-members", "person", _("Members")),
        ),
    ),
    (
        _("Places and courses"),
        (
            ("spaces", SPACES, "desk-spaces", "calendar", _("Spaces and bookings")),
            ("events", SPACES, "desk-events", "organisation", _("Events")),
            ("courses", SPACES, "desk-courses", "book", _("Courses")),
            ("qualifications", AWARDERS, "desk-qualifications", "check", _("Qualifications")),
            ("credits", SPACES, "desk-credits", "list", _("Balances and credits")),
        ),
    ),
    (
        _("Innovation"),
        (
            ("programmes", PROGRAMMES, "desk-programmes", "list", _("Programmes and calls")),
            ("selection", PROGRAMMES, "desk-selections", "check", _("Selection")),
            ("matchmakings", ORGANISERS, "desk-matchmakings", "clock", _("Matchmaking sessions")),
            ("residencies", RESIDENCIES, "desk-residencies", "desk", _("Residencies")),
            ("placements", PLACEMENTS, "desk-placements", "person", _("Placements")),
            ("exchange", BROKERS, "desk-exchange", "share", _("Needs and offers")),
            ("gatherings", GATHERING_DESK, "desk-gatherings", "list", _("Repeated needs")),
            ("reach", REACH_READERS, "desk-reach", "search", _("Who is never proposed")),
            ("signups", VERIFIERS, "desk-signups", "check", _("Organisations to verify")),
            ("companies", COMPANY_IMPORTERS, "desk-company-imports", "download", _("Tables of companies")),
            ("founding", FOUNDING, "desk-founding", "plus", _("Founding")),
            ("network-programmes", NETWORK_READERS, "desk-network-programmes", "search", _("What other houses run")),
            ("sharing", SHARERS, "desk-sharing", "share", _("Sharing")),
        ),
    ),
    (
        _("Catalogue"),
        (
            ("imports", IMPORTERS, "desk-imports", "download", _("Imports")),
            ("quarantine", IMPORTERS, "desk-quarantine", "warning", _("Quarantine")),
            ("pairs", CATALOGUERS, "desk-pairs", "copy", _("Pairs to judge")),
            ("merges", IMPORTERS, "desk-merges", "history", _("Merges")),
            ("profiles", IMPORTERS, "desk-profiles", "settings", _("Profiles")),
        ),
    ),
    (
        _("Network"),
        (
            ("houses", MANAGERS, "desk-houses", "house", _("Houses")),
            ("organisations", ADMINISTRATORS, "desk-organisations", "organisation", _("Organisations")),
            ("regions", MANAGERS, "desk-regions", "map", _("Regions")),
            ("network", MANAGERS, "desk-network", "list", _("Tables of the network")),
        ),
    ),
    (
        _("Messages, rules, machines"),
        (
            ("notices", QUEUE_READERS, "desk-notices", "mail", _("Messages")),
            ("policies", READERS, "desk-policies", "check", _("Rules")),
            ("terminals", MANAGERS, "desk-terminals", "settings", _("Machines")),
        ),
    ),
)


@register.inclusion_tag("web/components/side_menu.html", takes_context=True)
def desk_navigation(context: dict[str, Any], section: str = "") -> dict[str, Any]:
    """The menu with the part that is open marked. Whoever has much of it sees the groups, and the lines of the one that they are in."""
    actor = actor_of(context["request"])
    groups = [
        (
            title,
            tuple(
                Line(reverse(address), words, icon, current=name == section)
                for name, roles, address, icon, words in entries
                if actor.holds_somewhere(roles)
            ),
        )
        for title, entries in _GROUPS
    ]
    folds = sum(len(lines) for _title, lines in groups) > MOST
    return menu(
        (
            Group(title, lines, folds=folds and bool(title), open=any(line.current for line in lines))
            for title, lines in groups
        ),
        label=gettext("Desk"),
    )
