"""Zebra over the same records, as the peer: Debian's idzebra-2.0, with ICU words and eight fields that can be counted."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sysconfig
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.zoom import Connection, ZoomError

FACETS = (
    "author:0:12,subject-heading:0:12,Code-language:0:12,Date-of-publication:0:40,"
    "Local-number:0:40,Publisher:0:12,Place-publication:0:12,Content-type:0:12"
)

_FIELDS = """name khaneh
encoding utf-8
attset bib1.att
esetname F @
marc usmarc.mar
xpath disable
all any
melm 008 Code-language:0:range(data,35,3),Date-of-publication:0:range(data,7,4)
melm 245$a title:w,title:p
melm 100$a author:w,author:p,author:0
melm 700$a author:w,author:p,author:0
melm 650$a subject-heading:w,subject-heading:p,subject-heading:0
melm 260$a Place-publication:0
melm 260$b Publisher:w,Publisher:0
melm 300$c Content-type:0
melm 852$b Local-number:0
"""

_INDEXES = """index w
completeness 0
position 1
alwaysmatches 1
firstinfield 1
icuchain words-icu.xml
index p
completeness 1
icuchain phrases-icu.xml
index 0
completeness 0
position 1
charmap @
sort s
completeness 1
charmap string.chr
"""

_SETTINGS = """profilePath: {folder}:/usr/share/idzebra-2.0/tab
modulePath: {modules}
attset: bib1.att
register: {folder}/register:200G
lockDir: {folder}/lock
setTmpDir: {folder}/sets
keyTmpDir: {folder}/keys
recordType: grs.marcxml.khaneh
storeData: 1
storeKeys: 1
encoding: utf-8
memmax: 512
"""


def available() -> str:
    """What is missing, or '' where Zebra can be run."""
    missing = [program for program in ("zebraidx", "zebrasrv") if shutil.which(program) is None]
    return f"{' and '.join(missing)} missing: install idzebra-2.0" if missing else ""


def build(folder: Path, records: Path) -> float:
    """Index a file of ISO 2709 records in `folder`; the seconds it took."""
    for name in ("register", "lock", "sets", "keys"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    modules = Path("/usr/lib") / str(sysconfig.get_config_var("MULTIARCH")) / "idzebra-2.0/modules"
    (folder / "khaneh.abs").write_text(_FIELDS)
    (folder / "default.idx").write_text(_INDEXES)
    (folder / "zebra.cfg").write_text(_SETTINGS.format(folder=folder, modules=modules))
    started = time.perf_counter()
    for act in (("init",), ("update", str(records))):
        command = ["zebraidx", "-c", str(folder / "zebra.cfg"), *act]
        subprocess.run(command, check=True, capture_output=True, cwd=folder)
    return time.perf_counter() - started


@contextlib.contextmanager
def server(folder: Path) -> Iterator[Connection]:
    """A connection to a Zebra server over the index in `folder`."""
    address = f"unix:{folder}/socket"
    command = ["zebrasrv", "-v", "none", "-c", str(folder / "zebra.cfg"), address]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                connection = Connection(address)
                break
            except ZoomError:
                time.sleep(0.1)
        else:
            raise ZoomError("zebrasrv did not start")
        with connection:
            yield connection
    finally:
        process.terminate()
        process.wait()


def query(words: list[str], phrase: bool = False) -> str:
    """Words that a record must all have, or have side by side, in prefix notation; best matches first."""
    quoted = [word.replace("\\", " ").replace('"', " ") for word in words]
    if phrase:
        return f'@attr 1=any @attr 4=1 @attr 2=102 "{" ".join(quoted)}"'
    terms = [f'@attr 1=any @attr 2=102 "{word}"' for word in quoted]
    return " ".join(["@and"] * (len(terms) - 1) + terms)
