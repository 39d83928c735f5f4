"""Free time of a kind of space in a region over the next fourteen days: `python -m benchmarks.free_slots [--full]`.

Goal at full size (2,000 spaces, 500,000 bookings): p95 150 ms. Questions are for a kind and one of twenty provinces, an hour or two long; one in
four is for a district, one in four for what lies within so many kilometres of a point.

- p95_ms, p50_ms: of the question, in one process that has answered before, as web servers have
- first_ms: of the first one of a process
- statements: the most that one of them took
- found: spaces with free time, on the mean
- cpu_ms, postgres_cpu_ms: processor time of a question
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from benchmarks.lending.measuring import milliseconds, peak_mb, percentile, processor_seconds
from benchmarks.report import write_result
from benchmarks.spaces.ground import SEED, ground
from benchmarks.spaces.sizes import arguments, sizes

_KINDS = ("laser_cutter", "printer_3d", "meeting_room", "study_room", "desk", "workshop", "hall", "computer")


def questions(count: int) -> list[dict[str, Any]]:
    """So many questions, the same for the same seed."""
    from khaneh.domains.network.models import House, Region

    draw = random.Random(SEED)
    provinces = list(Region.objects.filter(level=1).order_by("pk").values_list("pk", flat=True))
    districts = list(Region.objects.filter(level=2).order_by("pk").values_list("pk", flat=True))
    points = [
        (latitude, longitude)
        for latitude, longitude in House.objects.order_by("pk").values_list("latitude", "longitude")
        if latitude is not None and longitude is not None
    ]
    found = []
    for n in range(count):
        asked: dict[str, Any] = {"kind": draw.choice(_KINDS), "minutes": draw.choice((60, 60, 120)), "days": 14}
        if n % 4 == 3:
            latitude, longitude = draw.choice(points)
            asked |= {"near": (latitude + draw.uniform(-0.1, 0.1), longitude), "within_km": draw.choice((30.0, 100.0))}
        else:
            asked["region_id"] = draw.choice(districts if n % 4 == 2 else provinces)
        found.append(asked)
    return found


def main() -> None:
    """Measure, print and keep the figures."""
    chosen = arguments(__doc__, questions=(0, "how many; 200, at full size 1,000"))
    wanted = sizes(chosen.spaces)
    count = chosen.questions or (1_000 if chosen.full else 200)
    with ground("free_slots", wanted, chosen.folder) as place:
        from django.db import connection

        from khaneh.domains.spaces import queries

        asked = questions(count)
        backend = connection.connection.info.backend_pid
        counted = [0]

        def tally(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
            counted[0] += 1
            return execute(sql, *rest)

        def ask(one: dict[str, Any]) -> tuple[float, int]:
            begun = time.monotonic()
            found = queries.free_spaces(now=datetime.now(UTC), **one)
            return time.monotonic() - begun, len(found)

        first, _ = ask(asked[0])
        most = 0
        for one in asked[:40]:
            counted[0] = 0
            with connection.execute_wrapper(tally):
                ask(one)
            most = max(most, counted[0])
        cpu, server = time.process_time(), processor_seconds([backend])
        answers = [ask(one) for one in asked]
        cpu, server = time.process_time() - cpu, processor_seconds([backend]) - server
        memory = peak_mb()
        built = place.seconds_built
    taken = [seconds for seconds, _ in answers]
    figures = {
        "p95_ms": milliseconds(percentile(taken, 0.95)),
        "p50_ms": milliseconds(percentile(taken, 0.5)),
        "first_ms": milliseconds(first),
        "statements": most,
        "found": round(sum(found for _, found in answers) / count, 1),
        "cpu_ms": milliseconds(cpu / count),
        "postgres_cpu_ms": milliseconds(server / count),
        "process_peak_mb": memory,
    }
    told = {"seconds_building": built}
    if chosen.dry:
        print(figures, told)
        return
    write_result("free_slots", figures, {**wanted._asdict(), "questions": count}, **told)


if __name__ == "__main__":
    main()
