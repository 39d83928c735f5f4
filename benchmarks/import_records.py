"""From an ISO 2709 file to committed, matched union records: records a second, peak memory, and the share that reading takes.

    python -m benchmarks.import_records [--records 200000] [--seed 7]

The file is made from a seed: brief and full records in Persian, Vietnamese, Arabic and English with copies, two thirds with an ISBN,
one in eight a further contribution to a book that came before, spelt as another library would. The database is an embedded server of
the benchmark's own with the settings that `khaneh serve` uses (durable: fsync on). Memory is the sum of the resident memory of this
process and its readers, PostgreSQL not counted, sampled every 200 ms; pages that they share are counted in each.

The figures are those of the import's own report: the clock runs from the first byte read to the last commit, union documents derived.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.report import write_result
from khaneh.formats.marc.types import Field, Record
from khaneh.formats.marc.write import to_iso2709

_KOHA = (
    "Koha on the same kind of machine imports about 40 records/s (bulkmarcimport with matching; quoted, not run here)"
)

_WORDS = {
    "per": "تاریخ زبان ادبیات شعر باغ آسمان شهر کویر خاک آب دریا کوه سفر خانه مادر کودک راه نور شب روز داستان نامه گنجینه آیین هنر معماری "
    "فرش موسیقی فلسفه دانش پزشکی گیاه ستاره آینه پنجره درخت رود برگ باران خورشید ماه بهار پاییز زمستان تابستان کتاب خوشنویسی نگارگری "
    "قنات بادگیر کاروان بازار مسجد مدرسه استاد شاگرد پهلوان افسانه ترانه سرود گل سنگ آتش باد نان نمک زعفران ابریشم سفال کاشی".split(),
    "vie": "lịch sử ngôn ngữ văn học thơ vườn trời thành phố sông núi biển đất nước quê hương mẹ con đường ánh sáng đêm ngày truyện thư kho "
    "tàng nghệ thuật kiến trúc âm nhạc triết học khoa học y học cây sao gương cửa lá mưa mặt trăng mùa xuân thu đông hạ sách làng chùa chợ "
    "trường thầy trò anh hùng cổ tích dân ca hoa đá lửa gió gạo muối lụa gốm tre cau trầu đồng lúa kinh tế phát triển".split(),
    "ara": "تاريخ اللغة الأدب الشعر الحديقة السماء المدينة الصحراء الأرض الماء البحر الجبل السفر البيت الأم الطفل الطريق النور الليل "
    "النهار القصة الرسالة الكنز الفن العمارة الموسيقى الفلسفة العلم الطب النبات النجم المرآة النافذة الشجرة النهر الورقة المطر الشمس "
    "القمر الربيع الكتاب الخط السوق المسجد المدرسة الأستاذ البطل الأسطورة النشيد الوردة الحجر النار الريح الخبز الملح الحرير".split(),
    "eng": "history language literature poetry garden sky city desert earth water sea mountain journey house mother child road light night "
    "day story letter treasure art architecture music philosophy science medicine plant star mirror window tree river leaf rain sun moon "
    "spring autumn winter summer book calligraphy market school master hero legend song flower stone fire wind bread salt silk pottery "
    "economy region library society craft energy learning memory border village".split(),
}
_FAMILIES = {
    "per": "احمدی رضایی کریمی حسینی موسوی جعفری صادقی رحیمی محمدی نجفی یزدی قمی خراسانی شیرازی تهرانی اصفهانی کرمانی بهرامی".split(),
    "vie": "Nguyễn Trần Lê Phạm Hoàng Phan Vũ Đặng Bùi Đỗ Hồ Ngô Dương Lý".split(),
    "ara": "الحسن العلي المصري الشامي البغدادي الخطيب النجار الحداد العمري الهاشمي القاسمي السعيد المالكي".split(),
    "eng": "Smith Jones Brown Taylor Wilson Evans Thomas Roberts Walker Wright Hughes Green Hall Wood Harris".split(),
}
_GIVEN = {
    "per": "علی محمد حسن حسین زهرا فاطمه مریم سارا امیر رضا مهدی نرگس پروین سیمین فروغ هوشنگ نادر".split(),
    "vie": "Văn An|Thị Bình|Minh Châu|Đức Dũng|Thu Hà|Quốc Khánh|Ngọc Lan|Hải Nam|Thanh Phong|Xuân Quỳnh|Anh Tuấn|Bảo Yến".split(
        "|"
    ),
    "ara": "أحمد محمود يوسف إبراهيم خالد سعيد عمر نور ليلى هدى سلمى طه جمال".split(),
    "eng": "John Mary Robert Anna William Jane Henry Clara George Edith Samuel Ruth".split(),
}
_PUBLISHERS = {
    "per": ["تهران|نشر نی", "تهران|امیرکبیر", "تهران|نشر مرکز", "مشهد|آستان قدس رضوی", "قم|دارالحدیث", "یزد|نیکوروش"],
    "vie": [
        "Hà Nội|Văn học",
        "Hà Nội|Giáo dục",
        "TP. Hồ Chí Minh|Trẻ",
        "Vinh|Nghệ An",
        "Hà Nội|Kim Đồng",
        "Hà Nội|Khoa học xã hội",
    ],
    "ara": [
        "بيروت|دار العلم للملايين",
        "القاهرة|دار المعارف",
        "بغداد|المكتبة الوطنية",
        "دمشق|دار الفكر",
        "بيروت|دار الآداب",
    ],
    "eng": [
        "London|Faber",
        "New York|Knopf",
        "Oxford|Clarendon Press",
        "Cambridge|University Press",
        "Chicago|University of Chicago Press",
    ],
}
_LANGUAGES = ("per", "vie", "ara", "eng")
_ARABIC_LETTERS = str.maketrans("یک", "يك")


class _Book:
    """A book as its makers made it; libraries describe it differently."""

    __slots__ = (
        "family",
        "given",
        "isbn",
        "language",
        "pages",
        "place",
        "publisher",
        "subjects",
        "subtitle",
        "title",
        "year",
    )

    def __init__(self, draw: random.Random) -> None:
        self.language = draw.choices(_LANGUAGES, (40, 30, 12, 18))[0]
        words = _WORDS[self.language]
        self.title = " ".join(draw.choices(words, k=draw.randint(2, 5)))
        self.subtitle = " ".join(draw.choices(words, k=draw.randint(2, 6))) if draw.random() < 0.45 else ""
        self.family = draw.choice(_FAMILIES[self.language])
        self.given = draw.choice(_GIVEN[self.language])
        self.place, self.publisher = draw.choice(_PUBLISHERS[self.language]).split("|")
        self.year = draw.randint(1965, 2024)
        self.pages = draw.randint(48, 720)
        self.subjects = [" ".join(draw.choices(words, k=draw.randint(1, 2))) for _ in range(draw.randint(1, 3))]
        self.isbn = _isbn(draw) if draw.random() < 0.66 else ""


def _isbn(draw: random.Random) -> str:
    digits = "978" + "".join(draw.choices("0123456789", k=9))
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return digits + str(-total % 10)


def records(count: int, seed: int) -> Iterator[Record]:
    """`count` records; one in eight describes a book among the last 20,000 once more."""
    draw = random.Random(seed)
    shelf: list[_Book] = []
    for number in range(1, count + 1):
        again = len(shelf) > 50 and draw.random() < 0.125
        book = draw.choice(shelf[-20_000:]) if again else _Book(draw)
        if not again:
            shelf.append(book)
            if len(shelf) > 40_000:
                del shelf[:20_000]
        yield _record(book, number, draw, again=again)


def _record(book: _Book, number: int, draw: random.Random, *, again: bool) -> Record:
    title, subtitle = book.title, book.subtitle
    if again and book.language in ("per", "ara") and draw.random() < 0.5:
        title, subtitle = title.translate(_ARABIC_LETTERS), subtitle.translate(_ARABIC_LETTERS)
    direct = f"{book.family} {book.given}" if book.language == "vie" else f"{book.given} {book.family}"
    entry = direct if book.language == "vie" else f"{book.family}, {book.given}"
    full = draw.random() < 0.6
    fields = [
        Field("001", value=f"{number:08d}"),
        Field("003", value="BENCH"),
        Field(
            "008",
            value=f"200101s{book.year}    {'vm ' if book.language == 'vie' else 'ir '}           000 0 {book.language} d",
        ),
    ]
    if book.isbn and not (again and draw.random() < 0.2):
        fields.append(Field("020", subfields=(("a", book.isbn),)))
    fields += [
        Field("041", "0", " ", (("a", book.language),)),
        Field("082", "0", "4", (("a", f"{draw.randint(0, 999):03d}"),)),
        Field("100", "1", " ", (("a", entry),)),
        Field(
            "245",
            "1",
            "0",
            (
                ("a", f"{title} :" if subtitle else f"{title} /"),
                *((("b", f"{subtitle} /"),) if subtitle else ()),
                ("c", direct),
            ),
        ),
        Field("260", " ", " ", (("a", f"{book.place} :"), ("b", f"{book.publisher},"), ("c", str(book.year)))),
        Field("300", " ", " ", (("a", f"{book.pages + (draw.randint(0, 2) if again else 0)} p. ;"), ("c", "21 cm"))),
    ]
    if full:
        fields.append(
            Field("520", " ", " ", (("a", " ".join(draw.choices(_WORDS[book.language], k=draw.randint(12, 40)))),))
        )
    fields += [Field("650", " ", "0", (("a", subject),)) for subject in book.subjects]
    fields += [
        Field(
            "952",
            " ",
            " ",
            (
                ("b", "MAIN"),
                ("c", "GEN"),
                ("o", f"{number % 1000:03d} B{number}"),
                ("p", f"B{number:09d}{copy}"),
                ("g", "45000"),
            ),
        )
        for copy in range(1 if draw.random() < 0.8 else 2)
    ]
    return Record("00000nam a2200000 a 4500", tuple(fields))


def write_file(path: Path, count: int, seed: int) -> int:
    """Write the records and return the file's size in bytes."""
    with path.open("wb") as out:
        for record in records(count, seed):
            out.write(to_iso2709(record))
    return path.stat().st_size


