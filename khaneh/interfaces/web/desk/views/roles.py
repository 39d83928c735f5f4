"""Who holds which role at a house or an organisation; giving and taking roles."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Ref, Role
from khaneh.domains.people import queries, services
from khaneh.domains.people.errors import RoleHeldAlready
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk import wording
from khaneh.interfaces.web.desk.forms.network import RoleForm
from khaneh.interfaces.web.desk.gate import ADMINISTRATORS, MANAGERS, staffed
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.calendars import parse_date
from khaneh.kernel.refusal import Invalid, NotAllowed, Refusal


@staffed(MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def at_house(request: HttpRequest, code: str) -> HttpResponse:
    """The roles at a house."""
    house_id = network.house_ids_by_code([code]).get(code)
    if house_id is None:
        raise Http404
    draft = network.house_draft(code)
    return _roles(
        request,
        network.house_refs([house_id])[house_id],
        house_id=house_id,
        zone=draft.time_zone if draft else "UTC",
        back=reverse("desk-house", args=[code]),
    )


@staffed(ADMINISTRATORS)
@require_http_methods(["GET", "HEAD", "POST"])
def at_organisation(request: HttpRequest, code: str) -> HttpResponse:
    """The roles at an organisation, which cover its houses."""
    organisation_id = network.organisation(code).row.id
    return _roles(
        request,
        network.organisation_refs([organisation_id])[organisation_id],
        organisation_id=organisation_id,
        back=reverse("desk-organisation", args=[code]),
    )


def _roles(
    request: HttpRequest,
    place: Ref,
    *,
    back: str,
    house_id: int | None = None,
    organisation_id: int | None = None,
    zone: str = "UTC",
) -> HttpResponse:
    actor = actor_of(request)
    grantable = queries.grantable_at(actor, house_id=house_id, organisation_id=organisation_id)
    if not grantable:
        raise Http404
    form = RoleForm(request.POST if request.method == "POST" else None, roles=grantable)
    if form.is_bound and form.is_valid():
        account = queries.account_by_email(form.cleaned_data["email"])
        since, until = _instant(form, "since", time(), zone), _instant(form, "until", time(23, 59), zone)
        if account is None:
            form.add_error("email", _("Nobody has an account with this address. Ask them to sign up first."))
        elif not form.errors:
            try:
                services.grant_role(
                    actor=actor,
                    account_id=account.id,
                    role=Role(form.cleaned_data["role"]),
                    house_id=house_id,
                    organisation_id=organisation_id,
                    valid_from=since,
                    valid_until=until,
                    reason=form.cleaned_data["reason"],
                    now=timezone.now(),
                )
            except RoleHeldAlready as refusal:
                form.add_error("role", wording.refusal(refusal))
            except Invalid as refusal:
                wrong = refusal.facts.get("fields", {})
                form.add_error("since" if "valid_from" in wrong else "until", _("This day is not in the future."))
            except NotAllowed:
                raise
            except Refusal as refusal:
                form.add_error("email", wording.refusal(refusal))
            else:
                messages.success(request, _("The role is given."))
                return redirect(request.path)
    now = timezone.now()
    rows = queries.roles_at(actor=actor, house_id=house_id, organisation_id=organisation_id, now=now)
    title = place.names.pick(reader.current().language)
    section = "houses" if house_id is not None else "organisations"
    context = {
        "section": section,
        "place": place,
        "back": back,
        "rows": [(row, row.is_valid(now), row.role in grantable) for row in rows],
        "above": queries.roles_above(actor=actor, house_id=house_id, organisation_id=organisation_id, now=now),
        "over": queries.roles_over(actor=actor, house_id=house_id, organisation_id=organisation_id, now=now),
        "form": form,
        "title": title,
        "crumbs": [
            (_("Desk"), reverse("desk")),
            (_("Houses"), reverse("desk-houses"))
            if house_id is not None
            else (_("Organisations"), reverse("desk-organisations")),
            (title, back),
            (_("Roles"), ""),
        ],
    }
    return render(request, "desk/roles.html", context, status=422 if form.errors else 200)


def _instant(form: RoleForm, field: str, at: time, zone: str) -> datetime | None:
    """A time of the day named, on the place's clocks; of today, the beginning is over and means now."""
    given = form.cleaned_data[field]
    if not given:
        return None
    try:
        day = parse_date(given)
    except ValueError:
        form.add_error(field, _("This is not a date."))
        return None
    if at == time() and day == timezone.now().astimezone(ZoneInfo(zone)).date():
        return None
    return datetime.combine(day, at, tzinfo=ZoneInfo(zone))


@staffed(MANAGERS)
@require_POST
def revoke(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """End a role now."""
    kind, _colon, code = request.POST.get("place", "").partition(":")
    names = {"house": "desk-house-roles", "organisation": "desk-organisation-roles"}
    if kind not in names or not code:
        raise Http404
    try:
        services.revoke_role(
            actor=actor_of(request),
            assignment_id=assignment_id,
            reason=request.POST.get("reason", "")[:1000],
            now=timezone.now(),
        )
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, wording.refusal(refusal))
    else:
        messages.success(request, _("The role is taken."))
    return redirect(names[kind], code=code)
