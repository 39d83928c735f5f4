"""`python -m benchmarks [NAME…] [--FLAG…]`: the named ones, or all, one after the other in processes of their own.

Flags go to each of them, for instance `python -m benchmarks check_out sip2 requests desk offline --full`.
"""

from __future__ import annotations

import subprocess
import sys

# In the order in which they are best read; each writes benchmarks/results/NAME.json.
MODULES = {
    "import": "benchmarks.import_records",
    "index": "benchmarks.index",
    "search": "benchmarks.search",
    "matching": "benchmarks.matching",
    "known_item": "benchmarks.known_item",
    "relevance": "benchmarks.relevance",
    "policies": "benchmarks.policies",
    "check_out": "benchmarks.check_out",
    "sip2": "benchmarks.sip2",
    "requests": "benchmarks.requests",
    "desk": "benchmarks.desk",
    "offline": "benchmarks.offline",
    "free_slots": "benchmarks.free_slots",
    "booking_attack": "benchmarks.booking_attack",
    "week_page": "benchmarks.week_page",
    "ranking": "benchmarks.ranking",
    "exchange_quality": "benchmarks.exchange_quality",
    "exchange_speed": "benchmarks.exchange_speed",
}


def main() -> int:
    """Run them; 1 when one of them failed, 2 for a name that is none."""
    first = next((place for place, one in enumerate(sys.argv) if one.startswith("-")), len(sys.argv))
    flags = sys.argv[first:]
    wanted = sys.argv[1:first] or list(MODULES)
    if unknown := [name for name in wanted if name not in MODULES]:
        print(f"no benchmark {unknown[0]!r}; there are {', '.join(MODULES)}", file=sys.stderr)
        return 2
    failed = [
        name for name in wanted if subprocess.run([sys.executable, "-m", MODULES[name], *flags], check=False).returncode
    ]
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
