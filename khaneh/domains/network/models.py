"""Rows of the network. PostgreSQL keeps the trees: triggers of migration 0001 fill `path` and refuse cycles and wrong levels.

`path` holds the ids from the top down to the row itself; nothing but the trigger writes it. `search_key` is what the directory's text
filter looks in (see `rules.directory_key`).
"""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Coalesce, Now

from khaneh.domains.network.types import FACILITIES, HOUSE_KINDS, ORGANISATION_KINDS, HouseState, RegionLevel


class Region(models.Model):
    """A province, district or commune."""

    id = models.BigAutoField(primary_key=True)
    code = models.TextField(unique=True)
    level = models.SmallIntegerField()
    country = models.CharField(max_length=2)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    path = ArrayField(models.BigIntegerField(), default=list, editable=False)
    names = models.JSONField(default=dict)
    population = models.BigIntegerField(null=True)
    rural = models.BooleanField(null=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    boundary = models.JSONField(null=True)
    outline = models.JSONField(null=True)  # the boundary, simplified for a map of the whole network

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(level__in=[level.value for level in RegionLevel]), name="network_region_level"
            ),
            models.CheckConstraint(condition=models.Q(country__regex="^[A-Z]{2}$"), name="network_region_country"),
            models.CheckConstraint(
                condition=models.Q(population__isnull=True) | models.Q(population__gte=0),
                name="network_region_population",
            ),
        )
        indexes = (GinIndex(fields=["path"], name="network_region_path"),)


class DeprivationIndex(models.Model):
    """One version of a named index of deprivation."""

    id = models.BigAutoField(primary_key=True)
    code = models.TextField()
    version = models.TextField()
    names = models.JSONField(default=dict)
    notes = models.JSONField(default=dict)
    published_on = models.DateField()
    illustrative = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["code", "version"], name="network_deprivationindex_version"),)


class RegionDecile(models.Model):
    """A region's decile in one version of an index. Never changed: a decision may have used it."""

    id = models.BigAutoField(primary_key=True)
    index = models.ForeignKey(DeprivationIndex, models.PROTECT, related_name="deciles")
    region = models.ForeignKey(Region, models.PROTECT, related_name="deciles")
    decile = models.SmallIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["index", "region"], name="network_regiondecile_once"),
            models.CheckConstraint(condition=models.Q(decile__range=(1, 10)), name="network_regiondecile_decile"),
        )


class Organisation(models.Model):
    """A legal actor."""

    id = models.BigAutoField(primary_key=True)
    code = models.TextField(unique=True)
    kind = models.TextField()
    country = models.CharField(max_length=2)
    region = models.ForeignKey(Region, models.PROTECT, null=True, related_name="organisations")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    path = ArrayField(models.BigIntegerField(), default=list, editable=False)
    names = models.JSONField(default=dict)
    descriptions = models.JSONField(default=dict)
    registration_number = models.TextField(default="", blank=True)
    sectors = ArrayField(models.TextField(), default=list)
    capabilities = ArrayField(models.TextField(), default=list)
    address = models.TextField(default="", blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    phone = models.TextField(default="", blank=True)
    email = models.TextField(default="", blank=True)
    website = models.TextField(default="", blank=True)
    search_key = models.TextField(default="", editable=False)
    changed_at = models.DateTimeField(db_default=Now())
    # Set for one that does not want to be found any more; what it did stays with its name.
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind__in=list(ORGANISATION_KINDS)), name="network_organisation_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(country__regex="^[A-Z]{2}$"), name="network_organisation_country"
            ),
            models.UniqueConstraint(
                fields=["country", "registration_number"],
                condition=~models.Q(registration_number=""),
                name="network_organisation_registration",
            ),
        )
        indexes = (GinIndex(fields=["path"], name="network_organisation_path"),)


