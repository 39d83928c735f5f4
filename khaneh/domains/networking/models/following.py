"""What is new in the network, who follows what, and what each was told."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, BigIntegerRangeField, RangeOperators
from django.db import models

from khaneh.domains.networking.types import Followed, Frequency, NewsKind

_KINDS = [kind.value for kind in NewsKind]


class News(models.Model):
    """Something became public, once for ever: by its kind and its number in the domain that it is of. What it says is read there.

    `turn` counts up in the order in which rows were seen after their commit, so that whoever has been told of all up to a turn has missed none;
    it is given when digests are made.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.TextField()
    thing_id = models.BigIntegerField()
    at = models.DateTimeField()
    turn = models.BigIntegerField(null=True, unique=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(kind__in=_KINDS), name="networking_news_kind"),
            models.UniqueConstraint(fields=["kind", "thing_id"], name="networking_news_once"),
        )
        indexes = (models.Index(fields=["id"], condition=models.Q(turn__isnull=True), name="networking_news_turnless"),)


class Subscription(models.Model):
    """Somebody follows, for themself or for an organisation. All up to turn `told` was looked at for them.

    `house` is in whose name, and by whose quiet hours, a digest goes out. `secret` is what the address of its last page holds.
    """

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    organisation = models.ForeignKey("network.Organisation", models.PROTECT, null=True, related_name="+")
    house = models.ForeignKey("network.House", models.PROTECT, related_name="+")
    kinds = ArrayField(models.TextField(), default=list)
    frequency = models.TextField(default=Frequency.WEEKLY.value)
    told = models.BigIntegerField(default=0)
    next_at = models.DateTimeField()
    secret = models.TextField(unique=True)
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["account", "organisation"], nulls_distinct=False, name="networking_subscription_once"
            ),
            models.CheckConstraint(
                condition=models.Q(frequency__in=[one.value for one in Frequency]),
                name="networking_subscription_frequency",
            ),
            models.CheckConstraint(
                condition=models.Q(kinds__contained_by=_KINDS), name="networking_subscription_kinds"
            ),
        )
        indexes = (
            models.Index(
                fields=["next_at"],
                condition=~models.Q(frequency=Frequency.NEVER.value),
                name="networking_subscription_due",
            ),
        )


class Follow(models.Model):
    """A sector, a region or a house that is followed; exactly one of the three."""

    id = models.BigAutoField(primary_key=True)
    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="follows")
    what = models.TextField()
    sector = models.TextField(default="", blank=True)
    region = models.ForeignKey("network.Region", models.PROTECT, null=True, related_name="+")
    house = models.ForeignKey("network.House", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(what=Followed.SECTOR.value, region__isnull=True, house__isnull=True)
                & ~models.Q(sector="")
                | models.Q(what=Followed.REGION.value, sector="", region__isnull=False, house__isnull=True)
                | models.Q(what=Followed.HOUSE.value, sector="", region__isnull=True, house__isnull=False),
                name="networking_follow_one_thing",
            ),
            models.UniqueConstraint(
                fields=["subscription", "sector", "region", "house"],
                nulls_distinct=False,
                name="networking_follow_once",
            ),
        )


class Digest(models.Model):
    """What somebody was told at once: the news of the turns after the first up to the second of `turns` that they follow.

    The turns of two digests of one subscription never meet, so that nothing is told twice.
    """

    id = models.BigAutoField(primary_key=True)
    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="digests")
    number = models.IntegerField()
    turns = BigIntegerRangeField()
    news = ArrayField(models.BigIntegerField())
    made_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["subscription", "number"], name="networking_digest_number"),
            models.CheckConstraint(condition=models.Q(news__len__gte=1), name="networking_digest_of_something"),
            ExclusionConstraint(
                name="networking_digest_apart",
                expressions=[
                    ("subscription", RangeOperators.EQUAL),
                    ("turns", RangeOperators.OVERLAPS),
                ],
            ),
        )
