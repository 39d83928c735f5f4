"""What is said of somebody who finished, where no vacancy tells it."""

from __future__ import annotations

from django.db import models

from khaneh.domains.placements.types import StatedKind, Teller

_SAID_BY_EMPLOYER = models.Q(said_by=Teller.EMPLOYER.value)
_CONFIRMED = models.Q(confirmed_on__isnull=False)


class Statement(models.Model):
    """Somebody's outcome as it was told. Kept as it was said: it is confirmed once or withdrawn once, and goes with the account alone."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    kind = models.TextField()
    since = models.DateField()
    told_on = models.DateField()
    said_by = models.TextField()
    # The employer, the business or the school, in their words.
    place = models.TextField(default="", blank=True)
    by_staff = models.BooleanField()
    made_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    confirmed_on = models.DateField(null=True)
    confirmed_by = models.TextField(default="", blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in StatedKind]), name="placements_statement_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(said_by=Teller.TRAINEE.value) | (_SAID_BY_EMPLOYER & _CONFIRMED),
                name="placements_statement_said_by",
            ),
            models.CheckConstraint(
                condition=models.Q(since__lte=models.F("told_on")), name="placements_statement_since"
            ),
            models.CheckConstraint(
                condition=(models.Q(confirmed_on__isnull=True, confirmed_by=""))
                | (_CONFIRMED & models.Q(kind=StatedKind.JOB.value) & ~models.Q(confirmed_by="")),
                name="placements_statement_confirmed",
            ),
        )
        indexes = (models.Index(fields=["account"], name="placements_statement_of"),)
