"""Log lines: one event a line, as `time level logger event key=value…`, or as JSON for machines that collect them."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

_OWN = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName", "request", "status_code"}


# Keys of programs and of calendars: an address may hold one, and a trace of an error what was at hand.
_KEYS = re.compile(r"\bk([ch])_[A-Za-z0-9_-]{20,}")


def _without_keys(text: str) -> str:
    return _KEYS.sub(r"k\1_…", text)


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    facts = {name: value for name, value in record.__dict__.items() if name not in _OWN and not name.startswith("_")}
    # Procrastinate hands whole objects over; what cannot be written in a line is left out.
    return {name: value for name, value in facts.items() if isinstance(value, str | int | float | bool | None)}


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


# That a job is put off, begins and ends well, several times a minute. The table of jobs keeps all of it.
_PASSING = frozenset({"jobs_deferred", "start_job", "job_success"})


class JobsThatPass(logging.Filter):
    """Leaves out what is told of jobs that do what they should; failures, attempts and the worker's own life stay."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is written."""
        return not (record.name.startswith("procrastinate.") and getattr(record, "action", None) in _PASSING)


class LineFormatter(logging.Formatter):
    """`2026-03-01T08:00:00.123Z INFO khaneh.infrastructure.processes started program=web pid=7`."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever the message and the exception hold."""
        parts = [_time(record), record.levelname, record.name, record.getMessage()]
        parts += [f"{name}={_word(value)}" for name, value in _facts(record).items()]
        if record.exc_info:
            parts.append(f"exception={_word(self.formatException(record.exc_info))}")
        return _without_keys(" ".join(part.replace("\r", "\\r").replace("\n", "\\n") for part in parts))


class JsonFormatter(logging.Formatter):
    """An object a line: at, level, logger, event, then the event's own facts."""

    def format(self, record: logging.LogRecord) -> str:
        """One line; JSON escapes line breaks by itself."""
        line = {"at": _time(record), "level": record.levelname.lower(), "logger": record.name}
        line |= {"event": record.getMessage(), **_facts(record)}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return _without_keys(json.dumps(line, ensure_ascii=False))


def _word(value: object) -> str:
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if not text or any(c in text for c in ' "=\r\n') else text
