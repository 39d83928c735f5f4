"""Everything that reads the network, as frozen rows. Each function says how many statements it costs, whatever the number of rows."""

from khaneh.domains.network.queries.changes import (
    house_ids_below,
    house_ids_in_region,
    house_ids_of_organisation,
    organisation_ids_in_region,
)
from khaneh.domains.network.queries.deprivation import decile_history, decile_table, index_reaches
from khaneh.domains.network.queries.drafts import (
    house_draft,
    house_drafts,
    organisation_draft,
    organisation_drafts,
    region_draft,
    region_drafts,
)
from khaneh.domains.network.queries.export import export_table
from khaneh.domains.network.queries.facts import HouseFacts, house_facts
from khaneh.domains.network.queries.holidays import (
    coming_days,
    holiday,
    holidays_of_country,
    holidays_of_house,
    holidays_of_region,
)
from khaneh.domains.network.queries.houses import (
    distances,
    house,
    house_by_id,
    house_descriptions,
    house_ids_by_code,
    house_names,
    house_refs,
    houses,
    houses_by_ids,
    kilometres_from,
    public_house_ids,
)
from khaneh.domains.network.queries.houses import visible as visible_houses
from khaneh.domains.network.queries.maps import map_of
from khaneh.domains.network.queries.opening import opening_calendars, weekly_rows
from khaneh.domains.network.queries.organisations import (
    organisation,
    organisation_descriptions,
    organisation_ids,
    organisation_refs,
    organisations,
    organisations_by_ids,
)
from khaneh.domains.network.queries.places import (
    countries,
    may_publish_indexes,
    place_of_country,
    place_of_house,
    place_of_new_house,
    place_of_organisation,
    place_of_region,
    places_of_countries,
    places_of_houses,
    places_of_regions,
)
from khaneh.domains.network.queries.regions import (
    deprivation_indexes,
    region,
    region_names,
    region_refs,
    regions,
)

__all__ = [
    "HouseFacts",
    "coming_days",
    "countries",
    "decile_history",
    "decile_table",
    "deprivation_indexes",
    "distances",
    "export_table",
    "holiday",
    "holidays_of_country",
    "holidays_of_house",
    "holidays_of_region",
    "house",
    "house_by_id",
    "house_descriptions",
    "house_draft",
    "house_drafts",
    "house_facts",
    "house_ids_below",
    "house_ids_by_code",
    "house_ids_in_region",
    "house_ids_of_organisation",
    "house_names",
    "house_refs",
    "houses",
    "houses_by_ids",
    "index_reaches",
    "kilometres_from",
    "map_of",
    "may_publish_indexes",
    "opening_calendars",
    "organisation",
    "organisation_descriptions",
    "organisation_draft",
    "organisation_drafts",
    "organisation_ids",
    "organisation_ids_in_region",
    "organisation_refs",
    "organisations",
    "organisations_by_ids",
    "place_of_country",
    "place_of_house",
    "place_of_new_house",
    "place_of_organisation",
    "place_of_region",
    "places_of_countries",
    "places_of_houses",
    "places_of_regions",
    "public_house_ids",
    "region",
    "region_draft",
    "region_drafts",
    "region_names",
    "region_refs",
    "regions",
    "visible_houses",
    "weekly_rows",
]
