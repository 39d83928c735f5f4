"""The week of a house with sixty spaces, at the desk: `python -m benchmarks.week_page [--full]`.

Goal at full size: 15 statements at most, p95 through HTTP 200 ms. Librarians who have signed in ask the web server (two processes, as
`khaneh serve` starts on two cores) for the week of the first house, this one or one of the next three, with every strip of it.

- statements: of the page; statements_of_sign_in: what every page costs a request besides (session, account, roles)
- page_kb: what it sends, before compression; entries: bookings and closures on it
- p95_ms: four desks at work, each looking at a page for a second on average before the next
- alone_p95_ms: one desk that asks again the moment it has the page
- web_cpu_ms, postgres_cpu_ms: processor time of a page
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from benchmarks.desk import DESKS, ask, backends, children, counted
from benchmarks.lending.measuring import milliseconds, peak_mb, percentile, processor_seconds, server_peaks
from benchmarks.pages import site
from benchmarks.report import write_result
from benchmarks.spaces.ground import SEED, ground
from benchmarks.spaces.sizes import arguments, sizes

_HOUSE = 1


def librarians() -> list[str]:
    """Sessions of so many librarians of the house as there are desks."""
    from django.conf import settings
    from django.test import Client

    from khaneh.domains.people.models import Account, RoleAssignment

    found = []
    for n in range(DESKS):
        account = Account.objects.create(email=f"desk{n}@example.org", name=f"Desk {n}")
        since = datetime.now(UTC) - timedelta(days=1)
        RoleAssignment.objects.create(account=account, role="librarian", house_id=_HOUSE, valid_from=since)
        client = Client()
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        found.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    return found


def weeks() -> list[str]:
    """The addresses of this week and the three after it."""
    from django.urls import reverse

    today = datetime.now(UTC).date()
    page = reverse("desk-spaces")
    return [f"{page}?house=H001&from={(today + timedelta(weeks=n)).isoformat()}" for n in range(4)]


def main() -> None:
    """Measure, print and keep the figures."""
    chosen = arguments(__doc__, pages=(0, "how many each desk asks for; 20, at full size 150"))
    wanted = sizes(chosen.spaces)
    each = chosen.pages or (150 if chosen.full else 20)
    with ground("week_page", wanted, chosen.folder) as place:
        from khaneh.domains.spaces import queries
        from khaneh.kernel.actor import SYSTEM

        cookies, pages = librarians(), weeks()
        statements, who_asks, size = counted(cookies[0], pages[1])
        now = datetime.now(UTC)
        week = queries.week(_HOUSE, first=(now + timedelta(weeks=1)).date(), actor=SYSTEM, now=now)
        with site(place.home) as address:
            web = children(os.getpid())
            for cookie in cookies:
                ask(address, cookie, pages, 8, 0, SEED)
            served = backends()
            cpu, database = processor_seconds(web), processor_seconds(served)
            alone = ask(address, cookies[0], pages, each, 0, SEED)
            cpu, database = processor_seconds(web) - cpu, processor_seconds(served) - database
            with ThreadPoolExecutor(DESKS) as pool:
                waiting = [
                    pool.submit(ask, address, cookie, pages, each, 1.0, SEED + n) for n, cookie in enumerate(cookies)
                ]
                together = [second for one in waiting for second in one.result()]
            memory = [peak_mb(pid) for pid in web]
            databases = server_peaks()
        built = place.seconds_built
    figures = {
        "statements": statements,
        "statements_of_sign_in": who_asks,
        "p95_ms": milliseconds(percentile(together, 0.95)),
        "p50_ms": milliseconds(percentile(together, 0.5)),
        "alone_p95_ms": milliseconds(percentile(alone, 0.95)),
        "web_cpu_ms": milliseconds(cpu / each),
        "postgres_cpu_ms": milliseconds(database / each),
        "page_kb": round(size / 1024, 1),
        "spaces_on_it": len(week.spaces),
        "entries": sum(len(one.entries) for one in week.spaces),
        "web_peak_mb": max(memory),
        "postgres_peak_mb": max(databases, default=0.0),
    }
    told = {"peak_mb_of_each_web_process": memory, "seconds_building": built}
    if chosen.dry:
        print(figures, told)
        return
    write_result("week_page", figures, {**wanted._asdict(), "desks": DESKS, "pages": len(together)}, **told)


if __name__ == "__main__":
    main()