class Memory(threading.Thread):
    """The peak of the resident memory of this process and its children, in MB; PostgreSQL runs as nobody's child here."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak = 0.0
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(0.2):  # a look takes a millisecond of a core that the import wants
            self.peak = max(self.peak, sum(map(_resident, _family(os.getpid()))))

    def stop(self) -> float:
        """End sampling and give the peak."""
        self._over.set()
        self.join()
        return self.peak


def _family(root: int) -> list[int]:
    found = [root]
    for process in found:
        for task in Path(f"/proc/{process}/task").glob("*/children"):
            try:
                found += map(int, task.read_text().split())
            except OSError:  # it ended while we looked
                continue
    return found


def _resident(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0.0
    named = dict(line.split(":", 1) for line in lines if ":" in line)
    return 0.0 if named.get("Name", "").strip() == "postgres" else int(named.get("VmRSS", "0 kB").split()[0]) / 1024


def measure(count: int, seed: int, home: Path) -> dict[str, Any]:
    """Import a file of `count` records into an empty database and say what it took."""
    os.environ.update(KHANEH_HOME=str(home), DJANGO_SETTINGS_MODULE="khaneh.config.settings")
    path = home / "records.mrc"
    began = time.perf_counter()
    size = write_file(path, count, seed)
    print(f"{count} records, {size / 1e6:.1f} MB, made in {time.perf_counter() - began:.1f} s", flush=True)

    from khaneh.infrastructure.embedded import EmbeddedServer

    with EmbeddedServer(home):
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        from khaneh.domains.catalogue import services
        from khaneh.domains.catalogue.types import Measured
        from khaneh.kernel.actor import SYSTEM

        where = Measured()
        memory = Memory()
        memory.start()
        processor = time.process_time()
        report = services.import_file(actor=SYSTEM, path=path, measured=where)
        processor = time.process_time() - processor
        return {
            "report": report.to_dict(),
            "peak_mb": memory.stop(),
            "bytes": size,
            "reading_seconds": where.reading,
            "writing_seconds": where.writing,
            "waiting_seconds": where.waiting,
            "refreshing_seconds": where.refreshing,
            "own_processor_seconds": processor,
        }


def main() -> None:
    """Measure, print and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--dry", action="store_true", help="do not keep the result")
    chosen = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="khaneh-bench-"))
    try:
        found = measure(chosen.records, chosen.seed, home)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    report = found["report"]
    figures = {
        "records_per_second": report["records_per_second"],
        "peak_mb": round(found["peak_mb"], 1),
        "parse_share": round(found["reading_seconds"] / (found["reading_seconds"] + found["writing_seconds"]), 3),
    }
    details = {name: round(value, 2) for name, value in found.items() if name.endswith("_seconds")}
    if chosen.dry:
        print(figures, details, report, file=sys.stderr)
        return
    write_result(
        "import",
        figures,
        {"records": chosen.records, "bytes": found["bytes"], "seed": chosen.seed},
        report=report,
        seconds=details,
        peer=_KOHA,
        memory="resident, this process and its readers, without PostgreSQL",
        parse_share="processor time of reading and describing, over that and the time of matching and writing",
    )


if __name__ == "__main__":
    main()
