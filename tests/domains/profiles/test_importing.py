"""A table of companies of any size: taken in some lines a transaction, and gone on with where it was left."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import pytest

from khaneh.domains.network.errors import TableUnreadable
from khaneh.domains.network.models import Organisation
from khaneh.domains.network.types import Role
from khaneh.domains.profiles import queries, services
from khaneh.domains.profiles.models import CompanyImport, ImportLine, Profile
from khaneh.domains.profiles.queries import files
from khaneh.domains.profiles.services import importing
from khaneh.domains.profiles.types import ImportState, LineOutcome
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.refusal import NotAllowed
from tests.domains.profiles.scene import NOW, Scene

pytestmark = pytest.mark.django_db
HEADER = "name_en,country,region,registration_number,kind,makes_en,isic\n"


def table(lines: int) -> bytes:
    made = []
    for n in range(1, lines + 1):
        word = hashlib.sha256(str(n).encode()).hexdigest().translate(str.maketrans("0123456789", "ghijklmnop"))
        made.append(f"{word[:8]} {word[8:15]},IR,yz-town,N-{n},company_startup,Makes thing {n},2393\n")
    return (HEADER + "".join(made)).encode()


def begun(actor: Any, data: bytes, name: str = "t.csv") -> int:
    return services.begin_import(actor=actor, content=io.BytesIO(data), name=name, now=NOW, queued=False).id


def test_a_killed_import_goes_on_behind_the_last_line_that_is_decided(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr(importing, "BATCH", 4)
    data = table(10)
    number = begun(SYSTEM, data)
    real, calls = importing._taken_in, []

    def dies(*arguments: Any) -> ImportLine:
        calls.append(arguments[1])
        if len(calls) == 7:
            raise RuntimeError("killed")
        return real(*arguments)

    monkeypatch.setattr(importing, "_taken_in", dies)
    with pytest.raises(RuntimeError):
        services.run_import(import_id=number, clock=lambda: NOW)
    half = queries.company_import(number, actor=SYSTEM)
    assert (half.state, half.taken, half.total) == (ImportState.RUNNING, 4, 10)
    assert services.resume_imports(now=NOW) == 0
    assert services.resume_imports(now=NOW + importing.STALLED) == 1
    # The same file again is the import that there is.
    assert begun(SYSTEM, data) == number
    heard: list[tuple[int, int]] = []
    with django_capture_on_commit_callbacks(execute=True):
        row = services.run_import(
            import_id=number, clock=lambda: NOW, told=lambda done, total: heard.append((done, total))
        )
    assert (row.state, row.counts, heard) == (ImportState.DONE, {LineOutcome.CREATED: 10}, [(8, 10), (10, 10)])
    assert Organisation.objects.filter(registration_number__startswith="N-").count() == 10
    assert Profile.objects.filter(state="published").exclude(search_key="").count() == 10
    assert list(files.tables().digests()) == []
    assert services.run_import(import_id=number, clock=lambda: NOW).counts == row.counts
    # The register knows them all by their numbers now.
    again = services.run_import(import_id=begun(SYSTEM, table(10) + b"\n"), clock=lambda: NOW)
    assert again.counts == {LineOutcome.UNCHANGED: 10}


def test_two_who_go_on_at_once_do_no_line_twice(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH", 2)
    number = begun(SYSTEM, table(4))
    real, others = importing._take_batch, []

    def overtaken(found: CompanyImport, *arguments: Any) -> int:
        if not others:
            others.append(1)
            services.run_import(import_id=found.pk, clock=lambda: NOW)
        return real(found, *arguments)

    monkeypatch.setattr(importing, "_take_batch", overtaken)
    row = services.run_import(import_id=number, clock=lambda: NOW)
    assert (row.state, row.counts) == (ImportState.DONE, {LineOutcome.CREATED: 4})
    assert Organisation.objects.filter(registration_number__startswith="N-").count() == 4


def test_what_is_no_table_is_told_at_once_or_where_it_breaks(scene: Scene) -> None:
    with pytest.raises(TableUnreadable):
        begun(SYSTEM, b"\x00\x01")
    with pytest.raises(TableUnreadable) as told:
        begun(SYSTEM, b"name_en,kind\nAster,company_startup\n")
    assert told.value.facts["columns"] == ["country"]
    with pytest.raises(NotAllowed):
        begun(scene.person(), table(1))
    assert list(files.tables().digests()) == []
    broken = services.run_import(import_id=begun(SYSTEM, table(2) + b"a\x00b,IR\n"), clock=lambda: NOW)
    assert (broken.state, broken.problem, broken.taken) == (ImportState.FAILED, "not_a_table", 0)


def test_a_line_is_judged_by_the_rights_of_who_brought_it(scene: Scene) -> None:
    officer = scene.officer(Role.ADMINISTRATOR)
    made = table(1)
    same = made.decode().splitlines()[1].partition(",")[0]
    data = made + f"Elsewhere works,VN,,V-1,company_startup,,\n{same},IR,yz-town,,company_startup,,\n".encode()
    row = services.run_import(import_id=begun(officer, data), clock=lambda: NOW)
    lines = queries.import_lines(row.id, actor=officer)
    assert [one.outcome for one in lines] == [LineOutcome.CREATED, LineOutcome.REFUSED, LineOutcome.UNSURE]
    assert lines[1].problems == {"region": "not_allowed"}
    assert queries.first_unsure(row.id) == lines[2].id
    assert [one.number for one in queries.import_lines(row.id, actor=officer, outcome="unsure")] == [4]
    entered = services.judge_line(actor=officer, line_id=lines[2].id, enter=True, now=NOW)
    assert entered.outcome is LineOutcome.CREATED
    assert entered.organisation is not None
