"""Build the package and try it as a stranger would: `python tools/try_package.py [PYTHON…]` (`make test-package`).

Builds the wheel and the source distribution, and a wheel from the source distribution, which must hold the same files. Then, for every
Python named (else the ones found from 3.11 on): an empty environment, what `requirements.lock` names with its hashes, the wheel, and from
an empty folder with an empty home every command that a first day needs, the site in three languages with its static files, the worker,
Ctrl-C, and a backup that comes back in another home.
Leaves with 1 and what went wrong. Standard library only.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

ROOT = Path(__file__).resolve().parent.parent
CANDIDATES = ("python3.11", "python3.12", "python3.13", "python3.14")
PATIENCE = 300  # seconds for anything that starts
# Field ends, record ends and subfields of ISO 2709.
_FIELD, _RECORD, _SUBFIELD = b"\x1e", b"\x1d", b"\x1f"
_BUILD = (
    "import sys; from setuptools import build_meta as made; print(made.build_sdist(sys.argv[1]))",
    "import sys; from setuptools import build_meta as made; print(made.build_wheel(sys.argv[1]))",
)


class Wrong(Exception):
    """Something is not as it should be; the message says what."""


def expect(true: object, what: str) -> None:
    """Raises Wrong unless it is so."""
    if not true:
        raise Wrong(what)


def run(*command: str | Path, code: int = 0, **options: Any) -> str:
    """The program's standard output; Wrong with what it said if it leaves with another code."""
    done = subprocess.run(
        [str(part) for part in command], check=False, capture_output=True, text=True, timeout=1800, **options
    )
    said = f"{' '.join(map(str, command))}: left with {done.returncode}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
    expect(done.returncode == code, said)
    return done.stdout


def build(folder: Path) -> Path:
    """The wheel, after a look at both distributions."""
    # What an earlier build left would go into the wheel with what has been removed since.
    shutil.rmtree(ROOT / "build", ignore_errors=True)
    sdist = folder / run(sys.executable, "-c", _BUILD[0], folder, cwd=ROOT).split()[-1]
    wheel = folder / run(sys.executable, "-c", _BUILD[1], folder, cwd=ROOT).split()[-1]
    shutil.unpack_archive(sdist, folder / "unpacked", filter="data")
    (source,) = (folder / "unpacked").iterdir()
    (folder / "again").mkdir()
    again = folder / "again" / run(sys.executable, "-c", _BUILD[1], folder / "again", cwd=source).split()[-1]
    differing = files_of(wheel) ^ files_of(again)
    expect(not differing, f"the wheel of the source distribution differs: {sorted(differing)[:10]}")
    missing = tracked() - files_of(wheel)
    expect(not missing, f"not in the wheel: {sorted(missing)[:10]}")
    print(f"{wheel.name}: {wheel.stat().st_size:,} bytes; {sdist.name}: {sdist.stat().st_size:,} bytes, the same files")
    return wheel


def files_of(wheel: Path) -> set[str]:
    """The names of the package's files in a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if name.startswith("khaneh/")}


def tracked() -> set[str]:
    """The package's files in the repository that a running program may want: all but pages for people."""
    names = run("git", "ls-files", "-z", "khaneh", cwd=ROOT).split("\0")
    return {name for name in names if name and not name.endswith(".md") and (ROOT / name).exists()}


def record() -> bytes:
    """A MARC21 record with a title that no demonstration has."""
    fields = [(b"001", b"trial-1"), (b"008", b"010101s2001    xx            000 0 eng d")]
    fields += [(b"100", b"1 " + _SUBFIELD + b"aLightkeeper, Ada"), (b"245", b"10" + _SUBFIELD + b"aZephyrine lanterns")]
    directory, body = b"", b""
    for tag, value in fields:
        directory += tag + b"%04d%05d" % (len(value) + 1, len(body))
        body += value + _FIELD
    base = 24 + len(directory) + 1
    head = b"%05dnam a22%05d i 4500" % (base + len(body) + 1, base)
    return head + directory + _FIELD + body + _RECORD


