"""Everything that changes what people have and owe: one function an act."""

from khaneh.domains.credits.services.charging import charge, hold, refund
from khaneh.domains.credits.services.paying import adjust, pay, pay_out
from khaneh.domains.credits.services.personal import erase_account, erase_member, export_member, owed_by_member
from khaneh.domains.credits.services.settling import Bill, Unpaid, refuse_unpaid, settle, together
from khaneh.domains.credits.services.units import change_unit, define_unit
from khaneh.domains.credits.services.working import confirm_work, record_work, reject_work, withdraw_work

__all__ = [
    "Bill",
    "Unpaid",
    "adjust",
    "change_unit",
    "charge",
    "confirm_work",
    "define_unit",
    "erase_account",
    "erase_member",
    "export_member",
    "hold",
    "owed_by_member",
    "pay",
    "pay_out",
    "record_work",
    "refund",
    "refuse_unpaid",
    "reject_work",
    "settle",
    "together",
    "withdraw_work",
]
