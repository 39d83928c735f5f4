"""Qualifications at the desk: which there are, who holds them and will lose them, awarding, renewing, taking back. Parse, call, translate."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.domains.qualifications import permissions, queries, services
from khaneh.domains.qualifications.queries import Which
from khaneh.domains.qualifications.types import BASES, END_REASONS, Basis, HoldingRow, QualificationRow
from khaneh.interfaces.web import clocks, paging, reader
from khaneh.interfaces.web.desk import persons, space_words
from khaneh.interfaces.web.desk.circulation_turn import number
from khaneh.interfaces.web.desk.forms.qualifications import AwardForm, QualificationForm
from khaneh.interfaces.web.desk.gate import AWARDERS, staffed
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.refusal import Invalid, NotFound, Refusal

PAGE = 50
_HOUSE = "desk_house"
_TABS = {"": Which.VALID, "soon": Which.SOON, "ended": Which.ENDED}


@staffed(AWARDERS)
@require_safe
def qualifications(request: HttpRequest) -> HttpResponse:
    """All there are, with how many hold them; a person is found by card, name or address."""
    actor = actor_of(request)
    counts = queries.counts(actor=actor, at=timezone.now())
    rows = queries.qualifications(with_retired=True)
    context = {
        "section": "qualifications",
        "rows": [(row, counts.get(row.id)) for row in sorted(rows, key=lambda row: not row.active)],
        "soon": sum(held.soon for held in counts.values()),
        "may_define": permissions.may_define(actor),
        "crumbs": _crumbs(),
    }
    return render(request, "desk/qualifications/list.html", context)


@staffed(AWARDERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Say that there is a further qualification."""
    if not permissions.may_define(actor_of(request)):
        raise Http404
    form = QualificationForm(request.POST if request.method == "POST" else None, row=None)
    if form.is_bound and form.is_valid():
        try:
            made = services.define_qualification(actor=actor_of(request), draft=form.draft())
        except Refusal as refusal:
            _explain(refusal, form)
        else:
            messages.success(request, _("The qualification is entered."))
            return redirect("desk-qualification", qualification_id=made.id)
    context = {"section": "qualifications", "form": form, "crumbs": _crumbs(_("A further qualification"))}
    return render(request, "desk/qualifications/new.html", context, status=422 if form.errors else 200)


@staffed(AWARDERS)
@require_http_methods(["GET", "HEAD", "POST"])
def qualification(request: HttpRequest, qualification_id: int) -> HttpResponse:
    """One, with those who hold it; a post awards it, or changes what it is."""
    row = queries.rows_by_id([qualification_id]).get(qualification_id)
    if row is None:
        raise Http404
    if request.method == "POST" and request.POST.get("act") == "change":
        return _change(request, row)
    if request.method == "POST":
        return _award(request, row)
    return _page(request, row)


@staffed(AWARDERS)
@require_safe
def soon(request: HttpRequest) -> HttpResponse:
    """Everybody who will lose something within sixty days, the nearest end first."""
    _at_hand(request)
    page = paging.page_number(request)
    rows, total = queries.holders(
        actor=actor_of(request), which=Which.SOON, at=timezone.now(), offset=(page - 1) * PAGE, limit=PAGE
    )
    context = {
        "section": "qualifications",
        "rows": _named(rows),
        "total": total,
        "pager": paging.pager(request, total=total, size=PAGE),
        "crumbs": _crumbs(_("Lapse soon")),
    }
    return render(request, "desk/qualifications/soon.html", context)


@staffed(AWARDERS)
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest) -> HttpResponse:
    """Find a person: one answer leads to what they hold, several are shown. A post, so that no name stands in an address."""
    asked = request.POST.get("who", "").strip()[:200]
    found = persons.found(actor_of(request), asked) if asked else []
    chosen = persons.picked(found, None)
    if chosen is not None and chosen.account_id is not None:
        return redirect("desk-holder", account_id=chosen.account_id)
    context = {
        "section": "qualifications",
        "asked": asked,
        "persons": found,
        "problem": persons.problem(found, chosen) if asked else "",
        "crumbs": _crumbs(_("What somebody holds")),
    }
    return render(request, "desk/qualifications/person.html", context)


