"""How fast a rebuild indexes: `python -m benchmarks.index [documents]`. Goal: 12,000 documents a second on two cores.

What is timed is `discovery.services.rebuild` itself, from the catalogue's rows in PostgreSQL to a published, merged index; making and
storing the rows is not.
"""

from __future__ import annotations

import argparse
import time

from benchmarks import report
from benchmarks.corpus import records
from benchmarks.installation import installation, store_records


def main() -> None:
    """Make records, store them, rebuild, report."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("documents", type=int, nargs="?", default=200_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--processes", type=int, default=None)
    arguments.add_argument("--keep", default="", help="a folder for the installation that stays")
    options = arguments.parse_args()
    with installation(options.keep):
        from khaneh.domains.catalogue.rules.intake.document import document_json
        from khaneh.domains.discovery import queries, services
        from khaneh.formats.marc.describe import describe

        if not _stored():
            store_records(document_json(describe(r, "marc21")) for r in records(options.documents, options.seed))
        started = time.perf_counter()
        count = services.rebuild(processes=options.processes)
        seconds = time.perf_counter() - started
        assert queries.status()["documents"] == count
        report.write_result(
            "index",
            {"documents_per_second": round(count / seconds), "seconds": round(seconds, 1)},
            {"documents": count, "seed": options.seed},
        )


def _stored() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM catalogue_record")
        return int(cursor.fetchone()[0])


if __name__ == "__main__":
    main()
