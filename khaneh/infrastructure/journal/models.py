"""The journal's one table. PostgreSQL refuses to change or delete an entry (trigger in migration 0001)."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class Entry(models.Model):
    """One thing that happened. `account_id` and `house_id` are numbers without a key: the journal outlives what it speaks of."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    kind = models.TextField()
    account_id = models.BigIntegerField(null=True)
    house_id = models.BigIntegerField(null=True)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = (models.Index(fields=["kind", "id"], name="journal_entry_kind"),)

    def __str__(self) -> str:
        return f"{self.id} {self.kind}"
