"""One event a line, whatever it holds."""

from __future__ import annotations

import json
import logging
import sys

from khaneh.infrastructure.logs import JobsThatPass, JsonFormatter, LineFormatter


def _record(message: str, **facts: object) -> logging.LogRecord:
    return logging.getLogger("khaneh.test").makeRecord(
        "khaneh.test", logging.INFO, __file__, 1, message, (), None, extra=facts
    )


def test_facts_follow_the_event_in_one_line() -> None:
    line = LineFormatter().format(_record("started", program="web", pid=7, note="two words\nand a line"))
    assert line.endswith(
        'Z INFO khaneh.test started program=web pid=7 note="two words\\nand a line"'.removeprefix("Z ")
    )
    assert "\n" not in line


def test_a_message_cannot_make_a_second_line() -> None:
    line = LineFormatter().format(_record("title: a\n2026-01-01T00:00:00Z ERROR forged"))
    assert "\n" not in line


def test_json_lines_are_json_with_the_exception_inside() -> None:
    try:
        raise ValueError("no\nway")
    except ValueError:
        record = _record("failed", file="a.mrc", thing=object())
        record.exc_info = sys.exc_info()
    text = JsonFormatter().format(record)
    assert "\n" not in text
    line = json.loads(text)
    assert (line["event"], line["file"], line["level"]) == ("failed", "a.mrc", "info")
    assert "thing" not in line
    assert "ValueError: no\nway" in line["exception"]


def test_no_line_holds_a_key() -> None:
    for form in (LineFormatter(), JsonFormatter()):
        for key in ("kc_" + "a-B_9" * 8, "kh_" + "zZ-_0" * 8):
            line = form.format(_record(f"Not Found: /calendars/person/{key}.ics", address=f"/x/{key}"))
            assert key not in line
            assert f"{key[:3]}…" in line


def test_jobs_that_do_what_they_should_leave_no_line() -> None:
    def written(logger: str, action: str) -> bool:
        record = logging.makeLogRecord({"name": logger, "levelno": logging.INFO, "action": action})
        return bool(JobsThatPass().filter(record))

    assert not written("procrastinate.worker.one", "start_job")
    assert not written("procrastinate.worker", "job_success")
    assert written("procrastinate.worker", "job_error_retry")
    assert written("procrastinate.worker", "stop_worker")
    assert written("khaneh.domains.spaces", "start_job"), "only what the library of jobs says"
