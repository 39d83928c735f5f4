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


class ReaderList(models.Model):
    """A member's list of things that can be found. With a `key` whoever has the address may read it; without one nobody else may."""

    id = models.BigAutoField(primary_key=True)
    member = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    note = models.TextField(default="", blank=True)
    key = models.CharField(max_length=43, null=True, unique=True)  # noqa: DJ001 - absent is not empty: a list without an address
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "discovery_reader_list"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(name=""), name="discovery_reader_list_named"),
        ]

    def __str__(self) -> str:
        return f"list {self.pk}"


class ListItem(models.Model):
    """One thing on a list, in its place. `subject` and `number` name a document of the index."""

    id = models.BigAutoField(primary_key=True)
    of = models.ForeignKey(ReaderList, models.CASCADE, related_name="items")
    subject = models.CharField(max_length=40)
    number = models.BigIntegerField()
    position = models.IntegerField()
    note = models.TextField(default="", blank=True)
    added_at = models.DateTimeField()

    class Meta:
        db_table = "discovery_list_item"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["of", "subject", "number"], name="discovery_list_item_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["of", "position"], name="discovery_list_item_order")]

    def __str__(self) -> str:
        return f"{self.subject} {self.number}"


class SavedSearch(models.Model):
    """A question that a member keeps. With `tells` they are told of records that came after `seen`, the highest number told already."""

    id = models.BigAutoField(primary_key=True)
    member = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    text = models.CharField(max_length=300, default="", blank=True)
    filters = models.JSONField(default=dict)
    sort = models.CharField(max_length=10, default="relevance")
    tells = models.BooleanField(default=False)
    seen = models.BigIntegerField(default=0)
    looked_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "discovery_saved_search"
        indexes: ClassVar = [
            models.Index(fields=["looked_at"], name="discovery_saved_search_due", condition=models.Q(tells=True)),
        ]

    def __str__(self) -> str:
        return f"saved search {self.pk}"
