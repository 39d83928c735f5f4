"""The quarantine as a librarian walks it, with a real broken file: brought in, looked at byte by byte, read again, put right, put away."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from khaneh.domains.catalogue import services
from khaneh.domains.catalogue.models import ImportBatch, QuarantineItem
from khaneh.domains.people.models import Account
from khaneh.kernel.actor import SYSTEM
from tests.browser.test_desk import Window, sign_in, staff

__all__ = ["staff"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def waiting() -> int:
    return QuarantineItem.objects.filter(state="open").count()


@pytest.mark.parametrize(("language", "size"), [("fa", "phone"), ("vi", "desktop")])
def test_a_broken_file_is_put_right(
    reader_of: Window, staff: dict[str, Account], shared_data: Path, language: str, size: str
) -> None:
    reader = reader_of(language, size)
    sign_in(reader, staff["librarian"])
    page = reader.go("/desk/imports/")
    file = shared_data / "marc_broken" / "marc4j" / "pride-and-prejudice-with-many-errors.mrc"
    page.locator("input[type=file]").set_input_files(file)
    page.locator("form.stack button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/desk/imports/\d+/"))
    page.locator("button[formaction]").click()
    services.run_import(batch_id=ImportBatch.objects.latest("pk").pk, actor=SYSTEM)
    expect(page.locator(".desk-reasons a").first).to_be_visible()
    reader.check("the report")
    before = waiting()
    assert before > 20

    # Why: by its reason, to one record with its bytes and how each encoding would read it.
    page.locator(".desk-reasons a[href*=encoding-unsure]").click()
    reader.check("the list")
    page.locator("tbody th a").first.click()
    expect(page.locator(".desk-hex")).to_contain_text("000000")
    expect(page.locator(".desk-try").first).to_be_visible()
    reader.check("one record")

    # By hand: fields as lines; what is not understood is said beside the field and loses nothing that was written.
    mend = page.locator("details:has(textarea[name=text])")
    mend.locator("summary").click()
    text = mend.locator("textarea").input_value()
    mend.locator("textarea").fill(text + "\n=24")
    mend.locator("button").click()
    expect(page.locator(".field--wrong .field__error")).to_be_visible()
    expect(page.locator("textarea[name=text]")).to_have_value(re.compile("=24$"))
    # The browser itself names the status of the answer; nothing else may be said.
    assert len(reader.complaints) == 1
    assert "422" in reader.complaints.pop()
    reader.check("a mistake in the correction")
    page.locator("textarea[name=text]").fill(text)
    page.locator("details:has(textarea[name=text]) input[name=accept]").check()
    page.locator("details:has(textarea[name=text]) button").click()
    expect(page.locator(".notice--good").first).to_be_visible()
    reader.check("one record that came in")
    assert waiting() == before - 1

    # The whole batch: what is alike is read again in the encoding that was picked, doubts accepted after a look.
    page.goto(f"{reader.site}/desk/quarantine/?reason=encoding-unsure")
    page.locator("tbody th a").first.click()
    page.locator("select[name=encoding]").select_option("windows-1252")
    page.locator("input[name=scope][value=batch]").check()
    page.locator("form:has(select[name=encoding]) input[name=accept]").check()
    page.locator("form:has(select[name=encoding]) button[type=submit]").click()
    page.wait_for_url(re.compile(r"/desk/quarantine/\?batch="))
    reader.check("after the batch")
    # Those that wait for another reason go on waiting; nothing is lost on the way.
    assert waiting() < before - 10
    assert QuarantineItem.objects.count() == before
