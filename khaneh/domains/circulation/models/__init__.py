"""Rows of lending, a module a subject."""

from khaneh.domains.circulation.models.fees import FeeEntry, Statistic
from khaneh.domains.circulation.models.inventories import Inventory, InventoryScan
from khaneh.domains.circulation.models.loans import Loan, Occupancy
from khaneh.domains.circulation.models.requests import Request, Run, RunStop, Target, Transfer
from khaneh.domains.circulation.models.terminals import Terminal, TerminalAnswer

__all__ = [
    "FeeEntry",
    "Inventory",
    "InventoryScan",
    "Loan",
    "Occupancy",
    "Request",
    "Run",
    "RunStop",
    "Statistic",
    "Target",
    "Terminal",
    "TerminalAnswer",
    "Transfer",
]
