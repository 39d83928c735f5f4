"""An installation to measure: its own folder, its own database server, migrated, gone afterwards. Import nothing of Django before."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path


@contextlib.contextmanager
def installation(keep: str = "") -> Iterator[Path]:
    """Its KHANEH_HOME, with Django set up. `keep` names a folder that is used again and stays."""
    from khaneh.infrastructure.embedded import EmbeddedServer, destroy

    home = Path(keep).resolve() if keep else Path(tempfile.mkdtemp(prefix="khaneh-bench-"))
    home.mkdir(parents=True, exist_ok=True)
    os.environ.update(KHANEH_HOME=str(home), DJANGO_SETTINGS_MODULE="khaneh.config.settings", SECRET_KEY="benchmark")
    os.environ.pop("DATABASE_URL", None)
    server = EmbeddedServer(home).open()
    try:
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        yield home
    finally:
        server.close()
        if not keep:
            destroy(home)
            shutil.rmtree(home, ignore_errors=True)


def store_records(documents: Iterable[str]) -> int:
    """Rows of the catalogue with these stored documents (see `catalogue.rules.intake.document`), as an import leaves them."""
    from django.db import connection

    from khaneh.infrastructure.db import copy_rows

    count = copy_rows(
        "catalogue_record", ("document", "is_stale", "work_is_manual"), ((d, False, False) for d in documents)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE catalogue_record")
    return count
