"""Answers as they are typed and as they count; forms that cannot be published; what a document is by its content."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import Any

import pytest

from khaneh.domains.programmes.rules import answers, forms, receipts
from khaneh.domains.programmes.types import Option, Question, QuestionKind, ShownIf
from khaneh.kernel import documents
from tests.domains.programmes.calling import ANSWERS, PDF, QUESTIONS, said


def wrong(**typed: Any) -> dict[str, str]:
    """What does not count of these answers, beside what a whole application says."""
    return answers.judged(QUESTIONS, {**ANSWERS, **typed}, {"paper": 1})[1]


def test_what_counts_is_read_from_what_was_typed() -> None:
    typed = {**ANSWERS, "since": "۱۴۰۴/۱۲/۱۱", "abroad": "no", "needs": ["desk"], "team": [["Sara", "codes"]]}
    values, problems = answers.judged(QUESTIONS, typed, {"paper": 1})
    assert problems == {}
    assert values == {
        "plan": ANSWERS["plan"], "people": "3", "cost": 12000, "stage": "idea", "needs": ["desk"], "since": "2026-03-02",
        "abroad": "no", "team": [{"name": "Sara", "does": "codes"}],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"plan": "short"}, "too_short"), ({"plan": "x" * 2001}, "too_long"), ({"plan": ""}, "required"),
        ({"people": "three"}, "format"), ({"people": "0"}, "too_small"), ({"people": "51"}, "too_large"),
        ({"cost": "12.5"}, "format"), ({"stage": "else"}, "not_in_list"), ({"needs": ["desk", "room", "money"]}, "too_many"),
        ({"needs": ["yacht"]}, "not_in_list"), ({"since": "soon"}, "format"), ({"abroad": "perhaps"}, "not_in_list"),
        ({"team": [["a", "b"]] * 4}, "too_many"),
    ],
)  # fmt: skip
def test_what_does_not_count_says_why(typed: dict[str, Any], reason: str) -> None:
    assert wrong(**typed) == {next(iter(typed)): reason}


def test_what_hangs_on_another_answer_is_asked_only_then() -> None:
    assert wrong(stage="sold") == {"sold_to": "required"}
    values, problems = answers.judged(QUESTIONS, {**ANSWERS, "sold_to": "left over"}, {"paper": 1})
    assert (problems, "sold_to" in values) == ({}, False)
    assert answers.judged(QUESTIONS, ANSWERS, {})[1] == {"paper": "required"}


def test_a_draft_keeps_what_is_typed_in_its_shape_and_nothing_else() -> None:
    typed = {
        "plan": "a\x00b\r\nc", "people": {"x": 1}, "needs": ["money", "yacht", "desk"], "paper": "x", "other": "y",
        "team": [["x" * 999], "no row", ["", ""]], "cost": "9" * 9_999,
    }  # fmt: skip
    kept = answers.kept(QUESTIONS, typed)
    assert set(kept) == {"plan", "needs", "team", "cost"}
    assert (kept["plan"], kept["needs"]) == ("ab\nc", ["desk", "money"])
    assert kept["team"] == [["x" * forms.LONGEST_CELL, ""]]
    assert len(kept["cost"]) == forms.LONGEST_LINE + 1


@pytest.mark.parametrize(
    ("question", "where"),
    [
        (Question("plan", QuestionKind.TEXT, said("Again")), "key"),
        (Question("No", QuestionKind.TEXT, said("Key")), "key"),
        (Question("a", QuestionKind.TEXT, said("")), "label"),
        (Question("a", QuestionKind.CHOICE, said("A"), options=(Option("x", said("X")),)), "options"),
        (Question("a", QuestionKind.TABLE, said("A")), "columns"),
        (Question("a", QuestionKind.MONEY, said("A")), "currency"),
        (Question("a", QuestionKind.NUMBER, said("A"), least=3, most=2), "bounds"),
        (Question("a", QuestionKind.TEXT, said("A"), shown_if=ShownIf("later", ("x",))), "shown_if"),
        (Question("a", QuestionKind.TEXT, said("A"), shown_if=ShownIf("stage", ("never",))), "shown_if"),
        (Question("a", QuestionKind.TEXT, said("A"), shown_if=ShownIf("plan", ("x",))), "shown_if"),
    ],
)
def test_a_form_that_cannot_be_answered_is_not_published(question: Question, where: str) -> None:
    assert list(forms.form_problems((*QUESTIONS, question))) == [f"{len(QUESTIONS)}.{where}"]


def test_a_stored_question_is_the_question() -> None:
    assert forms.form_problems(QUESTIONS) == {}
    for one in (*QUESTIONS, replace(QUESTIONS[0], hint=said("Hint"))):
        assert Question.from_dict(one.to_dict()) == one


def packed(**parts: bytes | str) -> bytes:
    """An archive of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("Types", "[Content_Types].xml"), content)
    return out.getvalue()