@staffed(AWARDERS)
@require_http_methods(["GET", "HEAD", "POST"])
def holder(request: HttpRequest, account_id: int) -> HttpResponse:
    """What somebody holds and held; a post awards, renews or takes back."""
    try:
        name = people.account(account_id).name
    except NotFound as refusal:
        raise Http404 from refusal
    if request.method != "POST":
        return _holder_page(request, account_id, name)
    act, wanted = request.POST.get("act", ""), number(request.POST.get("holding"))
    if act == "award":
        return _award_to(request, account_id, name)
    if wanted is None or act not in ("renew", "revoke"):
        raise Http404
    held = next((row for row in _held(request, account_id) if row.id == wanted), None)
    if held is None:
        raise Http404
    form = _form(request, who=False, bound=True, prefix=f"h{wanted}_")
    house_id = number(request.POST.get("house")) or 0
    try:
        if act == "revoke":
            services.revoke(
                actor=actor_of(request), holding_id=wanted, reason=request.POST.get("reason", ""),
                house_id=_house(request, house_id), now=timezone.now(),
            )  # fmt: skip
            messages.success(request, _("It is taken back; %(name)s is told why.") % {"name": name})
        elif not form.is_valid() or (until := _until(form, house_id)) is False:
            return _holder_page(request, account_id, name, told=(wanted, form), status=422)
        else:
            services.renew(
                actor=actor_of(request), holding_id=wanted, basis=Basis(form.cleaned_data["basis"]),
                house_id=_house(request, house_id), now=timezone.now(), source=form.cleaned_data["source"],
                expires_at=until or None,
            )  # fmt: skip
            messages.success(request, _("It is renewed."))
    except Refusal as refusal:
        if refusal.code == "kernel.not_allowed":
            raise
        return _holder_page(
            request, account_id, name, told=(wanted, form), problem=space_words.refusal(refusal), status=422
        )
    return redirect("desk-holder", account_id=account_id)


