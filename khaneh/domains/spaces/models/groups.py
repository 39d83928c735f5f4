"""The persons of a booking's group."""

from __future__ import annotations

from django.db import models

from khaneh.domains.spaces.models.bookings import Booking, Waiting


class BookingPerson(models.Model):
    """Somebody who comes with whoever booked. `account` is a member's; `counts` whether the booking counts in that person's own quotas.

    A name is as who booked wrote it: from a card number nobody learns whose it is.
    """

    id = models.BigAutoField(primary_key=True)
    booking = models.ForeignKey(Booking, models.PROTECT, related_name="persons", db_index=False)
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", db_index=False)
    name = models.TextField()
    counts = models.BooleanField(default=False)
    named_at = models.DateTimeField()
    came_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~models.Q(name=""), name="spaces_bookingperson_name"),
            models.CheckConstraint(
                condition=models.Q(counts=False) | models.Q(account__isnull=False), name="spaces_bookingperson_counts"
            ),
            models.UniqueConstraint(
                fields=["booking", "account"],
                condition=models.Q(account__isnull=False, left_at__isnull=True),
                name="spaces_bookingperson_once",
            ),
        )
        indexes = (
            models.Index(fields=["booking"], name="spaces_bookingperson_with"),
            models.Index(fields=["account"], condition=models.Q(account__isnull=False), name="spaces_bookingperson_of"),
        )


class WaitingPerson(models.Model):
    """Somebody who is to come with whoever waits, named as in `BookingPerson`; the places that are offered are for those who have not left."""

    id = models.BigAutoField(primary_key=True)
    waiting = models.ForeignKey(Waiting, models.PROTECT, related_name="persons", db_index=False)
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", db_index=False)
    name = models.TextField()
    named_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~models.Q(name=""), name="spaces_waitingperson_name"),
            models.UniqueConstraint(
                fields=["waiting", "account"],
                condition=models.Q(account__isnull=False, left_at__isnull=True),
                name="spaces_waitingperson_once",
            ),
        )
        indexes = (
            models.Index(fields=["waiting"], name="spaces_waitingperson_with"),
            models.Index(fields=["account"], condition=models.Q(account__isnull=False), name="spaces_waitingperson_of"),
        )
