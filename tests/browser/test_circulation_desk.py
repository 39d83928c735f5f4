"""The circulation desk in a real browser: a gun that is quicker than the line, a queue of readers, refusals, undoing, money, paper."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import CDPSession, Page, Route, expect

from khaneh.domains.circulation.models import FeeEntry, Loan
from khaneh.domains.circulation.services import add_terminal, check_out
from khaneh.domains.circulation.types import TerminalKind
from khaneh.domains.people import services as people
from khaneh.domains.people.models import Account, MemberBlock
from khaneh.domains.people.types import BlockReason, GuardianshipKind
from khaneh.domains.policies import queries as policies
from khaneh.domains.policies.types import Scope
from khaneh.kernel.actor import SYSTEM
from tests.browser.conftest import PATIENCE, Reader
from tests.browser.test_desk import sign_in
from tests.interfaces.web.desk import desk_data, lending_data
from tests.interfaces.web.desk.lending_data import Lending

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Window = Callable[..., Reader]
DESK = "/desk/circulation/"
# What is heard, kept instead of played, and the paper, counted instead of printed.
EARS = """
window.heard = []; window.papers = [];
window.AudioContext = class {
  constructor() { this.currentTime = 0; this.destination = {}; this.state = "running"; }
  createGain() { return { gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} }, connect: (to) => to }; }
  createOscillator() { return { frequency: { set value(tone) { window.heard.push(tone); } }, connect: (to) => to, start() {}, stop() {} }; }
};
window.print = () => window.papers.push(document.querySelector(".paper-only, .papers").innerText);
"""
GOOD, REFUSED, ATTENTION = 880, 220, 990


@pytest.fixture
def staff(site: str) -> dict[str, Account]:
    """Accounts by what they are."""
    return desk_data.staff()


@pytest.fixture
def lending(staff: dict[str, Account]) -> Lending:
    """Four readers, a dozen copies."""
    return lending_data.load(readers=4, copies=12)


def slowly(page: Page) -> None:
    """Make each answer of the desk come late."""

    def wait(route: Route) -> None:
        if route.request.method == "POST":
            time.sleep(0.2)
        route.continue_()

    page.route("**/desk/circulation/", wait)


def at_desk(reader: Reader, staff: dict[str, Account], who: str = "librarian") -> Page:
    """The desk, with ears."""
    sign_in(reader, staff[who])
    reader.context.add_init_script(EARS)
    page = reader.go(DESK)
    expect(page.locator("#scan")).to_be_focused()
    return page


def gun(page: Page, *barcodes: str) -> None:
    """As a barcode gun types: all of it at once, and Enter; it waits for nothing.

    Each key says when it was pressed, four milliseconds after the last, however long a busy machine takes to deliver it.
    """
    line = page.context.new_cdp_session(page)
    at = time.time()
    for barcode in barcodes:
        for letter in barcode:
            _press(line, at, key=letter, text=letter)
            at += 0.004
        _press(line, at, key="Enter", code="Enter", text="\r", windowsVirtualKeyCode=13)
        at += 0.004
    line.detach()


def _press(line: CDPSession, at: float, **key: str | int) -> None:
    for kind in ("keyDown", "keyUp"):
        line.send("Input.dispatchKeyEvent", {"type": kind, "timestamp": at, **key})


def done(page: Page) -> None:
    """Nothing waits any more, and the field is ready for the next scan."""
    expect(page.locator("#circ-queue")).to_be_hidden()
    expect(page.locator("#scan")).to_be_focused()
    expect(page.locator("#scan")).to_have_value("")


def until(page: Page, said: str) -> None:
    """Wait for something that no element shows; the page's own policy forbids the driver's way of asking."""
    until = time.monotonic() + PATIENCE / 1000
    while not page.evaluate(said):
        assert time.monotonic() < until, said
        page.wait_for_timeout(50)


def tones(page: Page) -> list[int]:
    """What was heard since the last time."""
    heard: list[int] = page.evaluate("window.heard.splice(0)")
    return heard


def lent_to(member_id: int) -> list[str]:
    """The copies that a reader has, in the order in which they were lent."""
    return list(
        Loan.objects.filter(member_id=member_id, state="open").order_by("pk").values_list("copy__barcode", flat=True)
    )


def test_a_queue_of_readers_quicker_than_the_line(
    reader_of: Window, staff: dict[str, Account], lending: Lending
) -> None:
    copies = list(lending.copies)
    for turn, (language, size) in enumerate((("fa", "phone"), ("vi", "desktop"), ("en", "phone"))):
        page = at_desk(reader_of(language, size), staff)
        slowly(page)
        mine, first, second = copies[turn * 4 : turn * 4 + 4], lending.readers[0], lending.readers[1]
        gun(page, lending.cards[0], *mine[:3], lending.cards[1], mine[3])
        expect(page.locator("[data-part=said]")).to_contain_text(mine_title(mine[3]))
        done(page)
        assert lent_to(first) == mine[:3]
        assert lent_to(second) == mine[3:]
        expect(page.locator("#member")).to_contain_text("Hùng")
        # Both cards were read, one with nothing to say and nothing wrong; four loans.
        assert tones(page).count(GOOD) == 6
        page.keyboard.press("Escape")
        expect(page.locator("#member")).to_have_count(0)
        gun(page, *mine)
        expect(page.locator(".circ__act--good")).to_have_count(8)
        done(page)
        assert not Loan.objects.filter(state="open").exists()
        page.unroute_all(behavior="wait")


def mine_title(barcode: str) -> str:
    """The number at the end of the copy's title."""
    return str(int(barcode[1:]))


