"""What was noted of copies that came in damaged. About the copy alone: never who brought it."""

from __future__ import annotations

from django.db import models


class Damage(models.Model):
    """A copy came in damaged at a house, on a day, and what is to be seen of it. The last one counts while the copy is at repair."""

    id = models.BigAutoField(primary_key=True)
    copy = models.ForeignKey("catalogue.Copy", models.PROTECT, related_name="+")
    house = models.ForeignKey("network.House", models.PROTECT, related_name="+", db_index=False)
    noted_on = models.DateField()
    note = models.TextField(default="", blank=True)

    def __str__(self) -> str:
        return f"damage of copy {self.copy_id}"
