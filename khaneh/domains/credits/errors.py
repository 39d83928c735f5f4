"""What the ledger refuses, each with a stable code."""

from khaneh.kernel.refusal import Refusal, RefusalKind


class BalanceShort(Refusal):
    """There is too little. Facts: unit, is_credit, balance, needed, short (how much more there must be), house_id of a house's own credit
    or None. Of money `balance` may be below zero, and `short` is what must be paid before the limit of debts permits this.
    """

    code = "credits.balance_short"
    kind = RefusalKind.LIMIT


class UnitUnknown(Refusal):
    """No such credit is kept, or it is earned and spent no more. Facts: unit."""

    code = "credits.unit_unknown"
    kind = RefusalKind.INVALID


class CodeTaken(Refusal):
    """Another credit has this code. Facts: code."""

    code = "credits.code_taken"
    kind = RefusalKind.CONFLICT


class WorkEarnsNothing(Refusal):
    """The house has agreed on no credit for this kind of work. Facts: house_id, kind."""

    code = "credits.work_earns_nothing"
    kind = RefusalKind.CONFLICT


class WorkDecided(Refusal):
    """Somebody has confirmed, rejected or withdrawn it. Facts: work_id, state."""

    code = "credits.work_decided"
    kind = RefusalKind.CONFLICT


class OwnWork(Refusal):
    """Nobody confirms their own work, whatever their role. Facts: work_id."""

    code = "credits.own_work"
    kind = RefusalKind.NOT_ALLOWED


class TooManyWaiting(Refusal):
    """So much recorded work waits for an answer that no more is taken in. Facts: waiting."""

    code = "credits.too_many_waiting"
    kind = RefusalKind.LIMIT
