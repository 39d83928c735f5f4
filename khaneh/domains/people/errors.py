"""The people domain's refusals. Codes are stable; pages translate them."""

from __future__ import annotations

from khaneh.kernel.refusal import Refusal, RefusalKind


class RoleHeldAlready(Refusal):
    """The person has this role there for some of this time. Facts: role."""

    code = "people.role_held_already"
    kind = RefusalKind.CONFLICT


class LastAdministrator(Refusal):
    """Nobody would be left who administers the organisation, and nobody above it could help. Facts: organisation."""

    code = "people.last_administrator"
    kind = RefusalKind.CONFLICT


class AccountClosed(Refusal):
    """The account is closed. Facts: none."""

    code = "people.account_closed"
    kind = RefusalKind.CONFLICT
