"""The circulation desk: one field for cards, barcodes and names; lending, taking back, undoing, money. Parse, call, translate."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from khaneh.domains.circulation import services
from khaneh.domains.circulation.permissions import DESK, rights_of, works_at_desk
from khaneh.domains.circulation.queries.machines import copy_label
from khaneh.domains.circulation.queries.members import picture
from khaneh.domains.circulation.types import PAYMENT_METHODS, Override, PaymentMethod
from khaneh.domains.network import queries as network
from khaneh.domains.network.queries import HouseFacts
from khaneh.domains.people import queries as people
from khaneh.domains.people.types import BLOCK_REASONS, MEMBER_STATES
from khaneh.domains.policies.types import PolicyRefused
from khaneh.interfaces.web.desk import circulation_undo as undoing
from khaneh.interfaces.web.desk import circulation_words as words
from khaneh.interfaces.web.desk.forms import widgets
from khaneh.interfaces.web.desk.gate import staffed
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import NotFound, Refusal

_MOST_AT_ONCE = 200
_LONGEST = 80
_LOG = "desk_log"
_HOUSE = "desk_house"


def house_of(request: HttpRequest) -> HouseFacts | None:
    """The house that the request names, else the one chosen before, else the only one; None where it must be chosen. Raises Http404."""
    actor = actor_of(request)
    code = request.POST.get("house", "") or request.GET.get("house", "")
    if code:
        number = network.house_ids_by_code([code]).get(code)
        if number is None or not works_at_desk(actor, house_id=number):
            raise Http404
        request.session[_HOUSE] = number
        return network.house_facts(number)
    kept = request.session.get(_HOUSE)
    if isinstance(kept, int) and works_at_desk(actor, house_id=kept):
        return network.house_facts(kept)
    served = people.served_houses(actor) or []
    return network.house_facts(served[0]) if len(served) == 1 else None


@staffed(DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest) -> HttpResponse:
    """The field, the member in hand, and what was done last; a post is a scan or several."""
    house = house_of(request)
    if house is None:
        return choose(request)
    member_id = _number(request.POST.get("member") or request.GET.get("member"))
    if request.method != "POST":
        return _page(request, house, member_id)
    scans = request.POST.get("scan", "").splitlines() if "many" not in request.POST else request.POST["many"].split()
    scans = [scan.strip()[:_LONGEST] for scan in scans if scan.strip()][:_MOST_AT_ONCE]
    if not scans:
        return _page(request, house, member_id)
    if len(scans) > 1:
        for scan in scans:
            outcome = _scan(request, house, member_id, scan, cards_only=True)
            member_id = outcome.get("member_id", member_id)
        return _back(request, member_id)
    outcome = _scan(request, house, member_id, scans[0])
    if "found" in outcome or "refused" in outcome:
        return _page(request, house, outcome.get("member_id", member_id), **outcome)
    return _back(request, outcome.get("member_id", member_id))


def _scan(
    request: HttpRequest, house: HouseFacts, member_id: int | None, scan: str, *, cards_only: bool = False
) -> dict[str, Any]:
    """One scan: {member_id} where a card was read, {found} where a name answers several, {refused} where it may not be."""
    actor, now = actor_of(request), timezone.now()
    scan = words.latin_digits(scan)
    label = copy_label(scan)
    if label is None:
        found = people.find_members(actor=actor, text=scan, limit=20)
        if cards_only:
            # Among many barcodes a misread one must not open whoever its letters resemble.
            found = [line for line in found if line.found_by == "card"]
        if len(found) == 1:
            return {"member_id": found[0].id}
        if found:
            return {"found": found}
        note(request, "bad", _("Nothing answers “%(text)s”: no card, no copy, no member.") % {"text": scan}, "")
        return {"refused": {}}
    try:
        if member_id is None or request.POST.get("act") == "return":
            back = services.check_in(actor=actor, house_id=house.id, barcode=scan, now=now)
            tone, said = words.returned(back, house)
            note(request, tone, said, label.title or scan, barcode=scan, slip=words.slip(back), loan=back.loan_id)
            if back.loan_id is not None and back.member_id is not None:
                undoing.keep(request, ("return", back.loan_id, back.member_id))
            return {}
        override = _override(request)
        lent = services.check_out(
            actor=actor, house_id=house.id, barcode=scan, member_id=member_id, now=now, override=override
        )
        note(request, "good", words.lent(lent.due_at, house), label.title or scan, barcode=scan, loan=lent.loan_id)
        undoing.keep(request, ("loan", lent.loan_id, 0))
    except PolicyRefused as refusal:
        shown = words.reasons(refusal, rights_of(actor, house.place))
        note(request, "bad", "; ".join(one["label"] for one in shown), label.title or scan, barcode=scan)
        rights = [one["right"] for one in shown]
        may = all(one["mine"] for one in shown)
        return {"refused": {"reasons": shown, "barcode": scan, "title": label.title, "rights": rights, "may": may}}
    except Refusal as refusal:
        said = words.refusal(refusal)
        note(request, "bad", said, label.title or scan, barcode=scan)
        again = refusal.code == "circulation.copy_on_loan"
        return {"refused": {"barcode": scan, "title": label.title, "said": said, "returnable": again}}
    return {}


def _override(request: HttpRequest) -> Override | None:
    rights = frozenset(request.POST.getlist("right"))
    reason = request.POST.get("reason", "").strip()[:500]
    return Override(rights, reason) if rights and reason else None


@staffed(DESK)
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take back a loan or a return that the signed cookie still names."""
    house = house_of(request)
    kept = undoing.take(request, _number(request.POST.get("loan")))
    if house is None or kept is None:
        messages.error(request, _("This cannot be undone any more: ten minutes have passed, or it was done elsewhere."))
        return _back(request, _number(request.POST.get("member")))
    act, loan_id, member_id = kept
    label, actor, now = request.POST.get("title", "")[:300], actor_of(request), timezone.now()
    try:
        if act == "loan":
            services.undo_loan(actor=actor, house_id=house.id, loan_id=loan_id, now=now)
            note(request, "info", _("The loan was taken back."), label)
        else:
            services.undo_return(actor=actor, house_id=house.id, loan_id=loan_id, member_id=member_id, now=now)
            note(request, "info", _("The return was taken back: it is lent as it was."), label)
    except Refusal as refusal:
        note(request, "bad", words.refusal(refusal), label)
    return _back(request, _number(request.POST.get("member")))


