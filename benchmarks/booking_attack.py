"""Forty clients fight over twenty spaces: `python -m benchmarks.booking_attack [--full] [--seconds 60] [--rate 110] [--http 1]`.

Goal at full size, in 60 s: no overlap and no breach of a quota, both proved afterwards by SQL that reads the bookings alone; 100 decisions a
second and more, p95 200 ms. Clients are four each of ten people (two tabs, a telephone, a program), who may also book for one organisation;
they want few days and full hours, move what they have and give it up. The twenty spaces are four workshops with machines in them, and rooms;
one machine is counted.

It is fought three times, each from an empty calendar:

- saturated: every client asks again the moment it is answered, so that forty always wait. Then the mean of the answers is forty divided by
  the decisions a second, whatever a decision costs: `decisions_per_second`, `p95_ms`, `p50_ms`
- paced: clients ask at times drawn beforehand, all together `--rate` times a second, as people do who look at an answer:
  `paced_per_second` were answered, with `paced_p95_ms`, `paced_p50_ms`; `paced_late_percent` of the requests began late, as the one before
  was not answered in time
- unprotected: saturated, without the locks and without the two constraints: that it is a fight. `overlaps_unprotected`, `breaches_unprotected`

Clients are threads of four processes that call the services, as web servers' threads do; with `--http 1` they call the API of the real server
(two processes of four threads) with keys of their own.

- overlaps, quota_breaches: pairs that hold one thing at a time, bookings beyond a quota, after the saturated and the paced fight; must be 0
- decisions: requests to book or to move that were answered, granted or refused; what is given up is not counted, though it costs, too
- cpu_ms, postgres_cpu_ms: processor time of a decision, saturated, of the clients (with `--http 1` of the server) and of PostgreSQL
"""

from __future__ import annotations

import os
import time
import uuid
from collections import Counter
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from typing import Any

import httpx

from benchmarks.desk import children
from benchmarks.lending.measuring import milliseconds, percentile, processor_seconds
from benchmarks.made import say
from benchmarks.pages import site
from benchmarks.report import write_result
from benchmarks.spaces import attack
from benchmarks.spaces.attack import Client, Door, Fought, Prize
from benchmarks.spaces.ground import SEED, ground
from benchmarks.spaces.sizes import arguments, sizes

CLIENTS, PROCESSES = 40, 4
# PostgreSQL plans a statement that is kept prepared anew at its first five executions.
WARMING = 6
_START_SECONDS = 600


def through_services(client: Client) -> Door:
    """The acts themselves."""
    from khaneh.domains.people import queries as people
    from khaneh.domains.policies.types import PolicyRefused
    from khaneh.domains.spaces import services
    from khaneh.kernel.refusal import Refusal

    def answered(act: Any, **wanted: Any) -> tuple[int | None, str]:
        now = datetime.now(UTC)
        try:
            done = act(actor=people.actor(client.account, now=now), now=now, **wanted)
        except PolicyRefused as refused:
            return None, str(refused.facts["reasons"][0]["code"])
        except Refusal as refused:
            return None, refused.code
        return done.booking_id, done.state.value

    def cancel(number: int) -> None:
        now = datetime.now(UTC)
        try:
            services.cancel(actor=people.actor(client.account, now=now), booking_id=number, now=now)
        except Refusal:
            return

    return Door(
        lambda wanted: answered(services.book, **wanted),
        lambda number, wanted: answered(services.change_booking, booking_id=number, **wanted),
        cancel,
    )


def through_http(client: Client, address: str) -> Door:
    """The API of a running server, with the client's own key."""
    calls = httpx.Client(base_url=f"{address}/api/v1", headers={"Authorization": f"Bearer {client.key}"}, timeout=60)

    def post(path: str, body: dict[str, Any]) -> tuple[int | None, str]:
        answer = calls.post(path, json=body, headers={"Idempotency-Key": uuid.uuid4().hex})
        told = answer.json()
        if answer.is_success:
            return told.get("booking"), told["state"]["code"] if "state" in told else ""
        if answer.status_code >= 500:
            raise RuntimeError(f"{path}: {answer.status_code} {answer.text[:500]}")
        return None, str((told.get("reasons") or [told])[0].get("code", answer.status_code))

    def body(wanted: dict[str, Any]) -> dict[str, Any]:
        said = {
            "space": wanted["space_id"], "starts": wanted["starts"].isoformat(), "ends": wanted["ends"].isoformat(),
            "organisation": wanted.get("organisation_id"),
        }  # fmt: skip
        return {name: value for name, value in said.items() if value is not None}

    return Door(
        lambda wanted: post("/me/bookings", body(wanted)),
        lambda number, wanted: post(f"/bookings/{number}/change", body(wanted)),
        lambda number: (post(f"/bookings/{number}/cancel", {}), None)[1],
    )


