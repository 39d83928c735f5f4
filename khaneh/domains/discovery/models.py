"""What the index has still to learn, and which index is the true one. No text: that is in the index and in the kinds' own tables."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Pending(models.Model):
    """A document that changed. Rows are only ever added and removed, so that writers of different documents never wait for each other."""

    kind = models.CharField(max_length=40)
    key = models.BigIntegerField()
    # Already in the live index, kept because a rebuild has to see it as well.
    applied = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], name="discovery_pending_new", condition=models.Q(applied=False)),
        ]


class Generation(models.Model):
    """One build of the index. The live one must be the engine's live one, or the index belongs to another database."""

    class State(models.TextChoices):
        """Building from the tables; ready to take the last changes and be published; live."""

        BUILDING = "building"
        READY = "ready"
        LIVE = "live"

    name = models.CharField(max_length=60, unique=True)
    state = models.CharField(max_length=10, choices=State.choices)
    documents = models.BigIntegerField(default=0)
    started_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["state"], condition=models.Q(state="live"), name="discovery_generation_one_live"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["building", "ready", "live"]), name="discovery_generation_state"
            ),
        ]
