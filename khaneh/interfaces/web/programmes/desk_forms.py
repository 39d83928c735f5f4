"""The forms of programmes and calls at the desk. They parse; services judge."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from khaneh.domains.exchange.errors import GatheringDecided
from khaneh.domains.exchange.types import GatheringDecision
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import ORGANISATION_KINDS, SECTORS
from khaneh.domains.programmes import permissions, queries, services
from khaneh.domains.programmes.permissions import MANAGERS
from khaneh.domains.programmes.types import (
    PROGRAMME_KINDS,
    QUOTA_KINDS,
    CallDraft,
    CallRow,
    CallState,
    CriterionDraft,
    ProgrammeDraft,
    ProgrammeKind,
    ProgrammeRow,
    QuotaDraft,
    QuotaKind,
)
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk.gate import staffed
from khaneh.interfaces.web.exchange import filled
from khaneh.interfaces.web.programmes import wording
from khaneh.interfaces.web.programmes.desk import LANGUAGES, houses_of, kept_call
from khaneh.interfaces.web.region_choices import region_choices
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.calendars import latin_digits, parse_date, parse_time, show_short_date
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import Invalid, Refusal

_SPARE, _MOST = 3, 20


@staffed(MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_programme(request: HttpRequest) -> HttpResponse:
    """A programme of a house."""
    actor = actor_of(request)
    houses = houses_of(actor)
    wanted = request.POST.get("house") or request.GET.get("house", "")
    house = next((one for one in houses if one.code == wanted), houses[0] if houses else None)
    if house is None:
        raise Http404
    wrong: dict[str, str] = {}
    if request.method == "POST":
        try:
            services.add_programme(actor=actor, house_id=house.id, draft=_programme(request.POST), now=timezone.now())
        except Invalid as refusal:
            wrong = wording.wrongs(refusal.facts["fields"])
        except Refusal as refusal:
            wrong = {"code": " ".join(wording.why(refusal))}
        else:
            messages.success(request, _("The programme is entered. Prepare its first call."))
            return redirect(f"{reverse('desk-programmes')}?house={house.code}")
    return _programme_page(request, None, wrong, {"house": house, "houses": houses[:200]})


@staffed(MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_programme(request: HttpRequest, code: str) -> HttpResponse:
    """Change kind and words."""
    actor = actor_of(request)
    row = queries.programme(code)
    permissions.require_manage(actor, house_id=row.house.id)
    wrong: dict[str, str] = {}
    if request.method == "POST":
        posted = request.POST.copy()
        posted["code"] = code
        try:
            services.change_programme(actor=actor, code=code, draft=_programme(posted), now=timezone.now())
        except Invalid as refusal:
            wrong = wording.wrongs(refusal.facts["fields"])
        else:
            messages.success(request, _("The programme is changed."))
            return redirect(f"{reverse('desk-programmes')}?house={row.house.code}")
    return _programme_page(request, row, wrong, {"house": row.house})


@staffed(MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_call(request: HttpRequest, code: str) -> HttpResponse:
    """A call, as a draft. Sent twice it is one."""
    actor = actor_of(request)
    programme = queries.programme(code)
    permissions.require_manage(actor, house_id=programme.house.id)
    values, wrong = _values(None), dict[str, str]()
    repeated = filled.gathering_of(request, GatheringDecision.CALL)
    if repeated is not None and repeated.answers:
        values["names"], values["descriptions"] = filled.words_of(repeated)
    if request.method == "POST":
        values = _posted(request.POST)
        draft, wrong = _call(request.POST, programme.house.id)
        if not wrong:
            key = request.POST.get("key", "")[:40]

            def make() -> int:
                return services.add_call(actor=actor, programme_code=code, draft=draft, now=timezone.now(), key=key).id

            try:
                number = filled.made(request, repeated, make)
            except Invalid as refusal:
                wrong = refusal.facts["fields"]
            except GatheringDecided as refusal:
                return filled.too_late(request, repeated, refusal)
            else:
                messages.success(request, _("Saved as a draft. Make its form next, then publish it."))
                return redirect("desk-call", call_id=number)
    return _call_page(request, programme, None, values, wording.wrongs(wrong))


@staffed(MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_call(request: HttpRequest, call_id: int) -> HttpResponse:
    """Change a call; in public only its words, the results' day and a later deadline."""
    actor = actor_of(request)
    row = kept_call(actor, call_id)
    values, wrong = _values(row), dict[str, str]()
    if request.method == "POST":
        values = _posted(request.POST)
        draft, wrong = _call(request.POST, row.house.id, promised=row if row.state is not CallState.DRAFT else None)
        if not wrong:
            try:
                services.change_call(actor=actor, call_id=call_id, draft=draft, now=timezone.now())
            except Invalid as refusal:
                wrong = refusal.facts["fields"]
            except Refusal as refusal:
                messages.error(request, " ".join(wording.why(refusal)))
                return redirect("desk-call", call_id=call_id)
            else:
                messages.success(request, _("The call is changed."))
                return redirect("desk-call", call_id=call_id)
    return _call_page(request, row.programme, row, values, wording.wrongs(wrong))


