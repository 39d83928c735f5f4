"""`khaneh account`: the first administrator, and help for somebody who is locked out."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

import click

from khaneh.interfaces.cli import output, runtime
from khaneh.kernel.refusal import NotFound


@click.group()
def account() -> None:
    """Make accounts and give roles. On a running site, administrators do this in the browser."""


@account.command(epilog='Example: khaneh account create director@example.org --name "Director" --language vi')
@click.argument("email")
@click.option("--name", default="", help="As others see it.")
@click.option(
    "--language", default="en", show_default=True, type=click.Choice(["en", "fa", "vi"]), help="Of pages and mail."
)
@click.option("--password", envvar="KHANEH_PASSWORD", help="Without it, one is made and printed once.")
@output.json_option
def create(email: str, name: str, language: str, password: str | None, as_json: bool) -> None:
    """Make an account. One that is there already is left as it is."""
    made = None if password else secrets.token_urlsafe(12)
    with runtime.ready():
        is_new = open_account(email=email, password=password or made or "", name=name, language=language)
    shown = made if is_new else None
    if as_json:
        output.write_json({"email": email, "created": is_new, "password": shown})
    elif is_new:
        click.echo(f"{email} can sign in" + (f" with the password {shown}" if shown else ""))
    else:
        click.echo(f"{email} has an account; nothing was changed")


@account.command(
    epilog="""\b
Examples:
  khaneh account grant director@example.org administrator --organisation NA-AUTH
  khaneh account grant lan@example.org librarian --house NA-LIB
"""
)
@click.argument("email")
@click.argument("role")
@click.option("--house", metavar="CODE", help="Where: this house and those below it.")
@click.option("--organisation", metavar="CODE", help="Where: this organisation and what it runs.")
def grant(email: str, role: str, house: str | None, organisation: str | None) -> None:
    """Give a role from now on, at one house or organisation. Roles are those of docs: administrator, librarian, cataloguer …"""
    if (house is None) == (organisation is None):
        raise click.UsageError("say where: either --house or --organisation")
    with runtime.ready():
        is_new = give_role(email, role, house=house or "", organisation=organisation or "")
    click.echo(f"{email} {'is' if is_new else 'was already'} {role} at {house or organisation}")


def open_account(*, email: str, password: str | None, name: str, language: str) -> bool:
    """An account by the operator; False when the address has one. Raises Invalid."""
    from khaneh.domains.people import services
    from khaneh.kernel.actor import SYSTEM

    return services.open_account(actor=SYSTEM, email=email, password=password, name=name, language=language)


def give_role(email: str, role: str, *, house: str = "", organisation: str = "", since: datetime | None = None) -> bool:
    """A role by the operator, at the house or organisation of this code, from now on or `since`; False when it is held already.

    Raises NotFound, Invalid.
    """
    from khaneh.domains.network import queries as network
    from khaneh.domains.network.types import Role
    from khaneh.domains.people import queries, services
    from khaneh.domains.people.errors import RoleHeldAlready
    from khaneh.kernel.actor import SYSTEM

    if role not in {known.value for known in Role}:
        raise click.BadParameter(f"{role!r} is none of {', '.join(Role)}", param_hint="ROLE")
    found = queries.account_by_email(email)
    if found is None:
        raise NotFound(what="account")
    now = since or datetime.now(UTC)
    try:
        services.grant_role(
            actor=SYSTEM,
            account_id=found.id,
            role=Role(role),
            now=now,
            house_id=network.house(house, actor=SYSTEM, now=now).row.id if house else None,
            organisation_id=network.organisation(organisation).row.id if organisation else None,
            reason="given on the command line",
        )
    except RoleHeldAlready:
        return False
    return True
