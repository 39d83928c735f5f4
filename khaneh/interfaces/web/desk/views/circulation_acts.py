"""What is done at the circulation desk besides scanning: taking back, renewing, moving a due date, losses, requests, money."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from khaneh.domains.circulation import services
from khaneh.domains.circulation.permissions import DESK
from khaneh.domains.circulation.queries.machines import barcodes_of_loans
from khaneh.domains.circulation.services import ClaimOutcome
from khaneh.domains.circulation.types import PaymentMethod
from khaneh.interfaces.web.desk import circulation_undo as undoing
from khaneh.interfaces.web.desk import circulation_words as words
from khaneh.interfaces.web.desk.circulation_log import is_aside, is_done, note
from khaneh.interfaces.web.desk.circulation_turn import Turn, current, number
from khaneh.interfaces.web.desk.gate import staffed
from khaneh.interfaces.web.desk.views.circulation import back
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.calendars import parse_date
from khaneh.kernel.refusal import Refusal

_MOST_LOANS = 500
Act = Callable[[HttpRequest, Turn], None]


def _act(do: Act) -> Callable[[HttpRequest], HttpResponse]:
    """A post that does one thing in a turn, once however often the page sends it, and shows the desk again."""

    @wraps(do)
    @staffed(DESK)
    @require_POST
    def view(request: HttpRequest) -> HttpResponse:
        turn = current(request)
        if turn is None:
            raise Http404
        if not is_done(request):
            do(request, turn)
        return back(request, turn)

    return view


@_act
def undo(request: HttpRequest, turn: Turn) -> None:
    """Take back a loan or a return that the signed cookie still names."""
    kept = undoing.take(request, number(request.POST.get("loan")))
    if kept is None:
        note(
            request, "bad", _("This cannot be undone any more: ten minutes have passed, or it was done elsewhere."), ""
        )
        return
    act, loan_id, member_id, charge_id = kept
    title, actor, now = request.POST.get("title", "")[:300], actor_of(request), timezone.now()
    try:
        if act == "loan":
            services.undo_loan(actor=actor, house_id=turn.house.id, loan_id=loan_id, now=now)
            note(request, "info", _("The loan was taken back."), title)
        else:
            services.undo_return(
                actor=actor, house_id=turn.house.id, loan_id=loan_id, member_id=member_id, now=now,
                charge_id=charge_id or None,
            )  # fmt: skip
            note(request, "info", _("The return was taken back: it is lent as it was."), title)
    except Refusal as refusal:
        note(request, "bad", words.refusal(refusal), title)


@_act
def damage(request: HttpRequest, turn: Turn) -> None:
    """A copy that has just come in is damaged: it goes to repair with a note, and who brought it is charged if the desk says so.

    Who that was stands in the signed cookie alone, for ten minutes.
    """
    barcode, title = request.POST.get("barcode", "")[:80], request.POST.get("title", "")[:300]
    loan_id, currency = number(request.POST.get("loan")), request.POST.get("currency", "")[:3]
    try:
        told = request.POST.get("amount", "").strip()
        fee = words.amount(told, currency) if told else None
        member_id = undoing.brought(request, loan_id) if fee is not None and fee.amount > 0 else None
        if fee is not None and fee.amount > 0 and member_id is None:
            note(request, "bad", _("Who brought it is not known any more: put it aside without a fee."), title)
            return
        services.mark_damaged(
            actor=actor_of(request), house_id=turn.house.id, barcode=barcode, now=timezone.now(), member_id=member_id,
            amount=fee if member_id is not None else None, note=request.POST.get("note", ""),
        )  # fmt: skip
    except ValueError:
        note(request, "bad", _("This is not an amount."), title)
    except Refusal as refusal:
        note(request, "bad", words.refusal(refusal), title)
    else:
        undoing.forget(request, loan_id)
        is_aside(request, barcode)
        charged = [_("fee %(sum)s") % {"sum": words.money(fee)}] if fee is not None and member_id is not None else []
        note(request, "warn", " · ".join([_("Put it aside for repair"), *charged]), title, barcode=barcode)


@_act
def loans(request: HttpRequest, turn: Turn) -> None:
    """One act on one loan (`one` is `act-loan`), on all of the member in hand (`renew-all`), or on those that are ticked.

    What is refused stops none of the others.
    """
    act, dash, single = request.POST.get("one", "").partition("-")
    if single == "all":
        _renew_all(request, turn)
        return
    act = act if dash else request.POST.get("act", "")
    chosen = map(number, [single] if dash else request.POST.getlist("loan")[:_MOST_LOANS])
    numbers = [found for found in chosen if found is not None]
    if not numbers:
        note(request, "bad", _("Tick at least one loan."), "")
    for loan_id in numbers:
        _one(request, turn, act, loan_id)


def _renew_all(request: HttpRequest, turn: Turn) -> None:
    if turn.member_id is None:
        raise Http404
    done = services.renew_all(actor=actor_of(request), member_id=turn.member_id, now=timezone.now())
    barcodes = barcodes_of_loans([loan_id for loan_id, _refusal in done.refused])
    for loan_id, refusal in done.refused:
        note(request, "bad", words.why_not(refusal), barcodes.get(loan_id, ""))
    said = _("Renewed: %(renewed)s. Not renewed: %(refused)s.")
    counts = {"renewed": words.count(len(done.renewed)), "refused": words.count(len(done.refused))}
    note(request, "warn" if done.refused else "good", said % counts, "")


def _one(request: HttpRequest, turn: Turn, act: str, loan_id: int) -> None:
    actor, now, house = actor_of(request), timezone.now(), turn.house
    title = request.POST.get(f"title-{loan_id}", "")[:300]
    try:
        if act == "renew":
            renewed = services.renew(actor=actor, loan_id=loan_id, now=now)
            note(request, "good", words.renewed(renewed.due_at, house), title)
        elif act == "return":
            barcode = barcodes_of_loans([loan_id]).get(loan_id, "")
            returned = services.check_in(actor=actor, house_id=house.id, barcode=barcode, now=now)
            tone, said = words.returned(returned, house)
            note(request, tone, said, title, barcode=barcode, slip=words.slip(returned), loan=returned.loan_id,
                 back=words.damage_terms(returned, house))  # fmt: skip
            if returned.loan_id is not None and returned.member_id is not None:
                undoing.keep(request, ("return", returned.loan_id, returned.member_id, returned.charge_id or 0))
        elif act == "date":
            at = services.change_due_date(
                actor=actor, house_id=house.id, loan_id=loan_id, now=now, reason=request.POST.get("reason", ""),
                due_on=parse_date(request.POST.get("due_on", "")),
            )  # fmt: skip
            note(request, "good", words.lent(at, house), title)
        elif act in _LOSSES:
            do, words_of_it = _LOSSES[act]
            do(request, loan_id)
            note(request, "info", words_of_it(), title)
        else:
            raise Http404
    except ValueError:
        note(request, "bad", _("This is not a date."), title)
    except Refusal as refusal:
        note(request, "bad", words.why_not(refusal), title)


def _settle(outcome: ClaimOutcome) -> Callable[[HttpRequest, int], object]:
    return lambda request, loan_id: services.settle_claim(
        actor=actor_of(request), loan_id=loan_id, outcome=outcome, now=timezone.now()
    )


_LOSSES: dict[str, tuple[Callable[[HttpRequest, int], object], Callable[[], str]]] = {
    "claim": (
        lambda request, loan_id: services.claim_returned(actor=actor_of(request), loan_id=loan_id, now=timezone.now()),
        lambda: _("The reader says it is back: no reminders until this is settled."),
    ),
    "lost": (
        lambda request, loan_id: services.declare_lost(actor=actor_of(request), loan_id=loan_id, now=timezone.now()),
        lambda: _("Counted as lost; the price is charged."),
    ),
    "believe": (_settle(ClaimOutcome.BELIEVED), lambda: _("Believed: the loan is over and the copy is missing.")),
    "refuse": (_settle(ClaimOutcome.NOT_BELIEVED), lambda: _("Not believed: the loan goes on.")),
}


@_act
def requests(request: HttpRequest, turn: Turn) -> None:
    """Cancel a request of the member in hand."""
    request_id = number(request.POST.get("request"))
    title = request.POST.get("title", "")[:300]
    try:
        if request_id is not None:
            services.cancel_request(actor=actor_of(request), request_id=request_id, now=timezone.now())
            note(request, "info", _("The request is cancelled."), title)
    except Refusal as refusal:
        note(request, "bad", words.refusal(refusal), title)


@_act
def fees(request: HttpRequest, turn: Turn) -> None:
    """Take a payment, or forgive, what the member in hand owes."""
    if turn.member_id is None:
        raise Http404
    actor, now, currency = actor_of(request), timezone.now(), request.POST.get("currency", "")[:3]
    who = {"actor": actor, "house_id": turn.house.id, "member_id": turn.member_id, "now": now}
    try:
        amount = words.amount(request.POST.get("amount", ""), currency)
        if request.POST.get("act") == "waive":
            entry = services.waive(**who, amount=amount, reason=request.POST.get("reason", ""))  # type: ignore[arg-type]
            said = _("Forgiven: %(sum)s.")
        else:
            key = f"desk:{request.POST['paid'][:60]}" if request.POST.get("paid") else None
            method = PaymentMethod(request.POST.get("method", ""))
            entry = services.pay(**who, amount=amount, method=method, key=key)  # type: ignore[arg-type]
            said = _("Paid: %(sum)s.")
        receipt = reverse("desk-circulation-receipt", kwargs={"kind": "payment", "number": entry})
        note(request, "good", said % {"sum": words.money(amount)}, "", receipt=receipt)
    except ValueError:
        note(request, "bad", _("This is not an amount."), "")
    except Refusal as refusal:
        note(request, "bad", words.refusal(refusal), "")
