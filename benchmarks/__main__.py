"""`python -m benchmarks [NAME…]`: the named ones, or all, one after the other in processes of their own."""

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
}


def main() -> int:
    """Run them; 1 when one of them failed, 2 for a name that is none."""
    wanted = sys.argv[1:] or list(MODULES)
    if unknown := [name for name in wanted if name not in MODULES]:
        print(f"no benchmark {unknown[0]!r}; there are {', '.join(MODULES)}", file=sys.stderr)
        return 2
    failed = [name for name in wanted if subprocess.run([sys.executable, "-m", MODULES[name]], check=False).returncode]
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
