"""The network's tables as files, in the columns in which they are imported."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Literal

from khaneh.domains.network.models import DeprivationIndex, Holiday, House, OpeningHours, Region, RegionDecile
from khaneh.domains.network.queries.drafts import house_drafts, organisation_drafts, region_drafts
from khaneh.domains.network.queries.holidays import draft_of
from khaneh.domains.network.queries.houses import visible
from khaneh.domains.network.rules import table_files, table_lines
from khaneh.domains.network.types import HolidayDraft, TableName, WeeklyHours
from khaneh.kernel.actor import Actor
from khaneh.kernel.calendars import Span
from khaneh.kernel.labels import Label


def export_table(table: TableName, *, form: Literal["csv", "xlsx"], actor: Actor) -> bytes:
    """The whole table, as CSV or XLSX; boundaries are GeoJSON whatever the form. Two statements.

    Houses are those that the actor may see. Cells are safe to open in a spreadsheet.
    """
    if table is TableName.BOUNDARIES:
        return _boundaries()
    columns = table_lines.COLUMNS[table]
    rows = [[line.get(column, "") for column in columns] for line in _lines(table, actor)]
    if form == "xlsx":
        return table_files.write_xlsx(columns, rows, title=table.value)
    return table_files.write_csv(columns, rows)


def _lines(table: TableName, actor: Actor) -> Iterable[dict[str, str]]:
    if table is TableName.REGIONS:
        return [table_lines.region_line(draft) for draft in region_drafts().values()]
    if table is TableName.ORGANISATIONS:
        return [table_lines.organisation_line(draft) for draft in organisation_drafts().values()]
    seen = House.objects.filter(visible(actor))
    if table is TableName.HOUSES:
        codes = set(seen.values_list("code", flat=True))
        return [table_lines.house_line(draft) for draft in house_drafts(codes).values()]
    if table is TableName.OPENING_HOURS:
        hours = OpeningHours.objects.filter(house__in=seen).select_related("house")
        return [
            table_lines.hours_line(
                row.house.code, WeeklyHours(row.weekday, Span(row.opens, row.closes), row.first, row.last)
            )
            for row in hours.order_by("house__code", "weekday", "opens", "first")
        ]
    if table is TableName.HOLIDAYS:
        return [table_lines.holiday_line(draft) for draft in _holidays(actor)]
    if table is TableName.DEPRIVATION_INDEXES:
        return [_index_line(row) for row in DeprivationIndex.objects.order_by("code", "published_on", "version")]
    return [
        {"index_code": code, "index_version": version, "region_code": region, "decile": str(decile)}
        for code, version, region, decile in RegionDecile.objects.order_by(
            "index__code", "index__published_on", "region__code"
        ).values_list("index__code", "index__version", "region__code", "decile")
    ]


def _holidays(actor: Actor) -> Iterable[HolidayDraft]:
    seen = set(House.objects.filter(visible(actor)).values_list("pk", flat=True))
    for row in Holiday.objects.select_related("house", "region").order_by(
        "country", "rule", "month", "day", "first", "pk"
    ):
        if row.house is None or row.house.pk in seen:
            yield draft_of(row)


def _index_line(row: DeprivationIndex) -> dict[str, str]:
    names, notes = Label.from_dict(row.names), Label.from_dict(row.notes)
    return {
        "code": row.code,
        "version": row.version,
        "date": row.published_on.isoformat(),
        "status": "illustrative" if row.illustrative else "official",
        **{f"name_{language}": text for language, text in names.to_dict().items()},
        **{f"note_{language}": text for language, text in notes.to_dict().items()},
    }


def _boundaries() -> bytes:
    rows = (
        Region.objects.filter(boundary__isnull=False).order_by("level", "code").values_list("code", "names", "boundary")
    )
    features = [
        {"type": "Feature", "id": code, "properties": {"code": code, "names": names}, "geometry": boundary}
        for code, names, boundary in rows
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()
