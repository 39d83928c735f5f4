"""Requests (holds), the houses asked to fill them, and the transfers that bring copies."""

from __future__ import annotations

from django.db import models

from khaneh.domains.circulation.types import (
    ACTIVE_REQUESTS,
    CAPTURED_REQUESTS,
    RequestLevel,
    RequestState,
    TargetState,
    TransferReason,
    TransferState,
)


class Request(models.Model):
    """A member waits for a work, a record or one copy, at a house. The member goes from the row when it ends, unless history is kept.

    The queue is by `priority` (higher first), then `placed_at`, then id. Staff with the right set a priority, and say why.
    """

    id = models.BigAutoField(primary_key=True)
    member = models.ForeignKey("people.Member", models.PROTECT, null=True, related_name="+", db_index=False)
    level = models.CharField(max_length=6)
    work = models.ForeignKey("catalogue.Work", models.PROTECT, null=True, related_name="+", db_index=False)
    record = models.ForeignKey("catalogue.Record", models.PROTECT, null=True, related_name="+", db_index=False)
    wanted_copy = models.ForeignKey("catalogue.Copy", models.PROTECT, null=True, related_name="+", db_index=False)
    pickup_house = models.ForeignKey("network.House", models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=10, default=RequestState.PLACED.value)
    channel = models.CharField(max_length=10)
    placed_at = models.DateTimeField()
    priority = models.SmallIntegerField(default=0)
    priority_reason = models.TextField(default="", db_default="", blank=True)
    priority_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", db_index=False)
    priority_at = models.DateTimeField(null=True)
    suspended_until = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    captured_copy = models.ForeignKey("catalogue.Copy", models.PROTECT, null=True, related_name="+", db_index=False)
    captured_at = models.DateTimeField(null=True)
    shelf_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=20, default="", blank=True)
    decision_id = models.BigIntegerField(null=True)
    terms = models.JSONField(default=dict)
    override = models.JSONField(null=True)
    note = models.TextField(default="", blank=True)
    # What it was asked by, where it no longer waits for that (records were merged, works regrouped), so that it can go back.
    asked_record = models.ForeignKey("catalogue.Record", models.PROTECT, null=True, related_name="+", db_index=False)
    asked_work = models.ForeignKey("catalogue.Work", models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in RequestState]), name="circulation_request_state"
            ),
            models.CheckConstraint(
                condition=models.Q(level=RequestLevel.WORK.value, work__isnull=False, wanted_copy__isnull=True)
                | models.Q(
                    level=RequestLevel.RECORD.value, record__isnull=False, work__isnull=True, wanted_copy__isnull=True
                )
                | models.Q(
                    level=RequestLevel.COPY.value, wanted_copy__isnull=False, record__isnull=False, work__isnull=True
                ),
                name="circulation_request_level",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=[state.value for state in ACTIVE_REQUESTS], ended_at__isnull=True, member__isnull=False
                )
                | (~models.Q(state__in=[state.value for state in ACTIVE_REQUESTS]) & models.Q(ended_at__isnull=False)),
                name="circulation_request_ended",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[state.value for state in CAPTURED_REQUESTS])
                | models.Q(captured_copy__isnull=False, captured_at__isnull=False),
                name="circulation_request_captured",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="on_shelf") | models.Q(shelf_until__isnull=False),
                name="circulation_request_shelf_until",
            ),
            models.UniqueConstraint(
                fields=["captured_copy"],
                condition=models.Q(state__in=[state.value for state in CAPTURED_REQUESTS]),
                name="circulation_request_one_a_copy",
            ),
            models.UniqueConstraint(
                fields=["member", "record"],
                condition=models.Q(
                    state__in=[state.value for state in ACTIVE_REQUESTS], level__in=["record"], member__isnull=False
                ),
                name="circulation_request_record_once",
            ),
            models.UniqueConstraint(
                fields=["member", "work"],
                condition=models.Q(
                    state__in=[state.value for state in ACTIVE_REQUESTS], level="work", member__isnull=False
                ),
                name="circulation_request_work_once",
            ),
            models.UniqueConstraint(
                fields=["member", "wanted_copy"],
                condition=models.Q(
                    state__in=[state.value for state in ACTIVE_REQUESTS], level="copy", member__isnull=False
                ),
                name="circulation_request_copy_once",
            ),
        )
        indexes = (
            models.Index(
                fields=["record"],
                condition=models.Q(state__in=["placed", "suspended", "targeted"], record__isnull=False),
                name="circulation_request_queue",
            ),
            models.Index(
                fields=["work"],
                condition=models.Q(state__in=["placed", "suspended", "targeted"], work__isnull=False),
                name="circulation_request_work_queue",
            ),
            models.Index(
                fields=["wanted_copy"],
                condition=models.Q(state__in=["placed", "suspended", "targeted"], wanted_copy__isnull=False),
                name="circulation_request_copy_queue",
            ),
            models.Index(
                fields=["member"],
                condition=models.Q(state__in=[state.value for state in ACTIVE_REQUESTS]),
                name="circulation_request_of_member",
            ),
            models.Index(
                fields=["pickup_house", "shelf_until"],
                condition=models.Q(state="on_shelf"),
                name="circulation_request_shelf",
            ),
            models.Index(
                fields=["placed_at"],
                condition=models.Q(state__in=["placed", "suspended", "targeted"]),
                name="circulation_request_waiting",
            ),
            models.Index(
                fields=["asked_record"],
                condition=models.Q(asked_record__isnull=False, ended_at__isnull=True),
                name="circulation_request_asked_by",
            ),
            models.Index(
                fields=["record"],
                condition=models.Q(ended_at__isnull=True, record__isnull=False),
                name="circulation_request_of_record",
            ),
            models.Index(
                fields=["work"],
                condition=models.Q(ended_at__isnull=True, work__isnull=False),
                name="circulation_request_of_work",
            ),
            models.Index(
                fields=["ended_at"],
                condition=models.Q(ended_at__isnull=False, member__isnull=True, decision_id__isnull=False),
                name="circulation_request_to_blur",
            ),
        )

    def __str__(self) -> str:
        return f"request {self.pk} {self.state}"


