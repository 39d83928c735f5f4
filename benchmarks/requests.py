"""Asking houses for everybody who waits, and one copy that comes back: `python -m benchmarks.requests [--full]`.

Goal at full size: 50,000 requests that wait over 400 houses are targeted, and the pull list of every house is read, in 60 s; taking back a
copy that somebody waits for takes 50 ms. Requests are for records, works and copies, by what is asked for most; they came over sixty days.

- target_all_s: one round of targeting as the worker does it every hour, and the pull lists of all houses after it
- again_s: the next round, when nearly all are asked for: what an hour costs
- on_return_ms: p95 of a return that finds a reader, through the service; on_return_p50_ms its median
- waiting, asked, pull_lines: what was to be done and what was done
- cpu_s, postgres_cpu_s: processor time of the first round with its lists
"""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, datetime

from benchmarks.lending.ground import ground
from benchmarks.lending.measuring import milliseconds, peak_mb, percentile, processor_seconds, server_peaks
from benchmarks.lending.sizes import arguments, sizes
from benchmarks.report import write_result

# Copies of records that readers still wait for, which are at their members' homes now and come back to the houses that lent them.
_COMING_BACK = """
SELECT c.barcode, l.house_id FROM circulation_loan l JOIN catalogue_copy c ON c.id = l.copy_id
WHERE l.state = 'open' AND EXISTS (
    SELECT FROM circulation_request q WHERE q.record_id = c.record_id AND q.level = 'record' AND q.state IN ('placed', 'targeted'))
ORDER BY hashint8extended(l.id, 5) LIMIT %s
"""


def main() -> None:
    """Measure, print and keep the figures."""
    chosen = arguments(__doc__, returns=(0, "how many copies come back; 200, at full size 1,000"))
    wanted = sizes(chosen.copies)
    with ground("requests", wanted, chosen.folder) as place:
        from django.db import connection

        from khaneh.domains.circulation import services
        from khaneh.domains.circulation.queries import lists
        from khaneh.domains.network import queries as network
        from khaneh.kernel.actor import SYSTEM

        backend = connection.connection.info.backend_pid
        for house_id in range(1, wanted.houses + 1):
            network.house_facts(house_id)
        cpu, server, began = time.process_time(), processor_seconds([backend]), time.monotonic()
        first = services.target_waiting(now=datetime.now(UTC))
        targeted = time.monotonic() - began
        lines = sum(
            len(lists.pull_list(SYSTEM, house_id=house_id, limit=10_000)) for house_id in range(1, wanted.houses + 1)
        )
        target_all = time.monotonic() - began
        cpu, server = time.process_time() - cpu, processor_seconds([backend]) - server
        print(f"lending: {first} in {target_all:.1f} s", flush=True)
        began = time.monotonic()
        services.target_waiting(now=datetime.now(UTC))
        again = time.monotonic() - began

        with connection.cursor() as cursor:
            cursor.execute(_COMING_BACK, [chosen.returns or (1_000 if chosen.full else 200)])
            coming = cursor.fetchall()
        taken: list[float] = []
        went: Counter[str] = Counter()
        for barcode, house_id in coming:
            network.house_facts(house_id)
            begun = time.monotonic()
            came = services.check_in(actor=SYSTEM, house_id=house_id, barcode=barcode, now=datetime.now(UTC))
            if came.request_id is not None:
                taken.append(time.monotonic() - begun)
            went[came.goes_to.value] += 1
        figures = {
            "target_all_s": round(target_all, 1),
            "on_return_ms": milliseconds(percentile(taken, 0.95)),
            "on_return_p50_ms": milliseconds(percentile(taken, 0.5)),
            "targeting_s": round(targeted, 1),
            "again_s": round(again, 1),
            "cpu_s": round(cpu, 1),
            "postgres_cpu_s": round(server, 1),
            "asked": first.asked,
            "pull_lines": lines,
            "process_peak_mb": peak_mb(),
            "postgres_peak_mb": max(server_peaks(), default=0.0),
        }
        built = place.seconds_built
    told = {
        "waiting": first.waiting,
        "without_copy": first.without_copy,
        "returns_that_found_a_reader": len(taken),
        "went": dict(went),
        "seconds_building": built,
        "peer": "Koha's holds queue, 20,000 requests over 12 branches: 335 s (quoted, not run here)",
    }
    if chosen.dry:
        print(figures, told)
        return
    write_result("requests", figures, {**wanted._asdict(), "waiting": first.waiting, "returns": len(coming)}, **told)


if __name__ == "__main__":
    main()
