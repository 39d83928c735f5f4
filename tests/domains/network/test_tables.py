"""Tables in and out: every line answers for itself, nothing happens unasked, and what went out comes in again."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from khaneh.domains.network import queries, services
from khaneh.domains.network.errors import TableUnreadable
from khaneh.domains.network.models import House, OpeningHours, Region
from khaneh.domains.network.rules import table_files
from khaneh.domains.network.types import HouseFilter, HouseState, ImportMode, ImportReport, Outcome, Role, TableName
from khaneh.kernel.actor import SYSTEM, VISITOR, Actor
from khaneh.kernel.refusal import NotAllowed
from tests.domains.network.conftest import NOW, Network

DEMO = Path(__file__).resolve().parents[3] / "demo/network"


def take_in(
    table: TableName, text: str | bytes, mode: ImportMode = ImportMode.GOOD_LINES, actor: Actor = SYSTEM
) -> ImportReport:
    data = text if isinstance(text, bytes) else text.encode()
    return services.import_table(actor=actor, table=table, data=data, mode=mode, now=NOW)


def problems(report: ImportReport) -> dict[int, list[tuple[str, str]]]:
    return {
        line.line: [(problem.column, problem.code) for problem in line.problems]
        for line in report.lines
        if line.problems
    }


HOUSES = """code,parent_code,kind,region_code,name_vi,name_en,latitude,longitude,state
N-LAB,N-LIB,technical_centre,vn-a-1,Xưởng,Lab,18.1,105.1,open
N-LIB,,commune_library,vn-a-1-x,Thư viện,Library,"۱۸٫۵","105,5",open
N-BAD,N-GONE,castle,vn-z,,,abc,500,ajar
N-LIB,,commune_library,vn-a-1-x,Nhắc lại,Again,,,open
"""


def test_each_line_is_judged_by_itself_and_parents_may_come_later(network: Network) -> None:
    report = take_in(TableName.HOUSES, HOUSES)
    assert report.applied
    assert [(line.line, line.outcome) for line in report.lines] == [
        (2, Outcome.CREATED),
        (3, Outcome.CREATED),
        (4, Outcome.REFUSED),
        (5, Outcome.REFUSED),
    ]
    assert sorted(problems(report)[4]) == [
        ("kind", "not_in_list"),
        ("latitude", "number"),
        ("name", "required"),
        ("parent_code", "unknown_code"),
        ("region_code", "unknown_code"),
        ("state", "not_in_list"),
    ]
    assert problems(report)[5] == [("code", "duplicate_line")]
    library = House.objects.get(code="N-LIB")
    assert (library.latitude, library.longitude) == (18.5, 105.5)
    assert House.objects.get(code="N-LAB").path == [library.pk, House.objects.get(code="N-LAB").pk]


def test_trying_tells_the_same_and_changes_nothing(network: Network) -> None:
    before = list(House.objects.order_by("pk").values())
    tried = take_in(TableName.HOUSES, HOUSES, ImportMode.TRY)
    assert not tried.applied
    assert list(House.objects.order_by("pk").values()) == before
    assert tried.lines == take_in(TableName.HOUSES, HOUSES).lines


def test_all_or_nothing_with_one_bad_line_is_nothing(network: Network) -> None:
    before = House.objects.count()
    report = take_in(TableName.HOUSES, HOUSES, ImportMode.ALL_OR_NOTHING)
    assert not report.applied
    assert House.objects.count() == before
    good = "\n".join(HOUSES.splitlines()[:3])
    assert take_in(TableName.HOUSES, good, ImportMode.ALL_OR_NOTHING).applied
    assert House.objects.count() == before + 2


def lines_of_houses(number: int, first: int = 0) -> str:
    rows = [
        f"N{turn},{'LIB' if turn % 2 else ''},A-AUTH,commune_library,vn-a-1-x,N{turn},open"
        for turn in range(first, first + number)
    ]
    return "\n".join(["code,parent_code,operator_code,kind,region_code,name_en,state", *rows])


def test_what_lines_name_is_read_once_and_lines_that_change_nothing_cost_nothing(network: Network) -> None:
    def cost(text: str, table: TableName = TableName.HOUSES) -> int:
        with CaptureQueriesContext(connection) as caught:
            report = take_in(table, text)
        assert not problems(report)
        return len(caught)

    few, many = cost(lines_of_houses(2)), cost(lines_of_houses(42, 100))
    # A further house is entered, noted in the journal and handed to the index, between the marks of its own transaction.
    assert (many - few) / 40 <= 8
    assert few - 2 * (many - few) / 40 <= 20
    assert cost(lines_of_houses(2)) == cost(lines_of_houses(42, 100)) <= 20
    for table in (TableName.REGIONS, TableName.ORGANISATIONS):
        known = queries.export_table(table, form="csv", actor=SYSTEM).decode("utf-8-sig").splitlines()
        assert cost("\n".join(known[:2]), table) == cost("\n".join(known), table) <= 12, table


def test_a_line_sees_what_the_lines_before_it_did(network: Network) -> None:
    text = (
        "code,parent_code,operator_code,kind,region_code,name_en,state\n"
        "N-A,,B-AUTH,commune_library,vn-b-1,A,open\n"
        "N-B,N-A,,commune_library,vn-b-1,B,open\n"
        "N-C,N-B,,commune_library,vn-b-1,C,open\n"
        "INC,N-C,UNI,incubator,vn-a-1,INC,open\n"
        "N-D,INC,,commune_library,vn-b-1,D,open\n"
    )
    elsewhere = take_in(TableName.HOUSES, text, actor=network.at_organisation(Role.ADMINISTRATOR, "B-AUTH"))
    assert set(problems(elsewhere)) == {5, 6}, "B's authority enters what is in its own houses, and moves no other's"
    assert not problems(take_in(TableName.HOUSES, text))
    last = House.objects.get(code="N-D")
    assert [House.objects.get(pk=number).code for number in last.path] == ["N-A", "N-B", "N-C", "INC", "N-D"]


def test_a_line_without_a_role_is_refused_even_if_it_changes_nothing(network: Network) -> None:
    whole = queries.export_table(TableName.HOUSES, form="csv", actor=SYSTEM)
    report = take_in(TableName.HOUSES, whole, actor=network.at_house(Role.HOUSE_MANAGER, "LIB"))
    good = {line.code for line in report.lines if line.outcome is Outcome.SAME}
    assert good == {"LIB", "LIB-INN", "LIB-INN-LAB"}


def test_a_second_time_nothing_is_new(network: Network) -> None:
    good = "\n".join(HOUSES.splitlines()[:3])
    take_in(TableName.HOUSES, good)
    assert take_in(TableName.HOUSES, good).counts == {Outcome.SAME: 2}


def test_a_column_that_is_missing_leaves_what_is_known_and_an_empty_cell_empties_it(network: Network) -> None:
    take_in(TableName.HOUSES, "code,phone,name_en\nLIB,+84 1,\n")
    house = House.objects.get(code="LIB")
    assert (house.phone, house.names["en"], house.names["vi"], house.kind) == ("+84 1", "", "LIB-vi", "central_library")


def test_a_state_that_may_not_follow_refuses_the_line(network: Network) -> None:
    House.objects.filter(code="INC").update(state=HouseState.CLOSED)
    report = take_in(TableName.HOUSES, "code,phone,state\nINC,1,open\nLIB,1,suspended\n")
    assert problems(report) == {2: [("", "network.state_change_refused")]}
    assert House.objects.get(code="INC").phone == ""
    assert House.objects.get(code="LIB").state == HouseState.SUSPENDED


def test_lines_outside_ones_roles_are_refused_and_visitors_may_not_even_try(network: Network) -> None:
    manager = network.at_house(Role.HOUSE_MANAGER, "LIB")
    report = take_in(TableName.HOUSES, "code,phone\nLIB,1\nINC,1\n", actor=manager)
    assert problems(report) == {3: [("", "kernel.not_allowed")]}
    assert House.objects.get(code="INC").phone == ""
    with pytest.raises(NotAllowed):
        take_in(TableName.HOUSES, HOUSES, ImportMode.TRY, actor=VISITOR)


def test_a_week_stands_or_falls_as_a_whole(network: Network) -> None:
    text = "house_code,weekday,opens,closes\nLIB,1,8:00,12:00\nLIB,9,13:00,17:00\nINC,5,20:00,02:00\n"
    report = take_in(TableName.OPENING_HOURS, text)
    assert problems(report) == {2: [("house_code", "other_line")], 3: [("weekday", "out_of_range")]}
    assert [(row.house.code, row.opens, row.closes) for row in OpeningHours.objects.all()] == [("INC", 1200, 1560)]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no_header"),
        (b"\x00\x01\x02", "not_a_table"),
        (b"PK\x03\x04 broken", "not_a_table"),
        ("نام".encode("windows-1256"), "not_a_table"),
        (b"name_en,phone\nx,1\n", "missing_columns"),
        (b"code,code\nx,1\n", "no_header"),
    ],
)
def test_what_is_no_table_is_refused_as_a_whole(network: Network, data: bytes, reason: str) -> None:
    with pytest.raises(TableUnreadable) as refused:
        take_in(TableName.HOUSES, data)
    assert refused.value.facts["reason"] == reason


@pytest.mark.parametrize(
    "geometry",
    [
        None,
        {"type": "Point", "coordinates": [1, 2]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 0]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [999, 1], [1, 1], [0, 0]]]},
        [1],
        "x",
    ],
)
def test_a_broken_outline_refuses_its_feature_only(network: Network, geometry: object) -> None:
    sound = {"type": "Polygon", "coordinates": [[[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]]]}
    collection = {"features": [{"id": "vn-a", "geometry": sound}, {"id": "vn-b", "geometry": geometry}]}
    report = take_in(TableName.BOUNDARIES, json.dumps(collection))
    assert report.lines[0].outcome is Outcome.CHANGED
    assert report.lines[1].outcome is (Outcome.SAME if geometry is None else Outcome.REFUSED)
    assert Region.objects.get(code="vn-a").outline["coordinates"]
    assert Region.objects.get(code="vn-b").boundary is None


@pytest.mark.parametrize("data", [b"[]", b"{}", b"nothing", b'{"features": 7}', b'{"features": [1]}'])
def test_what_is_no_geojson_is_refused_as_a_whole(network: Network, data: bytes) -> None:
    with pytest.raises(TableUnreadable):
        take_in(TableName.BOUNDARIES, data)


def test_problems_are_told_in_the_readers_language() -> None:
    from khaneh.domains.network.services import wording
    from khaneh.domains.network.types import Problem

    for code in wording._TEXTS:
        texts = set()
        for language in ("en", "fa", "vi"):
            with translation.override(language):
                texts.add(services.explain(Problem("x", code)))
        assert len(texts) == 3, f"{code} is not translated"


# What goes out


def test_a_spreadsheet_runs_nothing_of_ours(network: Network) -> None:
    House.objects.filter(code="LIB").update(
        address='=HYPERLINK("http://evil")', phone="+84 238", names={"en": "@SUM(A1)", "vi": "-1+1", "fa": "\tx"}
    )
    data = queries.export_table(TableName.HOUSES, form="csv", actor=SYSTEM)
    rows = {row["code"]: row for row in csv.DictReader(io.StringIO(data.decode("utf-8-sig")))}
    cells = [cell for row in rows.values() for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t"))]
    assert rows["LIB"]["name_vi"] == "'-1+1"
    assert rows["LIB"]["latitude"] == "18.68"
    book = load_workbook(io.BytesIO(queries.export_table(TableName.HOUSES, form="xlsx", actor=SYSTEM)))
    kinds = {cell.data_type for row in book.active.iter_rows() for cell in row}
    assert kinds <= {"s", "inlineStr", "n"}
    assert "f" not in kinds


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_goes_out_comes_in_again_unchanged(network: Network, form: str) -> None:
    take_in(TableName.HOUSES, 'code,address,phone,facilities\nLIB,"=1+1, ""quoted""\nsecond line",+84 1,wifi;kiln\n')
    take_in(TableName.ORGANISATIONS, "code,isic,capabilities\nFIRM,6201;J,a;ب\n")
    take_in(TableName.OPENING_HOURS, "house_code,weekday,opens,closes,first,last\nLIB,5,20:00,02:00,2026-01-01,\n")
    take_in(
        TableName.HOLIDAYS,
        "scope,rule,month,day,date,name_en\nVN,jalali,1,1,,N\nvn-a,date,,,2026-02-17,T\nLIB,gregorian,5,1,,M\n",
    )
    take_in(TableName.DEPRIVATION_INDEXES, "code,version,date,name_en\ni,1,2026-01-01,I\n")
    take_in(TableName.DEPRIVATION, "index_code,index_version,region_code,decile\ni,1,vn-a,3\n")
    take_in(
        TableName.BOUNDARIES,
        json.dumps(
            {
                "features": [
                    {
                        "id": "vn-a",
                        "geometry": {
                            "type": "Polygon",
                            "coordinates": [[[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]]],
                        },
                    }
                ]
            }
        ),
    )
    for table in TableName:
        report = take_in(table, queries.export_table(table, form=form, actor=SYSTEM))  # type: ignore[arg-type]
        assert report.lines, table
        assert set(report.counts) == {Outcome.SAME}, (table, problems(report))
        assert report.unknown_columns == ()


def test_an_export_holds_no_plan_that_one_may_not_see(network: Network) -> None:
    take_in(TableName.OPENING_HOURS, "house_code,weekday,opens,closes\nPLAN,5,8:00,9:00\n")
    take_in(TableName.HOLIDAYS, "scope,rule,month,day,name_en\nPLAN,gregorian,5,1,M\n")
    for table in (TableName.HOUSES, TableName.OPENING_HOURS, TableName.HOLIDAYS):
        assert b"PLAN" not in queries.export_table(table, form="csv", actor=VISITOR)
        assert b"PLAN" in queries.export_table(table, form="csv", actor=SYSTEM)


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), max_size=12).map(str.strip)


@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=5), st.sampled_from([",", ";", "\t"]))
def test_any_cells_survive_a_csv_file(rows: list[tuple[str, str]], delimiter: str) -> None:
    kept = [row for row in rows if any(row)]
    read = table_files.read(table_files.write_csv(["first", "second"], rows))
    # A cell that begins with an apostrophe and a formula sign loses the apostrophe: it is how such a cell is written.
    expected = [tuple(cell[1:] if cell[:1] == "'" and cell[1:2] in {*"=+-@"} else cell for cell in row) for row in kept]
    assert [(line["first"], line["second"]) for _, line in read.lines] == expected
    text = f"first{delimiter}second\nx{delimiter}y\n"
    assert table_files.read(text.encode()).lines == ((2, {"first": "x", "second": "y"}),)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_are_refused(data: bytes) -> None:
    for start in (b"", b"PK\x03\x04"):
        try:
            table_files.read(start + data)
        except TableUnreadable:
            continue


def test_the_demonstration_network_loads_without_a_fault_and_twice_changes_nothing(db: None) -> None:
    for turn in range(2):
        for table in TableName:
            path = DEMO / f"{table.value}.{'geojson' if table is TableName.BOUNDARIES else 'csv'}"
            report = take_in(table, path.read_bytes(), ImportMode.ALL_OR_NOTHING)
            assert report.applied, (table, problems(report))
            assert report.unknown_columns == (), table
            assert not turn or set(report.counts) == {Outcome.SAME}, table
    page = queries.houses(HouseFilter(text="كتابخانه يزد"), actor=VISITOR, now=NOW, language="fa", limit=500)
    assert page.total >= 1
    assert {row.regions[0].code for row in page.rows} == {"ir-yz"}
    assert queries.houses(HouseFilter(text="thu vien vinh"), actor=VISITOR, now=NOW).total >= 1
