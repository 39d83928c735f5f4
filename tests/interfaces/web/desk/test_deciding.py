"""Quarantine, pairs, merges: what a librarian decides, through the pages."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khaneh.domains.catalogue import queries
from khaneh.domains.catalogue.models import Contribution, MergeDecision, QuarantineItem, ReviewPair
from khaneh.interfaces.web.desk import correction
from khaneh.kernel.actor import SYSTEM
from tests.domains.catalogue import books, snapshot
from tests.interfaces.web.desk.conftest import Windows
from tests.interfaces.web.desk.desk_data import Union

pytestmark = pytest.mark.django_db


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


def test_an_item_shows_its_reason_its_bytes_and_a_text_to_mend(window: Windows, union: Union) -> None:
    page = soup(window("librarian").get(f"/desk/quarantine/{union.item}/"))
    assert "The record has no title" in page.get_text()
    assert "000000" in page.select_one(".desk-hex").get_text()
    draft = page.select_one("textarea[name=text]").get_text()
    assert "=100  1\\$aAi đó" in draft


def test_a_mended_record_comes_in_and_its_bytes_stay(window: Windows, union: Union) -> None:
    client = window("librarian")
    path = f"/desk/quarantine/{union.item}/"
    original = bytes(QuarantineItem.objects.get(pk=union.item).raw)
    draft = soup(client.get(path)).select_one("textarea[name=text]").get_text().lstrip("\n")
    lines = [line for line in draft.splitlines() if not line.startswith("=245")]
    mended = "\r\n".join([*lines, "=245  10$aCó nhan đề rồi {dollar}"])
    answer = client.post(path + "retry", {"way": "lines", "text": mended}, follow=True)
    assert "It is in the catalogue" in soup(answer).get_text()
    item = QuarantineItem.objects.get(pk=union.item)
    assert (item.state, bytes(item.raw)) == ("resolved", original)
    record = Contribution.objects.get(pk=item.contribution_id).record_id
    assert queries.lines([record])[0].title == "Có nhan đề rồi $"


def test_text_that_is_no_record_is_refused_beside_the_field(window: Windows, union: Union) -> None:
    client = window("librarian")
    before = snapshot.tables()
    for way, text, said in (
        ("lines", "no tag here", "A line is not understood"),
        ("hex", "zz", "not pairs of hexadecimal"),
        ("lines", "", "required"),
    ):
        answer = client.post(f"/desk/quarantine/{union.item}/retry", {"way": way, "text": text})
        assert answer.status_code == 422
        assert said in soup(answer).select_one(".field--wrong .field__error").get_text()
    assert snapshot.tables() == before


def test_a_retry_that_fails_says_what_was_found(window: Windows, union: Union) -> None:
    answer = window("librarian").post(f"/desk/quarantine/{union.broken}/retry", {"encoding": "tcvn3"})
    assert answer.status_code == 409
    assert "It still cannot be read" in soup(answer).select_one(".field__error").get_text()
    assert QuarantineItem.objects.get(pk=union.broken).state == "open"


def test_putting_away_needs_a_reason(window: Windows, union: Union) -> None:
    client = window("librarian")
    assert client.post(f"/desk/quarantine/{union.item}/discard", {"reason": " "}).status_code == 422
    assert QuarantineItem.objects.get(pk=union.item).state == "open"
    client.post(f"/desk/quarantine/{union.item}/discard", {"reason": "a catalogue card"})
    assert "a catalogue card" in soup(client.get(f"/desk/quarantine/{union.item}/")).get_text()


def test_the_list_is_narrowed_by_import_and_reason(window: Windows, union: Union) -> None:
    client = window("librarian")
    page = soup(client.get(f"/desk/quarantine/?batch={union.batch}&reason=without-title"))
    links = [link["href"] for link in page.select("tbody th a")]
    assert links == [f"/desk/quarantine/{union.item}/"]
    assert "Nothing answers" in soup(client.get("/desk/quarantine/?state=discarded")).get_text()


def test_lines_of_a_record_go_there_and_back() -> None:
    record = books.record("1", **books.KHAYYAM, note="costs 5$ {net} \\ and ی")
    assert correction.record_of(correction.lines_of(record)) == record
    raw = books.iso(record)
    assert correction.mended(correction.hex_of(raw), "hex", {"serialisation": "iso2709"})[0] == raw


def test_a_pair_is_judged_the_same_and_the_merge_undone(window: Windows, union: Union) -> None:
    client = window("cataloguer")
    page = soup(client.get(f"/desk/pairs/{union.pair}/"))
    assert {button["data-key"] for button in page.select("button[data-key]")} == {"s", "d", "l"}
    assert page.select(".desk-compare__different")
    assert "for the same" in page.select_one(".desk-evidence").get_text()

    client.post(f"/desk/pairs/{union.pair}/", {"judgement": "same"})
    assert ReviewPair.objects.get(pk=union.pair).state == "same"
    merge = MergeDecision.objects.latest("pk")
    behind = soup(client.get(f"/desk/records/{merge.into_record_id}/"))
    assert len(behind.select(".desk-giver")) == 2

    before = MergeDecision.objects.filter(undone_at__isnull=False).count()
    refused = client.post(f"/desk/merges/{merge.pk}/undo", {"reason": ""}, follow=True)
    assert "give a reason" in soup(refused).get_text()
    assert MergeDecision.objects.filter(undone_at__isnull=False).count() == before
    client.post(f"/desk/merges/{merge.pk}/undo", {"reason": "two editions", "back": merge.into_record_id})
    assert MergeDecision.objects.get(pk=merge.pk).undo_reason == "two editions"
    assert "two editions" in soup(client.get("/desk/merges/")).get_text()


def test_later_and_different_lead_on(window: Windows, union: Union) -> None:
    client = window("cataloguer")
    client.post(f"/desk/pairs/{union.pair}/", {"judgement": "later"})
    assert ReviewPair.objects.get(pk=union.pair).state == "open"
    assert client.post(f"/desk/pairs/{union.pair}/", {"judgement": "maybe"}).status_code == 422
    answer = client.post(f"/desk/pairs/{union.pair}/", {"judgement": "different"})
    assert answer["Location"] == "/desk/pairs/"
    assert ReviewPair.objects.get(pk=union.pair).state == "different"


def test_two_records_are_merged_by_hand(window: Windows, union: Union) -> None:
    client = window("cataloguer")
    found = soup(client.get(f"/desk/records/{union.left}/?q={union.right}"))
    (link,) = [one["href"] for one in found.select("a") if "/merge?with=" in one["href"]]
    assert client.get(link).status_code == 200
    refused = client.post(f"/desk/records/{union.left}/merge", {"with": union.right, "reason": ""})
    assert refused.status_code == 422
    client.post(f"/desk/records/{union.left}/merge", {"with": union.right, "reason": "I hold both"})
    assert MergeDecision.objects.latest("pk").reason == "I hold both"
    stranger = window("other_cataloguer").post(
        f"/desk/records/{union.into}/merge", {"with": union.left, "reason": "mine"}
    )
    assert stranger.status_code == 422
    assert MergeDecision.objects.latest("pk").reason == "I hold both"


def test_the_original_bytes_come_back_as_a_file(window: Windows, union: Union) -> None:
    answer = window("librarian").get(f"/desk/contributions/{union.contribution}/bytes")
    assert answer.content == bytes(Contribution.objects.get(pk=union.contribution).raw)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"


def test_the_quarantine_costs_the_same_for_two_rows_and_for_forty(window: Windows, union: Union) -> None:
    client = window("librarian")

    def cost() -> int:
        client.get("/desk/quarantine/")
        with CaptureQueriesContext(connection) as caught:
            client.get("/desk/quarantine/")
        return len(caught)

    before = cost()
    item = QuarantineItem.objects.get(pk=union.item)
    for number in range(40):
        item.pk, item.digest, item.position = None, bytes([number]) * 16, 100 + number
        item.save(force_insert=True)
    assert len(queries.quarantine_items(actor=SYSTEM)) == 42
    assert cost() == before <= 30
