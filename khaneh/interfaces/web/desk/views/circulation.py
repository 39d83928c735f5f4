"""The circulation desk: one field for cards, barcodes and names. Parse, call, translate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from khaneh.domains.circulation import services
from khaneh.domains.circulation.permissions import DESK, rights_of
from khaneh.domains.circulation.queries.machines import CopyLabel, copy_label
from khaneh.domains.circulation.queries.members import MemberPicture, picture
from khaneh.domains.circulation.types import FEE_KINDS, PAYMENT_METHODS, Channel, Override, RequestLevel
from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.domains.people.types import BLOCK_REASONS, GUARDIANSHIP_KINDS, MEMBER_STATES, MemberLine
from khaneh.domains.policies.types import PolicyRefused
from khaneh.interfaces.web.desk import circulation_undo as undoing
from khaneh.interfaces.web.desk import circulation_words as words
from khaneh.interfaces.web.desk.circulation_log import entries, is_done, note, refused
from khaneh.interfaces.web.desk.circulation_turn import Turn, current
from khaneh.interfaces.web.desk.forms import widgets
from khaneh.interfaces.web.desk.gate import staffed
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.refusal import NotFound, Refusal

_MOST_AT_ONCE = 200
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Seen:
    """What a scan led to: the turn after it, whom a name answers, and whether what comes behind it must wait for a person."""

    turn: Turn
    found: tuple[MemberLine, ...] = ()
    stops: bool = False
    is_copy: bool = False  # it was asked for members alone, and is a copy: nothing was done


@staffed(DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest) -> HttpResponse:
    """The field, the member in hand, and what was done last; a post is a scan or several."""
    turn = current(request)
    if turn is None or "choose" in request.GET:
        return choose(request)
    if request.method != "POST":
        return page(request, Seen(turn))
    told = request.POST.get("many") or request.POST.get("scan", "")
    scans = [scan.strip()[:_LONGEST] for scan in (told.split() if "many" in request.POST else told.splitlines())]
    scans = [scan for scan in scans if scan][:_MOST_AT_ONCE]
    only = request.POST.get("only", "cards" if len(scans) > 1 else "")
    seen = Seen(turn)
    if not is_done(request):
        for scan in scans:
            seen = _scan(request, seen.turn, scan, only)
    # Whom a name answers stands nowhere but in this answer.
    return page(request, seen) if seen.found or is_quick(request) else back(request, seen.turn)


def _scan(request: HttpRequest, turn: Turn, scan: str, only: str) -> Seen:
    """One scan. `only` is `cards` where a misread barcode must not open whoever its letters resemble, `members` where no copy is meant."""
    scan = words.latin_digits(scan)
    label = copy_label(scan)
    if label is not None and only == "members":
        return Seen(turn, is_copy=True)
    if label is not None:
        _lend_or_return(request, turn, scan, label)
        return Seen(turn)
    found = people.find_members(actor=actor_of(request), text=scan, limit=20)
    if only == "cards":
        found = [line for line in found if line.found_by == "card"]
    if len(found) == 1:
        return Seen(turn.of(found[0].id))
    if found:
        return Seen(turn, found=tuple(found), stops=True)
    said = _("Nothing answers “%(text)s”: no card, no copy, no member.") % {"text": scan}
    note(request, "bad", said, "", barcode=scan)
    # Behind a card that was misread stand the books of another reader than the one in hand.
    return Seen(turn, stops=turn.member_id is not None)


def _lend_or_return(request: HttpRequest, turn: Turn, scan: str, label: CopyLabel) -> None:
    actor, now, act = actor_of(request), timezone.now(), request.POST.get("act", "")
    house, member_id, title = turn.house, turn.member_id, label.title or scan
    try:
        if act == "use":
            services.use_in_house(actor=actor, house_id=house.id, barcode=scan, now=now)
            note(request, "good", _("Counted as read here"), title, barcode=scan)
        elif act == "request" and member_id is not None:
            services.place_request(
                actor=actor, member_id=member_id, level=RequestLevel.RECORD, target_id=label.record_id,
                pickup_house_id=house.id, now=now, channel=Channel.DESK, override=_override(request),
            )  # fmt: skip
            note(request, "good", _("Requested: it is kept here when it comes."), title, barcode=scan)
        elif member_id is None or act == "return":
            returned = services.check_in(actor=actor, house_id=house.id, barcode=scan, now=now)
            tone, said = words.returned(returned, house)
            note(request, tone, said, title, barcode=scan, slip=words.slip(returned), loan=returned.loan_id,
                 back=words.damage_terms(returned, house))  # fmt: skip
            if returned.loan_id is not None and returned.member_id is not None:
                undoing.keep(request, ("return", returned.loan_id, returned.member_id, returned.charge_id or 0))
        else:
            lent = services.check_out(
                actor=actor, house_id=house.id, barcode=scan, member_id=member_id, now=now, override=_override(request)
            )
            note(request, "good", words.lent(lent.due_at, house), title, barcode=scan, loan=lent.loan_id)
            undoing.keep(request, ("loan", lent.loan_id, 0, 0))
    except PolicyRefused as refusal:
        why = words.reasons(refusal, rights_of(actor, house.place))
        said = "; ".join(one["label"] for one in why)
        note(request, "bad", said, title, barcode=scan, why=why, may=all(one["mine"] for one in why),
             act=act if act == "request" else "")  # fmt: skip
    except Refusal as refusal:
        lent_already = refusal.code == "circulation.copy_on_loan" and member_id is not None
        note(request, "bad", words.refusal(refusal), title, barcode=scan, again=lent_already)


def _override(request: HttpRequest) -> Override | None:
    rights = frozenset(request.POST.getlist("right"))
    reason = request.POST.get("reason", "").strip()[:500]
    return Override(rights, reason) if rights and reason else None


def is_quick(request: HttpRequest) -> bool:
    """Whether the page's own script asks: it takes the part that changes and no address to go on to."""
    return request.headers.get("X-Requested-With") == "fetch"


