"""The rules of selections, for who runs them; their promise about the lottery, for everybody."""

from __future__ import annotations

from datetime import datetime

from khaneh.domains.programmes import queries as programmes
from khaneh.domains.programmes.types import ApplicationState, CallRow, CallStage
from khaneh.domains.selection import permissions
from khaneh.domains.selection.models import RankingRun, Round, Slot
from khaneh.domains.selection.rules import drafts
from khaneh.domains.selection.types.rows import LotteryRow, RoundDraft, RoundRow, RunCall, RunDigest, SlotRow
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotFound


def round_of_call(call_id: int, *, actor: Actor) -> RoundRow | None:
    """The selection of a call, None where it was not begun. Seven statements at most. Raises NotFound for who does not run it."""
    call = programmes.call(call_id)
    permissions.require_run(actor, call.house.id)
    found = Round.objects.filter(call_id=call_id).first()
    if found is None:
        return None
    ranked = RankingRun.objects.filter(round=found).exists()
    return RoundRow(
        id=found.pk,
        call=call,
        places=found.places,
        draft=draft_of(found),
        deprivation_index_id=found.deprivation_index_id,
        contracts=Label.from_dict(found.contracts),
        commitment=found.commitment if found.fixed_at else "",
        seed=found.seed if ranked else "",
        fixed_at=found.fixed_at,
    )


def call_of(call_id: int, *, actor: Actor) -> CallRow:
    """A call, for who runs its selection. Raises NotFound."""
    call = programmes.call(call_id)
    permissions.require_run(actor, call.house.id)
    return call


def calls_run(actor: Actor, *, now: datetime, limit: int = 200) -> list[RunCall]:
    """The published calls whose selection the actor runs: those that wait for one first, then the latest. A fixed number of statements."""
    found = list(
        programmes.calls_by_ids(number for numbers in programmes.public_call_ids() for number in numbers).values()
    )
    mine = [call for call in found if permissions.runs(actor, call.house.id)]
    begun = dict(Round.objects.filter(call_id__in=[call.id for call in mine]).values_list("call_id", "fixed_at"))
    counts = programmes.counts_of(call.id for call in mine)
    rows = [
        RunCall(
            call,
            call.stage(now),
            call.id in begun,
            begun.get(call.id) is not None,
            sum(number for state, number in counts.get(call.id, {}).items() if state != ApplicationState.DRAFT),
        )
        for call in mine
    ]
    order = {CallStage.CLOSED: 0, CallStage.OPEN: 1, CallStage.PUBLISHED: 2}
    return sorted(rows, key=lambda row: (order.get(row.stage, 3), -row.call.id))[:limit]


def lottery(call_id: int) -> LotteryRow | None:
    """What everybody may know of how ties are drawn; None until the rules are fixed. The caller has asked who may see the call. Two statements."""
    found = Round.objects.filter(call_id=call_id, fixed_at__isnull=False).first()
    if found is None or found.fixed_at is None:
        return None
    runs = RankingRun.objects.filter(round=found).order_by("number")
    made = tuple(RunDigest(*one) for one in runs.values_list("number", "made_at", "case_digest", "result_digest"))
    return LotteryRow(found.commitment, found.fixed_at, found.seed if made else "", made)


def usual() -> RoundDraft:
    """The rules where nothing else is said."""
    return RoundDraft(equity=drafts.USUAL_EQUITY)


def draft_of(found: Round) -> RoundDraft:
    """The rules of a round."""
    return RoundDraft(
        **{name: getattr(found, name) for name in drafts.NUMBERS}, equity=drafts.equity_from(found.equity)
    )


def slots(round_id: int, *, actor: Actor) -> list[SlotRow]:
    """The times for interviews, for who runs the round. Three statements. Raises NotFound."""
    house_id = Round.objects.filter(pk=round_id).values_list("house_id", flat=True).first()
    if house_id is None:
        raise NotFound(what="round")
    permissions.require_run(actor, house_id)
    return [slot_row(one) for one in Slot.objects.filter(round_id=round_id).order_by("starts_at", "place")]


def slot_row(one: Slot) -> SlotRow:
    """A time."""
    return SlotRow(one.pk, one.starts_at, one.minutes, one.place, one.application_id)
