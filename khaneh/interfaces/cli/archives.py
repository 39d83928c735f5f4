"""`khaneh backup` and `khaneh restore`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from khaneh.interfaces.cli import exits, output, runtime
from khaneh.interfaces.cli.exits import Failed


@click.command(
    epilog="""\b
Examples:
  khaneh backup                       to KHANEH_HOME/backups/khaneh-TIME.tar
  khaneh backup /mnt/safe/today.tar   to that file
"""
)
@click.argument("target", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--without-secret-key", is_flag=True, help="Leave out the key that signs sessions and links.")
@output.json_option
def backup(target: Path | None, without_secret_key: bool, as_json: bool) -> None:
    """Write everything to one file, while the site is in use.

    The file holds personal data and, unless left out, the secret key: keep it as you keep passwords.
    """
    home = runtime.home()
    if target is None:
        target = home / "backups" / f"khaneh-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.tar"
    with runtime.ready():
        from khaneh.infrastructure import archive, pg_tools

        try:
            with output.progress("backup", "bytes") as told:
                manifest = archive.write(target, home=home, with_secret_key=not without_secret_key, told=told)
        except (OSError, pg_tools.ToolFailed) as error:
            raise Failed(str(error)) from error
    _report(manifest, as_json, archive=str(target), bytes=target.stat().st_size)


@click.command(
    epilog="""\b
Examples:
  khaneh restore --check today.tar          is it whole?
  KHANEH_HOME=/srv/second khaneh restore today.tar
"""
)
@click.argument("archive_file", metavar="ARCHIVE", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--force", is_flag=True, help="Replace what is there.")
@click.option("--check", is_flag=True, help="Only compare the checksums; change nothing.")
@output.json_option
def restore(archive_file: Path, force: bool, check: bool, as_json: bool) -> int:
    """Put a backup back: database, files, secret key; then build the index from them.

    Refused where there is data already, unless --force; refused while `khaneh serve` runs.
    """
    home = runtime.home()
    runtime.django()
    from khaneh.infrastructure import archive, pg_tools

    try:
        if check:
            with output.progress("check", "bytes") as told:
                manifest = archive.check(archive_file, told=told)
            _report(manifest, as_json, archive=str(archive_file), intact=True)
            return exits.DONE
        with runtime.only_user(home), runtime.database():
            if not force and not archive.is_empty(home):
                output.say(f"refused: {home} or its database holds data already; --force replaces it")
                return exits.REFUSED
            with output.progress("restore", "bytes") as told:
                manifest = archive.restore(archive_file, home=home, told=told)
            runtime.migrate()
            from khaneh.interfaces.cli.searching import rebuild_index

            documents = rebuild_index()
    except (archive.ArchiveWrong, pg_tools.ToolFailed, OSError) as error:
        raise Failed(str(error)) from error
    _report(manifest, as_json, archive=str(archive_file), documents=documents)
    return exits.DONE


def _report(manifest: dict[str, Any], as_json: bool, **facts: Any) -> None:
    rows = sum(manifest["tables"].values())
    if as_json:
        kept = {name: manifest[name] for name in ("format", "made_at", "postgresql", "tables")}
        output.write_json({**facts, **kept, "rows": rows})
        return
    for name, value in facts.items():
        click.echo(
            f"{name}: {output.number(value) if isinstance(value, int) and not isinstance(value, bool) else value}"
        )
    click.echo(f"made at {manifest['made_at']}: {output.number(rows)} rows in {len(manifest['tables'])} tables")