def _programme(posted: QueryDict) -> ProgrammeDraft:
    kind = posted.get("kind", "")
    return ProgrammeDraft(
        code=posted.get("code", "").strip().lower(),
        kind=ProgrammeKind(kind) if kind in list(ProgrammeKind) else ProgrammeKind.INCUBATION,
        names=_label(posted, "names"),
        descriptions=_label(posted, "descriptions"),
    )


def _programme_page(
    request: HttpRequest, row: ProgrammeRow | None, wrong: dict[str, str], extra: dict[str, Any]
) -> HttpResponse:
    post = request.POST
    names = _label(post, "names") if post else row.names if row else Label("", "", "")
    descriptions = _label(post, "descriptions") if post else row.descriptions if row else Label("", "", "")
    kind = post.get("kind") or (row.kind.value if row else "")
    context = {
        "section": "programmes",
        "row": row,
        "wrong": wrong,
        "code": post.get("code", ""),
        "kinds": [(one.value, label, one.value == kind) for one, label in PROGRAMME_KINDS.items()],
        "spoken": _spoken(names, descriptions),
        "crumbs": [
            (_("Desk"), reverse("desk")),
            (_("Programmes"), reverse("desk-programmes")),
            (row.names.pick(reader.current().language) if row else _("New programme"), ""),
        ],
        **extra,
    }
    return render(request, "programmes/programme_form.html", context, status=422 if wrong else 200)


def _call(posted: QueryDict, house_id: int, *, promised: CallRow | None = None) -> tuple[CallDraft, dict[str, str]]:
    """What was written, and what cannot be read. Of a call in public what was promised is what it was."""
    wrong: dict[str, str] = {}
    zone = ZoneInfo(network.house_facts(house_id).calendar.zone)
    opens, closes = (_instant(posted, name, zone, wrong) for name in ("opens", "closes"))
    results = _day(posted, "results_on", wrong)
    draft = CallDraft(
        names=_label(posted, "names"),
        descriptions=_label(posted, "descriptions"),
        places=_number(posted.get("places", "")) or 0,
        for_persons=posted.get("for_persons") == "1",
        for_kinds=tuple(code for code in ORGANISATION_KINDS if code in posted.getlist("for_kinds")),
        sectors=tuple(code for code in SECTORS if code in posted.getlist("sectors")),
        region_code=posted.get("region", ""),
        opens_at=opens,
        closes_at=closes,
        results_on=results,
        criteria=_criteria(posted),
        quotas=_quotas(posted),
    )
    if promised is None:
        return draft, wrong
    before = services.draft_of(promised)
    fixed = ("places", "for_persons", "for_kinds", "sectors", "region_code", "opens_at", "criteria", "quotas")
    kept = {name: getattr(before, name) for name in fixed}
    return CallDraft(
        names=draft.names, descriptions=draft.descriptions, closes_at=closes, results_on=results, **kept
    ), wrong  # fmt: skip


def _criteria(posted: QueryDict) -> tuple[CriterionDraft, ...]:
    found = []
    for number in range(_MOST + _SPARE):
        names = _label(posted, f"criterion-{number}")
        if any(names):
            found.append(
                CriterionDraft(
                    posted.get(f"criterion-{number}-code") or f"c{number + 1}",
                    names,
                    _number(posted.get(f"criterion-{number}-weight", "")) or 0,
                    _number(posted.get(f"criterion-{number}-scale", "")) or 0,
                )
            )
    return tuple(found)


def _quotas(posted: QueryDict) -> tuple[QuotaDraft, ...]:
    found = []
    for number in range(_MOST + _SPARE):
        kind = posted.get(f"quota-{number}-kind", "")
        if kind in list(QuotaKind):
            wanted = QuotaKind(kind)
            found.append(
                QuotaDraft(
                    wanted,
                    _number(posted.get(f"quota-{number}-places", "")) or 0,
                    posted.get(f"quota-{number}-region", "") if wanted is QuotaKind.REGION else "",
                    _number(posted.get(f"quota-{number}-decile", "")) if wanted is QuotaKind.DEPRIVATION else None,
                )
            )
    return tuple(found)


