"""What every benchmark does at its end: say on which machine it ran and keep its figures. Nothing about any one benchmark."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parent / "results"
_CHECKOUT = Path(__file__).resolve().parents[1]


def data_folder() -> Path:
    """The folder of real records (KHANEH_DATA, else `../shared/data` beside the checkout); exits with a clear line if absent."""
    named = os.environ.get("KHANEH_DATA")
    folder = Path(named) if named else _CHECKOUT.parent / "shared" / "data"
    if not folder.is_dir():
        sys.exit("no folder of real records: set KHANEH_DATA to it")
    return folder


def machine() -> dict[str, Any]:
    """Processor, cores, memory in GB, system and Python."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def write_result(name: str, figures: Mapping[str, float], sizes: Mapping[str, Any], **more: Any) -> Path:
    """Print the figures and write `results/NAME.json`: {"figures", "sizes", "machine", "at"} and whatever `more` explains."""
    result = {
        "figures": dict(figures),
        "sizes": dict(sizes),
        "machine": machine(),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        **more,
    }
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps(result, ensure_ascii=False, indent=2) + "\n", "utf-8")
    width = max((len(key) for key in figures), default=0)
    print(
        f"{name}: {result['machine']['processor']}, {result['machine']['cores']} cores; sizes {json.dumps(result['sizes'])}"
    )
    for key, value in figures.items():
        print(f"  {key:<{width}}  {value}")
    return path
