"""How fast proposals for a need come: `python -m benchmarks.exchange_speed [--full] [--keep FOLDER]`. Goal at full size: p95 300 ms on 2 cores.

Full: 50,000 companies, 20,000 offers, 1,000,000 records; else a twentieth. Companies and offers are put together from sentences of the
demonstration in three languages; their vectors are those of these sentences with noise, since a model would read seventy thousand texts for two
hours and the time to answer does not depend on what they mean. Everything else is the program's own: rows, the index, the names looked up.

- p95_ms, p50_ms: `exchange.queries.proposals_for` in a process that has answered before, as web servers have
- first_ms: the first question of a process, which reads everything into memory
- cpu_ms: processor time of a question, without PostgreSQL's; statements: the most that one took; proposed: on the mean
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import search
from benchmarks.installation import installation
from benchmarks.lending.measuring import percentile
from benchmarks.report import write_result

SEED = 8
_DEMO = Path(__file__).resolve().parents[1] / "demo"
_PARTS = ("title", "problem", "context", "limits", "technology")


def sentences() -> dict[str, list[str]]:
    """What the demonstration's needs and offers say, by language."""
    found: dict[str, list[str]] = {"fa": [], "vi": [], "en": []}
    for name in ("needs", "offers"):
        with (_DEMO / f"exchange/{name}.csv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                found[row["language"]] += [row[part] for part in _PARTS if row[part]]
    return found


def fill(companies: int, offers: int, needs: int, now: datetime) -> list[int]:
    """Organisations with published profiles, offers, needs and all of their texts; gives the needs' numbers."""
    from django.db import connection

    from khaneh.domains.exchange.models import MatchText, Posting
    from khaneh.domains.exchange.rules.shelf import TERMS_VERSION, terms_of
    from khaneh.domains.network.models import House, Organisation, Region
    from khaneh.domains.profiles.models import Profile

    draw, said = random.Random(SEED), sentences()
    shape = np.random.default_rng(SEED)
    kinds = shape.standard_normal((400, 384)).astype(np.float32)
    province = Region.objects.create(code="SPEED", level=1, country="IR", names=_names("Province"))
    authority = Organisation.objects.create(
        code="AUTHORITY", kind="library_authority", country="IR", region=province, names=_names("Libraries")
    )
    house = House.objects.create(
        code="BROKER", kind="innovation_centre", state="open", region=province, operator=authority, names=_names("Centre"),
        time_zone="Asia/Tehran", calendar="jalali", latitude=34.0, longitude=50.0,
    )  # fmt: skip

    def vector(theme: int) -> bytes:
        made = kinds[theme] + 0.8 * shape.standard_normal(384).astype(np.float32) + 3
        return bytes((made / np.linalg.norm(made)).astype(np.float16).tobytes())

    def written(language: str) -> dict[str, str]:
        return {"title": draw.choice(said[language])[:80], "problem": " ".join(draw.sample(said[language], 3))}

    def text(kind: str, key: int, organisation: int, language: str, words: str, sector: str) -> MatchText:
        return MatchText(
            kind=kind, key=key, organisation_id=organisation, language=language, text=words, sectors=[sector],
            region_path=[province.pk], readiness=draw.randint(3, 9), digest=hashlib.sha256(words.encode()).hexdigest(),
            vector=vector(draw.randrange(400)), version=_version(), terms=terms_of(words), terms_version=TERMS_VERSION,
            revision=1,
        )  # fmt: skip

    sectors = ["01", "10", "13", "23", "26", "27", "31", "58", "62", "91"]
    for numbers in _batches(companies):
        made = Organisation.objects.bulk_create(
            Organisation(
                code=f"SPEED{n}", kind="company_startup", country="IR", region=province, names=_names(f"Company {n}"),
                sectors=[draw.choice(sectors)], capabilities=["software"],
            )
            for n in numbers
        )  # fmt: skip
        words = {one.pk: {name: " ".join(draw.sample(said[name], 2)) for name in said} for one in made}
        Profile.objects.bulk_create(
            Profile(
                organisation=one, state="published", makes=words[one.pk], trl=7, published_at=now, changed_at=now,
                kind=one.kind, region_path=[province.pk], sector_path=one.sectors,
            )
            for one in made
        )  # fmt: skip
        MatchText.objects.bulk_create(
            text("organisation", one.pk, one.pk, "", "\n".join(words[one.pk].values()), one.sectors[0]) for one in made
        )
    firsts = list(Organisation.objects.filter(code__startswith="SPEED").values_list("pk", flat=True))
    asked: list[int] = []
    for kind, count in (("offer", offers), ("need", needs)):
        for numbers in _batches(count):
            rows = []
            for n in numbers:
                language = draw.choice(("fa", "vi", "en"))
                rows.append(
                    Posting(
                        kind=kind, organisation_id=draw.choice(firsts) if kind == "offer" else authority.pk,
                        broker_house=house, language=language, **written(language), readiness=6,
                        sector=draw.choice(sectors), region=province, state="published", text_hash=f"{kind}{n}",
                        made_key=f"{kind}{n}", made_at=now, changed_at=now, published_at=now,
                        closes_on=now.date() + timedelta(days=90),
                    )
                )  # fmt: skip
            made_now = Posting.objects.bulk_create(rows)
            MatchText.objects.bulk_create(
                text(kind, one.pk, one.organisation_id, one.language, f"{one.title}\n{one.problem}", one.sector)
                for one in made_now
            )
            asked += [one.pk for one in made_now] if kind == "need" else []
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return asked


def main() -> None:
    """Build, measure, write the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true", help="50,000 companies, 20,000 offers, 1,000,000 records")
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--records", type=int, default=0, help="another number of records")
    parser.add_argument("--keep", default="", help="a folder that is built once and asked again")
    chosen = parser.parse_args()
    share = 1 if chosen.full else 20
    sizes = {"companies": 50_000 // share, "offers": 20_000 // share, "records": chosen.records or 1_000_000 // share}
    now = datetime.now(UTC)
    with installation(chosen.keep) as home:
        from django.db import connection

        from khaneh.domains.exchange import queries
        from khaneh.domains.exchange.models import Posting
        from khaneh.kernel.actor import SYSTEM

        if not (home / "index").exists():
            search.build(home, sizes["records"], SEED, 0)
        needs = list(Posting.objects.filter(kind="need").values_list("pk", flat=True))
        needs = needs or fill(sizes["companies"], sizes["offers"], chosen.questions, now)
        counted = [0]

        def tally(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
            counted[0] += 1
            return execute(sql, *rest)

        began = time.perf_counter()
        queries.proposals_for(needs[0], SYSTEM, now)
        first = time.perf_counter() - began
        for number in needs[:10]:
            queries.proposals_for(number, SYSTEM, now)
        taken, statements, proposed = [], 0, 0
        cpu = time.process_time()
        with connection.execute_wrapper(tally):
            for number in needs[: chosen.questions]:
                counted[0], began = 0, time.perf_counter()
                proposed += len(queries.proposals_for(number, SYSTEM, now))
                taken.append(time.perf_counter() - began)
                statements = max(statements, counted[0])
        cpu = time.process_time() - cpu
    figures = {
        "p95_ms": round(percentile(taken, 0.95) * 1000, 1),
        "p50_ms": round(percentile(taken, 0.5) * 1000, 1),
        "first_ms": round(first * 1000),
        "cpu_ms": round(cpu / len(taken) * 1000, 1),
        "statements": statements,
        "proposed": round(proposed / len(taken), 1),
    }
    write_result("exchange_speed", figures, {**sizes, "questions": len(taken)})


def _batches(count: int) -> Iterator[list[int]]:
    numbers = iter(range(count))
    while batch := list(islice(numbers, 1_000)):
        yield batch


def _names(text: str) -> dict[str, str]:
    return {"en": text, "fa": text, "vi": text}


def _version() -> str:
    from khaneh.infrastructure import meaning

    return meaning.VERSION


if __name__ == "__main__":
    main()
