"""Whether what the program stands on is in order: one question a function, each answered with a Check. Changes nothing.

What the domains know about themselves (the index, say) is asked of them by the caller.
"""

from __future__ import annotations

import os
import shutil
import smtplib
import stat
import sys
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.db import connection

_GIB = 1024**3
_OLDEST_POSTGRESQL = 15
_HEARTBEAT_SECONDS = 60  # workers write one every few seconds
_CLOCK_SECONDS = 5
_MAIL_SECONDS = 5
_ZONES = ("Asia/Tehran", "Asia/Ho_Chi_Minh")


class State(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARNING = "warning"  # it works; somebody should look
    BROKEN = "broken"  # something people need does not work


@dataclass(frozen=True)
class Check:
    """One answer: what was looked at, how it is, and where it is not ok what to do."""

    name: str
    state: State
    text: str
    hint: str = ""


def python() -> Check:
    """The interpreter, for the record: an older one than the program needs does not come so far."""
    return Check("python", State.OK, f"{sys.implementation.name} {'.'.join(map(str, sys.version_info[:3]))}")


def home_folder(home: Path) -> Check:
    """That the home folder can be written and its secret read by its owner only."""
    if not os.access(home, os.W_OK | os.X_OK):
        return Check("home", State.BROKEN, f"{home} cannot be written", f"chown it to the user who runs khaneh: {home}")
    secret = home / "secret-key"
    if secret.exists() and stat.S_IMODE(secret.stat().st_mode) & 0o077:
        return Check("home", State.WARNING, f"{secret} can be read by others", f"chmod 600 {secret}")
    return Check("home", State.OK, str(home))


def disk(home: Path) -> Check:
    """Room on the home folder's disk: PostgreSQL stops hard where there is none."""
    usage = shutil.disk_usage(home)
    text = f"{usage.free / _GIB:.1f} GiB free of {usage.total / _GIB:.1f}"
    hint = "Make room, or move KHANEH_HOME to a larger disk."
    if usage.free < _GIB:
        return Check("disk", State.BROKEN, text, hint)
    if usage.free < 5 * _GIB:
        return Check("disk", State.WARNING, text, hint)
    return Check("disk", State.OK, text)


def database(*, embedded: bool) -> Check:
    """The server's version. Raises django.db.Error where it does not answer."""
    connection.ensure_connection()
    number = connection.connection.info.server_version
    text = f"PostgreSQL {number // 10000}.{number % 10000}, {'embedded' if embedded else 'by DATABASE_URL'}"
    if number // 10000 < _OLDEST_POSTGRESQL:
        return Check("database", State.BROKEN, text, f"Khaneh needs PostgreSQL {_OLDEST_POSTGRESQL} or later.")
    return Check("database", State.OK, text)


def extensions(needed: frozenset[str]) -> Check:
    """That the server offers the extensions that the tables use."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_available_extensions WHERE name = ANY(%s)", [sorted(needed)])
        missing = sorted(needed - {name for (name,) in cursor.fetchall()})
    if missing:
        hint = "Install the server's contrib package (postgresql-contrib), or have its administrator allow them."
        return Check("extensions", State.BROKEN, f"not offered: {', '.join(missing)}", hint)
    return Check("extensions", State.OK, ", ".join(sorted(needed)) or "none needed")


def workers() -> Check:
    """That somebody does background work. A worker writes a heartbeat every few seconds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers")
        count, age = cursor.fetchone()
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at < now())"
        )
        (waiting,) = cursor.fetchone()
    text = f"{waiting} jobs waiting"
    if not count or age is None or age > _HEARTBEAT_SECONDS:
        seen = "none was ever seen" if age is None else f"the last heartbeat is {age:.0f} s old"
        return Check(
            "worker",
            State.WARNING,
            f"no worker runs ({seen}); {text}",
            "khaneh serve starts one; so does khaneh worker.",
        )
    return Check("worker", State.OK, f"heartbeat {max(age, 0):.0f} s ago; {text}")


def failed_jobs() -> Check:
    """Background jobs that gave up."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_name, count(*) FROM procrastinate_jobs WHERE status = 'failed' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 5"
        )
        failed = cursor.fetchall()
    if failed:
        text = ", ".join(f"{count} × {task}" for task, count in failed)
        return Check("jobs", State.WARNING, f"failed: {text}", "The worker's log says why, at level ERROR.")
    return Check("jobs", State.OK, "none failed")


def clock() -> Check:
    """That this machine's clock and the database's agree, and that the time zones of the houses are known."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (theirs,) = cursor.fetchone()
    skew = abs((datetime.now(UTC) - theirs).total_seconds())
    missing = [zone for zone in _ZONES if zone not in zoneinfo.available_timezones()]
    if missing:
        return Check("clock", State.BROKEN, f"unknown time zones: {', '.join(missing)}", "apt-get install tzdata")
    if skew > _CLOCK_SECONDS:
        hint = "Synchronise both machines' clocks (systemd-timesyncd, chrony)."
        return Check("clock", State.WARNING, f"{skew:.1f} s apart from the database's", hint)
    return Check(
        "clock", State.OK, f"{datetime.now(UTC).isoformat(timespec='seconds')}, {skew:.1f} s from the database's"
    )


def mail(settings: Mapping[str, Any]) -> Check:
    """That the mail server takes a connection. Sends nothing."""
    host = settings.get("EMAIL_HOST")
    if "smtp" not in str(settings.get("EMAIL_BACKEND")):
        where = settings.get("EMAIL_FILE_PATH")
        return Check(
            "mail",
            State.WARNING,
            f"mail is kept in {where}, not sent",
            "Set EMAIL_URL, e.g. smtp+tls://user:password@host:587",
        )
    kind = smtplib.SMTP_SSL if settings.get("EMAIL_USE_SSL") else smtplib.SMTP
    try:
        with kind(str(host), int(settings["EMAIL_PORT"]), timeout=_MAIL_SECONDS) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        return Check(
            "mail", State.BROKEN, f"{host}:{settings['EMAIL_PORT']} does not answer: {error}", "Look at EMAIL_URL."
        )
    return Check("mail", State.OK, f"{host}:{settings['EMAIL_PORT']} answers")
