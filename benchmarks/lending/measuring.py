"""What the measurements of lending share: percentiles, memory of processes, and the things that desks lend to whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple


class Pair(NamedTuple):
    """A copy that stands on a shelf and a member who may have it, with the houses where it is lent and where it comes back."""

    barcode: str
    card: str
    house_id: int
    back_at: int


# Members with room for another loan, each with a copy of their own house; one in ten brings it back at another.
_PAIRS = """
SELECT c.barcode, m.barcode, c.house_id, CASE WHEN mod(m.id, 10) = 0 THEN 1 + mod(m.id, (SELECT count(*) FROM network_house)) ELSE c.house_id END
FROM (SELECT p.id, k.barcode, p.home_house_id AS house_id, row_number() OVER (PARTITION BY p.home_house_id ORDER BY hashint8extended(p.id, %(seed)s)) AS n
      FROM people_member p JOIN people_card k ON k.member_id = p.id AND k.state = 'active'
      JOIN people_membercategory g ON g.id = p.category_id AND g.code <> 'class'
      WHERE p.expires_on > current_date + 1 AND p.id NOT IN (SELECT member_id FROM people_memberblock)
        AND NOT EXISTS (SELECT FROM circulation_loan l WHERE l.member_id = p.id AND l.state IN ('open', 'lost') AND l.due_at < now())
        AND (SELECT count(*) FROM circulation_loan l WHERE l.member_id = p.id AND l.state IN ('open', 'lost')) < 3) AS m
JOIN (SELECT barcode, house_id, row_number() OVER (PARTITION BY house_id ORDER BY hashint8extended(id, %(seed)s)) AS n
      FROM catalogue_copy WHERE state = 'available' AND item_type IN ('book', 'children')) AS c ON c.house_id = m.house_id AND c.n = m.n
ORDER BY hashint8extended(m.id, %(seed)s + 1), m.id LIMIT %(most)s
"""


def pairs(count: int, seed: int) -> list[Pair]:
    """So many pairs, as long as there are members; the same for the same seed. Each member and each copy is in one of them."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_PAIRS, {"most": count, "seed": seed})
        return [Pair(*row) for row in cursor.fetchall()]


def percentile(values: Sequence[float], share: float) -> float:
    """The value that so large a share lies below, in the unit of the values; 0 of none."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


def milliseconds(seconds: float) -> float:
    """For a report."""
    return round(seconds * 1000, 1)


def peak_mb(pid: int | str = "self") -> float:
    """The most memory that a process has had resident, in MB; what it shares with others is counted. 0 for one that is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text("utf-8")
    except OSError:
        return 0.0
    line = next((line for line in status.splitlines() if line.startswith("VmHWM")), "VmHWM: 0 kB")
    return round(int(line.split()[1]) / 1024, 1)


def server_peaks() -> list[float]:
    """The same of PostgreSQL's processes that serve this database's clients; the buffers that all of them share are in each."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database() ORDER BY pid")
        return [peak_mb(pid) for (pid,) in cursor.fetchall()]


def processor_seconds(pids: Iterable[int]) -> float:
    """Processor time that processes have used so far, in seconds."""
    import os

    ticks = os.sysconf("SC_CLK_TCK")
    spent = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        spent += int(fields[11]) + int(fields[12])
    return spent / ticks