def work(
    clients: list[Client], prize: Prize, seconds: float, every: float, gate: Any, address: str, protected: bool
) -> tuple[list[Fought], float]:
    """In a process of its own: some clients, a thread each. Gives what they did and the processor time of the process."""
    import django

    django.setup()
    from django.db import connection

    if not protected:
        _without_locks()

    def run(client: Client) -> Fought:
        door = through_http(client, address) if address else through_services(client)
        try:
            # Whatever a process, its line to PostgreSQL and a server keep ready is ready before the clock runs.
            for turn in range(WARMING):
                door.book(attack.closed(prize, turn))
            gate.wait(_START_SECONDS)
            return attack.fight(client, prize, door, until=time.monotonic() + seconds, every=every, seed=SEED)
        except BaseException:
            gate.abort()
            raise
        finally:
            connection.close()

    cpu = time.process_time()
    with ThreadPoolExecutor(len(clients)) as pool:
        fought = list(pool.map(run, clients))
    return fought, time.process_time() - cpu


def run(
    clients: list[Client], prize: Prize, seconds: float, *, rate: int = 0, address: str = "", protected: bool = True
) -> tuple[list[Fought], float]:
    """All clients, shared among the processes, who begin together; `rate` is how often a second all together ask, 0 without a pause."""
    every = len(clients) / rate if rate else 0.0
    context = get_context("spawn")
    with context.Manager() as manager, context.Pool(PROCESSES) as pool:
        gate = manager.Barrier(len(clients))
        shares = [(clients[n::PROCESSES], prize, seconds, every, gate, address, protected) for n in range(PROCESSES)]
        done = pool.starmap(work, shares, chunksize=1)
    return [one for fought, _ in done for one in fought], sum(cpu for _, cpu in done)


def keys(accounts: list[int], now: datetime) -> dict[int, str]:
    """A key for programs for each account, as people make them."""
    from khaneh.domains.people import queries, services
    from khaneh.domains.people.types import TokenAccess, TokenKind

    return {
        one: services.make_token(
            actor=queries.actor(one, now=now), name="fight", kind=TokenKind.PERSONAL, access=TokenAccess.WRITE,
            own_account=True, grants=queries.actor(one, now=now).grants, expires_at=now + timedelta(days=1), now=now,
        )[1]
        for one in accounts
    }  # fmt: skip


def rate_of(fought: list[Fought]) -> float:
    """Decisions a second, from the first client's beginning to the last one's end."""
    seconds = max(one.ended for one in fought) - min(one.began for one in fought)
    return round(sum(len(one.taken) for one in fought) / seconds, 1)