class Stranger:
    """The installed program, in an empty folder, with an empty home."""

    def __init__(self, folder: Path, python: str) -> None:
        self.folder = folder
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("KHANEH", "PYTHON", "DJANGO", "VIRTUAL_ENV"))
            and name not in ("DATABASE_URL", "SEARCH_URL", "SECRET_KEY")
        }
        self.environment["KHANEH_HOME"] = str(folder / "home")
        self.program = folder / "venv/bin/khaneh"
        self.empty = folder / "empty"
        self.empty.mkdir()
        run(python, "-m", "venv", folder / "venv")

    def install(self, wheel: Path) -> None:
        """What the lock file names, then the wheel alone."""
        pip = [
            self.folder / "venv/bin/python",
            "-m",
            "pip",
            "-q",
            "--disable-pip-version-check",
            "--no-input",
            "install",
        ]
        run(*pip, "--require-hashes", "-r", ROOT / "requirements.lock", cwd=self.empty)
        run(*pip, "--no-deps", wheel, cwd=self.empty)
        run(self.folder / "venv/bin/python", "-m", "pip", "check", cwd=self.empty)

    def khaneh(self, *arguments: str | Path, home: str = "home") -> str:
        environment = {**self.environment, "KHANEH_HOME": str(self.folder / home)}
        return run(self.program, *arguments, cwd=self.empty, env=environment)

    def commands(self) -> None:
        """Every command that a first day needs."""
        expect("serve" in self.khaneh("--help"), "--help names no serve")
        expect(json.loads(self.khaneh("migrate", "--json"))["applied"], "migrate applied nothing")
        expect(json.loads(self.khaneh("demo", "--json"))["loaded"], "demo loaded nothing")
        (self.empty / "one.mrc").write_bytes(record())
        report = json.loads(self.khaneh("import", "one.mrc", "--json"))
        expect("'read': 1" in str(report), f"import read other than one record: {report}")
        for query in ("شاهنامه", "truyện kiều", "history", "zephyrine lanterns"):
            answer = json.loads(self.khaneh("search", query, "--json"))
            expect(answer["total"], f"search found nothing for {query}")
        report = json.loads(self.khaneh("doctor", "--json"))
        expect(report["ok"], f"doctor: {report}")

    def backup(self) -> None:
        """What is written to one file comes back elsewhere, and is found there."""
        self.khaneh("backup", "all.tar")
        expect(json.loads(self.khaneh("restore", "all.tar", "--json", home="second"))["rows"], "restore: no rows")
        for query in ("شاهنامه", "zephyrine lanterns"):
            there, here = (json.loads(self.khaneh("search", query, "--json", home=home)) for home in ("second", "home"))
            expect(here["total"] == there["total"] > 0, f"restored, {query} is found {there['total']} times")

    def site(self) -> None:
        """The pages in three languages and whatever they load, and the worker; Ctrl-C ends it cleanly."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = int(free.getsockname()[1])
        log = self.folder / "serve.log"
        with log.open("wb") as out:
            server = subprocess.Popen(
                [self.program, "serve", "--port", str(port)],
                cwd=self.empty,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        try:
            address = f"http://127.0.0.1:{port}"
            until = time.monotonic() + PATIENCE
            while not _answers(address):
                said = log.read_text(errors="replace")[-3000:]
                expect(server.poll() is None and time.monotonic() < until, f"serve does not answer:\n{said}")
                time.sleep(0.5)
            for language, sign in (("fa", 'dir="rtl"'), ("vi", 'lang="vi"'), ("en", 'lang="en"')):
                page = _get(address + "/", language)
                expect(sign in page, f"the first page is not in {language}")
                _see_what_it_loads(address, page)
            expect(
                "شاهنامه" in _get(f"{address}/search?q=%D8%B4%D8%A7%D9%87%D9%86%D8%A7%D9%85%D9%87", "fa"), "no results"
            )
            for program in ("worker takes jobs", "index writer runs"):
                while program not in log.read_text(errors="replace"):
                    expect(server.poll() is None and time.monotonic() < until, f"serve's log never says: {program}")
                    time.sleep(0.5)
        finally:
            server.send_signal(signal.SIGINT)
            code = server.wait(120)
        expect(code == 0, f"serve left with {code} at Ctrl-C:\n{log.read_text(errors='replace')[-2000:]}")


def _answers(address: str) -> bool:
    try:
        _get(address + "/", "en")
    except OSError:
        return False
    return True


def _get(address: str, language: str = "en") -> str:
    # Only ever the address of the server just started.
    asked = urllib.request.Request(address, headers={"Accept-Language": language})  # noqa: S310
    with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310
        return str(answer.read().decode("utf-8", "replace"))


def _see_what_it_loads(address: str, page: str) -> None:
    """Every stylesheet, script, icon and manifest of a page, and every font of its stylesheets, is there."""
    loaded = set(re.findall(r'(?:href|src)="(/[^"#?]+\.(?:css|js|svg|png|webmanifest|woff2))', page))
    expect(any(name.endswith(".css") for name in loaded), "a page without a stylesheet")
    fonts: set[str] = set()
    for name in sorted(loaded):
        text = _get(address + name)
        if name.endswith(".css"):
            fonts |= {urljoin(address + name, font) for font in re.findall(r"url\(['\"]?([^'\")]+\.woff2)", text)}
    expect(fonts, "no stylesheet names a font")
    for font in fonts:
        _get(font)


def _starts(python: str) -> bool:
    """Whether there is such a program, and not only a stand-in that names one."""
    if shutil.which(python) is None:
        return False
    return subprocess.run([python, "-c", ""], check=False, capture_output=True).returncode == 0


def main(arguments: list[str]) -> int:
    """1 where anything was wrong with any Python."""
    pythons = arguments or [name for name in CANDIDATES if _starts(name)]
    failed = 0
    with tempfile.TemporaryDirectory(prefix="khaneh-package-") as scratch:
        folder = Path(scratch)
        # The embedded database's own user has to get through to its files.
        folder.chmod(0o755)
        wheel = build(folder)
        for number, python in enumerate(pythons):
            version = run(python, "-c", "import platform; print(platform.python_version())").strip()
            own = folder / str(number)
            own.mkdir()
            try:
                stranger = Stranger(own, python)
                stranger.install(wheel)
                stranger.commands()
                stranger.site()
                stranger.backup()
                print(f"Python {version}: installs, runs, serves, comes back from a backup", flush=True)
            except Wrong as wrong:
                failed += 1
                print(f"Python {version}: {wrong}", file=sys.stderr)
    return 1 if failed or not pythons else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
