"""Courses at the desk of a house: what it gives and when, entering, changing, publishing, planning a run. Parse, call, translate."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.exchange.errors import GatheringDecided
from khaneh.domains.exchange.types import GatheringDecision
from khaneh.domains.learning import permissions, queries, services
from khaneh.domains.learning.permissions import DESK, GIVERS
from khaneh.domains.learning.types import LARGEST_FILE, CourseRow, CourseState, RunState
from khaneh.domains.network import queries as network
from khaneh.domains.spaces import queries as spaces
from khaneh.interfaces.web import clocks, reader
from khaneh.interfaces.web.desk import once, space_house
from khaneh.interfaces.web.desk.gate import staffed
from khaneh.interfaces.web.exchange import filled
from khaneh.interfaces.web.learning import wording
from khaneh.interfaces.web.learning.forms import CourseForm, RunForm
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel import documents
from khaneh.kernel.labels import LANGUAGES, Label
from khaneh.kernel.refusal import Invalid, Refusal

_OVER = (RunState.FINISHED, RunState.CANCELLED)
_EVERY = (CourseState.PUBLISHED, CourseState.DRAFT, CourseState.RETIRED)


@staffed(DESK)
@require_safe
def courses(request: HttpRequest) -> HttpResponse:
    """The runs that a house has before it or behind it, the courses it gives, who waits for an answer. About sixty statements."""
    house = None if "choose" in request.GET else space_house.house_of(request)
    if house is None:
        return _choose(request)
    actor, now = actor_of(request), timezone.now()
    past = request.GET.get("view") == "past"
    runs = (
        queries.runs_of(actor=actor, house_id=house.id, states=_OVER, last=now)[::-1]
        if past
        else queries.runs_of(actor=actor, house_id=house.id)
    )
    found = queries.courses(actor=actor, now=now, house_id=house.id, states=_EVERY, limit=200)
    context: dict[str, Any] = {
        "section": "courses",
        "house": house,
        "several": space_house.several(request),
        "past": past,
        "runs": runs,
        "courses": found.rows,
        "requests": [] if past else queries.requests_of(house.id, actor=actor),
        "keeps": permissions.may_keep(actor, house.place),
        "crumbs": [(_("Desk"), reverse("desk")), (_("Courses"), "")],
    }
    return render(request, "learning/desk/list.html", context)


@staffed(GIVERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enter a course of the house."""
    house = space_house.house_of(request)
    if house is None:
        return _choose(request)
    form = CourseForm(request.POST if request.method == "POST" else None, house=house, row=None)
    repeated = filled.gathering_of(request, GatheringDecision.COURSE)
    if repeated is not None and repeated.answers:
        for name, label in zip(("names", "descriptions"), filled.words_of(repeated), strict=True):
            form.initial.update({f"{name}_{language}": text for language, text in label.to_dict().items()})
    if form.is_bound and (before := once.again(request)) is not None:
        return before
    draft = form.draft() if form.is_bound and form.is_valid() else None
    if draft is not None:
        given = draft

        def make() -> int:
            return services.add_course(actor=actor_of(request), draft=given, now=timezone.now()).id

        try:
            filled.made(request, repeated, make)
        except GatheringDecided as refusal:
            return filled.too_late(request, repeated, refusal)
        except Invalid as refusal:
            form.refuse(refusal.facts.get("fields", {}))
        except Refusal as refusal:
            if refusal.code == "kernel.not_allowed":
                raise
            form.add_error("code" if refusal.code == "learning.code_taken" else None, wording.sentence(refusal))
        else:
            messages.success(request, _("Entered. Nobody else sees it before it is published."))
            return once.led_to(request, reverse("desk-course", args=[given.code]))
    return _form_page(request, form, title=_("Enter a course"), house=house, row=None)


