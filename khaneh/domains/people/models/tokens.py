"""Keys that programs act with, and what they were answered."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from khaneh.domains.network.types import Role
from khaneh.domains.people.models.accounts import Account
from khaneh.domains.people.types.tokens import TokenAccess, TokenKind


class Token(models.Model):
    """A key for programs. `digest` is the SHA-256 of the key, which is shown once; `hint` is how it begins."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=8, default=TokenKind.PERSONAL.value)
    access = models.CharField(max_length=5, default=TokenAccess.READ.value)
    own_account = models.BooleanField(default=False)
    digest = models.BinaryField(max_length=32)
    hint = models.CharField(max_length=10)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["digest"], name="people_token_digest"),
            models.CheckConstraint(condition=~Q(name=""), name="people_token_name_not_empty"),
            models.CheckConstraint(condition=Q(kind__in=[one.value for one in TokenKind]), name="people_token_kind"),
            models.CheckConstraint(
                condition=Q(access__in=[one.value for one in TokenAccess]), name="people_token_access"
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="people_token_term"),
            # A machine is nobody: it has no membership.
            models.CheckConstraint(
                condition=Q(kind=TokenKind.PERSONAL.value) | Q(own_account=False), name="people_token_machine_is_nobody"
            ),
        )

    def __str__(self) -> str:
        return self.name


class TokenRole(models.Model):
    """What a token may act as, at exactly one house or organisation. It counts only while its maker could."""

    id = models.BigAutoField(primary_key=True)
    token = models.ForeignKey(Token, models.CASCADE, related_name="roles")
    role = models.TextField()
    house = models.ForeignKey("network.House", models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey("network.Organisation", models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "people_token_role"
        constraints = (
            models.CheckConstraint(condition=Q(role__in=[role.value for role in Role]), name="people_token_role_known"),
            models.CheckConstraint(
                condition=Q(house__isnull=True, organisation__isnull=False)
                | Q(house__isnull=False, organisation__isnull=True),
                name="people_token_role_one_place",
            ),
            models.UniqueConstraint(
                fields=["token", "role", "house", "organisation"], nulls_distinct=False, name="people_token_role_once"
            ),
        )


class TokenAnswer(models.Model):
    """What a call that changed something was answered, kept in its own transaction: told again, it is not done again.

    `asked` is a keyed digest of what was asked; `answer` is sealed. Both need the token's key, which is nowhere kept: whoever reads this table
    learns nothing about readers.
    """

    id = models.BigAutoField(primary_key=True)
    token = models.ForeignKey(Token, models.CASCADE, related_name="+", db_index=False)
    key = models.BinaryField(max_length=32)
    asked = models.BinaryField(max_length=32)
    answer = models.BinaryField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "people_token_answer"
        constraints = (models.UniqueConstraint(fields=["token", "key"], name="people_token_answer_once"),)
        indexes = (models.Index(fields=["at"], name="people_token_answer_at"),)
