"""The command line `khaneh`: one command a module, imported when it is called, so that help and small commands answer at once."""

from __future__ import annotations

import importlib
import sys

import click

from khaneh.interfaces.cli import exits
from khaneh.kernel.refusal import Refusal

# name: (module, the function in it). The order is the one of the help.
COMMANDS = {
    "serve": ("serving", "serve"),
    "worker": ("working", "worker"),
    "sip2": ("machines", "sip2"),
    "demo": ("demonstration", "demo"),
    "import": ("importing", "import_files"),
    "search": ("searching", "search"),
    "match": ("matching", "match"),
    "exchange": ("exchange", "exchange"),
    "selection": ("selecting", "selection"),
    "reindex": ("searching", "reindex"),
    "network": ("networks", "network"),
    "companies": ("companies", "companies"),
    "account": ("accounts", "account"),
    "backup": ("archives", "backup"),
    "restore": ("archives", "restore"),
    "migrate": ("migrating", "migrate"),
    "doctor": ("doctor", "doctor"),
    "web": ("serving", "web"),
}


class Commands(click.Group):
    """Finds a command by its name and imports its module only then."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every name, in the table's order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, or None for an unknown name."""
        if cmd_name not in COMMANDS:
            return None
        module, function = COMMANDS[cmd_name]
        command = getattr(importlib.import_module(f"khaneh.interfaces.cli.{module}"), function)
        if not isinstance(command, click.Command):
            raise TypeError(f"{module}.{function} is not a command")
        return command


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 done; 1 failed; 2 wrong usage; 3 refused; 4 done in part; 130 interrupted. "
    "KHANEH_HOME names the folder with the database, the index and the files; docs/operations.md tells the rest.",
)
@click.version_option(package_name="khaneh", prog_name="khaneh")
def commands() -> None:
    """Khaneh: one system for a region's network of public libraries and innovation houses."""


def main(arguments: list[str] | None = None) -> None:
    """The entry point of the installed program. Never returns: leaves with one of the codes of `exits`."""
    try:
        code = commands.main(arguments, prog_name="khaneh", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("interrupted", err=True)
        sys.exit(exits.INTERRUPTED)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except Refusal as refusal:
        click.echo(f"refused: {refusal}", err=True)
        sys.exit(exits.REFUSED)
    except KeyboardInterrupt:
        click.echo("interrupted", err=True)
        sys.exit(exits.INTERRUPTED)
    except BrokenPipeError:
        # The reader has had enough (`khaneh search … | head`).
        sys.stderr.close()
        sys.exit(exits.FAILED)
    sys.exit(code if isinstance(code, int) else exits.DONE)


if __name__ == "__main__":
    main()
