"""Loans, and what holds a copy at a time."""

from __future__ import annotations

from django.db import models

from khaneh.domains.circulation.types import LOANS_HOLDING_A_COPY, Channel, LoanState


class Loan(models.Model):
    """A copy lent to a member. The member goes from the row when the loan ends, unless they keep their history.

    One that is over and nobody's is made vague in the night after: whole days, in time, without terms, decision, request or override
    (docs/decisions/0011). `terms` are what the policy gave when it was lent (days, renewals, fees), so that a change of policy never changes a loan;
    `override` is the right and reason by which a refusal was set aside. Triggers keep `circulation_occupancy` in step.
    """

    id = models.BigAutoField(primary_key=True)
    copy = models.ForeignKey("catalogue.Copy", models.PROTECT, related_name="+", db_index=False)
    member = models.ForeignKey("people.Member", models.PROTECT, null=True, related_name="+", db_index=False)
    house = models.ForeignKey("network.House", models.PROTECT, related_name="+", db_index=False)
    item_type = models.CharField(max_length=12)
    state = models.CharField(max_length=8, default=LoanState.OPEN.value)
    channel = models.CharField(max_length=10, default=Channel.DESK.value)
    lent_at = models.DateTimeField()
    due_at = models.DateTimeField()
    renewals = models.SmallIntegerField(default=0)
    renewed_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    lost_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_house = models.ForeignKey("network.House", models.PROTECT, null=True, related_name="+", db_index=False)
    request = models.ForeignKey("circulation.Request", models.PROTECT, null=True, related_name="+", db_index=False)
    decision_id = models.BigIntegerField(null=True)
    terms = models.JSONField(default=dict)
    override = models.JSONField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["copy"],
                condition=models.Q(state__in=[state.value for state in LOANS_HOLDING_A_COPY]),
                name="circulation_loan_one_open_a_copy",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in LoanState]), name="circulation_loan_state"
            ),
            models.CheckConstraint(
                condition=models.Q(channel__in=[channel.value for channel in Channel]), name="circulation_loan_channel"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "lost"], ended_at__isnull=True, member__isnull=False)
                | models.Q(state__in=["returned", "found"], ended_at__isnull=False),
                name="circulation_loan_ended",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["lost", "found"]) | models.Q(lost_at__isnull=False),
                name="circulation_loan_lost",
            ),
            models.CheckConstraint(
                condition=models.Q(due_at__gt=models.F("lent_at")) & models.Q(renewals__gte=0),
                name="circulation_loan_due_after_lent",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True) | models.Q(ended_at__gte=models.F("lent_at")),
                name="circulation_loan_ends_after_lent",
            ),
        )
        indexes = (
            models.Index(
                fields=["member", "due_at"],
                condition=models.Q(state__in=["open", "lost"]),
                name="circulation_loan_of_member",
            ),
            models.Index(
                fields=["member", "ended_at"],
                condition=models.Q(state__in=["returned", "found"], member__isnull=False),
                name="circulation_loan_history",
            ),
            models.Index(
                fields=["house", "due_at"], condition=models.Q(state="open"), name="circulation_loan_due_at_house"
            ),
            models.Index(fields=["due_at"], condition=models.Q(state="open"), name="circulation_loan_due"),
            models.Index(
                fields=["ended_at"],
                condition=models.Q(ended_at__isnull=False, member__isnull=True, decision_id__isnull=False),
                name="circulation_loan_to_blur",
            ),
        )

    def __str__(self) -> str:
        return f"loan {self.pk} {self.state}"


class Occupancy(models.Model):
    """What holds a copy: a loan, a transfer or a request's place on the hold shelf; never two of them.

    Written by the triggers of those three alone (migration 0001), which also keep the copy's state: no path round the services makes a
    copy be in two places. The numbers have no keys because the rows that write them are never deleted.
    """

    copy = models.OneToOneField("catalogue.Copy", models.PROTECT, primary_key=True, related_name="+")
    loan_id = models.BigIntegerField(null=True)
    transfer_id = models.BigIntegerField(null=True)
    request_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(loan_id__isnull=False, transfer_id__isnull=True, request_id__isnull=True)
                | models.Q(loan_id__isnull=True, transfer_id__isnull=False, request_id__isnull=True)
                | models.Q(loan_id__isnull=True, transfer_id__isnull=True, request_id__isnull=False),
                name="circulation_occupancy_by_one",
            ),
        )
