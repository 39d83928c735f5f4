"""Accounts and the roles that people hold, with what PostgreSQL itself keeps about them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models.functions import Coalesce, Lower, Now

from khaneh.domains.network.types import Role


class AccountManager(BaseUserManager["Account"]):
    """How accounts are made: by e-mail address, lower-cased whole, since no real mailbox differs by case alone."""

    def create_user(self, email: str, password: str | None = None, **facts: Any) -> Account:
        """A new account; without a password it can sign in by passkey or reset only."""
        account = self.model(email=email.strip().lower(), **facts)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> Account:
        """By address, whatever its case."""
        return self.get(email=(username or "").strip().lower())


class Account(AbstractBaseUser):
    """Somebody who can sign in. What they may do is in their roles, never a flag here."""

    id = models.BigAutoField(primary_key=True)
    email = models.EmailField(max_length=254, unique=True)
    name = models.TextField(blank=True, default="")
    language = models.CharField(max_length=2, default="en")
    calendar = models.CharField(max_length=9, default="auto")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="people_account_email_is_lower"),
            models.CheckConstraint(condition=models.Q(language__in=["fa", "vi", "en"]), name="people_account_language"),
            models.CheckConstraint(
                condition=models.Q(calendar__in=["auto", "jalali", "gregorian"]), name="people_account_calendar"
            ),
        )

    def __str__(self) -> str:
        return self.email

    def get_full_name(self) -> str:
        """The name, or the address where there is none."""
        return self.name or self.email


class RoleAssignment(models.Model):
    """A role of a person at one house or one organisation, from an instant up to but without another. Ended by its end, never deleted."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="roles")
    role = models.TextField()
    house = models.ForeignKey("network.House", models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey("network.Organisation", models.PROTECT, null=True, related_name="+")
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    granted_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(default="", blank=True)
    revoked_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    revoke_reason = models.TextField(default="", blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in Role]), name="people_role_known"
            ),
            models.CheckConstraint(
                condition=models.Q(house__isnull=True, organisation__isnull=False)
                | models.Q(house__isnull=False, organisation__isnull=True),
                name="people_role_one_place",
            ),
            # An empty period is one that was taken back before it began.
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=models.F("valid_from")),
                name="people_role_period",
            ),
            ExclusionConstraint(
                name="people_role_once_at_a_time",
                expressions=[
                    ("account", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (Coalesce("house", models.Value(0)), RangeOperators.EQUAL),
                    (Coalesce("organisation", models.Value(0)), RangeOperators.EQUAL),
                    (
                        models.Func(models.F("valid_from"), models.F("valid_until"), function="tstzrange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        )
        indexes = (
            models.Index(fields=["house"], name="people_role_house"),
            models.Index(fields=["organisation"], name="people_role_organisation"),
        )