@pytest.mark.parametrize(("language", "size"), [("fa", "desktop"), ("vi", "phone")])
def test_a_refusal_stays_until_it_is_passed_over_or_put_away(
    reader_of: Window, staff: dict[str, Account], lending: Lending, language: str, size: str
) -> None:
    MemberBlock.objects.create(member_id=lending.readers[0], reason="conduct", placed_at=datetime.now(UTC))
    reader = reader_of(language, size)
    page = at_desk(reader, staff)
    gun(page, lending.cards[0])
    expect(page.locator(".circ-said--bad")).to_be_visible()
    gun(page, *lending.copies[:2])
    expect(page.locator(".circ-refused__one")).to_have_count(2)
    done(page)
    assert REFUSED in tones(page)
    assert not Loan.objects.exists()
    reader.check("two refusals")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#reason-1")).to_be_focused()
    # A gun that goes off while somebody writes a reason: the scan is a scan, and the reason is as it was.
    page.keyboard.type("a mistake of ours", delay=70)
    page.wait_for_timeout(300)
    gun(page, lending.copies[2])
    expect(page.locator(".circ-refused__one")).to_have_count(3)
    page.locator("#reason-2").fill("a mistake of ours")
    page.keyboard.press("Enter")
    expect(page.locator(".circ-refused__one")).to_have_count(2)
    expect(page.locator(".circ-said--good")).to_be_visible()
    assert Loan.objects.get().override["reason"] == "a mistake of ours"
    assert lent_to(lending.readers[0]) == [lending.copies[1]]
    done(page)
    page.locator(".circ-refused [data-go]").click()
    expect(page.locator(".circ-refused")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(page.locator(".circ-said--info")).to_be_visible()
    assert not Loan.objects.filter(state="open").exists()


def test_behind_a_card_that_was_misread_nothing_goes_to_the_wrong_reader(
    reader_of: Window, staff: dict[str, Account], lending: Lending
) -> None:
    reader = reader_of("en", "desktop")
    page = at_desk(reader, staff)
    held: list[Route] = []
    scanning = True

    def answered_later(route: Route) -> None:
        # All is scanned before the first answer: what is scanned behind a refusal that can be seen sounds otherwise.
        if scanning:
            held.append(route)
        else:
            route.continue_()

    page.route("**/desk/circulation/", answered_later)
    gun(page, lending.cards[0], lending.copies[0], "M0000x002", *lending.copies[1:3])
    scanning = False
    for route in held:
        route.continue_()
    expect(page.locator("#circ-queue [data-queue-on]")).to_be_visible()  # what waits is held back
    expect(page.locator("#circ-queue")).to_contain_text(f"{lending.copies[1]} · {lending.copies[2]}")
    reader.check("held back")
    assert ATTENTION not in tones(page)
    gun(page, lending.copies[3])
    expect(page.locator("#circ-queue")).to_contain_text(lending.copies[3])
    until(page, f"window.heard.includes({ATTENTION})")
    assert lent_to(lending.readers[0]) == [lending.copies[0]]
    gun(page, lending.cards[1])
    expect(page.locator("#member")).to_contain_text("Hùng")
    expect(page.locator(".circ__act--good")).to_have_count(4)
    done(page)
    assert lent_to(lending.readers[1]) == list(lending.copies[1:4])


def test_the_line_drops_and_nothing_is_lost_or_done_twice(
    reader_of: Window, staff: dict[str, Account], lending: Lending
) -> None:
    reader = reader_of("vi", "desktop")
    page = at_desk(reader, staff)
    gun(page, lending.cards[0])
    expect(page.locator("#member")).to_be_visible()
    lost: list[str] = []

    def answer_lost(route: Route) -> None:
        # The server does it, and its answer does not arrive: the worst that a line can do.
        if not lost:
            lost.append(route.fetch().text())
        route.abort()

    page.route("**/desk/circulation/", answer_lost)
    gun(page, *lending.copies[:3])
    expect(page.locator("#circ-queue")).to_contain_text("Máy chủ không trả lời")
    expect(page.locator("#circ-queue")).to_contain_text(lending.copies[2])
    page.unroute_all(behavior="wait")
    reader.complaints.clear()  # the browser told of the line
    expect(page.locator(".circ__act--good")).to_have_count(3)
    done(page)
    assert lent_to(lending.readers[0]) == list(lending.copies[:3])
    assert Loan.objects.count() == 3
    reader.check("after the line came back")


def test_a_name_is_chosen_by_keyboard_and_money_is_taken_with_its_receipt(
    reader_of: Window, staff: dict[str, Account], lending: Lending
) -> None:
    FeeEntry.objects.create(
        member_id=lending.readers[3],
        kind="other",
        amount=45_000,
        currency="VND",
        at=datetime.now(UTC),
        house_id=lending.house,
    )
    reader = reader_of("fa", "phone")
    page = at_desk(reader, staff)
    page.keyboard.type("nguyen", delay=60)
    page.keyboard.press("Enter")
    expect(page.locator(".circ-found__one")).to_have_count(2)
    reader.check("two of one name")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#member")).to_contain_text("Minh")
    done(page)
    reader.check("a member who owes")
    page.locator("[name=amount]").first.fill("۲۰٬۰۰۰")
    page.keyboard.press("Enter")
    expect(page.locator(".circ-said--good")).to_be_visible()
    assert sum(FeeEntry.objects.values_list("amount", flat=True)) == 25_000
    done(page)
    page.keyboard.press("Control+p")
    until(page, "window.papers.length > 0")
    # The reader reads Vietnamese, whoever prints it.
    paper = page.evaluate("window.papers[0]")
    assert "20.000 đồng" in paper
    assert "25.000 đồng" in paper
    assert "Biên nhận thanh toán" in paper
    assert "Minh" not in paper
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".paper-only")).to_have_count(0)


