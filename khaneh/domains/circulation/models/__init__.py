"""Rows of lending, a module a subject."""

from khaneh.domains.circulation.models.damages import Damage
from khaneh.domains.circulation.models.fees import FeeEntry, Statistic
from khaneh.domains.circulation.models.floating import FloatLimit
from khaneh.domains.circulation.models.inventories import Inventory, InventoryExpected, InventoryScan
from khaneh.domains.circulation.models.loans import Loan, Occupancy
from khaneh.domains.circulation.models.offline import Conflict, OfflineDevice, OfflineEntry, StrayReturn
from khaneh.domains.circulation.models.paces import Pace
from khaneh.domains.circulation.models.requests import Request, Target, Transfer
from khaneh.domains.circulation.models.runs import Run, RunStop
from khaneh.domains.circulation.models.terminals import Terminal, TerminalAnswer

__all__ = [
    "Conflict",
    "Damage",
    "FeeEntry",
    "FloatLimit",
    "Inventory",
    "InventoryExpected",
    "InventoryScan",
    "Loan",
    "Occupancy",
    "OfflineDevice",
    "OfflineEntry",
    "Pace",
    "Request",
    "Run",
    "RunStop",
    "Statistic",
    "StrayReturn",
    "Target",
    "Terminal",
    "TerminalAnswer",
    "Transfer",
]
