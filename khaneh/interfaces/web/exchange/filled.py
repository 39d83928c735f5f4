"""What repeated needs say, as the beginning of a call or a course: filled into forms that other pages show. A person makes it theirs."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from khaneh.domains.exchange import queries, services
from khaneh.domains.exchange.errors import GatheringDecided
from khaneh.domains.exchange.types import GatheringAnswer, GatheringDecision, GatheringRow
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.exchange import wording
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotFound

_MOST = 12  # needs whose words are taken


def gathering_of(request: HttpRequest, decision: GatheringDecision) -> GatheringRow | None:
    """The gathering that an address names (`?gathering=`), if this was proposed of it to a house of the reader's; else None."""
    asked = request.GET.get("gathering", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 16):
        return None
    try:
        row = queries.gathering(int(asked), actor=actor_of(request))
    except NotFound:
        return None
    return row if row.fate.decision is decision else None


def made(request: HttpRequest, repeated: GatheringRow | None, make: Callable[[], int]) -> int:
    """Enter a draft with `make`, which gives its number, and with it take what was proposed. Raises what `make` raises, GatheringDecided."""
    if repeated is None:
        return make()
    row = services.answer_gathering(
        actor=actor_of(request), gathering_id=repeated.id, answer=GatheringAnswer.TAKEN, now=timezone.now(), make=make
    )
    return row.fate.call_id or row.fate.course_id or 0


def too_late(request: HttpRequest, repeated: GatheringRow | None, refusal: GatheringDecided) -> HttpResponse:
    """Somebody made one before: the page that shows which."""
    told = wording.why(refusal)
    messages.error(request, f"{told.said} {told.remedy}")
    return redirect("desk-gathering", gathering_id=repeated.id if repeated else refusal.facts["gathering_id"])


def words_of(row: GatheringRow) -> tuple[Label, Label]:
    """Name and description. Each need speaks in its own language, and in no other; where none speaks, nothing stands."""
    names, descriptions = {}, {}
    for language in reader.LANGUAGES:
        said = [one for one in row.needs if one.language == language][:_MOST]
        with translation.override(language):
            names[language] = said[0].title if said else ""
            lines = [_("Several houses look for this, and nobody has an answer yet:")] if said else []
            lines += [f"– {one.title}: {one.problem}" for one in said]
            lines += [_("What has to be kept to: %s") % one.limits for one in said if one.limits]
        descriptions[language] = "\n\n".join(lines)
    return Label.from_dict(names), Label.from_dict(descriptions)
