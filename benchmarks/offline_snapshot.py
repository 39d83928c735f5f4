"""What a district library's snapshot asks of a cheap telephone: `python -m benchmarks.offline_snapshot`.

The page's own modules (vault, store, snapshot) in Debian's Chromium, whose processor is throttled to a quarter and whose line to 1.6 Mbit/s
with 150 ms; 40,000 copies and 8,000 members with made-up Persian and Vietnamese names and titles, in the 512 parts that the server sends.

- json_mb, packed_mb: all parts as JSON, and as they travel (gzip)
- fetch_s: from asking to everything sealed on the disk and opened; again_s: when ten of a hundred parts differ
- unlock_s: the passphrase (PBKDF2); open_s: unsealing all parts into memory, as after unlocking
- heap_mb: what the page's scripts hold afterwards; disk_mb: what stands on the disk
- scan_ms: a card, a copy and a name looked up in it
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import shutil
import sys
import threading
from collections import defaultdict
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks.report import write_result

SEED, PARTS, LONGEST_TITLE = 20261122, 256, 90
THROTTLE = 4
_LINE = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
_STATIC = Path(__file__).resolve().parents[1] / "khaneh/interfaces/web/static/khaneh"
_WORDS = (
    "تاریخ ایران و جهان در سده‌های میانه دیوان حافظ شیرازی گزیدهٔ اشعار شاهنامه فردوسی آموزش ریاضی پایه داستان‌های کوتاه برای کودکان "
    "Truyện Kiều lịch sử Việt Nam qua các thời kỳ văn học dân gian xứ Nghệ giáo trình toán cao cấp cơ sở dữ liệu nâng cao"
).split()
_GIVEN = ("مریم", "زهرا", "محمدرضا", "سیمین‌دخت", "Nguyễn Thị Lan", "Quỳnh Anh", "Hùng", "Minh Châu")
_FAMILY = ("رضایی", "کریمی", "رحیمی‌نژاد", "حسینی", "Trần", "Trương", "Lê", "Phạm")
_PAGE = """<!doctype html><title>measured</title><script type="module">
import * as snapshot from "/js/offline/snapshot.js"; import * as vault from "/js/offline/vault.js"; import * as store from "/js/offline/store.js";
const timed = async (act) => { const began = performance.now(); const value = await act(); return [(performance.now() - began) / 1000, value]; };
const post = async (_, asked) => (await fetch(Object.keys(asked.have).length ? "/again.json" : "/snapshot.json")).json();
window.measure = async () => {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  const { kept } = await vault.close("four quiet herons stand");
  const device = { id: 1, privateKey: pair.privateKey };
  const [fetch_s] = await timed(() => snapshot.refresh(post, device));
  const [again_s] = await timed(() => snapshot.refresh(post, device));
  vault.lock(); snapshot.forget();
  const [unlock_s] = await timed(() => vault.open("four quiet herons stand", kept));
  const [open_s] = await timed(() => snapshot.load());
  const [scans] = await timed(async () => { for (let n = 0; n < 20; n += 1) { snapshot.memberBy(snapshot.cardOf(`M${n}`)); snapshot.copyBy(`C${n}`); snapshot.namesLike("رضا مر"); } });
  const about = snapshot.about();
  return { fetch_s, again_s, unlock_s, open_s, scan_ms: scans * 50, members: about.members, copies: about.copies, parts: (await store.keys("parts")).length };
};
window.ready = true;
</script>"""


def drawn(members: int, copies: int) -> dict[str, bytes]:
    """The parts of a made-up snapshot as the server writes them: name to JSON."""
    draw = random.Random(SEED)
    parts: dict[str, list[list[Any]]] = defaultdict(list)
    for n in range(members):
        name = f"{draw.choice(_GIVEN)} {draw.choice(_FAMILY)}"
        row = [n, f"M{n}", name, "adult", "2027-11-22", [], draw.randrange(4), 0, 0, draw.randrange(2)]
        parts[f"m{n % PARTS}"].append(row)
    for n in range(copies):
        title = " ".join(draw.choice(_WORDS) for _ in range(draw.randint(2, 12)))[:LONGEST_TITLE]
        state = draw.choice(("available", "available", "available", "on_loan"))
        parts[f"c{n % PARTS}"].append([n, f"C{n}", title, "book", state, "stacks", 0])
    return {
        name: json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()
        for name, rows in sorted(parts.items())
    }


def answered(parts: dict[str, bytes], sent: list[str], members: int, copies: int) -> bytes:
    """What the server answers when these parts are to be sent."""
    head = {
        "as_of": 0, "expires_at": 9e15, "members": members, "copies": copies, "terms": {}, "dues": {}, "first_day": "2026-11-22",
        "names": {name: hashlib.sha256(rows).hexdigest()[:16] for name, rows in parts.items()},
    }  # fmt: skip
    body = b",".join(json.dumps(name).encode() + b":" + parts[name] for name in sent)
    return json.dumps(head).encode()[:-1] + b',"parts":{' + body + b"}}"


class _Server(SimpleHTTPRequestHandler):
    made: dict[str, bytes] = {}

    def do_GET(self) -> None:
        content = self.made.get(self.path)
        if content is None:
            super().do_GET()
            return
        packed = gzip.compress(content, 6)
        self.send_response(200)
        kind = "text/html; charset=utf-8" if self.path == "/" else "application/json"
        for name, value in {
            "Content-Type": kind,
            "Content-Encoding": "gzip",
            "Content-Length": str(len(packed)),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(packed)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as the standard library calls it
        """Nothing is told of each request."""


def main() -> None:
    """Measure, print and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--copies", type=int, default=40_000)
    parser.add_argument("--members", type=int, default=8_000)
    parser.add_argument("--dry", action="store_true", help="print the figures and keep nothing of them")
    chosen = parser.parse_args()
    chromium = shutil.which("chromium") or sys.exit("no Chromium: apt-get install chromium")
    parts = drawn(chosen.members, chosen.copies)
    counts = chosen.members, chosen.copies
    _Server.made = {
        "/": _PAGE.encode(),
        "/snapshot.json": answered(parts, list(parts), *counts),
        "/again.json": answered(parts, list(parts)[::10], *counts),
    }
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Server, directory=str(_STATIC)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        figures = _measured(chromium, f"http://localhost:{server.server_port}/")
    finally:
        server.shutdown()
    content = _Server.made["/snapshot.json"]
    figures |= {"json_mb": len(content) / 1e6, "packed_mb": len(gzip.compress(content, 6)) / 1e6}
    sizes = {name: int(figures.pop(name)) for name in ("members", "copies", "parts")}
    rounded = {name: round(value, 2) for name, value in figures.items()}
    print(json.dumps({"figures": rounded, "sizes": sizes}, indent=1))
    if not chosen.dry:
        write_result("offline_snapshot", figures=rounded, sizes={**sizes, "processor_throttle": THROTTLE})


def _measured(chromium: str, address: str) -> dict[str, float]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.set_default_timeout(900_000)
        page.goto(address)
        page.wait_for_function("window.ready")
        told = page.context.new_cdp_session(page)
        told.send("Network.enable")
        told.send("Network.emulateNetworkConditions", _LINE)
        told.send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})
        found: dict[str, float] = page.evaluate("window.measure()")
        told.send("HeapProfiler.collectGarbage")
        found["heap_mb"] = told.send("Runtime.getHeapUsage")["usedSize"] / 1e6
        found["disk_mb"] = page.evaluate("navigator.storage.estimate().then((found) => found.usage)") / 1e6
        browser.close()
    return found


if __name__ == "__main__":
    main()
