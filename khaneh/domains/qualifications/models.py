"""Qualifications and who holds them, with what PostgreSQL itself keeps about them."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Least

from khaneh.domains.qualifications.types import Basis, EndReason


class Qualification(models.Model):
    """Something that people may be trusted with. Known by its id: its names may change, and the machines that it opens stay open."""

    id = models.BigAutoField(primary_key=True)
    code = models.TextField(unique=True)
    names = models.JSONField(default=dict)
    descriptions = models.JSONField(default=dict)
    valid_months = models.SmallIntegerField(null=True)
    disuse_months = models.SmallIntegerField(null=True)
    warn_days = models.SmallIntegerField(default=30)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=(models.Q(valid_months__isnull=True) | models.Q(valid_months__range=(1, 240)))
                & (models.Q(disuse_months__isnull=True) | models.Q(disuse_months__range=(1, 240)))
                & models.Q(warn_days__range=(0, 365)),
                name="qualifications_qualification_times",
            ),
        )

    def __str__(self) -> str:
        return self.code


class Holding(models.Model):
    """One account holds one qualification, from an instant on. A renewal ends it and begins another, so that the history stays.

    `lapses_at` follows from the last use and is written with it; `warned_until` is the `valid_until` that its holder was told of.
    """

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    qualification = models.ForeignKey(Qualification, models.PROTECT, related_name="holdings")
    house = models.ForeignKey("network.House", models.PROTECT, related_name="+")
    basis = models.TextField()
    source = models.TextField(default="", blank=True)
    awarded_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    awarded_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    lapses_at = models.DateTimeField(null=True)
    valid_until = models.GeneratedField(
        expression=Least("expires_at", "lapses_at"), output_field=models.DateTimeField(null=True), db_persist=True
    )
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(default="", blank=True)
    reason = models.TextField(default="", blank=True)
    warned_until = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["account", "qualification"],
                condition=models.Q(ended_at__isnull=True),
                name="qualifications_holding_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(basis__in=[basis.value for basis in Basis]), name="qualifications_holding_basis"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, end_reason="")
                | models.Q(ended_at__isnull=False, end_reason__in=[reason.value for reason in EndReason]),
                name="qualifications_holding_end",
            ),
            models.CheckConstraint(
                condition=~models.Q(end_reason=EndReason.REVOKED.value) | ~models.Q(reason=""),
                name="qualifications_holding_revoked_why",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__isnull=True) | models.Q(expires_at__gt=models.F("awarded_at")),
                name="qualifications_holding_period",
            ),
        )
        indexes = (
            models.Index(
                fields=["valid_until"],
                condition=models.Q(ended_at__isnull=True, valid_until__isnull=False),
                name="qualifications_holding_ends",
            ),
        )
