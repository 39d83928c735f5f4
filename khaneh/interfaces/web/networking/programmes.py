"""What all houses run, for whoever runs programmes. Parse, call, translate."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from khaneh.domains.network.types import SECTORS, is_sector
from khaneh.domains.networking import queries
from khaneh.domains.networking.permissions import READERS
from khaneh.domains.networking.types import ProgrammeFilter
from khaneh.domains.programmes.types import CALL_STAGES, PROGRAMME_KINDS, CallStage, ProgrammeKind
from khaneh.interfaces.web import paging, reader
from khaneh.interfaces.web.desk.gate import staffed
from khaneh.interfaces.web.programmes import wording
from khaneh.interfaces.web.region_choices import region_choices
from khaneh.interfaces.web.requests import actor_of

PAGE = 24


@staffed(READERS)
@require_safe
def programmes(request: HttpRequest) -> HttpResponse:
    """Programmes with their calls and numbers, by kind, region, sector and how they stand. About twenty statements."""
    language = reader.current().language
    states = {"open": pgettext("calls", "Open now"), "coming": _("To come"), "over": _("Over")}
    wanted = ProgrammeFilter(
        kind=kind if (kind := request.GET.get("kind", "")) in list(ProgrammeKind) else "",
        region_code=request.GET.get("region", "")[:80],
        sector=sector if is_sector(sector := request.GET.get("sector", "")) else "",
        state=state if (state := request.GET.get("state", "")) in states else "",
    )
    page = paging.page_number(request)
    found = queries.programmes_of_network(
        wanted, actor=actor_of(request), now=timezone.now(), offset=(page - 1) * PAGE, limit=PAGE
    )
    context: dict[str, Any] = {
        "section": "network-programmes",
        "wanted": wanted,
        "kinds": list(PROGRAMME_KINDS.items()),
        "states": list(states.items()),
        "sectors": [(code, SECTORS[code].pick(language)) for code in SECTORS if code.isalpha()],
        "regions": region_choices(wanted.region_code),
        "rows": [
            {
                "row": row,
                "kind": PROGRAMME_KINDS[ProgrammeKind(row.kind)],
                "calls": [
                    (call, CALL_STAGES[CallStage(call.stage)], wording.STAGE_TONES.get(CallStage(call.stage), ""))
                    for call in row.calls
                ],
            }
            for row in found.rows
        ],
        "total": found.total,
        "pager": paging.pager(request, total=found.total, size=PAGE),
        "filtered": any(request.GET.get(name) for name in ("kind", "region", "sector", "state")),
        "crumbs": [(_("Desk"), reverse("desk")), (_("What other houses run"), "")],
    }
    return render(request, "networking/programmes.html", context)
