"""The network's refusals. Codes are stable; pages translate them."""

from __future__ import annotations

from khaneh.kernel.refusal import Refusal, RefusalKind


class CodeTaken(Refusal):
    """Another thing of the kind has this code. Facts: code."""

    code = "network.code_taken"
    kind = RefusalKind.CONFLICT


class RegistrationNumberTaken(Refusal):
    """Another organisation of the country has this registration number. Facts: registration_number, country."""

    code = "network.registration_number_taken"
    kind = RefusalKind.CONFLICT


class TreeRefused(Refusal):
    """A parent that cannot be one: below the thing itself, of a wrong level or of another country. Facts: reason, parent."""

    code = "network.tree_refused"
    kind = RefusalKind.CONFLICT


class StateChangeRefused(Refusal):
    """A house does not go from this state to that one. Facts: state, wanted, possible."""

    code = "network.state_change_refused"
    kind = RefusalKind.CONFLICT


class HousesStillOpen(Refusal):
    """A house cannot close for good while houses inside it are in service. Facts: houses, their codes."""

    code = "network.houses_still_open"
    kind = RefusalKind.CONFLICT


class HoursOverlap(Refusal):
    """Two spans of a week share time. Facts: weekday."""

    code = "network.hours_overlap"
    kind = RefusalKind.INVALID


class HolidayTaken(Refusal):
    """Another entry of the same house, region or country has these days. Facts: holiday."""

    code = "network.holiday_taken"
    kind = RefusalKind.CONFLICT


class DecileFixed(Refusal):
    """A decile in a published version of an index does not change: publish another version. Facts: index, version, region."""

    code = "network.decile_fixed"
    kind = RefusalKind.CONFLICT


class TableUnreadable(Refusal):
    """The file is not the table it should be. Facts: reason, one of not_a_table, no_header, missing_columns, too_large; columns."""

    code = "network.table_unreadable"
    kind = RefusalKind.INVALID
