"""One match, for whichever of the three sides reads it: how far it is, the meeting, the text, what came of it. Parse, call, translate."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.exchange import queries, services
from khaneh.domains.exchange.types import (
    END_REASONS,
    MATCH_STATES,
    OUTCOME_KINDS,
    SIDES,
    MatchRow,
    MatchState,
    OutcomeKind,
    OutcomeRow,
    Side,
)
from khaneh.domains.network import queries as network
from khaneh.infrastructure.blobs import BlobMissing
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.exchange import wording
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.actor import Actor
from khaneh.kernel.calendars import latin_digits, parse_date, show_date, show_short_date
from khaneh.kernel.refusal import Invalid, Refusal

_LARGEST = 10 * 1024 * 1024 + 1


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def match(request: HttpRequest, match_id: int) -> HttpResponse:
    """Everything of one match; a POST is one act of the reader's side. Sent twice, the second is told how it stands."""
    actor, now = actor_of(request), timezone.now()
    row = queries.match(match_id, actor=actor, now=now)
    if request.method == "POST":
        _do(request, actor, row)
        return redirect("exchange-match", match_id=match_id)
    who = reader.current()
    language = who.language
    template = request.GET.get("template", "")
    last = row.agreements[0] if row.agreements else None
    begun = _begun(row, template, request.GET.get("language", ""), now)
    facts = network.house_facts(row.need.broker_house.id)
    meeting = row.meeting_at.astimezone(ZoneInfo(facts.calendar.zone)) if row.meeting_at else None
    context = {
        "section": "exchange",
        **wording.match_line(row),
        "need": wording.line(row.need),
        "side": row.side.value,
        "steps": _steps(row),
        "evidence": wording.evidence(row.evidence),
        "zone": facts.calendar.zone,
        "meeting_day": show_short_date(meeting.date(), calendar=who.calendar, language=language) if meeting else "",
        "meeting_time": f"{meeting:%H:%M}" if meeting else "",
        "last": last,
        "last_by": SIDES[last.side].pick(language) if last else "",
        "older": [(one, SIDES[one.side].pick(language)) for one in row.agreements[1:]],
        "may_accept": bool(last) and _open_to(row, last),
        "templates": [(code, queries.templates(language)[code].name) for code in queries.TEMPLATES],
        "template": template if template in queries.TEMPLATES else "",
        "begun": begun if template else last.text if last else begun,
        "outcomes": [_outcome(one, row) for one in row.outcomes],
        "outcome_kinds": [(one.value, label.pick(language)) for one, label in OUTCOME_KINDS.items()],
        "ended": END_REASONS[row.end_reason].pick(language) if row.end_reason else "",
        "may_end": row.state not in (MatchState.AGREED, MatchState.ENDED),
    }
    page = "exchange/desk_match.html" if row.side is Side.BROKER else "exchange/match.html"
    return render(request, page, context)


