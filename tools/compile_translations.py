"""Compile every `django.po` of the package to the `.mo` that Django reads, without GNU gettext: `python tools/compile_translations.py`.

A file is compiled again only when it is newer than what was made of it. Also used by the package's build (setup.py).
"""

from __future__ import annotations

import sys
from pathlib import Path

import polib


def compile_translations(package: Path) -> list[Path]:
    """The `.mo` files that were written."""
    written = []
    for source in sorted(package.glob("**/locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        polib.pofile(str(source)).save_as_mofile(str(target))
        written.append(target)
    return written


if __name__ == "__main__":
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent / "khaneh"
    for path in compile_translations(root):
        print(f"compiled {path}")
