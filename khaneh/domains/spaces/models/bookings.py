"""Bookings, what they hold, how they repeat, and who waits."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models.lookups import GreaterThan

from khaneh.domains.spaces.models.spaces import Space, SpaceClosure
from khaneh.domains.spaces.types import (
    HOLDING,
    OPEN_BOOKINGS,
    SPACE_KINDS,
    BookingState,
    Channel,
    EndReason,
    Holder,
    WaitingState,
)
from khaneh.kernel.money import CURRENCY_OR_CREDIT

_HOLDING = [state.value for state in HOLDING]
# What is longer is rare and in an index of its own: who asks for a time looks no further back than this from it, and there.
LONG = timedelta(days=2)
_ENDED_EARLY = [BookingState.CANCELLED.value, BookingState.REFUSED.value]


class Series(models.Model):
    """Bookings that were made together by one pattern; each lives on by itself."""

    id = models.BigAutoField(primary_key=True)
    space = models.ForeignKey(Space, models.PROTECT, related_name="+")
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    pattern = models.JSONField()
    made_at = models.DateTimeField()


class Waiting(models.Model):
    """Somebody waits for `units` at once of a space, or of a kind in a house, for `minutes` within a window; all of it or none."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey("network.Organisation", models.PROTECT, null=True, related_name="+")
    house = models.ForeignKey("network.House", models.PROTECT, related_name="+")
    space = models.ForeignKey(Space, models.PROTECT, null=True, related_name="+")
    kind = models.TextField()
    first = models.DateTimeField()
    last = models.DateTimeField()
    minutes = models.IntegerField()
    units = models.SmallIntegerField(default=1)
    people = models.IntegerField(default=1)
    title = models.TextField(default="", blank=True)
    state = models.TextField(default=WaitingState.WAITING.value)
    joined_at = models.DateTimeField()
    answer_by = models.DateTimeField(null=True)
    missed = models.SmallIntegerField(default=0)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in WaitingState]), name="spaces_waiting_state"
            ),
            models.CheckConstraint(condition=models.Q(kind__in=list(SPACE_KINDS)), name="spaces_waiting_kind"),
            models.CheckConstraint(
                condition=models.Q(
                    last__gt=models.F("first"), minutes__gte=1, units__range=(1, 500), people__range=(1, 100_000)
                ),
                name="spaces_waiting_wish",
            ),
            models.CheckConstraint(
                condition=models.Q(state=WaitingState.OFFERED.value, answer_by__isnull=False)
                | (~models.Q(state=WaitingState.OFFERED.value) & models.Q(answer_by__isnull=True)),
                name="spaces_waiting_answer",
            ),
        )
        indexes = (
            models.Index(
                fields=["house", "kind", "joined_at"],
                condition=models.Q(state=WaitingState.WAITING.value),
                name="spaces_waiting_queue",
            ),
            models.Index(fields=["account"], name="spaces_waiting_of"),
        )


