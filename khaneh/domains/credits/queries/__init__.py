"""Everything that reads the ledger, as frozen rows."""

from khaneh.domains.credits.queries.balances import balance, balances_of, cost, owed, payments_of, statement
from khaneh.domains.credits.queries.units import credits_of_house, names, unit, units
from khaneh.domains.credits.queries.works import work, works_of, works_waiting

__all__ = [
    "balance",
    "balances_of",
    "cost",
    "credits_of_house",
    "names",
    "owed",
    "payments_of",
    "statement",
    "unit",
    "units",
    "work",
    "works_of",
    "works_waiting",
]
