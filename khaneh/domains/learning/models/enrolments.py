"""Who is in a run, who waits for it, who came, and how they were assessed."""

from __future__ import annotations

from django.db import models

from khaneh.domains.learning.models.runs import Meeting, Run
from khaneh.domains.learning.types import SEATED, Channel, EndReason, EnrolmentState, Means
from khaneh.kernel.money import CURRENCY_OR_CREDIT

_SEATED = [state.value for state in SEATED]
_GONE = [EnrolmentState.WITHDRAWN.value, EnrolmentState.REFUSED.value]
_OVER = [*_GONE, EnrolmentState.CANCELLED.value]


class Party(models.Model):
    """People who want places together, all of them or none; most are parties of one. It is what waits, oldest `joined_at` first."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, models.PROTECT, related_name="parties")
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey("network.Organisation", models.PROTECT, null=True, related_name="+")
    joined_at = models.DateTimeField()
    answer_by = models.DateTimeField(null=True)
    missed = models.SmallIntegerField(default=0)
    channel = models.TextField(default=Channel.WEB.value)
    override = models.JSONField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(channel__in=[one.value for one in Channel]), name="learning_party_channel"
            ),
        )
        indexes = (
            models.Index(
                fields=["answer_by"], condition=models.Q(answer_by__isnull=False), name="learning_party_offers"
            ),
        )


class Enrolment(models.Model):
    """One person in one run. `seat` is theirs from the offer on, numbered within the run; nobody shares one.

    `code` is what they show at the door; `terms` what of the policies' answer their later life depends on.
    """

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, models.PROTECT, related_name="enrolments", db_index=False)
    party = models.ForeignKey(Party, models.PROTECT, related_name="enrolments")
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", db_index=False)
    state = models.TextField()
    seat = models.SmallIntegerField(null=True)
    code = models.TextField(default="", blank=True)
    decision_id = models.BigIntegerField(null=True)
    terms = models.JSONField(default=dict)
    price_amount = models.BigIntegerField(null=True)
    price_currency = models.TextField(default="", blank=True)
    enrolled_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    end_reason = models.TextField(default="", blank=True)
    reason = models.TextField(default="", blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in EnrolmentState]), name="learning_enrolment_state"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=_SEATED, seat__gte=1)
                | (~models.Q(state__in=_SEATED) & models.Q(seat__isnull=True)),
                name="learning_enrolment_seated",
            ),
            models.UniqueConstraint(
                fields=["run", "seat"], condition=models.Q(seat__isnull=False), name="learning_enrolment_one_seat"
            ),
            models.UniqueConstraint(
                fields=["run", "account"],
                condition=models.Q(account__isnull=False) & ~models.Q(state__in=_OVER),
                name="learning_enrolment_once",
            ),
            models.UniqueConstraint(fields=["code"], condition=~models.Q(code=""), name="learning_enrolment_code"),
            models.CheckConstraint(
                condition=models.Q(state__in=_GONE, end_reason__in=[one.value for one in EndReason])
                | (~models.Q(state__in=_GONE) & models.Q(end_reason="")),
                name="learning_enrolment_end_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(price_amount__isnull=True, price_currency="")
                | models.Q(price_amount__gte=0, price_currency__regex=CURRENCY_OR_CREDIT),
                name="learning_enrolment_price",
            ),
        )
        indexes = (
            models.Index(fields=["run", "state"], name="learning_enrolment_of_run"),
            models.Index(
                fields=["account", "state"],
                condition=models.Q(account__isnull=False),
                name="learning_enrolment_of_account",
            ),
            models.Index(
                fields=["finished_at"],
                condition=models.Q(state=EnrolmentState.COMPLETED.value),
                name="learning_enrolment_finished",
            ),
        )


class Attendance(models.Model):
    """Somebody was at a meeting."""

    id = models.BigAutoField(primary_key=True)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendances", db_index=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="attendances")
    means = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["meeting", "enrolment"], name="learning_attendance_once"),
            models.CheckConstraint(
                condition=models.Q(means__in=[one.value for one in Means]), name="learning_attendance_means"
            ),
        )


class Result(models.Model):
    """One assessment of somebody; the latest counts, the others stay."""

    id = models.BigAutoField(primary_key=True)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="results")
    score = models.SmallIntegerField(null=True)
    passed = models.BooleanField()
    note = models.TextField(default="", blank=True)
    by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(score__isnull=True) | models.Q(score__range=(0, 100)), name="learning_result_score"
            ),
        )
