"""Spaces: what can be booked, when it is open, what it asks for, when it is closed."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from khaneh.domains.spaces.types import FACILITIES, SPACE_KINDS, ClosureKind, PriceUnit, SpaceState
from khaneh.kernel.money import CURRENCY_OR_CREDIT

LONGEST_MINUTES = 366 * 24 * 60


class Space(models.Model):
    """Something that can be booked, perhaps inside another of the same house. `path` is written by a trigger: ids from the top to itself.

    One that is counted (`quantity` above one) contains nothing: a part of which of twelve would it be?
    """

    id = models.BigAutoField(primary_key=True)
    house = models.ForeignKey("network.House", models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    path = ArrayField(models.BigIntegerField(), default=list, editable=False)
    code = models.TextField(unique=True)
    kind = models.TextField()
    names = models.JSONField(default=dict)
    descriptions = models.JSONField(default=dict)
    capacity = models.IntegerField(default=1)
    quantity = models.SmallIntegerField(default=1)
    facilities = ArrayField(models.TextField(), default=list)
    slot_minutes = models.SmallIntegerField(default=30)
    min_minutes = models.IntegerField(default=30)
    max_minutes = models.IntegerField(default=480)
    setup_minutes = models.SmallIntegerField(default=0)
    cleanup_minutes = models.SmallIntegerField(default=0)
    approval = models.BooleanField(default=False)
    self_service = models.BooleanField(default=False)
    needs_code = models.BooleanField(default=False)
    instructions = models.JSONField(default=dict)
    price_amount = models.BigIntegerField(null=True)
    price_currency = models.TextField(default="", blank=True)
    price_unit = models.TextField(default=PriceUnit.HOUR.value)
    state = models.TextField(default=SpaceState.ACTIVE.value)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(kind__in=list(SPACE_KINDS)), name="spaces_space_kind"),
            models.CheckConstraint(
                condition=models.Q(facilities__contained_by=list(FACILITIES)), name="spaces_space_facilities"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in SpaceState]), name="spaces_space_state"
            ),
            models.CheckConstraint(
                condition=models.Q(capacity__range=(1, 100_000), quantity__range=(1, 500)), name="spaces_space_size"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    slot_minutes__range=(5, 1440),
                    min_minutes__gte=1,
                    max_minutes__gte=models.F("min_minutes"),
                    max_minutes__lte=LONGEST_MINUTES,
                    setup_minutes__range=(0, 1440),
                    cleanup_minutes__range=(0, 1440),
                ),
                name="spaces_space_times",
            ),
            models.CheckConstraint(
                condition=models.Q(price_amount__isnull=True, price_currency="")
                | models.Q(price_amount__gte=0, price_currency__regex=CURRENCY_OR_CREDIT),
                name="spaces_space_price",
            ),
            models.CheckConstraint(
                condition=models.Q(price_unit__in=[unit.value for unit in PriceUnit]), name="spaces_space_price_unit"
            ),
        )
        indexes = (
            GinIndex(fields=["path"], name="spaces_space_path"),
            models.Index(fields=["kind", "house"], name="spaces_space_sought"),
        )

    def __str__(self) -> str:
        return self.code


class SpaceHours(models.Model):
    """A span of a space's own week, in minutes after midnight. Within the house's calendar, never beyond it."""

    id = models.BigAutoField(primary_key=True)
    space = models.ForeignKey(Space, models.CASCADE, related_name="hours")
    weekday = models.SmallIntegerField()
    opens = models.SmallIntegerField()
    closes = models.SmallIntegerField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(
                    weekday__range=(1, 7),
                    opens__range=(0, 1439),
                    closes__gt=models.F("opens"),
                    closes__lte=models.F("opens") + 1440,
                ),
                name="spaces_spacehours_span",
            ),
            models.UniqueConstraint(fields=["space", "weekday", "opens"], name="spaces_spacehours_once"),
        )


class SpaceRequirement(models.Model):
    """Who books the space, or what is in it, must hold the qualification."""

    id = models.BigAutoField(primary_key=True)
    space = models.ForeignKey(Space, models.CASCADE, related_name="requirements")
    qualification = models.ForeignKey("qualifications.Qualification", models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["space", "qualification"], name="spaces_spacerequirement_once"),)


class SpaceClosure(models.Model):
    """A time in which nobody may have a space, or some of its units (empty: all). Lifted, never deleted.

    `uid` is what a calendar file calls it, empty where it was entered by hand.
    """

    id = models.BigAutoField(primary_key=True)
    space = models.ForeignKey(Space, models.PROTECT, related_name="closures")
    kind = models.TextField()
    units = ArrayField(models.SmallIntegerField(), default=list)
    starts = models.DateTimeField()
    ends = models.DateTimeField(null=True)
    note = models.TextField(default="", blank=True)
    made_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    uid = models.TextField(default="", db_default="", blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["space", "uid"],
                condition=~models.Q(uid="") & models.Q(lifted_at__isnull=True),
                name="spaces_spaceclosure_once",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in ClosureKind]), name="spaces_spaceclosure_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(ends__isnull=True) | models.Q(ends__gt=models.F("starts")),
                name="spaces_spaceclosure_period",
            ),
        )
        indexes = (models.Index(fields=["space", "starts"], name="spaces_spaceclosure_of"),)
