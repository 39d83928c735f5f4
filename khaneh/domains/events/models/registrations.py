"""Registrations: who comes with how many, who waits; who was checked in; what they thought of it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from khaneh.domains.events.models.events import Event, Pool
from khaneh.domains.events.types import HOLDING, OPEN_REGISTRATIONS, Channel, EndReason, RegistrationState
from khaneh.kernel.money import CURRENCY_OR_CREDIT

_HOLDING = [state.value for state in HOLDING]
_ENDED = [RegistrationState.REFUSED.value, RegistrationState.CANCELLED.value]


class Registration(models.Model):
    """So many people who come, or want to. `from_pool` and `from_common` say whose places they have; none while they have none.

    The price is for each person, none for what was never priced. `joined_at` orders the waiting list; `came` is written by a trigger from the check-ins; `reminded_for` is the start they were told of.
    """

    id = models.BigAutoField(primary_key=True)
    event = models.ForeignKey(Event, models.PROTECT, related_name="registrations", db_index=False)
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", db_index=False)
    organisation = models.ForeignKey("network.Organisation", models.PROTECT, null=True, related_name="+")
    guest = models.TextField(default="", blank=True)
    people = models.IntegerField(default=1)
    names = ArrayField(models.TextField(), default=list)
    own_transport = models.BooleanField(default=False)
    note = models.TextField(default="", blank=True)
    pool = models.ForeignKey(Pool, models.PROTECT, null=True, related_name="+", db_index=False)
    from_pool = models.IntegerField(default=0)
    from_common = models.IntegerField(default=0)
    price_amount = models.BigIntegerField(null=True)
    price_currency = models.TextField(default="", blank=True)
    state = models.TextField()
    code = models.TextField(unique=True)
    came = models.IntegerField(default=0)
    channel = models.TextField(default=Channel.WEB.value)
    decision_id = models.BigIntegerField(null=True)
    terms = models.JSONField(default=dict)
    override = models.JSONField(null=True)
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", db_index=False)
    joined_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(default="", blank=True)
    reason = models.TextField(default="", blank=True)
    reminded_for = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["event", "account", "organisation"],
                nulls_distinct=False,
                condition=models.Q(account__isnull=False) & ~models.Q(state__in=_ENDED),
                name="events_registration_once",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in RegistrationState]),
                name="events_registration_state",
            ),
            models.CheckConstraint(
                condition=models.Q(people__range=(1, 100_000)) & models.Q(came__gte=0, came__lte=models.F("people")),
                name="events_registration_people",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=_HOLDING,
                    people=models.F("from_pool") + models.F("from_common"),
                    from_pool__gte=0,
                    from_common__gte=0,
                )
                | (~models.Q(state__in=_HOLDING) & models.Q(from_pool=0, from_common=0)),
                name="events_registration_places",
            ),
            models.CheckConstraint(
                condition=models.Q(pool__isnull=False) | models.Q(from_pool=0), name="events_registration_pool"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[state.value for state in OPEN_REGISTRATIONS])
                | models.Q(ended_at__isnull=True),
                name="events_registration_open",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=_ENDED, end_reason__in=[reason.value for reason in EndReason])
                | (~models.Q(state__in=_ENDED) & models.Q(end_reason="")),
                name="events_registration_end_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(price_amount__isnull=True, price_currency="")
                | models.Q(price_amount__gte=0, price_currency__regex=CURRENCY_OR_CREDIT),
                name="events_registration_price",
            ),
        )
        indexes = (
            models.Index(fields=["event", "state", "joined_at"], name="events_registration_of_event"),
            models.Index(fields=["account"], condition=models.Q(account__isnull=False), name="events_registration_of"),
            models.Index(fields=["pool"], condition=models.Q(pool__isnull=False), name="events_registration_of_pool"),
        )


class CheckIn(models.Model):
    """So many people of a registration came, or (no registration) guests by name. `client_id` is the device's: sent twice, kept once."""

    id = models.BigAutoField(primary_key=True)
    event = models.ForeignKey(Event, models.PROTECT, related_name="check_ins")
    registration = models.ForeignKey(Registration, models.PROTECT, null=True, related_name="check_ins")
    guest = models.TextField(default="", blank=True)
    people = models.IntegerField()
    client_id = models.TextField(default="", blank=True)
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", db_index=False)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["event", "client_id"], condition=~models.Q(client_id=""), name="events_checkin_once"
            ),
            models.CheckConstraint(condition=models.Q(people__range=(1, 100_000)), name="events_checkin_people"),
        )


class Feedback(models.Model):
    """What somebody who came thought of it: a mark from 1 to 5, perhaps words. One for each registration; it may be changed."""

    id = models.BigAutoField(primary_key=True)
    event = models.ForeignKey(Event, models.PROTECT, related_name="feedback")
    registration = models.OneToOneField(Registration, models.PROTECT, related_name="feedback")
    rating = models.SmallIntegerField()
    words = models.TextField(default="", blank=True)
    given_at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(rating__range=(1, 5)), name="events_feedback_rating"),)
