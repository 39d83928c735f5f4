"""The network's data files: every reference leads somewhere, every name is in three languages, every place is where it can be."""

from __future__ import annotations

import csv
import itertools
import json
import re
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from demo.network import make_boundaries
from khaneh.domains.network.types import CAPABILITIES
from khaneh.domains.network.types.lists import FACILITIES, HOUSE_KINDS, ORGANISATION_KINDS, HouseState

NETWORK = Path(make_boundaries.__file__).parent
# Latitude and longitude, generously, of the four provinces.
BOUNDS = {
    "vn-na": (18.4, 20.1, 103.7, 106.0),
    "ir-yz": (29.4, 33.6, 52.6, 56.8),
    "ir-qm": (34.0, 35.3, 50.0, 52.1),
    "ir-kr": (33.7, 37.9, 56.1, 61.5),
}
ARABIC_YEH_KAF = re.compile("[يكى]")
JOINABLE_SPACE = re.compile(r"\b(?:می|نمی) \w|\w ها(?:ی)?\b")
VIETNAMESE_MARKS = re.compile("[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE)


def rows(name: str) -> list[dict[str, str]]:
    with (NETWORK / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def regions() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in rows("regions")}


def inside(row: dict[str, str], region: str) -> bool:
    south, north, west, east = BOUNDS[region[:5]]
    return south <= float(row["latitude"]) <= north and west <= float(row["longitude"]) <= east


@pytest.mark.parametrize("name", ["regions", "houses", "organisations"])
def test_codes_are_unique(name: str) -> None:
    repeated = [code for code, times in Counter(row["code"] for row in rows(name)).items() if times > 1]
    assert repeated == []


@pytest.mark.parametrize("name", ["regions", "houses", "organisations", "holidays", "deprivation_indexes"])
def test_names_are_in_three_languages(name: str) -> None:
    for row in rows(name):
        assert all(row[f"name_{language}"].strip() for language in ("fa", "vi", "en")), row


@pytest.mark.parametrize("name", ["houses", "organisations"])
def test_descriptions_are_in_three_languages(name: str) -> None:
    for row in rows(name):
        assert all(len(row[f"description_{language}"]) > 10 for language in ("fa", "vi", "en")), row["code"]
        assert VIETNAMESE_MARKS.search(row["description_vi"]), row["code"]


@pytest.mark.parametrize("name", ["regions", "houses", "organisations", "holidays", "deprivation_indexes"])
def test_persian_is_written_with_persian_letters(name: str) -> None:
    for row in rows(name):
        for column, value in row.items():
            if column.endswith("_fa"):
                assert not ARABIC_YEH_KAF.search(value), (column, value)
                assert not JOINABLE_SPACE.search(value), (column, value)


def test_a_region_lies_one_level_below_its_parent(regions: dict[str, dict[str, str]]) -> None:
    above = {"province": "", "district": "province", "commune": "district"}
    for row in regions.values():
        parent = regions.get(row["parent"])
        assert (parent["level"] if parent else "") == above[row["level"]], row["code"]


def test_there_are_enough_regions(regions: dict[str, dict[str, str]]) -> None:
    levels = Counter(row["level"] for row in regions.values())
    assert levels["province"] == 4
    assert levels["district"] >= 40
    assert levels["commune"] >= 100


def test_regions_lie_in_their_province(regions: dict[str, dict[str, str]]) -> None:
    assert [code for code, row in regions.items() if not inside(row, code)] == []


def test_houses_lie_in_the_province_of_their_region(regions: dict[str, dict[str, str]]) -> None:
    for row in rows("houses"):
        assert row["region_code"] in regions, row["code"]
        assert inside(row, row["region_code"]), row["code"]


def test_organisations_lie_in_the_province_of_their_region(regions: dict[str, dict[str, str]]) -> None:
    for row in rows("organisations"):
        if row["region_code"]:
            assert row["region_code"] in regions, row["code"]
            assert inside(row, row["region_code"]), row["code"]
            assert row["country"] == row["region_code"][:2].upper()


def test_each_country_has_one_authority_above_those_of_its_provinces(regions: dict[str, dict[str, str]]) -> None:
    organisations = rows("organisations")
    national = [row for row in organisations if not row["region_code"]]
    assert sorted((row["country"], row["kind"]) for row in national) == [
        ("IR", "library_authority"),
        ("VN", "library_authority"),
    ]
    above = {row["country"]: row["code"] for row in national}
    for row in organisations:
        if row["kind"] == "library_authority" and row["region_code"]:
            assert row["parent_code"] == above[row["country"]], row["code"]


def test_capabilities_are_of_the_list_with_words_in_three_languages() -> None:
    for row in rows("organisations"):
        assert set(row["capabilities"].split(";")) <= set(CAPABILITIES), row["code"]


def test_a_commune_has_no_more_people_than_its_district(regions: dict[str, dict[str, str]]) -> None:
    people: defaultdict[str, int] = defaultdict(int)
    for row in regions.values():
        people[row["parent"]] += int(row["population"])
    for code, total in people.items():
        if code:
            assert total <= int(regions[code]["population"]) * 1.02, code


def test_every_kind_of_house_is_there() -> None:
    assert {row["kind"] for row in rows("houses")} == set(HOUSE_KINDS)


def test_every_state_of_a_house_is_there() -> None:
    assert {row["state"] for row in rows("houses")} == {state.value for state in HouseState}


def test_every_kind_of_organisation_is_there() -> None:
    assert {row["kind"] for row in rows("organisations")} == set(ORGANISATION_KINDS)


def test_houses_form_a_tree() -> None:
    houses = {row["code"]: row for row in rows("houses")}
    for code, row in houses.items():
        seen = {code}
        while parent := row["parent_code"]:
            assert parent not in seen, f"{code} lies inside itself"
            seen.add(parent)
            row = houses[parent]


def test_an_innovation_centre_lies_in_a_central_library() -> None:
    houses = {row["code"]: row for row in rows("houses")}
    centres = [row for row in houses.values() if row["kind"] == "innovation_centre"]
    assert {houses[row["parent_code"]]["kind"] for row in centres} == {"central_library"}


def test_houses_are_run_by_organisations_of_the_file() -> None:
    organisations = {row["code"] for row in rows("organisations")}
    assert {row["operator_code"] for row in rows("houses")} <= organisations


def test_facilities_zones_and_calendars_are_known() -> None:
    for row in rows("houses"):
        assert set(filter(None, row["facilities"].split(";"))) <= set(FACILITIES), row["code"]
        ZoneInfo(row["time_zone"])
        assert row["calendar"] == ("gregorian" if row["region_code"].startswith("vn") else "jalali")
        assert not row["opened"] or 1900 <= int(row["opened"]) <= 2026, row["code"]


def test_nothing_leads_to_a_real_address() -> None:
    for row in [*rows("houses"), *rows("organisations")]:
        assert row["email"].endswith(".example.org")
        assert row["website"].endswith(".example.org/")


def test_registration_numbers_are_unique_and_marked() -> None:
    numbers = [row["registration_number"] for row in rows("organisations")]
    assert len(set(numbers)) == len(numbers)
    assert all(re.fullmatch(r"DEMO-\d{10,11}", number) for number in numbers)


def test_sectors_are_isic_classes() -> None:
    assert all(re.fullmatch(r"\d{4}", row["isic"]) for row in rows("organisations"))


def test_open_houses_have_hours_and_others_have_none() -> None:
    hours = {row["house_code"] for row in rows("opening_hours")}
    assert hours == {row["code"] for row in rows("houses") if row["state"] == "open"}


def test_spans_of_a_day_do_not_overlap() -> None:
    days: defaultdict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for row in rows("opening_hours"):
        assert row["weekday"] in set("1234567")
        assert row["opens"] < row["closes"] <= "24:00"
        days[row["house_code"], row["weekday"]].append((row["opens"], row["closes"]))
    for spans in days.values():
        ordered = sorted(spans)
        assert all(before[1] <= after[0] for before, after in itertools.pairwise(ordered))


def test_iranian_libraries_close_on_friday_and_vietnamese_ones_at_noon() -> None:
    libraries = {row["code"]: row for row in rows("houses") if row["kind"] == "district_library"}
    for row in rows("opening_hours"):
        if row["house_code"] in libraries:
            iranian = row["house_code"][:2] != "NA"
            assert not (iranian and row["weekday"] == "5")
            assert iranian or not row["opens"] <= "12:00" < row["closes"]


def test_holidays_say_when() -> None:
    for row in rows("holidays"):
        assert row["scope"] in ("IR", "VN")
        if row["rule"] == "date":
            assert date(2026, 1, 1) <= date.fromisoformat(row["date"]) <= date(2028, 12, 31)
        else:
            assert 1 <= int(row["month"]) <= 12
            assert 1 <= int(row["day"]) <= 31


def test_tet_is_the_first_day_of_the_lunar_year() -> None:
    first = {row["date"] for row in rows("holidays") if row["name_vi"] == "Mùng Một Tết"}
    assert first == {"2026-02-17", "2027-02-06", "2028-01-26"}


def test_every_district_has_a_decile_in_every_version(regions: dict[str, dict[str, str]]) -> None:
    districts = {code for code, row in regions.items() if row["level"] == "district"}
    versions = {(row["code"], row["version"]) for row in rows("deprivation_indexes")}
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows("deprivation"):
        assert 1 <= int(row["decile"]) <= 10
        found[row["index_code"], row["index_version"]].add(row["region_code"])
    assert set(found) == versions
    assert all(codes == districts for codes in found.values())


@pytest.fixture(scope="module")
def boundaries() -> dict[str, list[tuple[float, float]]]:
    data: Any = json.loads((NETWORK / "boundaries.geojson").read_text(encoding="utf-8"))
    shapes = {feature["id"]: feature["geometry"]["coordinates"][0] for feature in data["features"]}
    return {code: [(point[0], point[1]) for point in ring] for code, ring in shapes.items()}


def test_the_drawn_file_is_what_the_script_draws() -> None:
    assert (NETWORK / "boundaries.geojson").read_text(encoding="utf-8") == make_boundaries.text()


def test_districts_fill_their_province_without_overlap(boundaries: dict[str, list[tuple[float, float]]]) -> None:
    for province in BOUNDS:
        whole = make_boundaries.area(boundaries[province][:-1])
        parts = sum(
            make_boundaries.area(ring[:-1]) for code, ring in boundaries.items() if code.startswith(f"{province}-")
        )
        assert parts == pytest.approx(whole, rel=1e-4)


def test_every_province_and_district_has_a_shape(
    boundaries: dict[str, list[tuple[float, float]]], regions: dict[str, dict[str, str]]
) -> None:
    assert set(boundaries) == {code for code, row in regions.items() if row["level"] != "commune"}
    assert all(ring[0] == ring[-1] and len(ring) >= 12 for ring in boundaries.values())


def test_neighbours_share_their_border(boundaries: dict[str, list[tuple[float, float]]]) -> None:
    # A border between two districts is drawn twice, once in each direction; the rest of a district lies on the province's outline.
    for province in BOUNDS:
        outline = set(boundaries[province])
        lines = [
            (a, b)
            for code, ring in boundaries.items()
            if code.startswith(f"{province}-")
            for a, b in itertools.pairwise(ring)
        ]
        drawn = set(lines)
        shared = sum((b, a) in drawn for a, b in lines)
        alone = [(a, b) for a, b in lines if (b, a) not in drawn and a not in outline and b not in outline]
        assert shared > len(lines) / 4
        assert len(alone) <= 2, alone