class House(models.Model):
    """A library, a centre, a creative house…: a place that the network runs."""

    id = models.BigAutoField(primary_key=True)
    code = models.TextField(unique=True)
    kind = models.TextField()
    state = models.TextField(default=HouseState.PROPOSED.value)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    path = ArrayField(models.BigIntegerField(), default=list, editable=False)
    region = models.ForeignKey(Region, models.PROTECT, related_name="houses")
    operator = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="houses")
    names = models.JSONField(default=dict)
    descriptions = models.JSONField(default=dict)
    address = models.TextField(default="", blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    phone = models.TextField(default="", blank=True)
    email = models.TextField(default="", blank=True)
    website = models.TextField(default="", blank=True)
    facilities = ArrayField(models.TextField(), default=list)
    time_zone = models.TextField()
    calendar = models.CharField(max_length=9)
    opened = models.TextField(default="", blank=True)
    search_key = models.TextField(default="", editable=False)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(kind__in=list(HOUSE_KINDS)), name="network_house_kind"),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in HouseState]), name="network_house_state"
            ),
            models.CheckConstraint(
                condition=models.Q(facilities__contained_by=list(FACILITIES)), name="network_house_facilities"
            ),
            models.CheckConstraint(
                condition=models.Q(calendar__in=["jalali", "gregorian"]), name="network_house_calendar"
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="network_house_coordinates",
            ),
        )
        indexes = (GinIndex(fields=["path"], name="network_house_path"),)


class OpeningHours(models.Model):
    """One span of a house's week, in minutes after midnight; `closes` may lie on the next day. Spans of one season never share time."""

    id = models.BigAutoField(primary_key=True)
    house = models.ForeignKey(House, models.CASCADE, related_name="hours")
    weekday = models.SmallIntegerField()
    opens = models.SmallIntegerField()
    closes = models.SmallIntegerField()
    first = models.DateField(null=True)
    last = models.DateField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(weekday__range=(1, 7)), name="network_openinghours_weekday"),
            models.CheckConstraint(
                condition=models.Q(
                    opens__range=(0, 1439), closes__gt=models.F("opens"), closes__lte=models.F("opens") + 1440
                ),
                name="network_openinghours_span",
            ),
            models.CheckConstraint(
                condition=models.Q(first__isnull=True)
                | models.Q(last__isnull=True)
                | models.Q(first__lte=models.F("last")),
                name="network_openinghours_season",
            ),
            ExclusionConstraint(
                name="network_openinghours_overlap",
                expressions=[
                    ("house", RangeOperators.EQUAL),
                    (
                        models.Func(
                            models.F("weekday") * 1440 + models.F("opens"),
                            models.F("weekday") * 1440 + models.F("closes"),
                            function="int4range",
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                    (Coalesce("first", models.Value(date(1, 1, 1))), RangeOperators.EQUAL),
                    (Coalesce("last", models.Value(date(9999, 12, 31))), RangeOperators.EQUAL),
                ],
            ),
        )


class Holiday(models.Model):
    """A day that differs from the week's hours, for a house, a region and all below it, or a country: exactly one of the three."""

    id = models.BigAutoField(primary_key=True)
    house = models.ForeignKey(House, models.CASCADE, null=True, related_name="holidays")
    region = models.ForeignKey(Region, models.CASCADE, null=True, related_name="holidays")
    country = models.CharField(max_length=2, default="", blank=True)
    rule = models.CharField(max_length=9)
    month = models.SmallIntegerField(null=True)
    day = models.SmallIntegerField(null=True)
    first = models.DateField(null=True)
    last = models.DateField(null=True)
    spans = ArrayField(ArrayField(models.SmallIntegerField(), size=2), default=list)
    names = models.JSONField(default=dict)
    expected = models.BooleanField(default=False)
    # What a calendar file calls it, empty where it was entered otherwise.
    uid = models.TextField(default="", db_default="", blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["house", "uid"], condition=~models.Q(uid=""), name="network_holiday_one_a_uid"
            ),
            models.CheckConstraint(
                condition=models.Q(house__isnull=False, region__isnull=True, country="")
                | models.Q(house__isnull=True, region__isnull=False, country="")
                | models.Q(house__isnull=True, region__isnull=True, country__regex="^[A-Z]{2}$"),
                name="network_holiday_one_scope",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    rule__in=["jalali", "gregorian"],
                    month__range=(1, 12),
                    day__range=(1, 31),
                    first__isnull=True,
                    last__isnull=True,
                )
                | models.Q(
                    rule="date",
                    month__isnull=True,
                    day__isnull=True,
                    first__isnull=False,
                    last__gte=models.F("first"),
                ),
                name="network_holiday_rule",
            ),
            models.UniqueConstraint(
                fields=["house", "region", "country", "rule", "month", "day", "first"],
                nulls_distinct=False,
                name="network_holiday_once",
            ),
        )