class Target(models.Model):
    """A house is asked to fetch one copy for a request. Kept when it is over: fairness counts what a house was asked."""

    id = models.BigAutoField(primary_key=True)
    request = models.ForeignKey(Request, models.PROTECT, related_name="targets")
    copy = models.ForeignKey("catalogue.Copy", models.PROTECT, related_name="+", db_index=False)
    house = models.ForeignKey("network.House", models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=9, default=TargetState.ASKED.value)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    score = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in TargetState]), name="circulation_target_state"
            ),
            models.CheckConstraint(
                condition=models.Q(state="asked", ended_at__isnull=True)
                | (~models.Q(state="asked") & models.Q(ended_at__isnull=False)),
                name="circulation_target_ended",
            ),
            models.UniqueConstraint(
                fields=["request"], condition=models.Q(state="asked"), name="circulation_target_one_a_request"
            ),
            models.UniqueConstraint(
                fields=["copy"], condition=models.Q(state="asked"), name="circulation_target_one_a_copy"
            ),
        )
        indexes = (
            models.Index(fields=["house"], condition=models.Q(state="asked"), name="circulation_target_pull_list"),
        )


class Transfer(models.Model):
    """A copy on its way from one house to another. Triggers keep `circulation_occupancy` in step.

    Until it is loaded onto a run it waits at `waits_at` (none: at the house that sent it).
    """

    id = models.BigAutoField(primary_key=True)
    copy = models.ForeignKey("catalogue.Copy", models.PROTECT, related_name="+", db_index=False)
    from_house = models.ForeignKey("network.House", models.PROTECT, related_name="+", db_index=False)
    to_house = models.ForeignKey("network.House", models.PROTECT, related_name="+", db_index=False)
    reason = models.CharField(max_length=9)
    request = models.ForeignKey(Request, models.PROTECT, null=True, related_name="+")
    run = models.ForeignKey("circulation.Run", models.PROTECT, null=True, related_name="transfers")
    loaded_at = models.DateTimeField(null=True)
    waits_at = models.ForeignKey("network.House", models.PROTECT, null=True, related_name="+", db_index=False)
    state = models.CharField(max_length=9, default=TransferState.SENT.value)
    sent_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["copy"], condition=models.Q(state="sent"), name="circulation_transfer_one_a_copy"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in TransferState]),
                name="circulation_transfer_state",
            ),
            models.CheckConstraint(
                condition=models.Q(reason__in=[reason.value for reason in TransferReason]),
                name="circulation_transfer_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(from_house=models.F("to_house")), name="circulation_transfer_elsewhere"
            ),
            models.CheckConstraint(
                condition=models.Q(state="sent", ended_at__isnull=True)
                | (~models.Q(state="sent") & models.Q(ended_at__isnull=False)),
                name="circulation_transfer_ended",
            ),
            models.CheckConstraint(
                condition=models.Q(loaded_at__isnull=True) | models.Q(run__isnull=False),
                name="circulation_transfer_loaded_on_a_run",
            ),
        )
        indexes = (
            models.Index(fields=["to_house"], condition=models.Q(state="sent"), name="circulation_transfer_coming"),
            models.Index(fields=["from_house"], condition=models.Q(state="sent"), name="circulation_transfer_gone"),
            models.Index(
                fields=["waits_at"],
                condition=models.Q(state="sent", waits_at__isnull=False),
                name="circulation_transfer_waits",
            ),
        )
