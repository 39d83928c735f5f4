"""The pages of whoever runs residencies: who is in the house, what waits, and one team with all that is done for it. Parse, call, translate."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Ref
from khaneh.domains.people import queries as people
from khaneh.domains.programmes.types import ApplicationRow
from khaneh.domains.residencies import queries, services
from khaneh.domains.residencies.permissions import MANAGERS, houses_run
from khaneh.domains.residencies.types import (
    ENDING,
    IN_MONEY,
    OVER_REASONS,
    RESIDENCY_STATES,
    SUPPORT_KINDS,
    LineRow,
    MilestoneDraft,
    OverReason,
    RequestState,
    ResidencyDetail,
    ResidencyDraft,
    ResidencyState,
    SupportKind,
)
from khaneh.interfaces.web import clocks, reader
from khaneh.interfaces.web.desk.gate import staffed
from khaneh.interfaces.web.networking.mentors import shared_mentors
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.residencies import acting, showing, typed, wording
from khaneh.kernel.actor import Actor
from khaneh.kernel.calendars import parse_date
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import Invalid, NotFound, Refusal


class ResidencyForm(forms.Form):
    """A residency to be offered."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        words = {"class": "input", "dir": "auto", "autocomplete": "off"}
        plain = {"class": "input", "autocomplete": "off"}
        self.fields["name"] = forms.CharField(label=_("Team"), max_length=300, widget=forms.TextInput(attrs=words))
        self.fields["founder_email"] = forms.EmailField(
            label=_("E-mail address of who answers for it"),
            help_text=_("They need an account here: it is where they see all of this."),
            widget=forms.EmailInput(attrs={**plain, "dir": "ltr"}),
        )
        self.fields["organisation_code"] = forms.CharField(
            label=_("Code of its organisation"), required=False, max_length=60,
            help_text=_("Where it has one in the directory."), widget=forms.TextInput(attrs={**plain, "dir": "ltr"}),
        )  # fmt: skip
        for name, label in (("starts_on", _("From")), ("ends_on", _("Until"))):
            self.fields[name] = forms.CharField(
                label=label, max_length=30, widget=forms.TextInput(attrs={**plain, "class": "input input--day"})
            )
        self.fields["people"] = forms.IntegerField(
            label=_("People"), min_value=1, max_value=200, widget=forms.NumberInput(attrs=plain)
        )
        self.fields["plan"] = forms.CharField(
            label=_("Plan"), required=False, max_length=10_000,
            widget=forms.Textarea(attrs={"class": "textarea", "rows": 6, "dir": "auto"}),
        )  # fmt: skip
        self.fields["key"] = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def clean_starts_on(self) -> date:
        """A day in either calendar."""
        return self._day("starts_on")

    def clean_ends_on(self) -> date:
        """A day in either calendar."""
        return self._day("ends_on")

    def _day(self, name: str) -> date:
        try:
            return parse_date(self.cleaned_data[name])
        except ValueError:
            raise forms.ValidationError(wording.wrong("format")) from None

    def draft(self, application_id: int | None = None) -> ResidencyDraft:
        """What was written, for the application that it follows from."""
        found = self.cleaned_data
        names = dict.fromkeys(("en", "fa", "vi"), "")
        names[reader.current().language] = " ".join(found["name"].split())
        return ResidencyDraft(
            names=Label(**names), founder_email=found["founder_email"], starts_on=found["starts_on"],
            ends_on=found["ends_on"], organisation_code=found["organisation_code"].strip(), plan=found["plan"],
            people=found["people"], application_id=application_id,
        )  # fmt: skip


@staffed(MANAGERS)
@require_safe
def residencies(request: HttpRequest) -> HttpResponse:
    """Who is in a house and what waits for an answer there. At most fifteen statements."""
    actor, now = actor_of(request), timezone.now()
    house, houses = house_of(request, actor)
    wanted = request.GET.get("state", "")
    states = [ResidencyState(wanted)] if wanted in RESIDENCY_STATES else []
    found = queries.residencies_of_house(house.id, actor=actor, now=now, states=states) if house else []
    context = {
        "section": "residencies",
        "house": house,
        "houses": houses,
        "rows": [showing.line(row) for row in found],
        "waiting": [row for row in found if row.waiting],
        "late": [row for row in found if row.late and row.state is ResidencyState.MOVED_IN],
        "states": [(state.value, label, state.value == wanted) for state, label in RESIDENCY_STATES.items()],
        "chosen": wanted,
        "accepted": queries.accepted_without(house.id, actor=actor) if house else [],
        "fates": queries.fates(house.id, actor=actor) if house else [],
    }
    return render(request, "residencies/desk.html", context)


