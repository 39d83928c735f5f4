"""A log of a day without a line, done when the line is back: `python -m benchmarks.offline [--full]`.

Goal at full size: 2,000 actions in 30 s. A device of one of the large houses lends and takes back for some hours, signed and chained as the
page does it; then the log is received (each signature and link verified) and replayed through the services, entry by entry, each in a
transaction of its own on a durable server. One action in fifty does not agree with the rest and waits for a person.

- replay_s: receiving and replaying all of it, in the pieces that the page sends; cpu_ms and postgres_cpu_ms of an action
- done, superseded, conflict: what became of the actions
"""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, datetime, timedelta

from benchmarks.lending.ground import SEED, ground
from benchmarks.lending.measuring import milliseconds, pairs, peak_mb, processor_seconds, server_peaks
from benchmarks.lending.sizes import arguments, sizes
from benchmarks.report import write_result

HOUSE = 1
_PIECE = 200  # entries that the page sends at a time


def main() -> None:
    """Measure, print and keep the figures."""
    chosen = arguments(__doc__, actions=(0, "in the log; 200, at full size 2,000"))
    wanted = sizes(chosen.copies)
    count = chosen.actions or (2_000 if chosen.full else 200)
    with ground("offline", wanted, chosen.folder) as place:
        from django.db import connection

        from khaneh.domains.circulation import services
        from khaneh.kernel.actor import SYSTEM
        from tests.domains.circulation.offline_device import Device

        # The large houses' members lend at this one.
        found = pairs(4 * count, SEED)[: (count + 1) // 2]
        now = datetime.now(UTC)
        device = Device(HOUSE, now - timedelta(hours=9)).enrol()
        device.hear()
        step = timedelta(seconds=8 * 3600 / count)
        for place_in_log, one in enumerate(found):
            card = "Z0000" if place_in_log % 50 == 49 else one.card  # a card that nobody has
            device.lend(card, one.barcode, after=step)
            device.take_back(one.barcode, after=step)
        entries = device.unsent[:count]
        device.time = now

        backend = connection.connection.info.backend_pid
        outcomes: Counter[str] = Counter()
        cpu, server, began = time.process_time(), processor_seconds([backend]), time.monotonic()
        for first in range(0, len(entries), _PIECE):
            services.receive_entries(
                actor=SYSTEM,
                device_id=device.id,
                entries=entries[first : first + _PIECE],
                clock_now=device.clock(),
                now=now,
            )
            done = services.replay_pending(actor=SYSTEM, device_id=device.id, now=now)
            outcomes.update(one.outcome.value for one in done)
        seconds = time.monotonic() - began
        cpu, server = time.process_time() - cpu, processor_seconds([backend]) - server
        memory = server_peaks()
        built = place.seconds_built
    figures = {
        "replay_s": round(seconds, 2),
        "cpu_ms": milliseconds(cpu / len(entries)),
        "postgres_cpu_ms": milliseconds(server / len(entries)),
        **{name: outcomes[name] for name in ("done", "superseded", "conflict")},
        "process_peak_mb": peak_mb(),
        "postgres_peak_mb": max(memory, default=0.0),
    }
    told = {"seconds_building": built}
    if chosen.dry:
        print(figures, told)
        return
    write_result("offline", figures, {**wanted._asdict(), "actions": len(entries)}, **told)


if __name__ == "__main__":
    main()