def back(request: HttpRequest, turn: Turn) -> HttpResponse:
    """After an act: the part of the page for the script, the page's address for a browser without it."""
    if is_quick(request):
        return page(request, Seen(turn))
    response = redirect(turn.address)
    undoing.write(request, response)
    return response


def page(request: HttpRequest, seen: Seen) -> HttpResponse:
    """The desk, or the part of it that an act changes. Raises Http404 for a member who is none."""
    turn, now, log = seen.turn, timezone.now(), entries(request)
    served = people.served_houses(actor_of(request))
    context: dict[str, Any] = {
        "section": "circulation", "turn": turn, "house": turn.house, "member_id": turn.member_id, "seen": seen,
        "log": log, "refused": refused(log, turn.token), "act": request.POST.get("act", ""),
        "several": served is None or len(served) > 1,
        "crumbs": [(_("Desk"), reverse("desk")), (_("Lending and returns"), "")],
    }  # fmt: skip
    welcome: tuple[str, str] | None = None
    if turn.member_id is not None:
        try:
            member = picture(actor_of(request), house_id=turn.house.id, member_id=turn.member_id, now=now)
        except NotFound as refusal:
            raise Http404 from refusal
        context |= _of_member(request, turn, member, now)
        welcome = words.welcome(member, turn.house.calendar.today(now))
    last = next(iter(log), None)
    if seen.found:
        context["said"] = {"tone": "info", "said": _("Several members answer. Who is it?")}
    elif last is not None and last["turn"] == turn.token:
        context["said"] = last
    elif welcome is not None:
        context["said"] = {"tone": welcome[0], "said": welcome[1]}
    part = "desk/circulation/answer.html" if is_quick(request) else "desk/circulation/desk.html"
    response = render(request, part, context)
    undoing.write(request, response)
    return response


def _of_member(request: HttpRequest, turn: Turn, member: MemberPicture, now: datetime) -> dict[str, Any]:
    house, row = turn.house, member.member
    zone, rights = ZoneInfo(house.calendar.zone), rights_of(actor_of(request), house.place)
    wanted = {request.house_id for request in member.requests} | {loan.house_id for loan in member.loans}
    places = network.house_refs(wanted - {house.id}) if wanted - {house.id} else {}
    today = now.astimezone(zone).date()
    return {
        "member": member,
        "state": MEMBER_STATES[row.state],
        "expired": row.expires_on is not None and row.expires_on < today,
        "blocks": [(block, BLOCK_REASONS[block.reason]) for block in row.blocks],
        "family": [(one, GUARDIANSHIP_KINDS[one.kind]) for one in (*row.guardians, *row.wards)],
        "loans": [
            (loan._replace(due_at=loan.due_at.astimezone(zone)), member.is_overdue(loan), places.get(loan.house_id))
            for loan in member.loans
        ],
        "requests": [(one, places.get(one.house_id), words.request_state(one.state)) for one in member.requests],
        "owed": [(sum_, words.money(sum_), words.plain(sum_)) for sum_ in member.owed if sum_.amount > 0],
        "fees": [(line, FEE_KINDS[line.kind], words.money(line.amount)) for line in member.fees],
        "methods": widgets.labelled((key.value, label) for key, label in PAYMENT_METHODS.items()),
        "may_waive": "waive_fee" in rights,
        "may_date": "change_due_date" in rights,
        "today": today,
        "key": f"{row.id}-{now.timestamp():.6f}",
    }


def choose(request: HttpRequest) -> HttpResponse:
    """At which house somebody works today: for whoever works at several."""
    served = people.served_houses(actor_of(request)) or []
    houses = sorted(network.house_refs(served).values(), key=lambda ref: ref.code)
    crumbs = [(_("Desk"), reverse("desk")), (_("Lending and returns"), "")]
    return render(
        request, "desk/circulation/choose.html", {"section": "circulation", "houses": houses, "crumbs": crumbs}
    )
