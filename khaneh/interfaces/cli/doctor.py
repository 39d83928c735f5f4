"""`khaneh doctor`: everything looked at, each fault with what to do about it."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable

import click

from khaneh.infrastructure import health
from khaneh.infrastructure.health import Check, State
from khaneh.interfaces.cli import exits, output, runtime

_MANY_PENDING = 10_000  # some seconds of the writer's work
_MARKS = {State.OK: "ok     ", State.WARNING: "warning", State.BROKEN: "BROKEN "}


@click.command(epilog="Leaves with 1 when something is broken; warnings do not count. Example: khaneh doctor --json")
@output.json_option
def doctor(as_json: bool) -> int:
    """Look whether all is in order: Python, database, tables, index, worker, disk, mail, clocks. Changes nothing."""
    checks = [health.python()]
    try:
        home = runtime.home()
    except exits.Failed as error:
        checks.append(Check("home", State.BROKEN, error.message, "Set KHANEH_HOME to a folder that can be written."))
    else:
        checks += [health.home_folder(home), health.disk(home)]
        checks += _with_database()
    broken = any(check.state is State.BROKEN for check in checks)
    if as_json:
        rows = [dataclasses.asdict(check) for check in checks]
        output.write_json({"ok": not broken, "checks": rows})
    else:
        for check in checks:
            click.echo(f"{_MARKS[check.state]}  {check.name:<12} {check.text}")
            if check.hint:
                click.echo(f"{'':22}{check.hint}")
    return exits.FAILED if broken else exits.DONE


def _with_database() -> list[Check]:
    from django.conf import settings

    checks = [
        _translations(),
        _meaning(),
        health.mail({name: getattr(settings, name, None) for name in dir(settings) if name.startswith("EMAIL_")}),
    ]
    try:
        with runtime.database():
            runtime.django()
            checks.append(_asked("database", lambda: health.database(embedded=runtime.brings_database())))
            if checks[-1].state is State.BROKEN:
                return checks
            checks += [
                _asked("extensions", lambda: health.extensions(_needed_extensions())),
                _asked("migrations", _migrations),
            ]
            if checks[-1].state is State.OK:
                checks += [
                    _asked("worker", health.workers),
                    _asked("jobs", health.failed_jobs),
                    _asked("index", _index),
                ]
            checks.append(_asked("clock", health.clock))
    except exits.Failed as error:
        checks.append(Check("database", State.BROKEN, error.message, _database_hint()))
    return checks


def _asked(name: str, question: Callable[[], Check]) -> Check:
    """A question that the database cannot answer is a broken check, never a crash of the doctor."""
    from django.db import Error

    try:
        return question()
    except (Error, OSError) as error:
        return Check(name, State.BROKEN, str(error).strip().splitlines()[0], _database_hint())


def _database_hint() -> str:
    if os.environ.get("DATABASE_URL"):
        return "Look at DATABASE_URL, and whether that server runs and lets this machine in."
    return "The embedded server's log is KHANEH_HOME/postgres/server.log."


def _needed_extensions() -> frozenset[str]:
    """The extensions that the migrations create."""
    from django.contrib.postgres.operations import CreateExtension
    from django.db.migrations.loader import MigrationLoader

    migrations = MigrationLoader(None).disk_migrations.values()
    return frozenset(step.name for one in migrations for step in one.operations if isinstance(step, CreateExtension))


def _migrations() -> Check:
    pending = runtime.pending_migrations()
    if pending:
        return Check("migrations", State.BROKEN, f"{len(pending)} to apply, first {pending[0]}", "khaneh migrate")
    return Check("migrations", State.OK, "all applied")


def _translations() -> Check:
    from importlib.resources import files
    from pathlib import Path

    sources = list(Path(str(files("khaneh"))).glob("**/locale/*/LC_MESSAGES/*.po"))
    missing = [path for path in sources if not path.with_suffix(".mo").exists()]
    if missing:
        hint = "In a checkout: make setup. An installed package has them: install it again."
        return Check("translations", State.BROKEN, f"{len(missing)} of {len(sources)} are not compiled", hint)
    return Check("translations", State.OK, f"{len(sources)} catalogues")


def _meaning() -> Check:
    from khaneh.infrastructure import meaning

    if reason := meaning.why_not():
        hint = "Needs of the exchange are matched by words alone, and not across languages. The model is for Linux on x86_64 with AVX2."
        return Check("meaning", State.WARNING, reason, hint)
    return Check("meaning", State.OK, meaning.VERSION)


def _index() -> Check:
    from khaneh.domains.discovery import queries, services
    from khaneh.infrastructure.search.port import EngineAway

    pending = services.pending()
    try:
        current = services.is_current()
    except EngineAway as error:
        hint = "Look at SEARCH_URL, and whether that cluster runs. Changes wait in the database until it is back."
        return Check("index", State.BROKEN, str(error), hint)
    if not current:
        return Check(
            "index",
            State.BROKEN,
            "there is none that belongs to this database",
            "khaneh reindex; khaneh serve does it too",
        )
    facts = queries.status()
    text = f"{facts.get('engine', '')}, {output.number(facts.get('documents', 0))} documents, {output.number(pending)} changes pending"
    if pending > _MANY_PENDING:
        hint = "The index writer lags or does not run: khaneh serve, or khaneh worker."
        return Check("index", State.WARNING, text, hint)
    return Check("index", State.OK, text)
