"""Machines of houses (self-checks, sorters, gates), and what they were last answered."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower

from khaneh.domains.circulation.types import TerminalKind


class Terminal(models.Model):
    """A machine that speaks SIP2. It acts with a desk's role at its house alone; what it may do follows from its kind.

    `password` is a hash: the password is shown once, when it is made. A terminal is disabled, never deleted.
    """

    id = models.BigAutoField(primary_key=True)
    house = models.ForeignKey("network.House", models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, default=TerminalKind.SELF_CHECK.value)
    password = models.TextField()
    encoding = models.CharField(max_length=12, default="utf-8")
    language = models.CharField(max_length=2, default="en")
    asks_pin = models.BooleanField(default=True)
    added_at = models.DateTimeField()
    password_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    disabled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(Lower("name"), name="circulation_terminal_name"),
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in TerminalKind]), name="circulation_terminal_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(encoding__in=["utf-8", "windows-1256"]), name="circulation_terminal_encoding"
            ),
            models.CheckConstraint(
                condition=models.Q(language__in=["fa", "vi", "en"]), name="circulation_terminal_language"
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="circulation_terminal_name_not_empty"),
        )

    def __str__(self) -> str:
        return self.name


class TerminalAnswer(models.Model):
    """What a machine was answered to an act of the last minutes, kept in the act's own transaction: told again, it is not done again.

    `digest` is of the message without its sequence number. Rows hold what was said to a reader, so they are deleted after minutes.
    """

    id = models.BigAutoField(primary_key=True)
    terminal = models.ForeignKey(Terminal, models.CASCADE, related_name="+", db_index=False)
    digest = models.BinaryField(max_length=32)
    connection = models.UUIDField()
    sequence = models.SmallIntegerField(null=True)
    answer = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "circulation_terminal_answer"
        constraints = (models.UniqueConstraint(fields=["terminal", "digest"], name="circulation_terminal_answer_once"),)
        indexes = (models.Index(fields=["at"], name="circulation_terminal_answer_at"),)