def main() -> None:
    """Measure, print and keep the figures."""
    chosen = arguments(
        __doc__,
        seconds=(0, "how long each of the three fights; 10, at full size 60"),
        rate=(110, "how often a second all clients together ask when they are paced"),
        http=(0, "1: over the API of the real server"),
    )
    wanted = sizes(chosen.spaces)
    seconds = chosen.seconds or (60 if chosen.full else 10)
    with ground("booking_attack", wanted, chosen.folder) as place, ExitStack() as servers:
        now = datetime.now(UTC)
        prize = attack.prepare(now)
        secrets = keys(prize.accounts, now) if chosen.http else {}
        clients = [
            Client(n, account, secrets.get(account, ""))
            for n, account in enumerate(prize.accounts[n % len(prize.accounts)] for n in range(CLIENTS))
        ]
        others = set(children(os.getpid()))
        address = servers.enter_context(site(place.home)) if chosen.http else ""
        web = set(children(os.getpid())) - others
        say(f"{seconds} s without a pause")
        server, served = _server_seconds(), processor_seconds(web)
        fought, cpu = run(clients, prize, seconds, address=address)
        server, cpu = _server_seconds() - server, processor_seconds(web) - served if web else cpu
        overlaps, breaches, held = attack.verdict(prize)
        attack.clear(prize, now)
        say(f"{seconds} s at {chosen.rate} requests a second")
        paced, _ = run(clients, prize, seconds, rate=chosen.rate, address=address)
        overlaps_paced, breaches_paced, _ = attack.verdict(prize)
        attack.clear(prize, now)
        say(f"{seconds} s without protection")
        _without_constraints()
        unprotected, _ = run(clients, prize, seconds, protected=False)
        overlaps_then, breaches_then, _ = attack.verdict(prize)
        built = place.seconds_built
    taken = [one for client in fought for one in client.taken]
    taken_paced = [one for client in paced for one in client.taken]
    outcomes: Counter[str] = sum((Counter(client.outcomes) for client in fought), Counter())
    granted = sum(outcomes[name] for name in ("confirmed", "changed", "requested"))
    figures = {
        "overlaps": overlaps + overlaps_paced,
        "quota_breaches": breaches + breaches_paced,
        "decisions_per_second": rate_of(fought),
        "p95_ms": milliseconds(percentile(taken, 0.95)),
        "p50_ms": milliseconds(percentile(taken, 0.5)),
        "paced_per_second": rate_of(paced),
        "paced_p95_ms": milliseconds(percentile(taken_paced, 0.95)),
        "paced_p50_ms": milliseconds(percentile(taken_paced, 0.5)),
        "paced_late_percent": round(100 * sum(one.late for one in paced) / max(len(taken_paced), 1), 1),
        "overlaps_unprotected": overlaps_then,
        "breaches_unprotected": breaches_then,
        "decisions": len(taken),
        "granted": granted,
        "refused": len(taken) - granted,
        "held_at_the_end": held,
        "cpu_ms": milliseconds(cpu / max(len(taken), 1)),
        "postgres_cpu_ms": milliseconds(server / max(len(taken), 1)),
    }
    told = {
        "outcomes": dict(outcomes.most_common()),
        "decisions_paced": len(taken_paced),
        "decisions_unprotected": sum(len(one.taken) for one in unprotected),
        "door": "API over HTTP" if chosen.http else "services",
        "seconds_building": built,
    }
    if chosen.dry:
        print(figures, told)
        return
    # The door of the services is what the goal speaks of; the other is a figure of its own.
    name = "booking_attack_http" if chosen.http else "booking_attack"
    write_result(
        name, figures, {**wanted._asdict(), "clients": CLIENTS, "seconds": seconds, "rate": chosen.rate}, **told
    )


def _without_locks() -> None:
    """The control: nobody waits for anybody."""
    from khaneh.domains.spaces.services import judging
    from khaneh.infrastructure import db

    class Unlocked:
        read = staticmethod(db.read)

        @staticmethod
        def lock(*wanted: tuple[str, int], shared: Collection[tuple[str, int]] = ()) -> None:
            """Nothing is held."""

    setattr(judging, "db", Unlocked)  # noqa: B010  (no name that others import)


def _without_constraints() -> None:
    """The control: PostgreSQL keeps nothing apart."""
    from django.db import connection

    with connection.cursor() as cursor:
        for name in ("spaces_occupancy_one_whole", "spaces_occupancy_one_kind_of_holder"):
            cursor.execute(f"ALTER TABLE spaces_occupancy DROP CONSTRAINT {name}")


def _server_seconds() -> float:
    """Processor time of all of PostgreSQL's processes that this user has: those of clients that went are in their parent's."""
    from pathlib import Path

    ticks = os.sysconf("SC_CLK_TCK")
    spent = 0
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            head, _, rest = status.read_text("utf-8").rpartition(")")
        except OSError:
            continue
        if "(postgres" in head and _serves(status.parent):
            spent += sum(map(int, rest.split()[11:15]))
    return spent / ticks


def _serves(process: Any) -> bool:
    home = os.environ["KHANEH_HOME"]
    try:
        return home in (process / "cwd").resolve().as_posix()
    except OSError:
        return False


if __name__ == "__main__":
    main()