@staffed(DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def course(request: HttpRequest, code: str) -> HttpResponse:
    """A course with its runs; a POST publishes or retires it, adds or removes a material."""
    actor, now = actor_of(request), timezone.now()
    found = queries.course(code, actor=actor, now=now)
    row = found.course
    refused: list[Any] = []
    if request.method == "POST":
        if (before := once.again(request)) is not None:
            return before
        try:
            said = _ACTS.get(request.POST.get("act", ""), _nothing)(request, row)
        except Refusal as refusal:
            if refusal.code == "kernel.not_allowed":
                raise
            refused = wording.reasons(refusal)
        else:
            if said:
                messages.success(request, said)
            return once.led_to(request, reverse("desk-course", args=[code]))
    past = queries.runs_of(actor=actor, course_id=row.id, states=_OVER, limit=50)
    context = {
        "section": "courses", "course": row, "runs": found.runs, "past": past[::-1], "materials": found.materials,
        "largest_file": LARGEST_FILE, "endings": ",".join(documents.ENDINGS),
        "keeps": permissions.may_keep(actor, _place(row), awarding=bool(row.awards)), "refused": refused,
        "once": once.key(), "languages": list(reader.LANGUAGES.items()), "crumbs": crumbs(row),
    }  # fmt: skip
    return render(request, "learning/desk/course.html", context, status=409 if refused else 200)


@staffed(GIVERS)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Change a course."""
    actor = actor_of(request)
    row = queries.course(code, actor=actor, now=timezone.now()).course
    permissions.require_keep(actor, _place(row), awarding=bool(row.awards))
    house = network.house_facts(row.house.id) if row.house is not None else space_house.house_of(request)
    if house is None:
        return _choose(request)
    form = CourseForm(request.POST if request.method == "POST" else None, house=house, row=row)
    if form.is_bound and (before := once.again(request)) is not None:
        return before
    draft = form.draft() if form.is_bound and form.is_valid() else None
    if draft is not None:
        try:
            services.change_course(actor=actor, code=code, draft=draft, now=timezone.now())
        except Invalid as refusal:
            form.refuse(refusal.facts.get("fields", {}))
        except Refusal as refusal:
            if refusal.code == "kernel.not_allowed":
                raise
            form.add_error(None, wording.sentence(refusal))
        else:
            messages.success(request, _("Changed."))
            return once.led_to(request, reverse("desk-course", args=[code]))
    return _form_page(request, form, title=_("Change the course"), house=house, row=row)


@staffed(GIVERS)
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, code: str) -> HttpResponse:
    """Plan a run of a course in the house; its rooms are booked at once."""
    actor, now = actor_of(request), timezone.now()
    row = queries.course(code, actor=actor, now=now).course
    house = space_house.house_of(request)
    if house is None:
        return _choose(request)
    permissions.require_plan(actor, house_id=house.id)
    rooms = [one for one in spaces.spaces_of_house(house.id) if one.in_service]
    form = RunForm(request.POST if request.method == "POST" else None, house=house, spaces=rooms)
    if form.is_bound and (before := once.again(request)) is not None:
        return before
    draft = form.draft(row.code) if form.is_bound and form.is_valid() else None
    if draft is not None:
        try:
            run = services.plan_run(actor=actor, draft=draft, now=now)
            if request.POST.get("open") == "1":
                services.open_run(actor=actor, run_id=run.id, now=now)
        except Invalid as refusal:
            form.add_error(None, wording.sentence(refusal, zone=house.calendar.zone))
        except Refusal as refusal:
            if refusal.code == "kernel.not_allowed":
                raise
            form.add_error(None, wording.sentence(refusal, zone=house.calendar.zone))
        else:
            messages.success(request, _("Planned; the rooms are taken."))
            return once.led_to(request, reverse("desk-run-of-course", args=[run.id]))
    context = {
        "section": "courses", "form": form, "title": _("Plan a run"), "house": house, "row": row, "once": once.key(),
        "crumbs": crumbs(row, (_("Plan a run"), "")),
    }  # fmt: skip
    return render(request, "learning/desk/plan.html", context, status=422 if form.is_bound else 200)


def crumbs(row: CourseRow, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a course at the desk."""
    own = reverse("desk-course", args=[row.code]) if more else ""
    name = row.names.pick(reader.current().language)
    return [(_("Desk"), reverse("desk")), (_("Courses"), reverse("desk-courses")), (name, own), *more]


def _place(row: CourseRow) -> Any:
    if row.house is not None:
        clocks.follow(row.house.id)
        return network.house_facts(row.house.id).place
    return network.place_of_organisation(row.organisation.id if row.organisation is not None else 0)


def _form_page(
    request: HttpRequest, form: CourseForm, *, title: str, house: Any, row: CourseRow | None
) -> HttpResponse:
    way = crumbs(row, (title, "")) if row is not None else [
        (_("Desk"), reverse("desk")), (_("Courses"), reverse("desk-courses")), (title, ""),
    ]  # fmt: skip
    context = {
        "section": "courses", "form": form, "title": title, "house": house, "row": row, "once": once.key(), "crumbs": way,
    }  # fmt: skip
    return render(request, "learning/desk/form.html", context, status=422 if form.is_bound else 200)


def _choose(request: HttpRequest) -> HttpResponse:
    language = reader.current().language
    houses = [network.house_facts(number) for number in space_house.served(request)]
    context = {
        "section": "courses",
        "houses": sorted(houses, key=lambda house: (house.names.pick(language), house.code)),
        "crumbs": [(_("Desk"), reverse("desk")), (_("Courses"), "")],
    }
    return render(request, "learning/desk/choose.html", context)


def _nothing(request: HttpRequest, row: CourseRow) -> str:
    return ""


def _publish(request: HttpRequest, row: CourseRow) -> str:
    services.publish_course(actor=actor_of(request), code=row.code, now=timezone.now())
    return _("Published: everybody finds it.")


def _retire(request: HttpRequest, row: CourseRow) -> str:
    services.retire_course(actor=actor_of(request), code=row.code, now=timezone.now())
    return _("It is given no longer; what was earned stays.")


def _add_material(request: HttpRequest, row: CourseRow) -> str:
    names = Label(**{one: request.POST.get(f"names_{one}", "").strip()[:300] for one in LANGUAGES})
    services.add_material(
        actor=actor_of(request), code=row.code, names=names, now=timezone.now(),
        url=request.POST.get("url", "").strip()[:2000], public=request.POST.get("public") == "1",
    )  # fmt: skip
    return _("Added.")


def _remove_material(request: HttpRequest, row: CourseRow) -> str:
    number = request.POST.get("material", "")
    if number.isdecimal():
        services.remove_material(actor=actor_of(request), material_id=int(number[:15]), now=timezone.now())
    return _("Removed.")


_ACTS = {"publish": _publish, "retire": _retire, "material": _add_material, "remove": _remove_material}
