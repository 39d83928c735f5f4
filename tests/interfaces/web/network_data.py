"""A small part of the demonstration's network, taken in through its importer: a few houses with what they stand on."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

from khaneh.domains.network import services
from khaneh.domains.network.types import ImportMode, TableName
from khaneh.kernel.actor import SYSTEM

FOLDER = Path(__file__).resolve().parents[3] / "demo/network"
_HOUSES = 4  # of each province, the first ones of the file


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8-sig", newline="") as source:
        return list(csv.DictReader(source))


def _closed(rows: list[dict[str, str]], wanted: set[str]) -> list[dict[str, str]]:
    """The rows with these codes, and those above them."""
    by_code = {row["code"]: row for row in rows}
    found: set[str] = set()
    while wanted := wanted - found - {""}:
        found |= wanted
        wanted = {
            by_code[code].get("parent_code", by_code[code].get("parent", "")) for code in wanted if code in by_code
        }
    return [row for row in rows if row["code"] in found]


def _csv(rows: list[dict[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def load() -> None:
    """Take it in; the database must be empty of it."""
    houses: list[dict[str, str]] = []
    for row in _rows("houses.csv"):
        province = row["region_code"][:5]
        if sum(other["region_code"].startswith(province) for other in houses) < _HOUSES:
            houses.append(row)
    kept = {row["code"] for row in houses}
    houses = [row for row in houses if not row["parent_code"] or row["parent_code"] in kept]
    regions = _closed(_rows("regions.csv"), {row["region_code"] for row in houses})
    organisations = _closed(_rows("organisations.csv"), {row["operator_code"] for row in houses} | {"NA-AUTH"})
    regions = _closed(
        _rows("regions.csv"), {row["code"] for row in regions} | {row["region_code"] for row in organisations}
    )
    codes = {row["code"] for row in regions}
    boundaries = json.loads((FOLDER / "boundaries.geojson").read_text())
    boundaries["features"] = [one for one in boundaries["features"] if one["properties"]["code"] in codes]
    hours = [row for row in _rows("opening_hours.csv") if row["house_code"] in kept]
    tables = {
        TableName.REGIONS: _csv(regions),
        TableName.BOUNDARIES: json.dumps(boundaries).encode(),
        TableName.ORGANISATIONS: _csv(organisations),
        TableName.HOUSES: _csv(houses),
        TableName.OPENING_HOURS: _csv(hours),
        TableName.HOLIDAYS: _csv(_rows("holidays.csv")[:6]),
    }
    for table, data in tables.items():
        report = services.import_table(
            actor=SYSTEM, table=table, data=data, mode=ImportMode.GOOD_LINES, now=datetime.now(UTC)
        )
        faults = [line for line in report.lines if line.problems]
        assert not faults, faults[:3]
