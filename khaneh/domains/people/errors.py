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


class CardTaken(Refusal):
    """The barcode is or was another member's card. Facts: card, its last four signs."""

    code = "people.card_taken"
    kind = RefusalKind.CONFLICT


class CardHeldAlready(Refusal):
    """The member has a card in use: it is replaced or closed first. Facts: member."""

    code = "people.card_held_already"
    kind = RefusalKind.CONFLICT


class NoCardInUse(Refusal):
    """The member has no card in use. Facts: member."""

    code = "people.no_card_in_use"
    kind = RefusalKind.CONFLICT


class WrongMemberState(Refusal):
    """The membership is not in a state that permits it. Facts: member, state."""

    code = "people.wrong_member_state"
    kind = RefusalKind.CONFLICT


class AlreadyMember(Refusal):
    """The account has a membership, or an application that waits. Facts: member, state."""

    code = "people.already_member"
    kind = RefusalKind.CONFLICT


class PossibleDuplicate(Refusal):
    """The person may be a member already; said again with `sure`, it is done. Facts: members, ids."""

    code = "people.possible_duplicate"
    kind = RefusalKind.CONFLICT


class GuardianMissing(Refusal):
    """The category asks for somebody who answers for the member. Facts: category."""

    code = "people.guardian_missing"
    kind = RefusalKind.CONFLICT


class GuardianshipCycle(Refusal):
    """Somebody would in the end answer for themself. Facts: guardian, ward."""

    code = "people.guardianship_cycle"
    kind = RefusalKind.CONFLICT


class GuardianshipHeldAlready(Refusal):
    """The two stand so to each other for some of this time. Facts: guardian, ward."""

    code = "people.guardianship_held_already"
    kind = RefusalKind.CONFLICT


class CannotMerge(Refusal):
    """The two memberships are one already, or one is erased or merged away. Facts: kept, gone."""

    code = "people.cannot_merge"
    kind = RefusalKind.CONFLICT


class SomethingOwed(Refusal):
    """Nobody is forgotten while something is between them and a house. Facts: owed, a list of {code, label, count}."""

    code = "people.something_owed"
    kind = RefusalKind.CONFLICT


class PinLocked(Refusal):
    """Too many wrong PINs in a short time. Facts: minutes."""

    code = "people.pin_locked"
    kind = RefusalKind.LIMIT


class CalendarKeyUnknown(Refusal):
    """The key to a calendar is unknown or was ended, or its holder's account is closed. Facts: none."""

    code = "people.calendar_key_unknown"
    kind = RefusalKind.NOT_FOUND


class TokenUnknown(Refusal):
    """The key is unknown, has ended or was revoked, or its maker may no longer act so. Facts: none."""

    code = "people.token_unknown"
    kind = RefusalKind.NOT_ALLOWED


class TokenReadsOnly(Refusal):
    """The key may read only. Facts: none."""

    code = "people.token_reads_only"
    kind = RefusalKind.NOT_ALLOWED


class TokenNotForAccount(Refusal):
    """The key does not act for its maker's own membership. Facts: none."""

    code = "people.token_not_for_account"
    kind = RefusalKind.NOT_ALLOWED


class TooManyCalls(Refusal):
    """More calls than a key may make in a minute. Facts: seconds until the next, limit."""

    code = "people.too_many_calls"
    kind = RefusalKind.LIMIT


class KeyUsedOtherwise(Refusal):
    """The same Idempotency-Key came with another call before. Facts: none."""

    code = "people.key_used_otherwise"
    kind = RefusalKind.CONFLICT
