"""Certificates, and the keys that sign badges."""

from __future__ import annotations

from django.db import models

from khaneh.domains.learning.models.enrolments import Enrolment
from khaneh.domains.learning.types import CourseKind


class SigningKey(models.Model):
    """A key that badges are signed with. The private half is sealed with the installation's secret; the public half is never forgotten."""

    id = models.BigAutoField(primary_key=True)
    thumbprint = models.TextField(unique=True)
    public = models.JSONField()
    sealed = models.BinaryField()
    made_at = models.DateTimeField()


class Certificate(models.Model):
    """Somebody completed a run. Names, hours and what came with it are those of its day; `key` opens the public page.

    `token` is the badge as it was signed then. Of somebody who is erased neither name nor badge stays, and no page opens.
    """

    id = models.BigAutoField(primary_key=True)
    key = models.TextField(unique=True)
    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="certificate")
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    house = models.ForeignKey("network.House", models.PROTECT, related_name="+", db_index=False)
    holder = models.TextField(default="", blank=True)
    course_code = models.TextField()
    course_names = models.JSONField()
    kind = models.TextField()
    hours = models.SmallIntegerField(default=0)
    score = models.SmallIntegerField(null=True)
    awards = models.JSONField(default=list)
    token = models.TextField(default="", blank=True)
    signed_with = models.ForeignKey(SigningKey, models.PROTECT, null=True, related_name="+", db_index=False)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", db_index=False)
    revoked_at = models.DateTimeField(null=True)
    reason = models.TextField(default="", blank=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in CourseKind]), name="learning_certificate_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=True) | ~models.Q(reason="") | models.Q(erased_at__isnull=False),
                name="learning_certificate_revoked_why",
            ),
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=False, holder="", token="", account__isnull=True)
                | (models.Q(erased_at__isnull=True) & ~models.Q(holder="")),
                name="learning_certificate_erased",
            ),
        )