@staffed(MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A residency offered. Sent twice it is one."""
    actor = actor_of(request)
    house, houses = house_of(request, actor)
    if house is None:
        raise Http404
    today = clocks.today(house.id)
    starts = {"starts_on": wording.short(today), "ends_on": wording.short(today + timedelta(days=365)), "people": 2}
    accepted = _accepted(request, actor, house)
    form = ResidencyForm(
        request.POST if request.method == "POST" else None,
        initial={**starts, "key": secrets.token_hex(8), **_from(accepted)},
    )
    if form.is_valid():
        try:
            number = services.offer_residency(
                actor=actor,
                house_id=house.id,
                draft=form.draft(accepted.id if accepted else None),
                key=form.cleaned_data["key"],
                now=timezone.now(),
            )
        except Invalid as refusal:
            for name, text in wording.facts_of(refusal).items():
                form.add_error({"names": "name", "application": None}.get(name, name), text)
        except Refusal as refusal:
            form.add_error(None, wording.sentence(refusal))
        else:
            messages.success(request, _("Offered. They are told."))
            return redirect("desk-residency", residency_id=number)
    context = {"section": "residencies", "house": house, "houses": houses, "form": form, "accepted": accepted}
    return render(request, "residencies/new.html", context, status=422 if form.errors else 200)


@staffed(MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def residency(request: HttpRequest, residency_id: int) -> HttpResponse:
    """One team: what it is to reach, where it works, who mentors it, what it gets. A post does one thing; sent twice it is done once."""
    actor, now = actor_of(request), timezone.now()
    found = queries.residency(residency_id, actor=actor, now=now)
    if found.row.house.id not in houses_run(actor):
        raise NotFound(what="residency")
    clocks.follow(found.row.house.id)
    today = clocks.today(found.row.house.id)
    if request.method == "POST":
        acting.do(request, _acts(request, actor, found, today, now))
        return redirect("desk-residency", residency_id=residency_id)
    lines = queries.lines_of_house(found.row.house.id, actor=actor, on=today)
    first, last = max(found.row.starts_on, today), min(found.row.ends_on, today + timedelta(days=360))
    context = {
        "section": "residencies",
        **showing.detail(found, today),
        "places": queries.places_for(found.row.house.id, first=first, last=last, actor=actor, now=now)
        if found.row.over_on is None else [],
        "fits": queries.mentors_for(residency_id) if found.row.over_on is None else [],
        "shared_mentors": shared_mentors(found.row.house.id, now=now) if found.row.over_on is None else [],
        "first": wording.short(first),
        "last": wording.short(last),
        "lines": [showing.budget(one) for one in lines],
        "kinds": [(kind.value, label) for kind, label in SUPPORT_KINDS.items()],
        "reasons": [(one.value, OVER_REASONS[one]) for one in ENDING],
        "open_milestones": [one for one in found.milestones if one.state.value in ("planned", "submitted")],
        "key": secrets.token_hex(8),
    }  # fmt: skip
    return render(request, "residencies/desk_one.html", context)


def house_of(request: HttpRequest, actor: Actor) -> tuple[Ref | None, list[Ref]]:
    """The house that a page of the desk is about, and those that could be asked for."""
    refs = network.house_refs(houses_run(actor))
    language = reader.current().language
    houses = sorted(refs.values(), key=lambda one: one.names.pick(language).casefold())
    asked = request.GET.get("house", "")
    return next((one for one in houses if one.code == asked), houses[0] if houses else None), houses


def _accepted(request: HttpRequest, actor: Actor, house: Ref) -> ApplicationRow | None:
    """The accepted application that a residency is offered for, if the address names one."""
    asked = request.GET.get("application", "")
    return next((row for row in queries.accepted_without(house.id, actor=actor) if str(row.id) == asked), None)


def _from(accepted: ApplicationRow | None) -> dict[str, str]:
    """What an application says of a residency."""
    if accepted is None:
        return {}
    return {
        "name": accepted.title,
        "plan": accepted.summary,
        "founder_email": people.account_emails([accepted.account_id]).get(accepted.account_id or 0, ""),
        "organisation_code": accepted.organisation.code if accepted.organisation else "",
    }


def _acts(request: HttpRequest, actor: Actor, found: ResidencyDetail, today: date, now: datetime) -> acting.Acts:
    number, house_id = found.row.id, found.row.house.id
    text = typed.text(request, "answer")
    who: dict[str, Any] = {"actor": actor, "now": now}
    return {
        "move-in": (lambda: services.move_in(residency_id=number, **who), _("They have moved in.")),
        "graduate": (lambda: services.graduate(residency_id=number, **who), _("They have graduated.")),
        "end": (
            lambda: services.end_residency(residency_id=number, reason=_reason(request), **who), _("It is over.")
        ),
        "prolong": (
            lambda: services.prolong(residency_id=number, ends_on=typed.day(request, "ends_on"), **who),
            _("The last day is changed."),
        ),
        "milestone": (
            lambda: services.plan_milestone(
                residency_id=number,
                draft=MilestoneDraft(
                    typed.label(request, "names"), typed.day(request, "due_on"), typed.text(request, "wanted")
                ),
                **who,
            ),
            _("The milestone is planned."),
        ),
        "reached": (
            lambda: services.decide_milestone(
                milestone_id=typed.number(request, "milestone"), reached=True, answer=text, **who
            ),
            _("Reached. What was promised for it can be paid."),
        ),
        "return": (
            lambda: services.decide_milestone(
                milestone_id=typed.number(request, "milestone"), reached=False, answer=text, **who
            ),
            _("Given back with your words."),
        ),
        "drop": (
            lambda: services.drop_milestone(milestone_id=typed.number(request, "milestone"), answer=text, **who),
            _("Dropped; what was promised for it is free again."),
        ),
        "allot": (
            lambda: services.allot(
                residency_id=number, space_id=typed.number(request, "space"), first=typed.day(request, "first"),
                last=typed.day(request, "last"), **who,
            ),
            _("The place is theirs."),
        ),
        "give-back": (
            lambda: services.give_back(allotment_id=typed.number(request, "allotment"), **who),
            _("The place is free again."),
        ),
        "appoint": (
            lambda: services.appoint_mentor(
                residency_id=number, account_id=_mentor(request), why=typed.text(request, "why"), **who
            ),
            _("They mentor the team from today on; both are told."),
        ),
        "release": (
            lambda: services.release_mentor(mentorship_id=typed.number(request, "mentorship"), **who),
            _("They mentor the team no longer."),
        ),
        "answer": (
            lambda: services.answer_request(
                request_id=typed.number(request, "request"), state=_step(request), answer=text, **who
            ),
            _("Answered. They are told."),
        ),
        "promise": (lambda: _promise(request, actor, number, house_id, today, now), _("Promised.")),
        "pay": (
            lambda: services.pay(tranche_id=typed.number(request, "tranche"), note=typed.text(request, "note"), **who),
            _("Written into the ledger; the receipt has its number."),
        ),
        "cancel-tranche": (
            lambda: services.cancel_tranche(actor=actor, tranche_id=typed.number(request, "tranche")),
            _("Taken back; the budget line has it again."),
        ),
        "give": (lambda: _give(request, actor, number, house_id, today, now), _("Written into the ledger.")),
        "take-back": (
            lambda: services.take_back(
                support_id=typed.number(request, "support"), reason=typed.text(request, "reason"), **who
            ),
            _("Taken back by a line of its own."),
        ),
    }  # fmt: skip


def _promise(request: HttpRequest, actor: Actor, number: int, house_id: int, today: date, now: datetime) -> int:
    line = _line(request, actor, house_id, today)
    if line is None:
        raise Invalid(fields={"line": "required"})
    return services.promise(
        actor=actor, residency_id=number, line_id=line.id, amount=typed.amount(request, "amount", line.unit),
        milestone_id=typed.number(request, "milestone") or None, key=_key(request), now=now,
    )  # fmt: skip


def _give(request: HttpRequest, actor: Actor, number: int, house_id: int, today: date, now: datetime) -> int:
    line = _line(request, actor, house_id, today)
    asked = request.POST.get("kind", "")
    if line is None and asked not in SUPPORT_KINDS:
        raise Invalid(fields={"kind": "required"})
    kind = line.kind if line is not None else SupportKind(asked)
    if line is None and kind in IN_MONEY:
        raise Invalid(fields={"line": "required"})
    return services.give(
        actor=actor, residency_id=number, kind=kind, line_id=line.id if line else None, key=_key(request), now=now,
        amount=typed.amount(request, "amount", line.unit if line else ""), note=typed.text(request, "note"),
    )  # fmt: skip


def _line(request: HttpRequest, actor: Actor, house_id: int, today: date) -> LineRow | None:
    asked = typed.number(request, "line")
    if not asked:
        return None
    found = [one for one in queries.lines_of_house(house_id, actor=actor, on=today) if one.id == asked]
    if not found:
        raise Invalid(fields={"line": "unknown"})
    return found[0]


def _mentor(request: HttpRequest) -> int:
    if request.POST.get("account"):
        return typed.number(request, "account")
    found = people.account_by_email(typed.text(request, "email").strip())
    if found is None:
        raise NotFound(what="account")
    return found.id


def _reason(request: HttpRequest) -> OverReason:
    asked = request.POST.get("reason", "")
    return OverReason(asked) if asked in OVER_REASONS else OverReason.OTHER


def _step(request: HttpRequest) -> RequestState:
    asked = request.POST.get("step", "")
    return RequestState(asked) if asked in list(RequestState) else RequestState.DONE


def _key(request: HttpRequest) -> str:
    key = request.POST.get("key", "")[:64]
    if not key:
        raise Invalid(fields={"amount": "required"})
    return key
