"""Giving and taking roles, preferences, closing an account."""

from __future__ import annotations

import hashlib
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError

from khaneh.domains.network.types import Role
from khaneh.domains.people import permissions, queries
from khaneh.domains.people.errors import AccountClosed, LastAdministrator, RoleHeldAlready
from khaneh.domains.people.models import Account, CalendarKey, Member, RoleAssignment, Token
from khaneh.domains.people.services import personal_data
from khaneh.domains.people.types import Preferences
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.calendars import Calendar
from khaneh.kernel.labels import LANGUAGES
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound

LONGEST_NAME = 200
LONGEST_REASON = 1000


def grant_role(
    *,
    actor: Actor,
    account_id: int,
    role: Role,
    now: datetime,
    house_id: int | None = None,
    organisation_id: int | None = None,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
    reason: str = "",
) -> int:
    """Give somebody a role at one house or organisation, and so at all below it. Gives the assignment's id.

    Without `valid_from` it counts from now, without `valid_until` until it is taken. Raises NotFound, NotAllowed, Invalid,
    AccountClosed, RoleHeldAlready.
    """
    start = valid_from or now
    with db.transaction():
        place = queries.place_of(house_id=house_id, organisation_id=organisation_id)
        permissions.require_grant(actor, role, place)
        db.lock(("people.account", account_id))
        account = Account.objects.filter(pk=account_id).first()
        if account is None:
            raise NotFound(what="account")
        if not account.is_active:
            raise AccountClosed
        problems = {}
        if start < now:
            problems["valid_from"] = "out_of_range"
        if valid_until is not None and valid_until <= start:
            problems["valid_until"] = "out_of_range"
        if len(reason) > LONGEST_REASON:
            problems["reason"] = "too_long"
        if problems:
            raise Invalid(fields=problems)
        try:
            with db.transaction():
                assignment = RoleAssignment.objects.create(
                    account_id=account_id,
                    role=role.value,
                    house_id=house_id,
                    organisation_id=organisation_id,
                    valid_from=start,
                    valid_until=valid_until,
                    granted_by_id=actor.account_id,
                    reason=reason,
                )
        except IntegrityError as error:
            if "people_role_once_at_a_time" not in str(error):
                raise
            raise RoleHeldAlready(role=role.value) from error
        journal.record(
            "people.role.granted",
            actor=actor,
            house_id=house_id,
            organisation_id=organisation_id,
            account=account_id,
            role=role.value,
            assignment_id=assignment.pk,
        )
    return assignment.pk


def revoke_role(*, actor: Actor, assignment_id: int, now: datetime, reason: str = "") -> None:
    """End a role now; one that has not begun never counts. One may always lay down a role of one's own.

    Raises NotFound, NotAllowed, LastAdministrator.
    """
    with db.transaction():
        found = RoleAssignment.objects.filter(pk=assignment_id).first()
        if found is None or (found.valid_until is not None and found.valid_until <= now):
            raise NotFound(what="role")
        if actor.account_id is None or actor.account_id != found.account_id:
            place = queries.place_of(house_id=found.house_id, organisation_id=found.organisation_id)
            permissions.require_grant(actor, Role(found.role), place)
        # Two administrators who end each other at once would each see the other still there.
        db.lock(
            ("people.roles_of_house", found.house_id or 0), ("people.roles_of_organisation", found.organisation_id or 0)
        )
        _require_another_administrator(actor, found, now)
        RoleAssignment.objects.filter(pk=found.pk).update(
            valid_until=max(now, found.valid_from),
            revoked_by_id=actor.account_id,
            revoke_reason=reason[:LONGEST_REASON],
        )
        journal.record(
            "people.role.revoked",
            actor=actor,
            house_id=found.house_id,
            organisation_id=found.organisation_id,
            account=found.account_id,
            role=found.role,
            assignment_id=found.pk,
        )


def set_preferences(*, actor: Actor, account_id: int, preferences: Preferences) -> None:
    """Change one's name, language and calendar. Raises NotAllowed, NotFound, Invalid."""
    with db.transaction():
        permissions.require_self(actor, account_id)
        problems = {}
        if len(preferences.name) > LONGEST_NAME:
            problems["name"] = "too_long"
        if preferences.language not in LANGUAGES:
            problems["language"] = "not_in_list"
        if preferences.calendar not in {"auto", *Calendar}:
            problems["calendar"] = "not_in_list"
        if problems:
            raise Invalid(fields=problems)
        changed = Account.objects.filter(pk=account_id, is_active=True).update(
            name=preferences.name.strip(), language=preferences.language, calendar=preferences.calendar
        )
        if not changed:
            raise NotFound(what="account")
        journal.record("people.account.preferences_changed", actor=actor, account=account_id)


