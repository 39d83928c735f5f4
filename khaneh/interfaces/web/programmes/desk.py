"""The desk of who keeps programmes: what is called for, what came in, what was asked. Parse, call, translate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Ref
from khaneh.domains.programmes import permissions, queries, services
from khaneh.domains.programmes.permissions import MANAGERS
from khaneh.domains.programmes.types import (
    APPLICATION_STATES,
    PROGRAMME_KINDS,
    SENT,
    ApplicationRow,
    ApplicationState,
    CallRow,
    CallStage,
    Part,
    Question,
    QuestionKind,
    SentFilter,
)
from khaneh.interfaces.web import lending, paging, reader
from khaneh.interfaces.web.desk.gate import staffed
from khaneh.interfaces.web.programmes import fields, wording
from khaneh.interfaces.web.programmes.public import line
from khaneh.interfaces.web.region_choices import region_choices
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.spreadsheets import csv_line
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotFound, Refusal

LANGUAGES = ("fa", "vi", "en")


def houses_of(actor: Actor) -> list[Ref]:
    """The houses whose programmes the actor may keep, those first where they hold a role themselves. At most ten statements."""
    own = [one.house_id for one in actor.grants if one.house_id is not None and one.role in MANAGERS]
    public = network.public_places()
    wider = [number for number, place in public.items() if actor.holds(MANAGERS, place)]
    refs = network.house_refs([*own, *wider])
    return [refs[number] for number in dict.fromkeys([*own, *sorted(wider)]) if number in refs]


@staffed(MANAGERS)
@require_safe
def programmes(request: HttpRequest) -> HttpResponse:
    """The programmes of a house with their calls and what came in. About twenty statements."""
    actor, now = actor_of(request), timezone.now()
    houses = houses_of(actor)
    wanted = request.GET.get("house", "")
    house = next((one for one in houses if one.code == wanted), houses[0] if houses else None)
    calls = queries.calls_of_house(house.id, actor=actor) if house else []
    counts = queries.counts_of(row.id for row in calls)
    nothing: Counter[str] = Counter()
    kept = queries.programmes_of_house(house.id, actor=actor) if house else []
    context = {
        "section": "programmes",
        "house": house,
        "houses": houses[:200],
        "programmes": [
            {
                "row": one,
                "kind": PROGRAMME_KINDS[one.kind],
                "calls": [
                    {
                        **line(row),
                        "sent": sum(counts.get(row.id, nothing)[state.value] for state in SENT),
                        "drafts": counts.get(row.id, nothing)[ApplicationState.DRAFT.value],
                        "unanswered": sum(asked.answered_at is None for asked in queries.asked(row.id, actor=actor))
                        if row.stage(now) in (CallStage.OPEN, CallStage.PUBLISHED)
                        else 0,
                    }
                    for row in calls
                    if row.programme.id == one.id
                ],
            }
            for one in kept
        ],
        "crumbs": [(_("Desk"), reverse("desk")), (_("Programmes"), "")],
    }
    return render(request, "programmes/desk.html", context)


@staffed(MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def call(request: HttpRequest, call_id: int) -> HttpResponse:
    """One call: what it lacks, what came in, what was asked. A POST publishes, closes, answers. About thirty statements."""
    actor = actor_of(request)
    row = kept_call(actor, call_id)
    if request.method == "POST":
        _do(request, actor, row)
        return redirect("desk-call", call_id=call_id)
    now = timezone.now()
    wanted = _wanted(request)
    state = wanted.state
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    page = queries.sent_page(call_id, actor=actor, wanted=wanted, after=after, before=before)
    counts: Counter[str] = queries.counts_of([call_id]).get(call_id, Counter())
    weight = sum(one.weight for one in row.criteria) or 1
    form = queries.form_in_work(call_id, actor=actor)
    stage = row.stage(now)
    context = {
        "section": "programmes",
        **line(row),
        "whom": wording.for_whom(row),
        "criteria": [(one, round(100 * one.weight / weight)) for one in row.criteria],
        "form": form,
        "questions": len(form.questions) if form else 0,
        "is_draft": stage is CallStage.DRAFT,
        "is_over": stage is CallStage.CLOSED,
        "may_change": stage in (CallStage.DRAFT, CallStage.PUBLISHED, CallStage.OPEN, CallStage.CLOSED),
        "may_cancel": stage in (CallStage.DRAFT, CallStage.PUBLISHED, CallStage.OPEN, CallStage.CLOSED),
        "may_check": stage is CallStage.CLOSED and row.checked_at is None,
        "may_decide": stage is CallStage.CLOSED and row.checked_at is not None,
        "states": [
            (
                APPLICATION_STATES[one],
                counts[one.value],
                one.value == state,
                paging.address(request, state=one.value, after=None, before=None),
            )
            for one in SENT
            if counts.get(one.value)
        ],
        "sent": sum(counts.get(one.value, 0) for one in SENT),
        "drafts": counts.get(ApplicationState.DRAFT.value, 0),
        "state_wanted": state,
        "applications": [
            {
                "row": one,
                "state": wording.state(one.state),
                "tone": wording.STATE_TONES.get(one.state, ""),
                "at": wording.at(one.submitted_at, row.house.id),
                "region": one.regions[-1].names if one.regions else None,
            }
            for one in page.rows
        ],
        "found": page.total,
        "wanted": wanted,
        "filtered": bool(wanted.region_code or wanted.text),
        "regions": region_choices(wanted.region_code),
        "all_states": paging.address(request, state=None, after=None, before=None),
        "next": paging.address(request, after=page.after, before=None) if page.after else "",
        "previous": paging.address(request, before=page.before, after=None) if page.before else "",
        "table": f"{reverse('desk-call-table', args=[call_id])}?{urlencode(wanted._asdict())}",
        "asked": [(one, wording.at(one.asked_at, row.house.id)) for one in queries.asked(call_id, actor=actor)],
        "languages": _languages(),
        "crumbs": _crumbs(row, ""),
    }
    return render(request, "programmes/desk_call.html", context)


@staffed(MANAGERS)
@require_safe
def table(request: HttpRequest, call_id: int) -> HttpResponse:
    """What the filter finds of what was handed in, with every answer, for a spreadsheet; what it would run is written as text."""
    actor, wanted = actor_of(request), _wanted(request)
    row = kept_call(actor, call_id)
    questions = [one for one in row.form.questions if one.kind is not QuestionKind.FILE] if row.form else []

    def lines() -> Iterator[str]:
        yield "\ufeff" + csv_line([*_COLUMNS, *(one.key for one in questions)])
        for rows in queries.sent_pages(call_id, actor=actor, wanted=wanted):
            for one in rows:
                yield csv_line(_cells(one, questions))

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="khaneh-applications-{call_id}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response  # type: ignore[return-value]


@staffed(MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def application(request: HttpRequest, application_id: int) -> HttpResponse:
    """One application as it was handed in, with its history. A POST admits it although it does not meet the conditions."""
    actor = actor_of(request)
    row, _part = queries.seen_application(application_id, actor=actor)
    if not permissions.may_manage(actor, house_id=row.house_id):
        raise Http404
    if request.method == "POST":
        reason = request.POST.get("reason", "").strip()
        to = ApplicationState.ELIGIBLE if request.POST.get("act") == "admit" else ApplicationState.INELIGIBLE
        try:
            if not reason:
                messages.error(request, _("Say why: it stands in the history."))
            else:
                services.advance(
                    actor=actor, application_id=application_id, to=to, reason=reason, now=timezone.now(), seen=row.state
                )
                messages.success(request, _("Noted. The team is told."))
        except Refusal as refusal:
            told = wording.why(refusal)
            messages.error(request, f"{told.said} {told.remedy}".strip())
        return redirect("desk-application", application_id=application_id)
    call_row = queries.call(row.call_id)
    submissions = queries.submissions_of(application_id)
    last = submissions[0] if submissions else None
    context = {
        "section": "programmes",
        "application": row,
        **line(call_row),
        "state": wording.state(row.state),
        "state_tone": wording.STATE_TONES.get(row.state, ""),
        "team": [one for one in queries.team(application_id) if one.joined_at],
        "lead": next((one for one in queries.team(application_id) if one.part is Part.LEAD), None),
        "last": last,
        "versions": [(one, wording.at(one.submitted_at, row.house_id)) for one in submissions],
        "handed_in": fields.shown(queries.form(last.form_id).questions, last.content or {}) if last else [],
        "steps": [
            (one, wording.state(one.after), wording.at(one.at, row.house_id)) for one in queries.steps_of(row.id)
        ],
        "may_admit": row.state is ApplicationState.INELIGIBLE,
        "may_turn_away": row.state is ApplicationState.ELIGIBLE,
        "crumbs": _crumbs(call_row, row.title),
    }
    return render(request, "programmes/desk_application.html", context)


def kept_call(actor: Actor, call_id: int) -> CallRow:
    """A call of a house whose programmes the actor keeps. Raises NotFound."""
    row = queries.seen_call(call_id, actor=actor)
    if not permissions.may_manage(actor, house_id=row.house.id):
        raise NotFound(what="call")
    return row


_COLUMNS = (
    "number", "receipt", "state", "title", "summary", "organisation", "region", "decile", "rural", "language", "submitted_at",
    "meets_conditions", "reasons",
)  # fmt: skip


def _cells(one: ApplicationRow, questions: Sequence[Question]) -> list[str]:
    told = one.eligibility
    return [
        str(one.id), one.receipt, one.state.value, one.title, one.summary,
        one.organisation.code if one.organisation else "", one.regions[-1].code if one.regions else "",
        "" if one.decile is None else str(one.decile), "" if one.rural is None else str(int(one.rural)), one.language,
        one.submitted_at.isoformat() if one.submitted_at else "", "" if told is None else str(int(told.permitted)),
        " ".join(reason.code for reason in told.reasons) if told else "",
        *(_answer(one.answers.get(question.key)) for question in questions),
    ]  # fmt: skip


def _answer(value: Any) -> str:
    """An answer in one cell: codes side by side, a table row by row."""
    if isinstance(value, list):
        return "; ".join(" | ".join(one.values()) if isinstance(one, dict) else str(one) for one in value)
    return "" if value is None else str(value)


def _wanted(request: HttpRequest) -> SentFilter:
    return SentFilter(
        request.GET.get("state", "")[:20],
        (request.GET.get("region") or request.GET.get("region_code", ""))[:80],
        request.GET.get("text", "").replace("\x00", "").strip()[:100],
    )


def _do(request: HttpRequest, actor: Actor, row: CallRow) -> None:
    now, what = timezone.now(), request.POST.get("act", "")
    try:
        if what == "publish":
            services.publish_call(actor=actor, call_id=row.id, now=now)
            messages.success(request, _("Published: everybody finds it."))
        elif what == "cancel":
            services.cancel_call(actor=actor, call_id=row.id, now=now)
            messages.success(request, _("Cancelled. Whoever has applied is told."))
        elif what == "check":
            done = services.check_conditions(actor=actor, call_id=row.id, now=now)
            said = _("Judged: %(good)s meet the conditions, %(bad)s do not.")
            messages.success(request, said % {"good": done["eligible"], "bad": done["ineligible"]})
        elif what == "decide":
            services.decide_call(actor=actor, call_id=row.id, now=now)
            messages.success(request, _("The call is decided."))
        elif what == "answer":
            answers = Label(**{one: request.POST.get(f"answer_{one}", "").strip() for one in LANGUAGES})
            number = lending.number_of(request.POST.get("question")) or 0
            services.answer_question(
                actor=actor, question_id=number, answers=answers, hidden=request.POST.get("hidden") == "1", now=now
            )
            messages.success(request, _("Answered. It stands on the page of the call."))
        else:
            raise Http404
    except Refusal as refusal:
        told = wording.why(refusal)
        messages.error(request, f"{told.said} {told.remedy}".strip())


def _languages() -> list[tuple[str, str]]:
    """The languages of an answer, the reader's own first."""
    spoken = {"fa": _("in Persian"), "vi": _("in Vietnamese"), "en": _("in English")}
    own = reader.current().language
    return [(one, spoken[one]) for one in (own, *(one for one in LANGUAGES if one != own))]


def _crumbs(row: CallRow, last: str) -> list[tuple[str, Any]]:
    language = reader.current().language
    found = [
        (_("Desk"), reverse("desk")),
        (_("Programmes"), f"{reverse('desk-programmes')}?house={row.house.code}"),
        (row.names.pick(language), reverse("desk-call", args=[row.id]) if last else ""),
    ]
    return [*found, (last, "")] if last else found
