"""How long things take, as measured."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from khaneh.domains.circulation.types import PaceKind

QUANTILES = 21


class Pace(models.Model):
    """How long one kind of thing took lately, at one house or (house none) in the network.

    `quantiles` are days at 0 %, 5 %, … 100 % of what came to an end; `never` is the share that did not (a copy that was lost).
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=8)
    house = models.ForeignKey("network.House", models.PROTECT, null=True, related_name="+", db_index=False)
    number = models.IntegerField()
    quantiles = ArrayField(models.FloatField())
    never = models.FloatField(default=0)
    measured_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["kind", "house"], nulls_distinct=False, name="circulation_pace_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in PaceKind]), name="circulation_pace_kind"
            ),
            models.CheckConstraint(condition=models.Q(quantiles__len=QUANTILES), name="circulation_pace_quantiles"),
            models.CheckConstraint(condition=models.Q(never__gte=0, never__lte=1), name="circulation_pace_never"),
        )

    def __str__(self) -> str:
        return f"{self.kind} at {self.house_id}"
