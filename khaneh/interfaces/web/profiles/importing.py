"""Tables of companies at the desk: taken in, reported line by line, the unsure ones side by side. Parse, call, translate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.network import queries as network
from khaneh.domains.profiles import queries, services
from khaneh.domains.profiles.permissions import IMPORTERS
from khaneh.domains.profiles.types import LINE_OUTCOMES, ImportRow, ImportState, LineOutcome, LineRow
from khaneh.interfaces.web import lending, paging, reader
from khaneh.interfaces.web.desk.gate import staffed
from khaneh.interfaces.web.desk.uploads import LimitedUpload
from khaneh.interfaces.web.profiles import wording
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.spreadsheets import csv_line
from khaneh.kernel.actor import Actor
from khaneh.kernel.calendars import show_number
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotAllowed, Refusal

LIMIT = 200 * 1024 * 1024  # bytes, as they come through a browser; the command line takes any size
SHOWN = 200
_AT_WORK = (ImportState.WAITING, ImportState.RUNNING)


@csrf_exempt  # checked below, once the limit stands before the file is read
@staffed(IMPORTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """The tables so far, and a further one. The same file again leads to its report."""
    limited = LimitedUpload(LIMIT)
    request.upload_handlers.insert(0, limited)
    return _imports(request, limited)


@csrf_protect
def _imports(request: HttpRequest, limited: LimitedUpload) -> HttpResponse:
    actor = actor_of(request)
    problem = ""
    if request.method == "POST":
        upload = request.FILES.get("file")
        if limited.refused:
            problem = _(
                "The file is larger than 200 MB and was not read. Whoever runs the machine can take it in with khaneh companies import."
            )
        elif upload is None:
            problem = _("Choose a file.")
        else:
            try:
                made = services.begin_import(
                    actor=actor, content=upload.chunks(), name=upload.name or "", now=timezone.now()
                )
            except NotAllowed:
                raise
            except Refusal as refusal:
                told = wording.why(refusal)
                problem = f"{told.said} {told.remedy}"
            else:
                return redirect("desk-company-import", import_id=made.id)
    context = {
        "section": "companies",
        "rows": [
            (row, row.counts.get(LineOutcome.UNSURE, 0), row.state in _AT_WORK)
            for row in queries.company_imports(actor=actor)
        ],
        "problem": problem,
        "crumbs": [(_("Desk"), reverse("desk")), (_("Tables of companies"), "")],
    }
    return render(request, "profiles/imports.html", context, status=422 if problem else 200)


@staffed(IMPORTERS)
@require_safe
def table(request: HttpRequest, import_id: int) -> HttpResponse:
    """How far a table is and what became of its lines, page by page; all of them as a file with ?form=csv."""
    actor = actor_of(request)
    row = queries.company_import(import_id, actor=actor)
    if request.GET.get("form") == "csv":
        return _file(import_id, actor)  # type: ignore[return-value]
    order = [
        LineOutcome.UNSURE,
        LineOutcome.REFUSED,
        *(one for one in LineOutcome if one not in {LineOutcome.UNSURE, LineOutcome.REFUSED}),
    ]
    wanted = request.GET.get("outcome", "")
    wanted = wanted if wanted in list(LineOutcome) else ""
    lines = queries.import_lines(
        import_id, actor=actor, outcome=wanted, after=lending.number_of(request.GET.get("after")) or 0, limit=SHOWN + 1
    )
    at_work = row.state in _AT_WORK
    context = {
        "section": "companies",
        "row": row,
        "at_work": at_work,
        "queued": row.state is ImportState.WAITING,
        "problem": _given_up(row.problem) if row.state is ImportState.FAILED else "",
        "left": _left(row) if at_work else "",
        "counts": [
            (
                LINE_OUTCOMES[one], row.counts[one], wording.LINE_TONES.get(one, ""), one == wanted,
                paging.address(request, outcome=None if one == wanted else one.value, after=None),
            )
            for one in order if row.counts.get(one)
        ],
        "lines": [
            (one, name_of(one).pick(reader.current().language), LINE_OUTCOMES[one.outcome], wording.LINE_TONES.get(one.outcome, ""), _problems(one))
            for one in lines[:SHOWN]
        ],
        "next": paging.address(request, after=str(lines[SHOWN - 1].number)) if len(lines) > SHOWN else "",
        "first": paging.address(request, after=None) if request.GET.get("after") else "",
        "unsure": queries.first_unsure(import_id),
        "crumbs": [(_("Desk"), reverse("desk")), (_("Tables of companies"), reverse("desk-company-imports")), (row.name, "")],
    }  # fmt: skip
    return render(request, "profiles/import.html", context)


@staffed(IMPORTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def line(request: HttpRequest, line_id: int) -> HttpResponse:
    """A line beside those that it may be; a judgement leads to the next one."""
    actor = actor_of(request)
    row = queries.import_line(line_id, actor=actor)
    import_id = queries.import_of_line(line_id) or 0
    if request.method == "POST":
        act = request.POST.get("act", "")
        try:
            services.judge_line(
                actor=actor, line_id=line_id, now=timezone.now(), enter=act == "enter",
                organisation_id=lending.number_of(act.removeprefix("join-")) if act.startswith("join-") else None,
            )  # fmt: skip
        except NotAllowed:
            messages.error(request, _("This region is another administrator’s: leave the line to them."))
            return redirect("desk-company-import", import_id=import_id)
        except Refusal as refusal:
            told = wording.why(refusal)
            messages.error(request, f"{told.said} {told.remedy}")
        else:
            messages.success(request, _("Judged."))
        following = queries.next_unsure(line_id)
        if following is None:
            return redirect("desk-company-import", import_id=import_id)
        return redirect("desk-company-line", line_id=following)
    language = reader.current().language
    said = _told(row)
    context = {
        "section": "companies",
        "row": row,
        "name": name_of(row).pick(language),
        "open": row.outcome is LineOutcome.UNSURE,
        "outcome": LINE_OUTCOMES[row.outcome],
        "told": [(head, value) for head, value in said],
        "candidates": _candidates(row, said),
        "evidence": [words for code in row.evidence if (words := _evidence(code))],
        "crumbs": [
            (_("Desk"), reverse("desk")),
            (_("Tables of companies"), reverse("desk-company-imports")),
            (_("Report"), reverse("desk-company-import", args=[import_id])),
            (name_of(row).pick(language), ""),
        ],
    }
    return render(request, "profiles/import_line.html", context)


def name_of(row: LineRow) -> Label:
    """The name that a line gives."""
    return Label(*(row.values.get(f"name_{one}", "") for one in ("en", "fa", "vi")))


def _told(row: LineRow) -> list[tuple[str, str]]:
    values = row.values
    return [
        (_("Name"), " / ".join(name for name in (values.get(f"name_{one}", "") for one in ("fa", "vi", "en")) if name)),
        (_("Registration number"), values.get("registration_number", "")),
        (_("Country"), values.get("country", "")),
        (_("Region"), values.get("region", "")),
        (_("Telephone"), values.get("phone", "")),
        (_("E-mail"), values.get("email", "")),
        (_("Website"), values.get("website", "")),
        (_("Address"), values.get("address", "")),
    ]


def _candidates(row: LineRow, told: list[tuple[str, str]]) -> list[dict[str, Any]]:
    refs = network.organisation_refs(row.candidates)
    found = []
    for number in row.candidates:
        draft = network.organisation_draft(refs[number].code) if number in refs else None
        if draft is None:
            continue
        values = [
            " / ".join(name for name in (draft.names.fa, draft.names.vi, draft.names.en) if name),
            draft.registration_number, draft.country, draft.region_code, draft.phone, draft.email, draft.website,
            draft.address,
        ]  # fmt: skip
        found.append(
            {
                "id": number,
                "code": draft.code,
                "name": draft.names,
                "values": [
                    (head, value, bool(value) and value == mine)
                    for value, (head, mine) in zip(values, told, strict=True)
                ],
            }
        )
    return found


def _evidence(code: str) -> str:
    return {
        "name": _("the same name"),
        "alike": _("nearly the same name"),
        "website": _("the same website"),
        "phone": _("the same telephone"),
        "number_differs": _("another registration number"),
    }.get(code, "")


def _problems(row: LineRow) -> str:
    said = []
    for field, reason in (row.problems or {}).items():
        words = _("This region is another administrator’s.") if reason == "not_allowed" else wording.wrong(reason)
        said.append(f"{field}: {words}" if field else words)
    return " ".join(said)


def _given_up(problem: str) -> str:
    if problem == "gone":
        return _("The file is not there any more. Send it once more under another name, or with a line changed.")
    return _("The file cannot be read to its end: it is no table, or is broken. What was decided before that stays.")


def _left(row: ImportRow) -> str:
    """How long it will take, as far as it went."""
    if row.started_at is None or not row.taken or row.total <= row.taken:
        return ""
    seconds = (timezone.now() - row.started_at).total_seconds() * (row.total - row.taken) / row.taken
    minutes = max(1, round(seconds / 60))
    return ngettext("about %(number)s minute left", "about %(number)s minutes left", minutes) % {
        "number": show_number(minutes, reader.current().language)
    }


def _file(import_id: int, actor: Actor) -> StreamingHttpResponse:
    """Every line of the report, for a spreadsheet; what it would run is written as text."""

    def lines() -> Iterator[str]:
        yield "\ufeff" + csv_line(["line", "name", "outcome", "organisation", "problems"])
        after = 0
        while page := queries.import_lines(import_id, actor=actor, after=after, limit=1000):
            for one in page:
                code = one.organisation.code if one.organisation else ""
                yield csv_line([str(one.number), name_of(one).pick("en"), one.outcome.value, code, _problems(one)])
            after = page[-1].number

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="khaneh-companies-{import_id}.csv"'
    return response