def test_renewing_a_late_return_and_its_undoing(reader_of: Window, staff: dict[str, Account], lending: Lending) -> None:
    month = datetime.now(UTC) - timedelta(days=30)
    check_out(actor=SYSTEM, house_id=lending.house, barcode=lending.copies[0], member_id=lending.readers[0], now=month)
    reader = reader_of("en", "desktop")
    page = at_desk(reader, staff)
    gun(page, lending.cards[0], *lending.copies[1:3])
    expect(page.locator(".circ-loan")).to_have_count(3)
    expect(page.locator(".circ-loan--late")).to_have_count(1)
    done(page)
    page.locator("button[value=renew-all]").click()
    expect(page.locator("[data-part=said]")).to_contain_text("Renewed: ")
    done(page)
    page.locator(".circ-loan [name=loan]").nth(1).check()
    page.locator(".circ-loan [name=loan]").nth(2).check()
    page.get_by_text("With those that are ticked").click()
    page.locator("button[name=act][value=return]").click()
    expect(page.locator(".circ-loan")).to_have_count(1)
    done(page)
    reader.check("a member with loans, and acts to undo")
    page.keyboard.press("Control+z")
    expect(page.locator(".circ-loan")).to_have_count(2)
    done(page)


def test_the_desk_without_scripts(reader_of: Window, staff: dict[str, Account], lending: Lending) -> None:
    reader = reader_of("vi", "desktop", java_script_enabled=False)
    sign_in(reader, staff["librarian"])
    page = reader.page
    page.goto(reader.site + DESK)
    for scan in (lending.cards[0], *lending.copies[:2], "nowhere"):
        page.locator("#scan").fill(scan)
        page.locator("#circ-scan button[type=submit]").click()
    expect(page.locator(".circ-said--bad")).to_be_visible()
    expect(page.locator(".circ-refused__one")).to_have_count(1)
    assert lent_to(lending.readers[0]) == list(lending.copies[:2])
    page.locator("[data-undo] button").first.click()
    assert lent_to(lending.readers[0]) == [lending.copies[0]]
    page.locator("[data-done]").click()
    page.locator("#scan").fill(lending.copies[0])
    page.locator("#circ-scan button[type=submit]").click()
    assert not lent_to(lending.readers[0])


