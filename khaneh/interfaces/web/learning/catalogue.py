"""The catalogue of courses for everybody, one of them with its runs, and what it is taught with. Parse, call, translate."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from khaneh.domains.learning import queries
from khaneh.domains.learning.types import COURSE_KINDS, CourseKind, CourseRow, CourseState, RunRow
from khaneh.domains.network import queries as network
from khaneh.domains.qualifications import queries as qualifications
from khaneh.interfaces.web import paging, reader
from khaneh.interfaces.web.region_choices import region_choices
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotFound

PAGE = 24
_LONGEST_TEXT = 200


@require_safe
def courses(request: HttpRequest) -> HttpResponse:
    """The courses that are given, with the next run of each that somebody may enrol in. About forty statements."""
    language, now, actor = reader.current().language, timezone.now(), actor_of(request)
    asked: dict[str, Any] = {
        "q": request.GET.get("q", "")[:_LONGEST_TEXT].strip(),
        "kind": request.GET.get("kind", ""),
        "where": request.GET.get("where", "")[:80],
        "house": request.GET.get("house", "")[:80],
        "open": request.GET.get("open") == "1",
    }
    page = paging.page_number(request)
    context: dict[str, Any] = {
        "asked": asked,
        "kinds": [(code.value, label.pick(language)) for code, label in COURSE_KINDS.items()],
        "regions": region_choices(asked["where"]),
        "narrow": any(asked.values()),
        "crumbs": [(_("Home"), reverse("home")), (_("Courses"), "")],
    }
    try:
        where = network.region(asked["where"]).id if asked["where"] else None
        house = network.house(asked["house"], actor=actor, now=now) if asked["house"] else None
        house_id = network.house_ids_by_code([asked["house"]]).get(asked["house"]) if house is not None else None
    except NotFound:
        return render(
            request,
            "learning/courses.html",
            context | {"problem": _("This region or house is not known. Choose one of the list.")},
        )
    found = queries.courses(
        actor=actor, now=now, text=asked["q"], kind=next((one for one in CourseKind if one.value == asked["kind"]), None),
        region_id=where, house_id=house_id, enrolling=asked["open"],
        offset=(page - 1) * PAGE, limit=PAGE, states=(CourseState.PUBLISHED,),
    )  # fmt: skip
    runs = queries.next_runs([row.id for row in found.rows], now=now)
    context |= {
        "lines": [(row, runs.get(row.id)) for row in found.rows],
        "total": found.total,
        "house": house,
        "pager": paging.pager(request, total=found.total, size=PAGE),
    }
    return render(request, "learning/courses.html", context)


@require_safe
def course(request: HttpRequest, code: str) -> HttpResponse:
    """What is taught, what it asks for and opens, when it is held. About thirty statements."""
    actor, now = actor_of(request), timezone.now()
    found = queries.course(code, actor=actor, now=now)
    row = found.course
    held = qualifications.held_by(actor.account_id, at=now) if actor.account_id is not None else {}
    context = {
        "course": row,
        "runs": [(run, _can(run, now)) for run in found.runs],
        "materials": found.materials,
        "requires": [(one, one.code in held) for one in _named(row.requires)],
        "awards": [(one, held.get(one.code)) for one in _named(row.awards)],
        "signed_in": actor.account_id is not None,
        "json_ld": _json_ld(row, found.runs),
        "crumbs": [(_("Home"), reverse("home")), (_("Courses"), reverse("courses")), (row.names.pick(reader.current().language), "")],
    }  # fmt: skip
    return render(request, "learning/course.html", context)


@require_safe
def material(request: HttpRequest, material_id: int) -> HttpResponse:
    """Something to read or use: on to its address, or a file to be saved and never shown by the browser itself. Raises NotFound for whom it is
    not for."""
    found = queries.material(material_id, actor=actor_of(request))
    if found.url:
        return redirect(found.url)
    name, media_type, content = queries.material_file(
        material_id, actor=actor_of(request), language=reader.current().language
    )
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=name) or "attachment"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _can(run: RunRow, now: Any) -> bool:
    """Whether somebody may still ask for a seat, as far as the clock says."""
    return run.state.value == "open" and run.enrol_until > now and run.mine is None


def _named(pairs: tuple[tuple[int, str], ...]) -> list[Any]:
    rows = qualifications.rows_by_id(number for number, _code in pairs)
    return [rows[number] for number, _code in pairs if number in rows]


def _json_ld(row: CourseRow, runs: tuple[RunRow, ...]) -> dict[str, Any]:
    language = reader.current().language
    giver = row.house or row.organisation
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Course",
        "@id": settings.SITE_URL + reverse("course", args=[row.code]),
        "name": row.names.pick(language),
        "description": row.descriptions.pick(language) or row.names.pick(language),
        "provider": {"@type": "Organization", "name": _pick(giver.names, language)} if giver is not None else None,
        "hasCourseInstance": [
            {
                "@type": "CourseInstance",
                "courseMode": "online" if run.online and not run.meetings[0].places else "onsite",
                "startDate": run.starts.isoformat(),
                "endDate": run.ends.isoformat(),
                "location": {"@type": "Place", "name": run.house.names.pick(language)},
            }
            for run in runs
        ],
    }
    return {name: value for name, value in found.items() if value}


def _pick(label: Label, language: str) -> str:
    return label.pick(language)
