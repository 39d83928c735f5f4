"""Photographs of spaces. The pictures themselves lie in the blob store, under their digests."""

from __future__ import annotations

from django.db import models

from khaneh.domains.spaces.models.spaces import Space


class SpacePhoto(models.Model):
    """One photograph, kept in two sizes; `width` and `height` are those of the large one."""

    id = models.BigAutoField(primary_key=True)
    space = models.ForeignKey(Space, models.PROTECT, related_name="photos", db_index=False)
    position = models.SmallIntegerField()
    small = models.CharField(max_length=64)
    large = models.CharField(max_length=64)
    width = models.IntegerField()
    height = models.IntegerField()
    alts = models.JSONField(default=dict)
    added_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(small__regex="^[0-9a-f]{64}$", large__regex="^[0-9a-f]{64}$"),
                name="spaces_spacephoto_digests",
            ),
            models.CheckConstraint(
                condition=models.Q(width__range=(1, 100_000), height__range=(1, 100_000)),
                name="spaces_spacephoto_size",
            ),
            models.UniqueConstraint(
                fields=["space", "position"],
                name="spaces_spacephoto_one_a_place",
                deferrable=models.Deferrable.DEFERRED,
            ),
            # The same picture sent again, by a replayed form or by mistake, is no second photograph.
            models.UniqueConstraint(fields=["space", "large"], name="spaces_spacephoto_once"),
        )
