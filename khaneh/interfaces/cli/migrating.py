"""`khaneh migrate`: the tables brought up to the program, for those who want it apart from `serve`."""

from __future__ import annotations

import click

from khaneh.interfaces.cli import output, runtime


@click.command(epilog="Example: khaneh migrate --check || khaneh backup before.tar && khaneh migrate")
@click.option("--check", is_flag=True, help="Change nothing; leave with 1 if there is something to do.")
@output.json_option
def migrate(check: bool, as_json: bool) -> int:
    """Bring the database's tables up to this version. `khaneh serve` does the same at its start."""
    with runtime.database():
        runtime.django()
        pending = runtime.pending_migrations()
        if pending and not check:
            runtime.migrate()
    if as_json:
        output.write_json({"pending": pending, "applied": [] if check else pending})
    else:
        for name in pending:
            click.echo(f"{'to apply' if check else 'applied'}: {name}")
        if not pending:
            click.echo("nothing to do")
    return 1 if pending and check else 0