DOCX = packed(Types="<Types/>", word__document="text")
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 30 + b"IEND\xaeB`\x82"


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("plan.PDF", PDF, "application/pdf"), ("photo.png", PNG, "image/png"), ("طرح.docx", DOCX, documents._TYPES[".docx"]),
        ("notes.txt", "kế hoạch".encode(), "text/plain"),
    ],
)  # fmt: skip
def test_a_document_is_what_its_content_is(name: str, content: bytes, kind: str) -> None:
    assert documents.recognised(name, content) == kind


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("plan.pdf", b"MZ\x90\x00 a program", "content"), ("plan.pdf", b"<html><script>", "content"),
        ("plan.pdf", PDF[:20], "content"), ("plan.pdf", b"", "empty"), ("plan.exe", b"MZ", "ending"), ("plan", PDF, "ending"),
        ("photo.png", PDF, "content"), ("photo.jpg", PNG, "content"), ("plan.docx", PDF, "content"),
        ("plan.docx", b"PK\x03\x04 broken", "content"), ("plan.docx", packed(a="b"), "content"),
        ("sheet.xlsx", DOCX, "content"), ("plan.docx", packed(Types="<Types/>", word__document="", word__vbaProject_bin=""), None),
        ("plan.docm", DOCX, "ending"), ("plan.docx", packed(Types='"macroEnabled"', word__document="x"), "macros"),
        ("notes.txt", b"<!DOCTYPE html><script>", "content"), ("notes.csv", b"a,b\x00c", "content"), ("notes.txt", b"\xff\xfe\x41", "content"),
        ("drawing.svg", b"<svg/>", "ending"), ("plan.docx", packed(Types="<Types/>", word__document=b"0" * 3_000_000), "packed"),
    ],
)  # fmt: skip
def test_a_document_that_is_not_what_it_says_is_refused(name: str, content: bytes, reason: str | None) -> None:
    if reason is None:
        content = content.replace(b"vbaProject_bin", b"vbaProject.bin")
        reason = "macros"
    with pytest.raises(documents.NotAccepted, match=reason):
        documents.recognised(name, content)


def test_a_name_leads_nowhere_and_hides_no_ending() -> None:
    assert documents.named("../../etc/passwd.pdf") == "passwd.pdf"
    assert documents.named("C:\\x\\plan.pdf") == "plan.pdf"
    assert documents.named("plan\u202efdp.exe").endswith(".exe")
    assert "\u202e" not in documents.named("plan\u202efdp.exe")
    assert len(documents.named("a" * 500 + ".pdf")) <= 150


def test_equal_content_has_one_digest_and_a_receipt_that_is_read_out() -> None:
    one, other = {"b": 1, "a": "نام"}, {"a": "نام", "b": 1}
    assert receipts.canonical(one) == receipts.canonical(other)
    assert receipts.digest(one) != receipts.digest({**one, "b": 2})
    number = receipts.receipt(412, 2, receipts.digest(one))
    assert number.startswith("A-000412-2-")
    assert len(number) == 15