def open_account(*, actor: Actor, email: str, password: str | None, name: str = "", language: str = "en") -> bool:
    """Make an account for somebody else, its address taken as confirmed; False, and nothing changes, when the address has one.

    Only the system may: people sign up themselves. The password is the caller's business; without one nobody signs in until it is reset.
    Raises NotAllowed, Invalid.
    """
    if not actor.is_system:
        raise NotAllowed(act="people.open_account")
    problems = {}
    try:
        validate_email(email.strip())
    except ValidationError:
        problems["email"] = "email"
    if len(name) > LONGEST_NAME:
        problems["name"] = "too_long"
    if language not in LANGUAGES:
        problems["language"] = "not_in_list"
    if problems:
        raise Invalid(fields=problems)
    if Account.objects.filter(email=email.strip().lower()).exists():
        return False
    with db.transaction():
        account = Account.objects.create_user(email, password, name=name.strip(), language=language)
        EmailAddress.objects.create(user_id=account.pk, email=account.email, verified=True, primary=True)
        journal.record("people.account.opened", actor=actor, account=account.pk)
    return True


def record_sign_up(*, account_id: int, preferences: Preferences) -> None:
    """Note that somebody has made an account, and start it with how they read. The address is not in the journal: it outlives the account.

    Raises Invalid, NotFound.
    """
    newcomer = Actor(account_id=account_id)
    with db.transaction():
        journal.record("people.account.opened", actor=newcomer, account=account_id)
        set_preferences(actor=newcomer, account_id=account_id, preferences=preferences)


def close_account(*, actor: Actor, account_id: int, now: datetime) -> None:
    """Close an account for good: its name, address, keys, links and sessions go, its roles end, and it cannot be signed in to.

    The row stays, without a name, because what was done stays done by somebody. Raises NotAllowed, NotFound, LastAdministrator.
    """
    with db.transaction():
        permissions.require_self(actor, account_id)
        db.lock(("people.account", account_id))
        # Rows that name an account are written meanwhile; whose they are is settled below.
        held = Account.objects.select_for_update(no_key=True)
        account = held.filter(pk=account_id, is_active=True).first()
        if account is None:
            raise NotFound(what="account")
        for role in RoleAssignment.objects.filter(account_id=account_id).exclude(valid_until__lte=now).order_by("pk"):
            revoke_role(actor=actor, assignment_id=role.pk, now=now, reason="account closed")
        with personal_data.forgetting():
            # Whatever keeps something of them locks that before the rows to which everything of theirs points.
            journal.record("people.account.closed", actor=actor, account=account_id)
            for keeper in personal_data.keepers().values():
                if keeper.closer is not None:
                    keeper.closer(account_id, now)
            _empty(account)


def _empty(account: Account) -> None:
    """Take everything away that says whose it was, or lets somebody in."""
    account_id = account.pk
    EmailAddress.objects.filter(user_id=account_id).delete()
    Authenticator.objects.filter(user_id=account_id).delete()
    SocialAccount.objects.filter(user_id=account_id).delete()
    # Programs that act for them, or were let in by them: their names may be somebody's.
    Token.objects.filter(account_id=account_id).delete()
    CalendarKey.objects.filter(account_id=account_id).delete()
    # A membership goes on without the account; who wants that forgotten too asks for it (`erase_member`).
    Member.objects.filter(account_id=account_id).update(account=None)
    # What others wrote beside a role may name its holder.
    RoleAssignment.objects.filter(account_id=account_id).update(reason="", revoke_reason="")
    for session in UserSession.objects.filter(user_id=account_id):
        session.end()
    account.email = f"closed-{hashlib.sha256(str(account_id).encode()).hexdigest()[:16]}@account.invalid"
    account.name = ""
    account.is_active = False
    account.set_unusable_password()
    account.save()


def _require_another_administrator(actor: Actor, found: RoleAssignment, now: datetime) -> None:
    """The last administrator of an organisation at the top of its tree stays: nobody else could ever give the role again."""
    if actor.is_system or found.role != Role.ADMINISTRATOR or found.organisation_id is None:
        return
    above = queries.place_of(house_id=None, organisation_id=found.organisation_id).organisations
    others = RoleAssignment.objects.filter(
        role=Role.ADMINISTRATOR.value, organisation_id__in=above, valid_from__lte=now, account__is_active=True
    ).exclude(pk=found.pk)
    if not others.exclude(valid_until__lte=now).exists():
        raise LastAdministrator(organisation=found.organisation_id)