@staffed(DESK)
@require_POST
def fees(request: HttpRequest) -> HttpResponse:
    """Take a payment, or forgive, what the member in hand owes."""
    house, member_id = house_of(request), _number(request.POST.get("member"))
    if house is None or member_id is None:
        raise Http404
    actor, now, currency = actor_of(request), timezone.now(), request.POST.get("currency", "")[:3]
    try:
        amount = Money.parse(words.latin_digits(request.POST.get("amount", "")), currency)
        if request.POST.get("act") == "waive":
            services.waive(
                actor=actor, house_id=house.id, member_id=member_id, amount=amount,
                reason=request.POST.get("reason", ""), now=now,
            )  # fmt: skip
            note(request, "good", _("Forgiven: %(sum)s.") % {"sum": words.money(amount)}, "")
        else:
            method = PaymentMethod(request.POST.get("method", ""))
            services.pay(
                actor=actor, house_id=house.id, member_id=member_id, amount=amount, method=method, now=now,
                key=f"desk:{request.POST['key'][:60]}" if request.POST.get("key") else None,
            )  # fmt: skip
            note(request, "good", _("Paid: %(sum)s.") % {"sum": words.money(amount)}, "")
    except ValueError:
        note(request, "bad", _("This is not an amount."), "")
    except Refusal as refusal:
        note(request, "bad", words.refusal(refusal), "")
    return _back(request, member_id)


@staffed(DESK)
@require_POST
def due(request: HttpRequest) -> HttpResponse:
    """Another due date for one loan of the member in hand."""
    house, loan_id = house_of(request), _number(request.POST.get("loan"))
    if house is None or loan_id is None:
        raise Http404
    try:
        at = services.change_due_date(
            actor=actor_of(request), house_id=house.id, loan_id=loan_id, now=timezone.now(),
            due_on=date.fromisoformat(request.POST.get("due_on", "")), reason=request.POST.get("reason", ""),
        )  # fmt: skip
        note(request, "good", words.lent(at, house), request.POST.get("title", "")[:300])
    except ValueError:
        note(request, "bad", _("This is not a date."), "")
    except Refusal as refusal:
        note(request, "bad", words.refusal(refusal), "")
    return _back(request, _number(request.POST.get("member")))


def note(request: HttpRequest, tone: str, said: str, title: str, **more: Any) -> None:
    """Put an act among the last twenty. Never who it was about: what somebody borrowed is not kept in a session."""
    entry = {"at": timezone.now().isoformat(), "tone": tone, "said": said, "title": title, **more}
    request.session[_LOG] = [entry, *request.session.get(_LOG, [])][:20]


def _page(request: HttpRequest, house: HouseFacts, member_id: int | None, **more: Any) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    context: dict[str, Any] = {
        "section": "circulation", "house": house, "member_id": member_id, "log": _log(request), **more,
        "crumbs": [(_("Desk"), reverse("desk")), (_("Lending and returns"), "")],
    }  # fmt: skip
    if member_id is not None:
        try:
            seen = picture(actor, house_id=house.id, member_id=member_id, now=now)
        except NotFound as refusal:
            raise Http404 from refusal
        places = network.house_refs({request.house_id for request in seen.requests})
        rights = rights_of(actor, house.place)
        context |= {
            "seen": seen,
            "state": MEMBER_STATES[seen.member.state],
            "blocks": [(block, BLOCK_REASONS[block.reason]) for block in seen.member.blocks],
            "loans": [(loan, seen.is_overdue(loan), loan.house_id == house.id) for loan in seen.loans],
            "requests": [(one, places[one.house_id].names, words.request_state(one.state)) for one in seen.requests],
            "owed": [(sum_, words.money(sum_), words.plain(sum_)) for sum_ in seen.owed],
            "methods": widgets.labelled((key.value, label) for key, label in PAYMENT_METHODS.items()),
            "may_waive": "waive_fee" in rights,
            "may_date": "change_due_date" in rights,
            "key": f"{member_id}-{now.timestamp():.6f}",
        }
    response = render(request, "desk/circulation/desk.html", context)
    undoing.write(request, response)
    return response


def _log(request: HttpRequest) -> list[dict[str, Any]]:
    undoable = undoing.loans(request)
    return [
        {**entry, "at": datetime.fromisoformat(entry["at"]), "undo": entry.get("loan") in undoable}
        for entry in request.session.get(_LOG, [])
    ]


def _back(request: HttpRequest, member_id: int | None) -> HttpResponse:
    response = redirect(reverse("desk-circulation") + (f"?member={member_id}" if member_id else ""))
    undoing.write(request, response)
    return response


def choose(request: HttpRequest) -> HttpResponse:
    """At which house somebody works today: for whoever works at several."""
    served = people.served_houses(actor_of(request)) or []
    houses = sorted(network.house_refs(served).values(), key=lambda ref: ref.code)
    crumbs = [(_("Desk"), reverse("desk")), (_("Lending and returns"), "")]
    return render(
        request, "desk/circulation/choose.html", {"section": "circulation", "houses": houses, "crumbs": crumbs}
    )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 18 else None