class Booking(models.Model):
    """A space for a time. `blocks` is that time with setting up and cleaning; `unit` which of a counted space, none while it holds nothing.

    `house` and `kind` are the space's when it was booked; `terms` what of the policies' answer its later life depends on.
    """

    id = models.BigAutoField(primary_key=True)
    space = models.ForeignKey(Space, models.PROTECT, related_name="bookings", db_index=False)
    house = models.ForeignKey("network.House", models.PROTECT, related_name="+", db_index=False)
    kind = models.TextField()
    unit = models.SmallIntegerField(null=True)
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", db_index=False)
    organisation = models.ForeignKey(
        "network.Organisation", models.PROTECT, null=True, related_name="+", db_index=False
    )
    people = models.IntegerField(default=1)
    title = models.TextField(default="", blank=True)
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    blocks = DateTimeRangeField()
    state = models.TextField()
    held_until = models.DateTimeField(null=True)
    channel = models.TextField(default=Channel.WEB.value)
    series = models.ForeignKey(Series, models.PROTECT, null=True, related_name="bookings", db_index=False)
    waiting = models.ForeignKey(Waiting, models.PROTECT, null=True, related_name="bookings", db_index=False)
    decision_id = models.BigIntegerField(null=True)
    terms = models.JSONField(default=dict)
    override = models.JSONField(null=True)
    price_amount = models.BigIntegerField(null=True)
    price_currency = models.TextField(default="", blank=True)
    code = models.TextField(default="", blank=True)
    booked_at = models.DateTimeField()
    booked_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", db_index=False)
    checked_in_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(default="", blank=True)
    reason = models.TextField(default="", blank=True)
    revision = models.IntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in BookingState]), name="spaces_booking_state"
            ),
            models.CheckConstraint(
                condition=models.Q(ends__gt=models.F("starts"))
                & models.Q(ends__lte=models.F("starts") + timedelta(days=366)),
                name="spaces_booking_period",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    blocks__contains=models.Func(
                        models.F("starts"), models.F("ends"), function="tstzrange", output_field=DateTimeRangeField()
                    )
                ),
                name="spaces_booking_blocks",
            ),
            models.CheckConstraint(condition=models.Q(people__range=(1, 100_000)), name="spaces_booking_people"),
            models.CheckConstraint(
                condition=~models.Q(state__in=_HOLDING) | models.Q(unit__gte=1), name="spaces_booking_holds_a_unit"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[state.value for state in OPEN_BOOKINGS])
                | models.Q(account__isnull=False, ended_at__isnull=True),
                name="spaces_booking_open_is_somebodys",
            ),
            models.CheckConstraint(
                condition=models.Q(state=BookingState.TENTATIVE.value, held_until__isnull=False)
                | (~models.Q(state=BookingState.TENTATIVE.value) & models.Q(held_until__isnull=True)),
                name="spaces_booking_tentative_for_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=_ENDED_EARLY, end_reason__in=[reason.value for reason in EndReason])
                | (~models.Q(state__in=_ENDED_EARLY) & models.Q(end_reason="")),
                name="spaces_booking_end_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(price_amount__isnull=True, price_currency="")
                | models.Q(price_amount__gte=0, price_currency__regex=CURRENCY_OR_CREDIT),
                name="spaces_booking_price",
            ),
        )
        indexes = (
            models.Index(fields=["house", "starts"], name="spaces_booking_of_house"),
            models.Index(fields=["space", "starts"], name="spaces_booking_of_space"),
            models.Index(fields=["account", "starts"], name="spaces_booking_of_account"),
            models.Index(
                fields=["organisation", "starts"],
                condition=models.Q(organisation__isnull=False),
                name="spaces_booking_of_organisation",
            ),
            models.Index(
                fields=["house", "starts"],
                condition=models.Q(state=BookingState.REQUESTED.value),
                name="spaces_booking_requests",
            ),
            models.Index(
                fields=["house", "starts"],
                condition=models.Q(GreaterThan(models.F("ends") - models.F("starts"), models.Value(LONG))),
                name="spaces_booking_long",
            ),
            models.Index(
                fields=["starts"],
                condition=models.Q(state__in=[state.value for state in OPEN_BOOKINGS]),
                name="spaces_booking_open",
            ),
            models.Index(fields=["series"], condition=models.Q(series__isnull=False), name="spaces_booking_of_series"),
            models.Index(
                fields=["waiting"], condition=models.Q(waiting__isnull=False), name="spaces_booking_of_waiting"
            ),
        )


class Occupancy(models.Model):
    """A unit of a space is held for a time by a booking or a closure; written by triggers alone.

    A booking has a row WHOLE for its own unit and a row PART for everything its space is in; a closure rows CLOSED for its units. That two
    WHOLE never meet, and two different holders never meet, is all that there is to keep (see README).
    """

    id = models.BigAutoField(primary_key=True)
    space = models.ForeignKey(Space, models.PROTECT, related_name="+", db_index=False)
    unit = models.SmallIntegerField()
    holder = models.SmallIntegerField()
    during = DateTimeRangeField()
    booking = models.ForeignKey(Booking, models.PROTECT, null=True, related_name="+")
    closure = models.ForeignKey(SpaceClosure, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(
                    holder__in=[Holder.WHOLE.value, Holder.PART.value], booking__isnull=False, closure__isnull=True
                )
                | models.Q(holder=Holder.CLOSED.value, booking__isnull=True, closure__isnull=False),
                name="spaces_occupancy_one_holder",
            ),
            ExclusionConstraint(
                name="spaces_occupancy_one_whole",
                expressions=[
                    ("space", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=models.Q(holder=Holder.WHOLE.value),
            ),
            ExclusionConstraint(
                name="spaces_occupancy_one_kind_of_holder",
                expressions=[
                    ("space", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                    ("holder", RangeOperators.NOT_EQUAL),
                ],
            ),
        )
