"""What takes long to make and many tests begin with: made once in a run, kept as rows and files, and put back in a moment.

The first test of a run that asks makes it through the program's own services; whoever asks later, in whatever process, gets the same rows
and the same files.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from django.db import connection, transaction

# The folder of the whole run (tests/server.py), which goes away with it. Beside the run's home: what is searched there for traces of
# somebody is what the program wrote.
_FOLDER = Path(os.environ["KHANEH_HOME"] + "-kept")
# What Django writes for itself into every database that it makes, with numbers of that database's own.
OF_DJANGO = ("django_migrations", "django_content_type", "auth_permission")
_TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname"
_SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
# A number that was given before is never given again, in either database.
_AFTER = """
SELECT setval(seqrelid::regclass, greatest(value::bigint, coalesce(pg_sequence_last_value(seqrelid), 1)))
FROM jsonb_each_text(%s::jsonb) AS kept (name, value) JOIN pg_sequence ON seqrelid = name::regclass
"""
# What a process keeps of a generation of rules it keeps by its number: here it may have been another one's.
_RENUMBERED = "UPDATE policies_generation SET number = nextval('policies_generation_number')"


def kept(name: str, home: Path, make: Callable[[], object]) -> None:
    """Have in an empty database and in the folder `home` what `make` puts there."""
    _FOLDER.mkdir(exist_ok=True)
    folder = _FOLDER / name
    with (_FOLDER / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            make()
            if _may_skip_triggers():
                _keep(folder, home)
            return
    _put_back(folder, home)


def _may_skip_triggers() -> bool:
    """Rows are put back in any order, without the triggers that would write their own beside them: that takes a superuser."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone() == (True,))


def _keep(folder: Path, home: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(home, folder / "home")
    (folder / "rows").mkdir()
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        for (table,) in cursor.fetchall():
            if table in OF_DJANGO:
                continue
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}")')
            if cursor.fetchone() == (True,):
                with (folder / "rows" / table).open("wb") as out, cursor.copy(f'COPY "{table}" TO STDOUT') as rows:
                    out.writelines(rows)
        cursor.execute(_SEQUENCES)
        (folder / "complete").write_text(json.dumps(dict(cursor.fetchall())))


def _put_back(folder: Path, home: Path) -> None:
    shutil.copytree(folder / "home", home, dirs_exist_ok=True)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for path in sorted((folder / "rows").iterdir()):
            cursor.execute(f'DELETE FROM "{path.name}"')
            with cursor.copy(f'COPY "{path.name}" FROM STDIN') as rows:
                rows.write(path.read_bytes())
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute(_AFTER, [(folder / "complete").read_text()])
        cursor.execute(_RENUMBERED)
    forget()


def forget() -> None:
    """What a process keeps for some seconds of a database that is another one's by now."""
    from khaneh.domains.network.queries import facts, keeping
    from khaneh.domains.people.queries import members_finding
    from khaneh.domains.policies.queries import current

    keeping.forget()
    current.forget()
    facts._kept.clear()
    members_finding.forget_places()
