"""Everything that changes the network: one function an act, keyword arguments, the actor first."""

from khaneh.domains.network.rules.table_files import TableFile, write_csv, write_xlsx
from khaneh.domains.network.rules.table_files import read as read_table
from khaneh.domains.network.rules.table_files import stream as stream_table
from khaneh.domains.network.services.holidays import (
    add_holiday,
    change_holiday,
    remove_holiday,
    remove_taken_in,
    take_in_holiday,
)
from khaneh.domains.network.services.hours import USUAL, set_opening_hours, set_season
from khaneh.domains.network.services.houses import change_house, change_house_state, create_house
from khaneh.domains.network.services.organisations import (
    change_organisation,
    create_organisation,
    withdraw_organisation,
)
from khaneh.domains.network.services.regions import (
    change_region,
    create_region,
    publish_index,
    set_boundary,
    set_decile,
)
from khaneh.domains.network.services.tables import import_table
from khaneh.domains.network.services.wording import explain

__all__ = [
    "USUAL",
    "TableFile",
    "add_holiday",
    "change_holiday",
    "change_house",
    "change_house_state",
    "change_organisation",
    "change_region",
    "create_house",
    "create_organisation",
    "create_region",
    "explain",
    "import_table",
    "publish_index",
    "read_table",
    "remove_holiday",
    "remove_taken_in",
    "set_boundary",
    "set_decile",
    "set_opening_hours",
    "set_season",
    "stream_table",
    "take_in_holiday",
    "withdraw_organisation",
    "write_csv",
    "write_xlsx",
]
