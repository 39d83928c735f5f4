"""What the environment says, read in one place. Names and defaults are documented in docs/operations.md."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from psycopg.conninfo import conninfo_to_dict

from khaneh.infrastructure import embedded


def home() -> Path:
    """The folder with the database, the index and the files: KHANEH_HOME, else ~/.local/share/khaneh."""
    named = os.environ.get("KHANEH_HOME")
    return Path(named).expanduser().resolve() if named else Path.home() / ".local/share/khaneh"


def uses_embedded_server() -> bool:
    """Whether the program brings its own PostgreSQL: no DATABASE_URL is set."""
    return not os.environ.get("DATABASE_URL")


def database() -> dict[str, Any]:
    """Django's settings of the database, from DATABASE_URL or the embedded server's address."""
    url = os.environ.get("DATABASE_URL") or embedded.database_url(home())
    parts = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
    known = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    settings: dict[str, Any] = {django: parts.pop(name) for name, django in known.items() if name in parts}
    settings |= {"ENGINE": "django.db.backends.postgresql", "OPTIONS": parts, "CONN_MAX_AGE": 600}
    settings["CONN_HEALTH_CHECKS"] = True
    return settings


def secret_key() -> str:
    """SECRET_KEY, else one made at the first start and kept in the home folder, readable to its owner only."""
    if given := os.environ.get("SECRET_KEY"):
        return given
    path = home() / "secret-key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64))
        with contextlib.suppress(FileExistsError):  # the first of two processes wins
            os.link(draft, path)
        draft.unlink()
    return path.read_text()


def flag(name: str, *, default: bool = False) -> bool:
    """A yes or no: 1, true, yes, on, or anything else for no."""
    value = os.environ.get(name)
    return default if value is None else value.strip().lower() in {"1", "true", "yes", "on"}


def origin(address: str) -> list[str]:
    """The origin of a web address (`https://host:port`) for a content security policy, in a list that is empty for no address."""
    parts = urlsplit(address)
    return [f"{parts.scheme}://{parts.netloc}"] if parts.scheme and parts.netloc else []


def words(name: str, default: str = "") -> list[str]:
    """A list separated by commas."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]
