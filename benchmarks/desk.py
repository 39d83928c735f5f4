"""The desk's page of a member with 200 loans and 20 requests: `python -m benchmarks.desk [--full]`.

Goal at full size: 12 statements at most, p95 through HTTP 120 ms. Librarians who have signed in ask the web server (two processes, as
`khaneh serve` starts on two cores) for the pages of classes that have 200 books out and wait for 20.

- statements: of the page; statements_of_sign_in: what every page costs a request besides (session, account, roles)
- page_kb: what it sends, before compression
- p95_ms: four desks at work, each looking at a page for a second on average before the next
- alone_p95_ms: one desk that asks again the moment it has the page
- web_cpu_ms, postgres_cpu_ms: processor time of a page
"""

from __future__ import annotations

import os
import random
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from benchmarks.lending.ground import SEED, ground
from benchmarks.lending.measuring import milliseconds, peak_mb, percentile, processor_seconds, server_peaks
from benchmarks.lending.sizes import arguments, sizes
from benchmarks.pages import site
from benchmarks.report import write_result

DESKS = 4
_WHO_ASKS = (
    'FROM "django_session"',
    "usersessions_usersession",
    'FROM "people_account"',
    "FROM people_account",
    'FROM "people_roleassignment"',
)


def librarians(members: list[tuple[int, int]]) -> list[tuple[str, str]]:
    """For each member, a librarian of their house who has signed in: the session's cookie and the page's address."""
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse

    from khaneh.domains.people.models import Account, RoleAssignment

    found = []
    for member_id, house_id in members:
        account, made = Account.objects.get_or_create(email=f"desk{house_id}@example.org")
        if made:
            since = datetime.now(UTC) - timedelta(days=1)
            RoleAssignment.objects.create(account=account, role="circulation", house_id=house_id, valid_from=since)
        client = Client()
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        found.append(
            (client.cookies[settings.SESSION_COOKIE_NAME].value, f"{reverse('desk-circulation')}?member={member_id}")
        )
    return found


def statements(cookie: str, address: str) -> tuple[int, int, int]:
    """What `counted` says of the page of a member with many loans."""
    return counted(cookie, address, mark=b'name="loan"', least=100)


def counted(cookie: str, address: str, *, mark: bytes = b"", least: int = 0) -> tuple[int, int, int]:
    """How many statements a page is when the process has answered before, how many find out who asks, and the bytes.

    A page on which `mark` stands less often than `least` is not the one that was meant.
    """
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    client = Client(SERVER_NAME="127.0.0.1")
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie
    told: list[str] = []

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        told.append(sql)
        return execute(sql, *rest)

    size = 0
    for _ in range(3):
        told.clear()
        with connection.execute_wrapper(count):
            answer = client.get(address)
        size = len(answer.content)
        if answer.status_code != 200 or answer.content.count(mark) < least:
            raise RuntimeError(f"not the page that was meant: {answer.status_code}, {size} bytes")
    who_asks = sum(any(table in sql for table in _WHO_ASKS) for sql in told)
    return len(told) - who_asks, who_asks, size


def ask(site_address: str, cookie: str, paths: list[str], count: int, reading: float, seed: int) -> list[float]:
    """A desk asks for so many pages, one after the other, and looks at each for some seconds on average."""
    from django.conf import settings

    draw = random.Random(seed)
    taken = []
    with httpx.Client(base_url=site_address, cookies={settings.SESSION_COOKIE_NAME: cookie}, timeout=60) as client:
        for _ in range(count):
            if reading:
                time.sleep(draw.expovariate(1 / reading))
            path = draw.choice(paths)
            begun = time.monotonic()
            answer = client.get(path)
            taken.append(time.monotonic() - begun)
            answer.raise_for_status()
    return taken


def main() -> None:
    """Measure, print and keep the figures."""
    chosen = arguments(__doc__, pages=(0, "how many each desk asks for; 30, at full size 150"))
    wanted = sizes(chosen.copies)
    each = chosen.pages or (150 if chosen.full else 30)
    with ground("desk", wanted, chosen.folder) as place:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT m.id, m.home_house_id FROM people_member m JOIN people_membercategory c ON c.id = m.category_id"
                " WHERE c.code = 'class' AND m.expires_on >= current_date ORDER BY m.id"
            )
            members = cursor.fetchall()
        signed_in = librarians(members)
        page, who_asks, size = statements(*signed_in[0])
        desks = [signed_in[n % len(signed_in)] for n in range(DESKS)]
        with site(place.home) as address:
            web = children(os.getpid())
            for cookie, path in desks:
                ask(address, cookie, [path], 10, 0, SEED)
            served = backends()
            cpu, database = processor_seconds(web), processor_seconds(served)
            alone = ask(address, desks[0][0], [desks[0][1]], each, 0, SEED)
            cpu, database = processor_seconds(web) - cpu, processor_seconds(served) - database
            with ThreadPoolExecutor(DESKS) as pool:
                waiting = [
                    pool.submit(ask, address, cookie, [path], each, 1.0, SEED + n)
                    for n, (cookie, path) in enumerate(desks)
                ]
                together = [second for one in waiting for second in one.result()]
            memory = [peak_mb(pid) for pid in web]
            databases = server_peaks()
        built = place.seconds_built
    figures = {
        "statements": page,
        "statements_of_sign_in": who_asks,
        "p95_ms": milliseconds(percentile(together, 0.95)),
        "p50_ms": milliseconds(percentile(together, 0.5)),
        "alone_p95_ms": milliseconds(percentile(alone, 0.95)),
        "web_cpu_ms": milliseconds(cpu / each),
        "postgres_cpu_ms": milliseconds(database / each),
        "page_kb": round(size / 1024, 1),
        "web_peak_mb": max(memory),
        "postgres_peak_mb": max(databases, default=0.0),
    }
    told = {"peak_mb_of_each_web_process": memory, "seconds_building": built}
    if chosen.dry:
        print(figures, told)
        return
    write_result("desk", figures, {**wanted._asdict(), "desks": DESKS, "pages": len(together)}, **told)


def children(root: int) -> list[int]:
    """Every process below this one."""
    found = [root]
    for process in found:
        for task in Path(f"/proc/{process}/task").glob("*/children"):
            found += map(int, task.read_text().split())
    return found[1:]


def backends() -> list[int]:
    """PostgreSQL's processes that serve this database, without the one of this process."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return [pid for (pid,) in cursor.fetchall()]


if __name__ == "__main__":
    main()