def _award(request: HttpRequest, row: QualificationRow) -> HttpResponse:
    form = _form(request, bound=True)
    house_id = number(request.POST.get("house")) or 0
    if not form.is_valid() or (until := _until(form, house_id)) is False:
        return _page(request, row, form=form, status=422)
    who = persons.found(actor_of(request), form.cleaned_data["who"])
    chosen = persons.picked(who, number(request.POST.get("account")))
    if wrong := persons.problem(who, chosen):
        form.add_error("who", wrong)
        return _page(request, row, form=form, status=422)
    if chosen is None or chosen.account_id is None:
        return _page(request, row, form=form, several=who)
    try:
        services.award(
            actor=actor_of(request), account_id=chosen.account_id, code=row.code, basis=Basis(form.cleaned_data["basis"]),
            house_id=_house(request, house_id), now=timezone.now(), source=form.cleaned_data["source"],
            expires_at=until or None,
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.code == "kernel.not_allowed":
            raise
        form.add_error("who", space_words.refusal(refusal))
        return _page(request, row, form=form, status=422)
    messages.success(request, _("Awarded to %(name)s.") % {"name": chosen.name})
    return redirect("desk-qualification", qualification_id=row.id)


def _award_to(request: HttpRequest, account_id: int, name: str) -> HttpResponse:
    form = _form(request, who=False, bound=True, choices=queries.qualifications())
    house_id = number(request.POST.get("house")) or 0
    if not form.is_valid() or (until := _until(form, house_id)) is False:
        return _holder_page(request, account_id, name, form=form, status=422)
    wanted = int(form.cleaned_data["qualification"])
    try:
        services.award(
            actor=actor_of(request), account_id=account_id, code=queries.rows_by_id([wanted])[wanted].code,
            basis=Basis(form.cleaned_data["basis"]), house_id=_house(request, house_id), now=timezone.now(),
            source=form.cleaned_data["source"], expires_at=until or None,
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.code == "kernel.not_allowed":
            raise
        form.add_error("qualification", space_words.refusal(refusal))
        return _holder_page(request, account_id, name, form=form, status=422)
    messages.success(request, _("Awarded to %(name)s.") % {"name": name})
    return redirect("desk-holder", account_id=account_id)


def _change(request: HttpRequest, row: QualificationRow) -> HttpResponse:
    if not permissions.may_define(actor_of(request)):
        raise Http404
    form = QualificationForm(request.POST, row=row)
    if form.is_valid():
        try:
            services.change_qualification(actor=actor_of(request), code=row.code, draft=form.draft())
        except Refusal as refusal:
            _explain(refusal, form)
        else:
            messages.success(request, _("The qualification is changed."))
            return redirect("desk-qualification", qualification_id=row.id)
    return _page(request, row, change=form, status=422)


def _page(
    request: HttpRequest,
    row: QualificationRow,
    *,
    form: AwardForm | None = None,
    change: QualificationForm | None = None,
    several: list[persons.Person] | None = None,
    status: int = 200,
) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    show = request.GET.get("show", "")
    show = show if show in _TABS else ""
    page = paging.page_number(request)
    rows, total = queries.holders(
        actor=actor, which=_TABS[show], at=now, qualification_id=row.id, offset=(page - 1) * PAGE, limit=PAGE
    )
    may_define = permissions.may_define(actor)
    context: dict[str, Any] = {
        "section": "qualifications",
        "row": row,
        "show": show,
        "rows": _named(rows),
        "held": queries.counts(actor=actor, at=now).get(row.id),
        "pager": paging.pager(request, total=total, size=PAGE),
        "form": form or _form(request),
        "awarding": form is not None,
        "persons": several,
        "may_define": may_define,
        "change": change or (QualificationForm(None, row=row) if may_define else None),
        "changing": change is not None,
        "crumbs": _crumbs(row.names.pick(reader.current().language)),
    }
    return render(request, "desk/qualifications/qualification.html", context, status=status)


def _holder_page(
    request: HttpRequest,
    account_id: int,
    name: str,
    *,
    form: AwardForm | None = None,
    told: tuple[int, AwardForm] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    rows = _held(request, account_id)
    valid = [row for row in rows if row.is_valid(now)]
    held = {row.qualification.id for row in valid}
    context = {
        "section": "qualifications",
        "account_id": account_id,
        "name": name,
        "valid": [
            (
                row,
                BASES[row.basis],
                told[1] if told and told[0] == row.id else _form(request, who=False, prefix=f"h{row.id}_"),
                told is not None and told[0] == row.id,
            )
            for row in valid
        ],
        "over": [(row, END_REASONS[row.end_reason] if row.end_reason else None) for row in rows if row not in valid],
        "problem": problem,
        "form": form
        or _form(request, who=False, choices=[one for one in queries.qualifications() if one.id not in held]),
        "crumbs": _crumbs(name),
    }
    return render(request, "desk/qualifications/holder.html", context, status=status)


def _held(request: HttpRequest, account_id: int) -> list[HoldingRow]:
    return queries.holdings_of(account_id, actor=actor_of(request))


def _named(rows: list[HoldingRow]) -> list[tuple[HoldingRow, str, Any]]:
    names = people.account_names(row.account_id for row in rows)
    return [
        (row, names.get(row.account_id, "–"), END_REASONS[row.end_reason] if row.end_reason else None) for row in rows
    ]


def _form(request: HttpRequest, *, bound: bool = False, **more: Any) -> AwardForm:
    houses = _houses(request)
    kept = _at_hand(request)
    house = str(kept) if any(code == str(kept) for code, _name in houses) else houses[0][0] if houses else ""
    return AwardForm(request.POST if bound else None, houses=houses, house=house, **more)


def _at_hand(request: HttpRequest) -> int | None:
    """The house at whose desk they work, on whose clocks days are then shown."""
    kept = request.session.get(_HOUSE)
    if not isinstance(kept, int) or kept not in network.public_places():
        return None
    clocks.follow(kept)
    return kept


def _houses(request: HttpRequest) -> list[tuple[str, str]]:
    """The houses in whose name they may award, by name; no statement where houses were read lately."""
    actor, language = actor_of(request), reader.current().language
    places = network.public_places().items()
    found = [network.house_facts(number) for number, place in places if actor.holds(AWARDERS, place)]
    return sorted(((str(one.id), one.names.pick(language)) for one in found), key=lambda pair: (pair[1], pair[0]))


def _house(request: HttpRequest, house_id: int) -> int:
    """A house in whose name they may award. Raises NotFound."""
    if str(house_id) not in dict(_houses(request)):
        raise NotFound(what="house")
    return house_id


def _until(form: AwardForm, house_id: int) -> Any:
    """The last instant that was typed, None where none was, False where it is no day."""
    try:
        found = form.expires_at(network.house_facts(house_id).calendar.zone)
    except NotFound:
        return None
    return False if form.errors else found


def _explain(refusal: Refusal, form: QualificationForm) -> None:
    if isinstance(refusal, Invalid):
        form.refuse(refusal.facts["fields"])
    else:
        form.add_error("code" if "code" in form.fields else None, space_words.refusal(refusal))


def _crumbs(last: str = "") -> list[tuple[str, str]]:
    first = (_("Qualifications"), reverse("desk-qualifications") if last else "")
    return [(_("Desk"), reverse("desk")), first, *([(last, "")] if last else [])]
