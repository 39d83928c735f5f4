"""What the buttons of a proposal's page do: one act each, with its sentence. Parse, call, translate."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from khaneh.domains.founding import services
from khaneh.domains.founding.types import TASK_STATES, ProposalRow, TaskDraft, TaskRow, TaskState
from khaneh.interfaces.web.founding import wording
from khaneh.interfaces.web.founding.forms import CURRENCIES, day_text, parse_amount, plain_amount
from khaneh.kernel.actor import Actor
from khaneh.kernel.calendars import parse_date
from khaneh.kernel.refusal import Invalid, NotAllowed, Refusal

__all__ = ["CURRENCIES", "Wrong", "day_text", "do", "task_line"]


class Wrong(Exception):
    """Why an act was not done, in one sentence."""


class _Call(NamedTuple):
    request: HttpRequest
    actor: Actor
    row: ProposalRow
    now: datetime

    def text(self, name: str) -> str:
        """What was written."""
        return str(self.request.POST.get(name, "")).strip()

    def number(self, name: str) -> int:
        """The number of something on the page. Raises BadRequest."""
        text = self.text(name)
        if not (text.isdecimal() and len(text) < 19):
            raise BadRequest
        return int(text)

    def money(self, name: str, currency: str) -> int:
        """An amount; nothing is 0. Raises Wrong."""
        try:
            return parse_amount(self.text(name), currency) if self.text(name) else 0
        except ValueError:
            raise Wrong(_("This is not an amount.")) from None

    def day(self, name: str) -> date:
        """A day in either calendar. Raises Wrong."""
        try:
            return parse_date(self.text(name))
        except ValueError:
            raise Wrong(_("This is not a date.")) from None

    def task(self) -> TaskDraft:
        """What a task shall be. Raises Wrong."""
        return TaskDraft(self.text("title"), self.day("due_on"), self.money("planned", self.row.currency))


def do(request: HttpRequest, actor: Actor, row: ProposalRow, now: datetime) -> HttpResponse:
    """Do what the button says and go on. Raises Wrong, NotAllowed, BadRequest."""
    act = _ACTS.get(str(request.POST.get("act", "")))
    if act is None:
        raise BadRequest
    try:
        return act(_Call(request, actor, row, now))
    except NotAllowed:
        raise
    except Invalid as refusal:
        reasons = sorted({wording.wrong(reason) for reason in refusal.facts.get("fields", {}).values()})
        raise Wrong(" ".join(reasons)) from refusal
    except Refusal as refusal:
        raise Wrong(wording.sentence(refusal)) from refusal


def task_line(one: TaskRow, row: ProposalRow, today: date) -> dict[str, Any]:
    """A task in the list."""
    return {
        "task": one,
        "state": TASK_STATES[one.state],
        "tone": wording.tone(one.state),
        "late": one.state is TaskState.OPEN and one.due_on < today,
        "open": one.state is TaskState.OPEN,
        "planned": wording.money(one.planned, row.currency),
        "spent": wording.money(one.spent, row.currency),
        "due_typed": day_text(one.due_on),
        "planned_typed": plain_amount(one.planned, row.currency),
    }


def _withdraw(call: _Call) -> HttpResponse:
    services.withdraw(actor=call.actor, proposal_id=call.row.id, now=call.now)
    return _on(call, _("The proposal is withdrawn."))


def _assess(call: _Call) -> HttpResponse:
    begun = services.begin(actor=call.actor, proposal_id=call.row.id, now=call.now)
    return redirect("desk-assessment", assessment_id=begun.id)


def _approve(call: _Call) -> HttpResponse:
    currency = call.row.currency or call.text("currency")
    if not call.text("budget"):
        raise Wrong(_("Say how much money there is, be it nothing: 0."))
    services.approve(
        actor=call.actor, proposal_id=call.row.id, reason=call.text("reason"), budget=call.money("budget", currency),
        currency=currency, now=call.now,
    )  # fmt: skip
    return _on(call, _("The house is approved. Who proposed it is told."))


def _refuse(call: _Call) -> HttpResponse:
    services.refuse(actor=call.actor, proposal_id=call.row.id, reason=call.text("reason"), now=call.now)
    return _on(call, _("The proposal is refused. Who proposed it is told why."))


def _begin(call: _Call) -> HttpResponse:
    services.begin_fitting_out(actor=call.actor, proposal_id=call.row.id, now=call.now)
    return _on(call, _("Fitting out has begun. Everybody sees the house from now on."))


def _budget(call: _Call) -> HttpResponse:
    amount = call.money("budget", call.row.currency)
    services.change_budget(
        actor=call.actor, proposal_id=call.row.id, budget=amount, reason=call.text("reason"), now=call.now
    )
    return _on(call, _("The budget is changed."), "money")


def _task(call: _Call) -> HttpResponse:
    services.add_task(
        actor=call.actor, proposal_id=call.row.id, draft=call.task(), now=call.now, key=call.text("key")[:40]
    )
    return _on(call, _("The task is entered."), "tasks")


def _change_task(call: _Call) -> HttpResponse:
    services.change_task(actor=call.actor, task_id=call.number("task"), draft=call.task())
    return _on(call, _("The task is changed."), "tasks")


def _task_state(call: _Call) -> HttpResponse:
    state = call.text("state")
    if state not in list(TaskState):
        raise BadRequest
    services.set_task_state(actor=call.actor, task_id=call.number("task"), state=TaskState(state), now=call.now)
    return _on(call, _("The task is changed."), "tasks")


def _spend(call: _Call) -> HttpResponse:
    services.spend(
        actor=call.actor, proposal_id=call.row.id, amount=call.money("amount", call.row.currency),
        receipt=call.text("receipt"), spent_on=call.day("spent_on"),
        task_id=call.number("task") if call.text("task") else None, now=call.now, key=call.text("key")[:40],
    )  # fmt: skip
    return _on(call, _("The expense is noted."), "money")


def _back(call: _Call) -> HttpResponse:
    services.take_back(actor=call.actor, spend_id=call.number("spend"), now=call.now)
    return _on(call, _("The expense is taken back."), "money")


def _open(call: _Call) -> HttpResponse:
    services.open_house(actor=call.actor, proposal_id=call.row.id, now=call.now)
    return _on(call, _("The house is open, and has its passport."))


_ACTS: dict[str, Callable[[_Call], HttpResponse]] = {
    "withdraw": _withdraw,
    "assess": _assess,
    "approve": _approve,
    "refuse": _refuse,
    "begin": _begin,
    "budget": _budget,
    "task": _task,
    "change_task": _change_task,
    "task_state": _task_state,
    "spend": _spend,
    "back": _back,
    "open": _open,
}


def _on(call: _Call, said: str, anchor: str = "") -> HttpResponse:
    messages.success(call.request, said)
    address = reverse("desk-founding-proposal", args=[call.row.id])
    return redirect(f"{address}#{anchor}" if anchor else address)
