"""What the staff is asked to be trained in."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from khaneh.domains.network.types import HOUSE_KINDS, Role


class StaffRequirement(models.Model):
    """Whoever holds one of these roles at a house of these kinds holds the qualification. Ended, never changed, so that the past stays."""

    id = models.BigAutoField(primary_key=True)
    qualification = models.ForeignKey("qualifications.Qualification", models.PROTECT, related_name="+")
    roles = ArrayField(models.TextField())
    house_kinds = ArrayField(models.TextField(), default=list)
    region = models.ForeignKey("network.Region", models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(null=True)
    grace_days = models.SmallIntegerField(default=90)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    made_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(roles__contained_by=[role.value for role in Role]) & models.Q(roles__len__gte=1),
                name="learning_staffrequirement_roles",
            ),
            models.CheckConstraint(
                condition=models.Q(house_kinds__contained_by=list(HOUSE_KINDS)), name="learning_staffrequirement_kinds"
            ),
            models.CheckConstraint(
                condition=models.Q(grace_days__range=(0, 3660)), name="learning_staffrequirement_grace"
            ),
        )