@login_required
@require_safe
def evidence(request: HttpRequest, match_id: int, outcome_id: int) -> HttpResponseBase:
    """What shows an outcome, to be kept: for the three sides alone."""
    row = queries.match(match_id, actor=actor_of(request))
    found = next((one for one in row.outcomes if one.id == outcome_id and one.file_digest), None)
    if found is None:
        raise Http404
    try:
        content = queries.evidence_store().open(found.file_digest)
    except BlobMissing as error:
        raise Http404 from error
    answer = FileResponse(
        content, as_attachment=True, filename=found.file_name, content_type="application/octet-stream"
    )
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _do(request: HttpRequest, actor: Actor, row: MatchRow) -> None:
    now, posted = timezone.now(), request.POST
    what, number = posted.get("act", ""), row.id
    try:
        if what == "interested":
            services.show_interest(
                actor=actor, need_id=row.need.id, partner_id=row.partner.id, words=posted.get("words", ""), now=now
            )
            said = _("The broker knows. You hear when who needs it wants to meet you.")
        elif what == "yes":
            services.say_yes(actor=actor, match_id=number, now=now)
            said = _("The broker brings you together.")
        elif what == "introduce":
            at = _instant(posted, row) if posted.get("day") else None
            services.introduce(actor=actor, match_id=number, now=now, meeting_at=at, where=posted.get("where", ""))
            said = _("Introduced: both know one another and have been told.")
        elif what == "meeting":
            services.set_meeting(
                actor=actor, match_id=number, meeting_at=_instant(posted, row), where=posted.get("where", ""), now=now
            )
            said = _("The meeting is set; both are told.")
        elif what == "talks":
            services.start_talks(actor=actor, match_id=number, now=now)
            said = _("They talk. A text to agree on can be proposed.")
        elif what == "text":
            services.propose_text(
                actor=actor, match_id=number, text=posted.get("text", ""), now=now,
                language=posted.get("language", reader.current().language)[:2], template=posted.get("template", ""),
            )  # fmt: skip
            said = _("The text waits for the other side.")
        elif what == "accept":
            version = latin_digits(posted.get("version", ""))
            told = services.accept_text(
                actor=actor, match_id=number, version=int(version) if version.isdecimal() else 0, now=now
            )
            agreed = told.state is MatchState.AGREED
            said = (
                _("Agreed: both sides have accepted the text.")
                if agreed
                else _("Accepted. It waits for the other side.")
            )
        elif what == "outcome":
            asked, sent = posted.get("kind", ""), request.FILES.get("file")
            services.tell_outcome(
                actor=actor, match_id=number, now=now, words=posted.get("words", ""), link=posted.get("link", ""),
                kind=OutcomeKind(asked) if asked in list(OutcomeKind) else OutcomeKind.NO_RESULT,
                file=sent.read(_LARGEST) if sent else b"", file_name=sent.name or "" if sent else "",
            )  # fmt: skip
            said = _("Noted. The other side is asked whether it is so.")
        elif what == "confirm":
            outcome = latin_digits(posted.get("outcome", ""))
            services.confirm_outcome(
                actor=actor, match_id=number, outcome_id=int(outcome) if outcome.isdecimal() else 0, now=now
            )
            said = _("Confirmed. Thank you: this is what the exchange is for.")
        elif what == "end":
            services.end_match(actor=actor, match_id=number, now=now, words=posted.get("words", ""))
            said = _("Ended. The other side is told without your words.")
        else:
            raise Http404
    except Invalid as refusal:
        messages.error(request, " ".join(wording.facts_of(refusal).values()))
    except Refusal as refusal:
        told_why = wording.why(refusal)
        messages.error(request, f"{told_why.said} {told_why.remedy}")
    else:
        messages.success(request, said)


def _instant(posted: Any, row: MatchRow) -> datetime:
    """A day in either calendar and an hour, on the clocks of the broker's house. Raises Invalid."""
    zone = ZoneInfo(network.house_facts(row.need.broker_house.id).calendar.zone)
    try:
        day = parse_date(posted.get("day", ""))
        hour = time.fromisoformat(latin_digits(posted.get("time", "")).zfill(5) or "09:00")
    except ValueError as error:
        raise Invalid(fields={"meeting_at": "format"}) from error
    return datetime.combine(day, hour, zone)


def _begun(row: MatchRow, template: str, language: str, now: datetime) -> str:
    who = reader.current()
    return queries.begun(
        row, template=template or queries.TEMPLATES[0], language=language or row.need.language,
        day=show_date(now.date(), calendar=who.calendar, language=language or row.need.language),
    )  # fmt: skip


def _open_to(row: MatchRow, last: Any) -> bool:
    if row.state is not MatchState.IN_TALKS:
        return False
    return (row.side is Side.OWNER and last.owner_at is None) or (row.side is Side.PARTNER and last.partner_at is None)


def _steps(row: MatchRow) -> list[tuple[str, str]]:
    """The life of a match with what is behind it: done, here or ahead."""
    language = reader.current().language
    order = [one for one in wording.STEPS if one is not MatchState.INVITED or not row.by_partner]
    if row.state is MatchState.ENDED:
        return []
    at = order.index(row.state)
    return [
        (MATCH_STATES[one].pick(language), "done" if place < at else "here" if place == at else "ahead")
        for place, one in enumerate(order)
    ]


def _outcome(one: OutcomeRow, row: MatchRow) -> dict[str, Any]:
    language = reader.current().language
    return {
        "one": one,
        "kind": OUTCOME_KINDS[one.kind].pick(language),
        "by": SIDES[one.side].pick(language),
        "may_confirm": one.confirmed_at is None and row.side not in (one.side, Side.BROKER),
    }
