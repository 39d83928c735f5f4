"""Bringing files in through the browser, as somebody without scripts does it."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from khaneh.domains.catalogue import services
from khaneh.domains.catalogue.models import Contribution, ImportBatch, Record
from khaneh.kernel.actor import SYSTEM
from tests.domains.catalogue import books
from tests.interfaces.web.desk.conftest import Windows

pytestmark = pytest.mark.django_db


def upload(client: Client, *files: tuple[str, bytes], house: str = "NA-LIB", profile: str = "952") -> Any:
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post("/desk/imports/", {"files": sent, "house": house, "profile": profile})


def text(answer: Any, where: str = "main") -> str:
    found = BeautifulSoup(answer.content, "html.parser").select_one(where)
    return " ".join(found.get_text(" ").split()) if found else ""


def test_a_file_is_looked_at_before_anything_changes_then_started_and_reported(window: Windows) -> None:
    client = window("librarian")
    answer = upload(client, ("kieu.mrc", books.iso(books.record("1", **books.KIEU, copies=(("B1", "NA-LIB"),)))))
    page = client.get(answer["Location"])
    shown = text(page)
    assert "ISO 2709" in shown
    assert "Unicode (UTF-8)" in shown
    assert "Truyện Kiều" in shown
    assert "B1" in shown
    assert not Record.objects.exists()
    assert not ProcrastinateJob.objects.exists()

    batch = ImportBatch.objects.get()
    started = client.post(f"/desk/imports/{batch.pk}/start", {"profile": "952", "encoding": "", "dialect": ""})
    assert started["Location"] == answer["Location"]
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.args) == ("catalogue.import_upload", {"batch_id": batch.pk})
    waiting = client.get(answer["Location"])
    assert "In the queue" in text(waiting)
    assert 'http-equiv="refresh"' in waiting.content.decode()

    services.run_import(batch_id=batch.pk, actor=SYSTEM)
    done = client.get(answer["Location"])
    numbers = {
        one.dt.get_text(): one.dd.get_text() for one in BeautifulSoup(done.content, "html.parser").select(".number")
    }
    assert numbers["read"] == numbers["new"] == numbers["copies"] == "1"
    assert 'http-equiv="refresh"' not in done.content.decode()


def test_a_second_start_of_a_finished_import_is_refused(window: Windows) -> None:
    client = window("librarian")
    upload(client, ("kieu.mrc", books.iso(books.record("1", **books.KIEU))))
    batch = ImportBatch.objects.get()
    services.run_import(batch_id=batch.pk, actor=SYSTEM)
    answer = client.post(f"/desk/imports/{batch.pk}/start", follow=True)
    assert "decided this in the meantime" in text(answer)
    assert not ProcrastinateJob.objects.exists()


def test_an_interrupted_import_goes_on_with_one_button(window: Windows) -> None:
    client = window("librarian")
    upload(client, ("kieu.mrc", books.iso(books.record("1", **books.KIEU))))
    batch = ImportBatch.objects.get()
    ImportBatch.objects.filter(pk=batch.pk).update(state="running", started_at="2026-11-22T00:00:00Z")
    assert "The import was interrupted" in text(client.get(f"/desk/imports/{batch.pk}/"))
    client.post(f"/desk/imports/{batch.pk}/start")
    assert ProcrastinateJob.objects.count() == 1


def test_what_is_chosen_shows_before_it_counts(window: Windows) -> None:
    client = window("librarian")
    rows = "Tựa,Ai,Năm\nSố đỏ,Vũ Trọng Phụng,1936\n".encode()
    answer = upload(client, ("sach.csv", rows))
    batch = ImportBatch.objects.get()
    choice = {
        "profile": "auto",
        "encoding": "",
        "dialect": "",
        "column-0": "title",
        "column-1": "author",
        "column-2": "year",
    }
    looked = client.post(answer["Location"], choice | {"look": "1"})
    assert "Số đỏ" in text(looked)
    assert "Vũ Trọng Phụng" in text(looked)
    batch.refresh_from_db()
    assert batch.format is None

    client.post(f"/desk/imports/{batch.pk}/start", choice)
    services.run_import(batch_id=batch.pk, actor=SYSTEM)
    assert Contribution.objects.count() == 1
    assert "Vũ Trọng Phụng" in Record.objects.get().document


def test_a_file_over_the_limit_is_refused_by_name_and_the_others_are_kept(window: Windows, settings: Any) -> None:
    settings.UPLOAD_LIMIT = 2_048
    client = window("librarian")
    small = books.iso(books.record("1", **books.KIEU))
    answer = upload(client, ("large.mrc", b"x" * 2_100), ("small.mrc", small))
    assert answer.status_code == 422
    error = text(answer, ".field--wrong .field__error")
    assert "large.mrc" in error
    assert "2 KB" in error
    assert [batch.name for batch in ImportBatch.objects.all()] == ["small.mrc"]
    assert "2 KB" in text(client.get("/desk/imports/"))


def test_nobody_imports_for_another_house_nor_for_none(window: Windows) -> None:
    for house in ("YZ-LIB", "", "-"):
        answer = upload(window("librarian"), ("a.mrc", books.iso(books.record("1", **books.KIEU))), house=house)
        assert answer.status_code == 422
    assert not ImportBatch.objects.exists()


def test_a_form_without_its_token_keeps_nothing(staff: dict[str, Any]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff["librarian"], backend="django.contrib.auth.backends.ModelBackend")
    answer = upload(client, ("a.mrc", books.iso(books.record("1", **books.KIEU))))
    assert answer.status_code == 403
    assert not ImportBatch.objects.exists()


def test_lists_cost_the_same_for_one_row_and_for_forty(window: Windows) -> None:
    client = window("admin")

    def cost(path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert client.get(path).status_code == 200
        return len(caught)

    upload(client, ("0.mrc", books.iso(books.record("1", **books.KIEU))))
    one = {path: cost(path) for path in ("/desk/", "/desk/imports/")}
    upload(client, *((f"{n}.mrc", books.iso(books.record(str(n), title=f"Book {n}"))) for n in range(1, 41)))
    assert ImportBatch.objects.count() == 41
    for path, before in one.items():
        assert cost(path) == before <= 40, path


def fields_of(answer: Any) -> dict[str, str]:
    """What the page's own form would send."""
    form = BeautifulSoup(answer.content, "html.parser").select_one("main form[method=post]")
    assert form is not None
    sent = {one["name"]: one.get("value", "") for one in form.select("input[name]") if one.get("type") != "checkbox"}
    sent |= {one["name"]: one.get_text() for one in form.select("textarea[name]")}
    for one in form.select("select[name]"):
        chosen = one.select_one("option[selected]") or one.select_one("option")
        sent[one["name"]] = chosen["value"] if chosen else ""
    sent.pop("files", None)
    sent.pop("sample", None)
    return sent


