"""An organisation's own profile: writing, publishing, the showcase, who is shown, withdrawing. Parse, call, translate."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import OrganisationRow
from khaneh.domains.profiles import permissions, services
from khaneh.domains.profiles.types import PROFILE_STATES, ProfileRow, ProfileState
from khaneh.interfaces.web import lending, reader
from khaneh.interfaces.web.profiles import wording
from khaneh.interfaces.web.profiles.forms import ProductForm, ProfileForm
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.labels import LANGUAGES, Label
from khaneh.kernel.refusal import Invalid, NotFound, Refusal


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest, code: str) -> HttpResponse:
    """How it stands, the showcase, the people; a POST does one act. Sent twice it is one."""
    organisation, row = _own(request, code)
    if request.method == "POST":
        _do(request, organisation.id)
        return redirect("account-profile", code=code)
    context = {
        "section": "organisations",
        "organisation": organisation,
        "row": row,
        "state": PROFILE_STATES[row.state],
        "tone": wording.PROFILE_TONES.get(row.state, ""),
        "public": row.state is ProfileState.PUBLISHED,
        "withdrawn": row.state is ProfileState.WITHDRAWN,
        "readiness": wording.readiness(row.draft.trl),
        "most_products": services.MOST_PRODUCTS,
        "unspoken": [one for one in ("fa", "vi", "en") if not getattr(row.draft.makes, one)],
        "language_names": reader.LANGUAGES,
    }
    return render(request, "profiles/profile.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """What the organisation says of itself."""
    organisation, row = _own(request, code)
    form = ProfileForm(request.POST if request.method == "POST" else None, draft=row.draft)
    if form.is_bound and form.is_valid():
        try:
            services.change_profile(
                actor=actor_of(request), organisation_id=organisation.id, draft=form.draft(), now=timezone.now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The profile is saved."))
            return redirect("account-profile", code=code)
    context = {"section": "organisations", "organisation": organisation, "form": form}
    return render(request, "profiles/profile_form.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def product(request: HttpRequest, code: str, product_id: int | None = None) -> HttpResponse:
    """Something in the showcase: written, pictured, taken out."""
    organisation, row = _own(request, code)
    found = next((one for one in row.products if one.id == product_id), None)
    if product_id is not None and found is None:
        raise Http404
    actor, now = actor_of(request), timezone.now()
    if request.method == "POST" and found is not None and request.POST.get("act") == "remove":
        services.remove_product(actor=actor, organisation_id=organisation.id, product_id=found.id, now=now)
        messages.success(request, _("It is out of the showcase."))
        return redirect("account-profile", code=code)
    posted = request.method == "POST"
    form = ProductForm(
        request.POST if posted else None, files=request.FILES if posted else None, draft=found.draft if found else None
    )
    if form.is_bound and form.is_valid():
        upload = form.cleaned_data["picture"]
        picture = upload.read(services.LARGEST_PICTURE + 1) if upload else None
        if request.POST.get("no_picture") == "1" and picture is None:
            picture = b""
        try:
            services.save_product(
                actor=actor, organisation_id=organisation.id, draft=form.draft(), now=now, product_id=product_id,
                picture=picture, key=form.cleaned_data["key"],
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("It stands in the showcase."))
            return redirect("account-profile", code=code)
    context = {"section": "organisations", "organisation": organisation, "form": form, "product": found}
    return render(request, "profiles/product_form.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def answer(request: HttpRequest, person_id: int) -> HttpResponse:
    """Say whether one may be shown. Sent twice it is one."""
    consents = request.POST.get("act") == "yes"
    services.answer_ask(actor=actor_of(request), person_id=person_id, consents=consents, now=timezone.now())
    messages.success(request, _("You are shown.") if consents else _("You are not shown."))
    return redirect("account-organisations")


def _do(request: HttpRequest, organisation_id: int) -> None:
    actor, now, act = actor_of(request), timezone.now(), request.POST.get("act", "")
    try:
        if act == "publish":
            services.publish(actor=actor, organisation_id=organisation_id, now=now)
            messages.success(request, _("Published: everybody finds it."))
        elif act == "hide":
            services.hide(actor=actor, organisation_id=organisation_id, now=now)
            messages.success(request, _("Hidden: the register keeps its line, nothing else is shown."))
        elif act == "withdraw" and request.POST.get("sure") == "1":
            services.withdraw(actor=actor, organisation_id=organisation_id, now=now)
            messages.success(request, _("Withdrawn: it is found nowhere any more."))
        elif act == "withdraw":
            messages.error(request, _("Tick the box first: withdrawing ends what is open as well."))
        elif act == "return":
            services.come_back(actor=actor, organisation_id=organisation_id, now=now)
            messages.success(request, _("Back in the register. Publish the profile when it is ready."))
        elif act == "ask":
            own = reader.current().language
            titles = Label(**{one: request.POST.get("title", "") if one == own else "" for one in LANGUAGES})
            services.ask_person(
                actor=actor,
                organisation_id=organisation_id,
                email=request.POST.get("email", ""),
                titles=titles,
                now=now,
            )
            messages.success(request, _("They are asked; nobody sees them before they say yes."))
        elif act == "remove-person":
            person = lending.number_of(request.POST.get("person")) or 0
            services.remove_person(actor=actor, organisation_id=organisation_id, person_id=person, now=now)
            messages.success(request, _("They are shown no more."))
    except Refusal as refusal:
        told = wording.why(refusal)
        messages.error(request, f"{told.said} {told.remedy}")


def _own(request: HttpRequest, code: str) -> tuple[OrganisationRow, ProfileRow]:
    """The organisation that one speaks for, with its profile, begun where there was none."""
    actor = actor_of(request)
    organisation = network.organisation(code).row
    if not permissions.represents(actor, organisation.id):
        raise NotFound(what="organisation")
    try:
        return organisation, services.open_profile(actor=actor, organisation_id=organisation.id, now=timezone.now())
    except Invalid as refusal:
        raise NotFound(what="profile") from refusal
