"""How many floating copies a house shall keep."""

from __future__ import annotations

from django.db import models


class FloatLimit(models.Model):
    """How many floating copies of one collection (its shelving location; empty: all that float) a house shall have on its shelves.

    A house with such a row takes part: what another has too many of may be sent to it.
    """

    id = models.BigAutoField(primary_key=True)
    house = models.ForeignKey("network.House", models.PROTECT, related_name="+", db_index=False)
    collection = models.TextField(default="", blank=True)
    least = models.IntegerField(default=0)
    most = models.IntegerField()

    class Meta:
        db_table = "circulation_float_limit"
        constraints = (
            models.UniqueConstraint(fields=["house", "collection"], name="circulation_float_limit_once"),
            models.CheckConstraint(
                condition=models.Q(least__gte=0, most__gte=models.F("least"), most__gt=0),
                name="circulation_float_limit_bounds",
            ),
        )

    def __str__(self) -> str:
        return f"{self.collection} at {self.house_id}: {self.least} to {self.most}"