def test_what_columns_mean_is_kept_in_a_profile_and_known_the_next_time(window: Windows) -> None:
    client = window("cataloguer")
    table = "Tựa,Ai viết,Màu bìa\nTruyện Kiều,Nguyễn Du,đỏ\n".encode()
    page = upload(client, ("first.csv", table), profile="auto")["Location"]
    sent = fields_of(client.get(page))
    meant = {"column-0": "title", "column-1": "author", "column-2": ""}
    keep = client.post(page, sent | meant | {"keep": "1"})
    form = client.get(keep["Location"])
    sent = fields_of(form)
    assert [sent[f"column-{n}-column"] for n in range(3)] == ["Tựa", "Ai viết", "Màu bìa"]
    assert [sent[f"column-{n}-target"] for n in range(3)] == ["title", "author", ""]
    saved = client.post(keep["Location"], sent | {"name": "our-tables", "name_en": "Our tables", "save": "1"})
    assert saved["Location"] == f"{page}?profile=our-tables"
    back = client.get(saved["Location"])
    assert fields_of(back)["profile"] == "our-tables"
    assert "Truyện Kiều" in text(back)

    second = upload(client, ("second.csv", table.replace("Kiều".encode(), "khác".encode())), profile="our-tables")
    known = fields_of(client.get(second["Location"]))
    assert [known[f"column-{n}"] for n in range(3)] == ["title", "author", ""]
    # Another profile on the same page shows its own columns, not those that stood there.
    other = client.post(second["Location"], known | {"profile": "auto", "look": "1"})
    assert fields_of(other)["column-1"] == ""
    again = client.post(second["Location"], fields_of(other) | {"profile": "our-tables", "look": "1"})
    assert fields_of(again)["column-1"] == "author"


def test_who_may_not_save_profiles_is_not_asked_to_keep_columns(window: Windows) -> None:
    client = window("librarian")
    page = upload(client, ("first.csv", b"Title,Author\nA book,Somebody\n"), profile="auto")["Location"]
    shown = client.get(page)
    assert "Keep the columns" not in text(shown)
    assert client.post(page, fields_of(shown) | {"keep": "1"}).status_code == 200
