"""Standards: written by authorities alone, taken in from files line by line, scored exactly."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from khaneh.domains.discovery import registry
from khaneh.domains.founding import errors, queries, services
from khaneh.domains.founding.rules import scoring
from khaneh.domains.founding.types import ItemRow, LineOutcome, StandardState
from khaneh.domains.network.types import Role
from khaneh.kernel.actor import VISITOR
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound
from tests.domains.founding.yard import ITEMS, NOW, Yard, standard_draft

FILE = """code,section_en,name_en,name_fa,weight,scale,least,photo,colour
space,Place,Space,فضا,۳,4,2,0,red
light,Place,Daylight,نور,2,4,1,yes,red
"""


def _item(number: int, *, weight: int = 1, scale: int = 4, least: int = 0) -> ItemRow:
    empty = Label("", "", "")
    return ItemRow(number, f"i{number}", empty, empty, empty, weight, scale, least, False)


_ITEMS = st.lists(st.tuples(st.integers(1, 100), st.integers(1, 10)), min_size=1, max_size=12)


@given(_ITEMS, st.randoms(use_true_random=False))
def test_a_result_lies_between_nothing_and_all_and_only_grows(parts: list[tuple[int, int]], random: object) -> None:
    items = [_item(number, weight=weight, scale=scale) for number, (weight, scale) in enumerate(parts)]
    given_scores = {one.id: random.randint(0, one.scale) for one in items}  # type: ignore[attr-defined]
    came = scoring.result(items, [given_scores], pass_percent=60)
    assert 0 <= came.permille <= 1000
    more = {one.id: min(one.scale, given_scores[one.id] + 1) for one in items}
    assert scoring.result(items, [more], pass_percent=60).permille >= came.permille
    assert scoring.result(items, [{one.id: one.scale for one in items}], pass_percent=100).meets


def test_what_is_not_quite_enough_is_not_shown_as_enough() -> None:
    items = [_item(number, weight=100 if number else 1, scale=10) for number in range(3)]
    came = scoring.result(items, [{0: 5, 1: 6, 2: 6}], pass_percent=60)
    assert (came.permille, came.meets) == (599, False)
    assert scoring.result([_item(1, least=3)], [{1: 4}, {1: 1}], pass_percent=10).failed == ("i1",)
    assert scoring.spread([_item(1)], [{1: 4}, {1: 1}]) == {1: 75}


@pytest.mark.django_db
def test_only_an_authority_writes_and_drafts_are_its_own(yard: Yard) -> None:
    officer = yard.officer()
    draft = yard.standard(by=officer, publish=False)
    for actor in (yard.assessor(), yard.manager(), VISITOR, yard.person(Role.ADMINISTRATOR, at=yard.library)):
        with pytest.raises(NotAllowed):
            services.add_standard(actor=actor, draft=standard_draft(code="mine"), now=NOW)
        with pytest.raises(NotFound):
            services.publish_standard(actor=actor, standard_id=draft.id, now=NOW)
        with pytest.raises(NotFound):
            queries.standard("centre", actor=actor)
    with pytest.raises(errors.StandardStateRefused):
        services.add_standard(actor=officer, draft=standard_draft(), now=NOW)
    services.publish_standard(actor=officer, standard_id=draft.id, now=NOW)
    assert queries.standard("centre").state is StandardState.PUBLISHED
    kind = registry.kind("standard")
    assert kind is not None
    found = [document for keys in kind.all_keys() for document in kind.documents(keys)]
    assert [(one.title, one.creators) for one in found] == [("مرکز نوآوری", ("کتابخانه‌های یزد",))]
    with pytest.raises(errors.StandardStateRefused):
        services.set_items(actor=officer, standard_id=draft.id, items=ITEMS)
    following = services.add_standard(actor=officer, draft=standard_draft(), now=NOW)
    assert queries.standard("centre").version == 1
    services.drop_draft(actor=officer, standard_id=following.id)
    assert [one.version for one in queries.versions("centre", actor=officer)] == [1]


@pytest.mark.django_db
def test_what_is_wrong_with_a_standard(yard: Yard) -> None:
    with pytest.raises(Invalid) as refused:
        services.add_standard(
            actor=yard.officer(), draft=standard_draft(code="No Code", kind="bookmobile", pass_percent=0, authority_code="X"),
            now=NOW,
        )  # fmt: skip
    assert set(refused.value.facts["fields"]) == {"code", "kind", "pass_percent", "authority_code"}


@pytest.mark.django_db
def test_a_checklist_comes_in_from_a_file(yard: Yard) -> None:
    officer = yard.officer()
    draft = yard.standard(by=officer, publish=False)
    tried = services.import_items(actor=officer, standard_id=draft.id, data=FILE.encode(), only_try=True)
    assert [(one.line, one.code, one.outcome) for one in tried.lines] == [
        (2, "space", LineOutcome.CHANGED),
        (3, "light", LineOutcome.ENTERED),
        (0, "access", LineOutcome.REMOVED),
        (0, "people", LineOutcome.REMOVED),
    ]
    assert (tried.applied, tried.unknown_columns) == (False, ("colour",))
    assert queries.standard("centre", actor=officer).item_count == 3
    assert services.import_items(actor=officer, standard_id=draft.id, data=FILE.encode()).applied
    items = queries.standard("centre", actor=officer).items
    assert [(one.code, one.weight, one.least, one.photo) for one in items] == [
        ("space", 3, 2, False),
        ("light", 2, 1, True),
    ]
    for form in ("csv", "xlsx"):
        again = services.import_items(
            actor=officer, standard_id=draft.id, data=services.export_items(standard_id=draft.id, form=form)
        )
        assert set(again.counts) == {LineOutcome.SAME}


@pytest.mark.django_db
def test_every_wrong_line_is_told_and_nothing_is_taken_in(yard: Yard) -> None:
    officer = yard.officer()
    draft = yard.standard(by=officer, publish=False)
    book = Workbook()
    sheet = book.create_sheet(index=0)
    for row in (
        ["code", "name_en", "weight", "scale", "least", "photo"],
        ["space", "Space", 3, 4, 2, 0],
        ["space", "Again", 3, 4, 2, 0],
        ["No code", "", "many", 40, 2, "perhaps"],
        ["low", "Low", None, 2, 3, 0],
    ):
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    report = services.import_items(actor=officer, standard_id=draft.id, data=stream.getvalue())
    assert not report.applied
    assert {one.line: set(one.problems) for one in report.lines if one.problems} == {
        3: {("code", "twice")},
        4: {("code", "format"), ("name_en", "required"), ("weight", "whole_number"), ("scale", "out_of_range"), ("photo", "flag")},
        5: {("weight", "required"), ("least", "out_of_range")},
    }  # fmt: skip
    assert [one.code for one in queries.standard("centre", actor=officer).items] == [one.code for one in ITEMS]
    for data, reason in ((b"\x00\x01", "not_a_table"), (b"name_en\nx\n", "missing_columns"), (b"", "no_header")):
        with pytest.raises(errors.FileUnreadable) as refused:
            services.import_items(actor=officer, standard_id=draft.id, data=data)
        assert refused.value.facts["reason"] == reason
