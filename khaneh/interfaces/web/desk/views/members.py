"""Members at the desk: finding, registering, changing; cards, renewal, blocks, messages, guardians, merging. Parse, call, translate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.circulation.queries.machines import counts
from khaneh.domains.circulation.queries.own import owed
from khaneh.domains.people import queries, services
from khaneh.domains.people.errors import PossibleDuplicate
from khaneh.domains.people.permissions import DESK, may_lead_at, may_work_at
from khaneh.domains.people.types import (
    BLOCK_REASONS,
    CARD_STATES,
    GUARDIANSHIP_KINDS,
    MEMBER_STATES,
    BlockReason,
    GuardianshipKind,
    MemberRow,
)
from khaneh.interfaces.web import clocks
from khaneh.interfaces.web.desk.circulation_words import count, money
from khaneh.interfaces.web.desk.gate import staffed
from khaneh.interfaces.web.members import MemberForm, bars, words
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, Refusal

_SHEET = 40  # cards printed at once
Act = Callable[[], object]


@staffed(DESK)
@require_safe
def members(request: HttpRequest) -> HttpResponse:
    """Find a member by card, telephone, address or name; one who is found by card opens at once."""
    asked = request.GET.get("q", "").strip()[:200]
    rows = queries.find_members(actor=actor_of(request), text=asked, limit=50) if asked else []
    if len(rows) == 1 and rows[0].found_by == "card":
        return redirect("desk-member", member_id=rows[0].id)
    context = {
        "section": "members",
        "asked": asked,
        "rows": [(row, MEMBER_STATES[row.state]) for row in rows],
        "waiting": queries.waiting_applications(actor=actor_of(request)),
        "crumbs": [(_("Desk"), reverse("desk")), (_("Members"), "")],
    }
    return render(request, "desk/members/list.html", context)


@staffed(DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Register somebody. Who may be a member already is shown first."""
    actor, now = actor_of(request), timezone.now()
    houses = queries.served_houses(actor) or []
    form = MemberForm(
        request.POST if request.method == "POST" else None,
        house_ids=houses,
        initial={"home_house": str(houses[0])} if houses else None,
    )
    alike: list[Any] = []
    told = request.POST
    if form.is_bound and form.is_valid():
        try:
            issued = services.register_member(
                actor=actor,
                draft=form.draft(),
                now=now,
                barcode=told.get("barcode", ""),
                guardian_id=_by_card(actor, told.get("guardian", "")),
                kind=GuardianshipKind(told.get("kind") or "parent"),
                sure=told.get("sure") == "1",
            )
        except PossibleDuplicate as refusal:
            form.refuse(refusal)
            found = queries.lines(refusal.facts["members"])
            alike = [(row, MEMBER_STATES[row.state]) for row in found.values()]
        except (Refusal, ValueError) as refusal:
            form.refuse(refusal if isinstance(refusal, Refusal) else Invalid(fields={"kind": "not_in_list"}))
        else:
            messages.success(request, _("The member is registered. The card’s number is %s.") % issued.barcode)
            return redirect("desk-member", member_id=issued.member_id)
    context = {
        "section": "members",
        "form": form,
        "alike": alike,
        "told": told,
        "kinds": [(kind.value, label) for kind, label in GUARDIANSHIP_KINDS.items()],
        "crumbs": _crumbs(_("A new member")),
    }
    return render(request, "desk/members/new.html", context, status=422 if form.errors else 200)


