"""A throw-away cluster of the PostgreSQL that the system brings, to see that ours is not the only one that will do."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

_OLDEST = 15


def binaries() -> Path | None:
    """The folder of initdb of the oldest version from 15 on that is installed, or None."""
    found = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()]
    fit = sorted((int(path.parent.name), path) for path in found if int(path.parent.name) >= _OLDEST)
    return fit[0][1] if fit else None


@contextlib.contextmanager
def cluster(binary: Path) -> Iterator[str]:
    """The address (a DATABASE_URL) of the database `khaneh` of a new cluster; its owner `librarian` is no superuser."""
    # Not below a test's own folder, which only its owner may enter: root runs the server as somebody else.
    folder = Path(tempfile.mkdtemp(prefix="khaneh-system-pg-"))
    user = "postgres" if os.geteuid() == 0 else None
    if user is not None:
        owner = pwd.getpwnam(user)
        os.chown(folder, owner.pw_uid, owner.pw_gid)

    def run(program: str, *arguments: str) -> None:
        with tempfile.TemporaryFile("w+") as out:
            done = subprocess.run(
                [str(binary / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                user=user,
                group=user,
                extra_groups=None if user is None else [],
                cwd="/",
                check=False,
            )
            out.seek(0)
            assert done.returncode == 0, f"{program}: {out.read()}"

    data = str(folder / "data")
    settings = f"-c listen_addresses='' -c unix_socket_directories={folder} -c port=5432 -c fsync=off"
    run("initdb", "-D", data, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--username=postgres")
    run("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", settings, "start")
    try:
        where = ("-h", str(folder), "-p", "5432", "-U", "postgres")
        # It makes test databases and the extensions in them, and owns nothing else.
        run("psql", *where, "-qc", "CREATE ROLE librarian LOGIN CREATEDB PASSWORD 'for-tests-only'", "postgres")
        run("createdb", *where, "--owner=librarian", "khaneh")
        yield f"postgresql://librarian:for-tests-only@/khaneh?host={folder}&port=5432"
    finally:
        run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder)
