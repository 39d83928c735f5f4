"""Whatever the tables hold goes out as a file and comes in again as the same: once into what is there, once into nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khaneh.domains.network import queries, services
from khaneh.domains.network.models import Holiday, OpeningHours
from khaneh.domains.network.rules.hours import overlapping_weekday, spans_overlap, when
from khaneh.domains.network.types import (
    CAPABILITIES,
    HolidayDraft,
    ImportMode,
    OrganisationDraft,
    Outcome,
    TableName,
    WeeklyHours,
)
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.calendars import Span
from khaneh.kernel.labels import Label
from tests.domains.network.conftest import NOW, Network

DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))
# Printable words of three scripts: what a cell may lose (spaces at its ends, control characters) is the files' own test.
WORDS = st.text("abc=+-@'،نمیکZ ăđ;\"", min_size=1, max_size=8).map(str.strip).filter(bool)
NAMES = st.builds(Label, WORDS, WORDS, WORDS).filter(lambda label: not any(name.startswith("'") for name in label))
SPANS = st.builds(lambda opens, length: Span(opens, opens + length), st.integers(0, 1439), st.integers(1, 1440))
DAY_SPANS = st.lists(SPANS, max_size=4).map(tuple).filter(lambda spans: not spans_overlap(spans))
SCOPES = st.sampled_from([("country", "VN"), ("region", "vn-a"), ("region", "vn-a-1-x"), ("house", "LIB")])


@st.composite
def holidays(draw: st.DrawFn) -> HolidayDraft:
    scope, code = draw(SCOPES)
    facts: dict[str, Any] = {"names": draw(NAMES), "spans": draw(DAY_SPANS), "expected": draw(st.booleans())}
    rule = draw(st.sampled_from(["jalali", "gregorian", "date"]))
    if rule == "date":
        first, last = sorted((draw(DAYS), draw(DAYS)))
        facts |= {"first": first, "last": last}
    else:
        facts |= {"month": draw(st.integers(1, 12)), "day": draw(st.integers(1, 31))}
    return HolidayDraft(scope=scope, scope_code=code, rule=rule, **facts)


def possible(draft: HolidayDraft) -> bool:
    return when(draft.rule, month=draft.month, day=draft.day, first=draft.first, last=draft.last) is not None


@st.composite
def weeks(draw: st.DrawFn) -> list[WeeklyHours]:
    seasons: list[tuple[date | None, date | None]] = [(None, None)]
    for _number in range(draw(st.integers(0, 2))):
        first, last = sorted((draw(DAYS), draw(DAYS)))
        seasons.append(draw(st.sampled_from([(first, last), (first, None), (None, last)])))
    return [
        WeeklyHours(draw(st.integers(1, 7)), draw(SPANS), *draw(st.sampled_from(seasons)))
        for _ in range(draw(st.integers(1, 6)))
    ]


def goes_round(table: TableName, form: str, empty: Any) -> None:
    """Import into what is there (nothing changes), then into nothing (the same file comes out)."""
    out = queries.export_table(table, form="csv" if form == "csv" else "xlsx", actor=SYSTEM)
    again = services.import_table(actor=SYSTEM, table=table, data=out, mode=ImportMode.ALL_OR_NOTHING, now=NOW)
    assert set(again.counts) == {Outcome.SAME}, again.lines
    before = queries.export_table(table, form="csv", actor=SYSTEM)
    empty()
    fresh = services.import_table(actor=SYSTEM, table=table, data=out, mode=ImportMode.ALL_OR_NOTHING, now=NOW)
    assert set(fresh.counts) == {Outcome.CREATED} or table is TableName.OPENING_HOURS, fresh.lines
    assert queries.export_table(table, form="csv", actor=SYSTEM) == before


PROPERTY = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
FORMS = st.sampled_from(["csv", "xlsx"])


@PROPERTY
@given(st.lists(holidays().filter(possible), min_size=1, max_size=4), FORMS)
def test_holidays_with_any_number_of_spans_go_round(network: Network, drafts: list[HolidayDraft], form: str) -> None:
    with transaction.atomic():
        for draft in drafts:
            services.add_holiday(actor=SYSTEM, draft=draft)
        goes_round(TableName.HOLIDAYS, form, Holiday.objects.all().delete)
        transaction.set_rollback(True)


@PROPERTY
@given(weeks().filter(lambda week: overlapping_weekday(week) is None), FORMS)
def test_weeks_with_seasons_go_round(network: Network, week: list[WeeklyHours], form: str) -> None:
    with transaction.atomic():
        services.set_opening_hours(actor=SYSTEM, house_code="LIB", week=week)
        goes_round(TableName.OPENING_HOURS, form, OpeningHours.objects.all().delete)
        transaction.set_rollback(True)


@PROPERTY
@given(st.lists(st.sampled_from(sorted(CAPABILITIES)), max_size=3), NAMES, FORMS)
def test_an_organisation_goes_round(network: Network, capabilities: list[str], names: Label, form: str) -> None:
    draft = OrganisationDraft(
        code="NEW", kind="company_startup", names=names, country="VN", sectors=("6201", "J"),
        capabilities=(*capabilities, "own words"), registration_number="0-77", latitude=18.5, longitude=105.25,
    )  # fmt: skip
    with transaction.atomic():
        services.create_organisation(actor=SYSTEM, draft=draft, now=NOW)
        out = queries.export_table(TableName.ORGANISATIONS, form=form, actor=SYSTEM)  # type: ignore[arg-type]
        report = services.import_table(
            actor=SYSTEM, table=TableName.ORGANISATIONS, data=out, mode=ImportMode.ALL_OR_NOTHING, now=NOW
        )
        assert set(report.counts) == {Outcome.SAME}, report.lines
        transaction.set_rollback(True)