def _values(row: CallRow | None) -> dict[str, Any]:
    """What the form begins with."""
    if row is None:
        return {"names": Label("", "", ""), "descriptions": Label("", "", ""), "places": "1", "for_persons": True,
                "for_kinds": (), "sectors": (), "region": "", "criteria": (), "quotas": (), "opens_time": "08:00",
                "closes_time": "14:00", "key": secrets.token_hex(8)}  # fmt: skip
    zone = ZoneInfo(network.house_facts(row.house.id).calendar.zone)
    return {
        "names": row.names, "descriptions": row.descriptions, "places": str(row.places), "for_persons": row.for_persons,
        "for_kinds": row.for_kinds, "sectors": row.sectors, "region": row.region.code if row.region else "",
        "opens_day": _shown(row.opens_at.astimezone(zone).date() if row.opens_at else None),
        "opens_time": f"{row.opens_at.astimezone(zone):%H:%M}" if row.opens_at else "08:00",
        "closes_day": _shown(row.closes_at.astimezone(zone).date() if row.closes_at else None),
        "closes_time": f"{row.closes_at.astimezone(zone):%H:%M}" if row.closes_at else "14:00",
        "results_on": _shown(row.results_on), "key": "",
        "criteria": tuple(CriterionDraft(one.code, one.names, one.weight, one.scale_max) for one in row.criteria),
        "quotas": tuple(
            QuotaDraft(one.kind, one.places, one.region.code if one.region else "", one.decile_max) for one in row.quotas
        ),
    }  # fmt: skip


def _posted(posted: QueryDict) -> dict[str, Any]:
    """What was typed, to be shown again."""
    same = ("places", "region", "opens_day", "opens_time", "closes_day", "closes_time", "results_on", "key")
    return {
        "names": _label(posted, "names"), "descriptions": _label(posted, "descriptions"),
        "for_persons": posted.get("for_persons") == "1", "for_kinds": posted.getlist("for_kinds"),
        "sectors": posted.getlist("sectors"), "criteria": _criteria(posted), "quotas": _quotas(posted),
        **{name: posted.get(name, "") for name in same},
    }  # fmt: skip


def _call_page(
    request: HttpRequest,
    programme: ProgrammeRow,
    row: CallRow | None,
    values: dict[str, Any],
    wrong: dict[str, str],
) -> HttpResponse:
    language = reader.current().language
    empty = CriterionDraft("", Label("", "", ""), 10, 10)
    no_quota = (None, "", "", "")
    quotas = [(one.kind.value, one.places, one.region_code, one.decile_max or "") for one in values["quotas"]]
    context = {
        "section": "programmes",
        "programme": programme,
        "row": row,
        "is_public": row is not None and row.state is not CallState.DRAFT,
        "values": values,
        "wrong": wrong,
        "spoken": _spoken(values["names"], values["descriptions"]),
        "kinds": [(code, label.pick(language), code in values["for_kinds"]) for code, label in ORGANISATION_KINDS.items()],
        "sectors": [(code, f"{code} {SECTORS[code].pick(language)}", code in values["sectors"]) for code in SECTORS if code.isdecimal()],
        "regions": region_choices(values.get("region", ""), *(one.region_code for one in values["quotas"])),
        "criteria": list(enumerate([*values["criteria"], *[empty] * _SPARE])),
        "quotas": list(enumerate([*quotas, *[no_quota] * _SPARE])),
        "quota_kinds": [(one.value, label) for one, label in QUOTA_KINDS.items()],
        "example": _shown(date(2026, 11, 22)),
        "crumbs": [
            (_("Desk"), reverse("desk")),
            (_("Programmes"), f"{reverse('desk-programmes')}?house={programme.house.code}"),
            (row.names.pick(language) if row else _("New call"), ""),
        ],
    }  # fmt: skip
    return render(request, "programmes/call_form.html", context, status=422 if wrong else 200)


def _spoken(names: Label, descriptions: Label) -> list[dict[str, str]]:
    """Name and description in each language, the reader's own first."""
    words = {"fa": _("in Persian"), "vi": _("in Vietnamese"), "en": _("in English")}
    own = reader.current().language
    return [
        {"code": one, "said": words[one], "name": getattr(names, one), "description": getattr(descriptions, one)}
        for one in (own, *(one for one in LANGUAGES if one != own))
    ]


def _label(posted: QueryDict, name: str) -> Label:
    return Label(**{one: posted.get(f"{name}_{one}", "").strip() for one in LANGUAGES})


def _number(text: str) -> int | None:
    plain = latin_digits(text).strip()
    return int(plain) if plain.isdecimal() and len(plain) < 7 else None


def _day(posted: QueryDict, name: str, wrong: dict[str, str]) -> date | None:
    try:
        return parse_date(posted.get(name, "")) if posted.get(name, "").strip() else None
    except ValueError:
        wrong[name] = "format"
        return None


def _instant(posted: QueryDict, name: str, zone: ZoneInfo, wrong: dict[str, str]) -> datetime | None:
    """A day and a time of day on the clocks of the house."""
    day = _day(posted, f"{name}_day", wrong)
    if day is None:
        if f"{name}_day" in wrong:
            wrong[f"{name}_at"] = wrong.pop(f"{name}_day")
        return None
    try:
        minutes = parse_time(posted.get(f"{name}_time", "") or "00:00")
    except ValueError:
        wrong[f"{name}_at"] = "format"
        return None
    return datetime(day.year, day.month, day.day, minutes // 60, minutes % 60, tzinfo=zone)


def _shown(day: date | None) -> str:
    who = reader.current()
    return show_short_date(day, calendar=who.calendar, language=who.language) if day else ""
