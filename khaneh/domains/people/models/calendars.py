"""Keys with which somebody's own calendar is read by telephones and programs."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from khaneh.domains.people.models.accounts import Account


class CalendarKey(models.Model):
    """Opens one account's calendar for reading, and nothing else: the end of a secret address, or a password for a calendar program.

    `digest` is the SHA-256 of the key, which is shown once.
    """

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    digest = models.BinaryField(max_length=32)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_calendar_key"
        constraints = (
            models.UniqueConstraint(fields=["digest"], name="people_calendar_key_digest"),
            models.CheckConstraint(condition=~Q(name=""), name="people_calendar_key_name_not_empty"),
        )

    def __str__(self) -> str:
        return self.name
