"""Events: what happens where and when, whose places they are, the stops of a tour."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models

from khaneh.domains.events.types import EVENT_KINDS, TRANSPORTS, Admission, EventState
from khaneh.kernel.money import CURRENCY_OR_CREDIT


class Event(models.Model):
    """Something to which people come. `seats` are those of the smallest vehicle of its tour, `riding` is written by a trigger.

    `account` is who proposed it: what is booked for it by the system is booked in their name.
    """

    id = models.BigAutoField(primary_key=True)
    house = models.ForeignKey("network.House", models.PROTECT, related_name="+", db_index=False)
    kind = models.TextField()
    names = models.JSONField(default=dict)
    descriptions = models.JSONField(default=dict)
    sectors = ArrayField(models.TextField(), default=list)
    place = models.JSONField(default=dict)
    online_url = models.TextField(default="", blank=True)
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    admission = models.TextField(default=Admission.REGISTER.value)
    capacity = models.IntegerField(null=True)
    largest_group = models.IntegerField(default=10)
    price_amount = models.BigIntegerField(null=True)
    price_currency = models.TextField(default="", blank=True)
    opens_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    release_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    seats = models.IntegerField(null=True)
    riding = models.IntegerField(default=0)
    remind_hours = models.SmallIntegerField(default=24)
    state = models.TextField(default=EventState.PROPOSED.value)
    reason = models.TextField(default="", blank=True)
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    revision = models.IntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(kind__in=list(EVENT_KINDS)), name="events_event_kind"),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in EventState]), name="events_event_state"
            ),
            models.CheckConstraint(
                condition=models.Q(ends__gt=models.F("starts"))
                & models.Q(ends__lte=models.F("starts") + timedelta(days=366)),
                name="events_event_period",
            ),
            models.CheckConstraint(
                condition=models.Q(admission=Admission.FREE.value, capacity__isnull=True)
                | models.Q(
                    admission__in=[Admission.REGISTER.value, Admission.APPROVAL.value], capacity__range=(1, 100_000)
                ),
                name="events_event_admission",
            ),
            models.CheckConstraint(
                condition=models.Q(riding__gte=0)
                & (models.Q(seats__isnull=True) | models.Q(riding__lte=models.F("seats"))),
                name="events_event_seats",
            ),
            models.CheckConstraint(
                condition=models.Q(price_amount__isnull=True, price_currency="")
                | models.Q(price_amount__gte=0, price_currency__regex=CURRENCY_OR_CREDIT),
                name="events_event_price",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=EventState.CANCELLED.value) | ~models.Q(reason=""),
                name="events_event_cancelled_why",
            ),
        )
        indexes = (
            models.Index(fields=["starts"], name="events_event_when"),
            models.Index(fields=["house", "starts"], name="events_event_of_house"),
        )


class Organiser(models.Model):
    """An organisation that makes the event."""

    id = models.BigAutoField(primary_key=True)
    event = models.ForeignKey(Event, models.CASCADE, related_name="organisers")
    organisation = models.ForeignKey("network.Organisation", models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["event", "organisation"], name="events_organiser_once"),)


class Pool(models.Model):
    """Places of an event: those of a house, or (no house) those that are common. `taken` is written by a trigger alone.

    Together they are the event's capacity. `promised` is what a house had before its unused places became common.
    """

    id = models.BigAutoField(primary_key=True)
    event = models.ForeignKey(Event, models.PROTECT, related_name="pools")
    house = models.ForeignKey("network.House", models.PROTECT, null=True, related_name="+")
    promised = models.IntegerField()
    places = models.IntegerField()
    taken = models.IntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["event", "house"], nulls_distinct=False, name="events_pool_once"),
            models.CheckConstraint(
                condition=models.Q(taken__gte=0, taken__lte=models.F("places"), promised__gte=0),
                name="events_pool_places",
            ),
        )


class Leg(models.Model):
    """A stop of a tour: a house, an organisation or a place in words. Stops do not overlap."""

    id = models.BigAutoField(primary_key=True)
    event = models.ForeignKey(Event, models.CASCADE, related_name="legs", db_index=False)
    house = models.ForeignKey("network.House", models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey("network.Organisation", models.PROTECT, null=True, related_name="+")
    place = models.JSONField(default=dict)
    stays = DateTimeRangeField()
    transport = models.TextField()
    seats = models.IntegerField(null=True)
    meeting = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(transport__in=list(TRANSPORTS)), name="events_leg_transport"),
            models.CheckConstraint(
                condition=models.Q(house__isnull=True) | models.Q(organisation__isnull=True), name="events_leg_one_site"
            ),
            models.CheckConstraint(
                condition=models.Q(seats__isnull=True) | models.Q(seats__gte=1), name="events_leg_seats"
            ),
            ExclusionConstraint(
                name="events_leg_one_at_a_time",
                expressions=[("event", RangeOperators.EQUAL), ("stays", RangeOperators.OVERLAPS)],
            ),
        )


class EventSpace(models.Model):
    """A space that is booked for an event; the booking is a booking like any other, so that nobody else has the room."""

    id = models.BigAutoField(primary_key=True)
    event = models.ForeignKey(Event, models.PROTECT, related_name="spaces")
    booking = models.OneToOneField("spaces.Booking", models.PROTECT, related_name="+")