@staffed(DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def member(request: HttpRequest, member_id: int) -> HttpResponse:
    """A member at a glance, and the acts of the desk."""
    actor = actor_of(request)
    row = queries.member(actor=actor, member_id=member_id, now=timezone.now())
    if request.method == "POST":
        return _act(request, row)
    clocks.follow(row.home_house.id)
    context = {
        "section": "members",
        "row": row,
        "state": MEMBER_STATES[row.state],
        "expired": row.expires_on is not None and row.expires_on < clocks.today(row.home_house.id),
        "cards": [(card, CARD_STATES[card.state]) for card in row.cards],
        "blocks": [(block, BLOCK_REASONS[block.reason]) for block in row.blocks],
        "guardians": [(one, GUARDIANSHIP_KINDS[one.kind]) for one in row.guardians],
        "wards": [(one, GUARDIANSHIP_KINDS[one.kind]) for one in row.wards],
        "reasons": [(reason.value, label) for reason, label in BLOCK_REASONS.items()],
        "kinds": [(kind.value, label) for kind, label in GUARDIANSHIP_KINDS.items()],
        "alike": queries.duplicates_of(actor=actor, member_id=member_id) if row.state in ("applied", "active") else [],
        "at_home": may_work_at(actor, row.home_house.id),
        "leads": may_lead_at(actor, row.home_house.id),
        "crumbs": _crumbs(row.name),
    }
    context["question"] = _question(request, row, context)
    return render(request, "desk/members/member.html", context)


@staffed(DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, member_id: int) -> HttpResponse:
    """Write anew what is known of a member; for a desk of their home house."""
    actor = actor_of(request)
    row = queries.member(actor=actor, member_id=member_id, now=timezone.now())
    if not may_work_at(actor, row.home_house.id) or row.state == "erased":
        raise Http404
    houses = {row.home_house.id, *(queries.served_houses(actor) or [])}
    form = MemberForm(request.POST if request.method == "POST" else None, house_ids=houses, row=row)
    if form.is_bound and form.is_valid():
        try:
            services.change_member(actor=actor, member_id=member_id, draft=form.draft(), now=timezone.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The membership is written anew."))
            return redirect("desk-member", member_id=member_id)
    context = {"section": "members", "form": form, "row": row, "crumbs": _crumbs(row.name)}
    return render(request, "desk/members/edit.html", context, status=422 if form.errors else 200)


@staffed(DESK)
@require_safe
def cards(request: HttpRequest) -> HttpResponse:
    """A sheet of cards to print, of the size of bank cards."""
    actor, now = actor_of(request), timezone.now()
    asked = [int(number) for number in request.GET.getlist("id")[:_SHEET] if number.isdecimal() and len(number) < 19]
    rows = [queries.member(actor=actor, member_id=number, now=now) for number in asked]
    context = {
        "section": "members",
        "cards": [(row, bars(row.card)) for row in rows if row.card],
        "crumbs": _crumbs(_("Cards to print")),
    }
    return render(request, "desk/members/cards.html", context)


def _crumbs(title: str) -> list[tuple[str, str]]:
    return [(_("Desk"), reverse("desk")), (_("Members"), reverse("desk-members")), (title, "")]


def _question(request: HttpRequest, row: MemberRow, context: dict[str, Any]) -> dict[str, Any] | None:
    """What is asked before an act that ends a membership: what would be left open, or which other one would go into this."""
    asked = request.GET.get("ask", "")
    if asked == "close" and row.state == "active" and context["at_home"]:
        return {"act": asked, "left": _left_open(row)}
    other = next((one.line for one in context["alike"] if str(one.line.id) == request.GET.get("id")), None)
    return {"act": asked, "other": other} if asked == "merge" and other is not None and context["leads"] else None


def _left_open(row: MemberRow) -> str:
    """Loans, requests and debts in words; empty where there are none. Two statements."""
    has = counts(member_id=row.id, currency="", now=timezone.now())
    asked = has.ready + has.waiting
    found = []
    if has.lent:
        found.append(ngettext("%(number)s loan", "%(number)s loans", has.lent) % {"number": count(has.lent)})
    if asked:
        found.append(ngettext("%(number)s request", "%(number)s requests", asked) % {"number": count(asked)})
    found += [_("owes %(shown)s") % {"shown": money(sum_)} for sum_ in owed(row.id) if sum_.amount > 0]
    return " · ".join(found)


def _by_card(actor: Actor, barcode: str) -> int | None:
    """The member of a card that was scanned, or None."""
    if not barcode.strip():
        return None
    found = [row for row in queries.find_members(actor=actor, text=barcode, limit=2) if row.found_by == "card"]
    if not found:
        raise Invalid(fields={"guardian": "not_in_list"})
    return found[0].id


def _act(request: HttpRequest, row: MemberRow) -> HttpResponse:
    actor, now, told = actor_of(request), timezone.now(), request.POST
    number = int(told["id"]) if told.get("id", "").isdecimal() and len(told["id"]) < 19 else 0
    who: dict[str, Any] = {"actor": actor, "member_id": row.id, "now": now}
    here = _working_house(actor, row)
    at: dict[str, Any] = {**who, "house_id": here}
    barcode = told.get("barcode", "")
    acts: dict[str, tuple[Act, str]] = {
        "approve": (lambda: services.approve_application(**who, barcode=barcode), _("The application is accepted.")),
        "decline": (
            lambda: services.decline_application(**who, reason=told.get("text", "")),
            _("The application is declined."),
        ),
        "issue": (lambda: services.issue_card(**at, barcode=barcode), _("The card is given.")),
        "replace": (
            lambda: services.replace_card(**at, barcode=barcode, lost=told.get("lost") == "1"),
            _("The card is replaced."),
        ),
        "renew": (lambda: services.renew_membership(**at), _("The membership is renewed.")),
        "close": (lambda: services.close_membership(**who), _("The membership is closed.")),
        "reopen": (lambda: services.reopen_membership(**who, barcode=barcode), _("The member is back.")),
        "block": (
            lambda: services.set_block(
                **at, reason=BlockReason(told.get("reason", "other")), note=told.get("text", "")
            ),
            _("The member is blocked."),
        ),
        "lift": (lambda: services.lift_block(actor=actor, block_id=number, now=now), _("The block is lifted.")),
        "message": (
            lambda: services.leave_message(**at, text=told.get("text", ""), for_staff=told.get("staff") == "1"),
            _("The message is left."),
        ),
        "read": (lambda: services.read_message(actor=actor, message_id=number, now=now), _("The message is put away.")),
        "guardian": (
            lambda: services.add_guardian(
                actor=actor,
                guardian_id=_by_card(actor, barcode) or 0,
                ward_id=row.id,
                kind=GuardianshipKind(told.get("kind", "parent")),
                now=now,
            ),
            _("They may act for the member now."),
        ),
        "end": (
            lambda: services.end_guardianship(actor=actor, guardianship_id=number, now=now),
            _("This has ended."),
        ),
        "merge": (
            lambda: services.merge_members(actor=actor, kept_id=row.id, gone_id=number, now=now),
            _("The two memberships are one."),
        ),
    }
    act, done = acts.get(told.get("act", ""), (None, ""))
    if act is None:
        raise Http404
    try:
        act()
    except Refusal as refusal:
        messages.error(request, words(refusal))
    except ValueError:  # a choice that the page does not offer
        messages.error(request, words(Invalid(fields={"": "not_in_list"})))
    else:
        messages.success(request, done)
    return redirect("desk-member", member_id=row.id)


def _working_house(actor: Actor, row: MemberRow) -> int:
    """Where somebody works while they serve a member: the member's home house if they may, else the house of their own role."""
    if may_work_at(actor, row.home_house.id):
        return row.home_house.id
    served = queries.served_houses(actor) or []
    own = {grant.house_id for grant in actor.grants if grant.role in DESK}
    return next((number for number in served if number in own), served[0] if served else row.home_house.id)
