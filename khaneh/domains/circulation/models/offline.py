"""Desks without a line: the devices, their logs as they arrived, and what a person must settle."""

from __future__ import annotations

from django.db import models

from khaneh.domains.circulation.types import ConflictKind, ConflictSource, ConflictState, EntryAct, EntryOutcome


class OfflineDevice(models.Model):
    """A tablet or computer that may lend for one house without a line.

    `public_key` is what its log is verified with; the private one never leaves it. `doubted_at` is when its log was found changed: nothing of
    it is taken any more. A device is cut off, never deleted. `last_number` and `last_digest` are the end of its chain.
    """

    id = models.BigAutoField(primary_key=True)
    house = models.ForeignKey("network.House", models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    public_key = models.BinaryField()
    recovery_key = models.BinaryField()
    snapshot_days = models.SmallIntegerField(default=7)
    enrolled_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", db_index=False)
    enrolled_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    snapshot_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    doubted_at = models.DateTimeField(null=True)
    last_number = models.BigIntegerField(default=0)
    last_digest = models.BinaryField(max_length=32)

    class Meta:
        db_table = "circulation_offline_device"
        constraints = (
            models.CheckConstraint(condition=~models.Q(name=""), name="circulation_offline_device_name_not_empty"),
            models.CheckConstraint(
                condition=models.Q(snapshot_days__range=(1, 31)), name="circulation_offline_device_days"
            ),
        )

    def __str__(self) -> str:
        return self.name


class OfflineEntry(models.Model):
    """One entry of a device's log, kept before anything is done about it. Its outcome is written once, in the transaction of the act.

    `body` goes when the act is done or handed to a person, so that no log of who borrowed what remains; digest and signature stay. Triggers
    (migration) refuse every other change.
    """

    id = models.BigAutoField(primary_key=True)
    device = models.ForeignKey(OfflineDevice, models.PROTECT, related_name="+", db_index=False)
    number = models.BigIntegerField()
    act = models.CharField(max_length=10)
    digest = models.BinaryField(max_length=32)
    signature = models.BinaryField(max_length=64)
    body = models.TextField(null=True)  # noqa: DJ001 - gone is not empty
    happened_at = models.DateTimeField()
    unsure_seconds = models.BigIntegerField(default=0)
    received_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, default="", blank=True)
    outcome_at = models.DateTimeField(null=True)
    result = models.JSONField(null=True)

    class Meta:
        db_table = "circulation_offline_entry"
        constraints = (
            models.UniqueConstraint(fields=["device", "number"], name="circulation_offline_entry_once"),
            models.CheckConstraint(
                condition=models.Q(act__in=[act.value for act in EntryAct]), name="circulation_offline_entry_act"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="", outcome_at__isnull=True)
                | models.Q(outcome__in=[one.value for one in EntryOutcome], outcome_at__isnull=False),
                name="circulation_offline_entry_outcome",
            ),
        )
        indexes = (
            models.Index(
                fields=["device", "number"], condition=models.Q(outcome=""), name="circulation_offline_entry_open"
            ),
        )

    def __str__(self) -> str:
        return f"entry {self.number} of {self.device_id}"


class Conflict(models.Model):
    """What was done without a line and does not agree with the rest: somebody looks at it, once.

    `done` says whether the act stands already. `facts` are what was scanned and why it does not agree; they go when it is settled, and when
    the member is forgotten; a day later `reason`, `loan_id` and the hours go too. `happened_at` is when it was done, as far as that is known.
    """

    id = models.BigAutoField(primary_key=True)
    source = models.CharField(max_length=8)
    house = models.ForeignKey("network.House", models.PROTECT, related_name="+", db_index=False)
    device = models.ForeignKey(OfflineDevice, models.PROTECT, null=True, related_name="+", db_index=False)
    terminal = models.ForeignKey("circulation.Terminal", models.PROTECT, null=True, related_name="+", db_index=False)
    number = models.BigIntegerField(null=True)
    act = models.CharField(max_length=10)
    kind = models.CharField(max_length=20)
    done = models.BooleanField(default=False)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    facts = models.JSONField(default=dict)
    member = models.ForeignKey("people.Member", models.PROTECT, null=True, related_name="+")
    loan_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, default=ConflictState.OPEN.value)
    settled_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", db_index=False)
    settled_at = models.DateTimeField(null=True)
    reason = models.TextField(default="", blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(source__in=[one.value for one in ConflictSource]), name="circulation_conflict_source"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=[one.value for one in ConflictKind]), name="circulation_conflict_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(state=ConflictState.OPEN.value, settled_at__isnull=True)
                | models.Q(
                    state__in=[one.value for one in ConflictState if one is not ConflictState.OPEN],
                    settled_at__isnull=False,
                ),
                name="circulation_conflict_settled",
            ),
            models.UniqueConstraint(
                fields=["device", "number", "kind"],
                condition=models.Q(device__isnull=False, number__isnull=False),
                name="circulation_conflict_once",
            ),
        )
        indexes = (
            models.Index(
                fields=["house", "recorded_at"],
                condition=models.Q(state=ConflictState.OPEN.value),
                name="circulation_conflict_open",
            ),
            models.Index(fields=["house", "settled_at"], name="circulation_conflict_done"),
            models.Index(
                fields=["settled_at"],
                condition=~models.Q(state=ConflictState.OPEN.value) & ~models.Q(reason=""),
                name="circulation_conflict_to_blur",
            ),
        )

    def __str__(self) -> str:
        return f"conflict {self.pk} {self.kind}"


class StrayReturn(models.Model):
    """A copy came in somewhere that nobody had, by the register: perhaps a loan that was made without a line ended with it.

    Kept as long as such a loan could still arrive, and without anybody in it.
    """

    id = models.BigAutoField(primary_key=True)
    copy = models.ForeignKey("catalogue.Copy", models.PROTECT, related_name="+", db_index=False)
    house = models.ForeignKey("network.House", models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        db_table = "circulation_stray_return"
        indexes = (
            models.Index(fields=["copy", "at"], name="circulation_stray_return_copy"),
            models.Index(fields=["at"], name="circulation_stray_return_at"),
        )

    def __str__(self) -> str:
        return f"return of copy {self.copy_id}"
