"""What houses share with each other."""

from __future__ import annotations

from django.db import models

from khaneh.domains.networking.types import LIVE_SHARINGS, Shared, SharingState
from khaneh.kernel.money import CURRENCY_OR_CREDIT

_LIVE = [state.value for state in LIVE_SHARINGS]


class Sharing(models.Model):
    """A house shares a place, or a mentor's hours, with one house, all of a region, or (neither is named) all of the network.

    So many minutes in a month of the house that shares. What was agreed never changes: other terms are another sharing. Never deleted.
    """

    id = models.BigAutoField(primary_key=True)
    what = models.TextField()
    house = models.ForeignKey("network.House", models.PROTECT, related_name="+")
    to_house = models.ForeignKey("network.House", models.PROTECT, null=True, related_name="+")
    to_region = models.ForeignKey("network.Region", models.PROTECT, null=True, related_name="+")
    space = models.ForeignKey("spaces.Space", models.PROTECT, null=True, related_name="+")
    mentor = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    minutes = models.IntegerField()
    price_amount = models.BigIntegerField(null=True)
    price_currency = models.TextField(default="", blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField()
    state = models.TextField(default=SharingState.OFFERED.value)
    offered_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    offered_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    agreed_at = models.DateTimeField(null=True)
    over_at = models.DateTimeField(null=True)
    reason = models.TextField(default="", blank=True)
    # What a form carries, so that one sent twice makes one sharing.
    made_key = models.TextField(unique=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(what=Shared.SPACE.value, space__isnull=False, mentor__isnull=True)
                # Who is forgotten is taken out of what is over.
                | models.Q(what=Shared.MENTOR.value, space__isnull=True, price_amount__isnull=True)
                & (models.Q(mentor__isnull=False) | ~models.Q(state__in=_LIVE)),
                name="networking_sharing_thing",
            ),
            models.CheckConstraint(
                condition=models.Q(to_house__isnull=True) | models.Q(to_region__isnull=True),
                name="networking_sharing_with_whom",
            ),
            models.CheckConstraint(
                condition=~models.Q(to_house=models.F("house")), name="networking_sharing_with_others"
            ),
            models.CheckConstraint(condition=models.Q(minutes__range=(15, 44_640)), name="networking_sharing_minutes"),
            models.CheckConstraint(
                condition=models.Q(valid_until__gte=models.F("valid_from")), name="networking_sharing_days"
            ),
            models.CheckConstraint(
                condition=models.Q(price_amount__isnull=True, price_currency="")
                | models.Q(price_amount__gt=0, price_currency__regex=CURRENCY_OR_CREDIT),
                name="networking_sharing_price",
            ),
            models.CheckConstraint(
                condition=models.Q(state=SharingState.OFFERED.value, over_at__isnull=True)
                | models.Q(state=SharingState.ACTIVE.value, accepted_at__isnull=False, over_at__isnull=True)
                & (models.Q(what=Shared.SPACE.value) | models.Q(agreed_at__isnull=False))
                | models.Q(
                    state__in=[one.value for one in SharingState if one not in LIVE_SHARINGS], over_at__isnull=False
                ),
                name="networking_sharing_state",
            ),
            models.UniqueConstraint(
                fields=["space", "mentor", "house", "to_house", "to_region"],
                condition=models.Q(state__in=_LIVE),
                nulls_distinct=False,
                name="networking_sharing_once",
            ),
        )
        indexes = (
            models.Index(fields=["house", "-id"], name="networking_sharing_by"),
            models.Index(fields=["to_house", "-id"], name="networking_sharing_to"),
            models.Index(fields=["mentor"], condition=models.Q(state__in=_LIVE), name="networking_sharing_mentor"),
            models.Index(fields=["space"], condition=models.Q(state__in=_LIVE), name="networking_sharing_space"),
        )
