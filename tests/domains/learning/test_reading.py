"""What lists cost and who sees what: as many statements for forty as for one, plans for nobody's eyes but theirs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khaneh.domains.learning import discovered, queries, services
from khaneh.domains.learning.errors import CodeTaken, CourseStateRefused
from khaneh.domains.learning.queries.files import store
from khaneh.domains.learning.types import LARGEST_FILE, CourseDraft, CourseKind, CourseState, RunState
from khaneh.domains.network.types import Role
from khaneh.kernel.actor import SYSTEM, VISITOR
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound
from tests.domains.learning.school import NOW, School, named

pytestmark = pytest.mark.django_db


def cost(ask: Callable[[], Any]) -> int:
    ask()  # houses are kept for a while
    with CaptureQueriesContext(connection) as seen:
        ask()
    return len(seen)


def test_lists_cost_the_same_however_long(school: School) -> None:
    sara = school.places.person()
    run = school.run(capacity=8)
    school.enrolled(run, sara)
    asked: dict[str, tuple[Callable[[], Any], int]] = {
        "courses": (lambda: queries.courses(now=NOW), 9),
        "runs": (lambda: queries.runs_of(actor=sara), 18),
        "enrolments": (lambda: queries.enrolments_of(sara.account_id or 0, now=NOW), 28),
        "roster": (lambda: queries.roster(run.id, actor=school.trainer), 30),
        "next": (lambda: queries.next_runs_awarding([number for number, _ in run.course.awards], now=NOW), 20),
        "finished": (queries.finished, 1),
    }
    before = {name: cost(ask) for name, (ask, _) in asked.items()}
    assert {name: most for name, most in before.items() if most > asked[name][1]} == {}
    for number in range(3):
        code = school.course(f"MORE-{number}")
        school.enrolled(school.run(code, meetings=(school.meeting(20 + number),)), sara)
        school.enrolled(run)
    assert {name: cost(ask) for name, (ask, _) in asked.items()} == before


def test_drafts_and_plans_are_for_who_makes_them(school: School) -> None:
    draft = CourseDraft("NEW", CourseKind.COURSE, named("New"), house_code="P-CENTRE", awards=("laser",))
    manager = school.places.staff(Role.PROGRAMME_MANAGER)
    with pytest.raises(NotAllowed):
        services.add_course(actor=school.places.person(), draft=draft, now=NOW)
    with pytest.raises(NotAllowed):  # who may not award by hand does not award by a course
        services.add_course(actor=manager, draft=draft, now=NOW)
    services.add_course(actor=school.trainer, draft=draft, now=NOW)
    with pytest.raises(CodeTaken):
        services.add_course(actor=school.trainer, draft=draft, now=NOW)
    far = school.places.staff(Role.TRAINER, school.places.far)
    for somebody in (VISITOR, school.places.person(), far):
        with pytest.raises(NotFound):
            queries.course("NEW", actor=somebody, now=NOW)
    assert queries.course("NEW", actor=school.trainer, now=NOW).course.state is CourseState.DRAFT
    assert "NEW" not in {row.code for row in queries.courses(now=NOW, states=tuple(CourseState)).rows}
    planned = school.run("NEW", opened=False)
    with pytest.raises(CourseStateRefused):
        services.open_run(actor=school.trainer, run_id=planned.id, now=NOW)
    services.publish_course(actor=school.trainer, code="NEW", now=NOW)
    assert queries.course("NEW", now=NOW).runs == ()
    with pytest.raises(NotFound):
        queries.run(planned.id, actor=far)
    assert queries.run(planned.id, actor=school.trainer).state is RunState.PLANNED
    services.open_run(actor=school.trainer, run_id=planned.id, now=NOW)
    assert [row.id for row in queries.course("NEW", now=NOW).runs] == [planned.id]
    assert [row.id for row in queries.runs_taught_by(school.trainer.account_id or 0, now=NOW)] == [planned.id]
    services.retire_course(actor=school.trainer, code="NEW", now=NOW)
    assert queries.courses(now=NOW, text="new").total == 0


def test_the_catalogue_is_narrowed(school: School) -> None:
    school.course("FAR-1", house_code="P-FAR", names=Label("Weaving", "بافندگی", "Dệt vải"))
    school.run("FAR-1", meetings=(school.meeting(15),))

    def codes(**asked: Any) -> list[str]:
        return [row.code for row in queries.courses(now=NOW, **asked).rows]

    assert codes() == ["FAR-1", "SAFETY", "TALK"]
    assert codes(text="بافندگي") == ["FAR-1"], "whatever the shape of its letters"
    assert codes(text="det vai") == codes(text="dệt") == ["FAR-1"]
    assert codes(house_id=school.places.centre.pk) == ["FAR-1", "SAFETY", "TALK"], "given there, or held there"
    assert codes(house_id=school.places.far.pk) == ["FAR-1"]
    assert codes(region_id=school.places.far.region_id) == ["FAR-1"]
    assert codes(enrolling=True) == ["FAR-1"]
    assert codes(awarding=[number for number, _ in queries.course("SAFETY", now=NOW).course.awards]) == ["SAFETY"]
    assert codes(kind=CourseKind.ASSESSMENT) == []


PDF = b"%PDF-1.4\n" + b"0" * 40 + b"\nstartxref\n0\n%%EOF"


def test_files_are_what_their_names_say_and_go_when_no_course_names_them(
    school: School, settings: Any, tmp_path: Path
) -> None:
    settings.KHANEH_HOME = tmp_path
    add = {"actor": school.trainer, "code": "SAFETY", "now": NOW, "names": Label("", "", "")}
    for name, content, why in (
        ("a.pdf", b"<html>", "content"), ("a.exe", PDF, "ending"), ("a.txt", b"", "empty"), ("a.html", b"<p>", "ending"),
        ("a.pdf", PDF + b" " * LARGEST_FILE, "too_large"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            services.add_file(name=name, content=content, **add)
        assert refused.value.facts["fields"]["file"] == why
    first = services.add_file(name="plan.pdf", content=PDF, **add)
    assert services.add_file(name="plan.pdf", content=PDF, **add) == first, "sent again it is the one that is there"
    assert queries.material(first, actor=school.trainer).names.en == "plan"
    second = services.add_file(name="other.pdf", content=PDF, **add)
    digest = queries.material(first, actor=school.trainer).digest
    services.remove_material(actor=school.trainer, material_id=first, now=NOW)
    assert services.forget_files([digest]) == 0, "another names it"
    services.remove_material(actor=school.trainer, material_id=second, now=NOW)
    assert services.tidy_files() == 1
    assert list(store().digests()) == []


def test_who_teaches_adds_to_what_is_read(school: School) -> None:
    teacher, other = school.places.person(), school.places.person()
    run = school.run(teachers=(teacher.account_id,))
    for actor in (other, teacher):
        add = partial(
            services.add_file, actor=actor, code="SAFETY", names=named("Slides"), name="s.pdf", content=PDF, now=NOW
        )
        if actor is other:
            with pytest.raises(NotAllowed):
                add()
    number = add()
    assert number in [row.id for row in queries.materials(run.id, actor=teacher)]
    services.remove_material(actor=teacher, material_id=number, now=NOW)


def test_materials_are_for_who_learns_and_teaches(school: School) -> None:
    run, sara, other = school.run(), school.places.person(), school.places.person()
    school.enrolled(run, sara)
    add = {"actor": school.trainer, "code": "SAFETY", "now": NOW}
    handout = services.add_file(names=named("Handout"), name="../x/handout.pdf", content=PDF, **add)
    leaflet = services.add_material(names=named("Leaflet"), url="https://example.org/x", public=True, **add)
    for url in ("javascript:alert(1)", "", "ftp://x"):
        with pytest.raises(Invalid):
            services.add_material(names=named("Wrong"), url=url, **add)
    assert [row.id for row in queries.materials(run.id, actor=sara)] == [handout, leaflet]
    assert [row.id for row in queries.materials(run.id, actor=other)] == [leaflet]
    assert queries.material(handout, actor=sara).media_type == "application/pdf"
    for somebody in (other, VISITOR):
        with pytest.raises(NotFound):
            queries.material(handout, actor=somebody)
        assert queries.material(leaflet, actor=somebody).url
    name, _media, content = queries.material_file(handout, actor=sara, language="en")
    assert (name.endswith("– Handout.pdf"), content) == (True, PDF)
    with pytest.raises(NotFound):
        queries.material_file(handout, actor=other, language="en")
    services.remove_material(actor=school.trainer, material_id=handout, now=NOW)
    with pytest.raises(NotFound):
        queries.material(handout, actor=sara)


def test_courses_are_found_by_what_they_award(school: School) -> None:
    school.run()
    number = queries.course("SAFETY", now=NOW).course.id
    assert [number in ids for ids in queries.public_course_ids()] == [True]
    (document,) = discovered.course_documents([number])
    assert (document.kind, document.identifiers, document.payload["enrolling"]) == ("course", ("SAFETY",), True)
    assert document.payload["houses"] == ["P-CENTRE"]
    assert "laser" in document.subjects
    assert queries.course_ids_of_house(school.places.centre.pk)[0] == number
    assert queries.course_ids_of_house(school.places.far.pk) == []
    assert any(path.endswith("P-QM") for path in document.facets["region"])
    services.retire_course(actor=SYSTEM, code="SAFETY", now=NOW)
    assert list(discovered.course_documents([number])) == []
