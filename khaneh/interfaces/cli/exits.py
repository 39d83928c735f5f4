"""What a command leaves with. The same numbers for every command; docs/operations.md lists them."""

import click

DONE = 0
FAILED = 1
USAGE = 2  # click's own code for a wrong argument
REFUSED = 3  # a service said no: a Refusal
PARTLY = 4  # the work is done, except for inputs that are named in the report
INTERRUPTED = 130  # 128 + SIGINT, as shells count


class Failed(click.ClickException):
    """The command could not do its work; the message says why and what would help."""

    exit_code = FAILED