@pytest.mark.parametrize(("language", "size", "theme"), [("fa", "phone", "dark"), ("vi", "desktop", "light")])
def test_pages_beside_the_desk(
    reader_of: Window, staff: dict[str, Account], lending: Lending, language: str, size: str, theme: str
) -> None:
    reader = reader_of(language, size)
    reader.context.add_cookies([{"name": "theme", "value": theme, "url": reader.site}])
    sign_in(reader, staff["librarian"])
    for which in ("pull", "shelf", "coming", "sent", "overdue"):
        reader.go(f"{DESK}lists/{which}")
    reader.go("/desk/")
    reader.go(f"{DESK}?choose=1")
    reader.go(f"{DESK}?member={lending.readers[0]}")
    reader.go(f"{DESK}receipts/loans/{lending.readers[0]}")
    reader.go(f"{DESK}slips/hold")


@pytest.mark.parametrize(("language", "size", "theme"), [("fa", "phone", "dark"), ("vi", "desktop", "light")])
def test_members_messages_rules_and_machines(
    reader_of: Window, staff: dict[str, Account], lending: Lending, language: str, size: str, theme: str
) -> None:
    now = datetime.now(UTC)
    first, second, third, _ = lending.readers
    facts = {"actor": SYSTEM, "house_id": lending.house, "now": now}
    people.set_block(**facts, member_id=first, reason=BlockReason.CONDUCT, note="loud in the reading room")
    people.leave_message(**facts, member_id=first, text="کتاب شما پیدا شد", for_staff=True)
    people.add_guardian(actor=SYSTEM, guardian_id=second, ward_id=third, kind=GuardianshipKind.PARENT, now=now)
    add_terminal(**facts, name="front", kind=TerminalKind.SELF_CHECK, encoding="utf-8", language="vi", asks_pin=True)
    reader = reader_of(language, size)
    reader.context.add_cookies([{"name": "theme", "value": theme, "url": reader.site}])
    sign_in(reader, staff["admin"])
    for path in (
        "members/", "members/?q=nguyen", "members/?q=nobody", "members/new", f"members/cards?id={first}&id={second}",
        f"members/{first}/", f"members/{third}/", f"members/{first}/edit", "notices/", "notices/texts/",
        "notices/texts/circulation.ready/email/", "notices/texts/circulation.ready/sms/", "policies/", "policies/ask",
        f"policies/{open_loans_policy()}/", "terminals/", "terminals/NA-LIB/",
    ):  # fmt: skip
        reader.go(f"/desk/{path}")


def open_loans_policy() -> int:
    """The set of rules of the whole network for lending."""
    found = policies.set_at(act="circulation.lend", scope=Scope("network", None))
    assert found is not None
    return found
