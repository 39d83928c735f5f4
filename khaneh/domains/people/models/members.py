"""Members: who may borrow, with which card, on whose behalf, and what stands in their way."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now

from khaneh.domains.people.models.accounts import Account
from khaneh.domains.people.types import BlockReason, CardState, GuardianshipKind, MemberState


class MemberCategory(models.Model):
    """A kind of membership: for how long, for which age, and whether somebody must answer for the member."""

    id = models.BigAutoField(primary_key=True)
    code = models.SlugField(max_length=40, unique=True)
    names = models.JSONField(default=dict)
    membership_months = models.SmallIntegerField(default=12)
    min_age = models.SmallIntegerField(null=True)
    max_age = models.SmallIntegerField(null=True)
    needs_guardian = models.BooleanField(default=False)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(membership_months__range=(1, 240)), name="people_membercategory_months"
            ),
            models.CheckConstraint(
                condition=models.Q(min_age__isnull=True)
                | models.Q(max_age__isnull=True)
                | models.Q(min_age__lte=models.F("max_age")),
                name="people_membercategory_ages",
            ),
        )

    def __str__(self) -> str:
        return self.code


class Member(models.Model):
    """One person of the network's readers. An erased member keeps the row, and nothing that tells who it was.

    `search_key` is the folded name, card, telephone and address that the desk looks in; `national_id_hash` (a keyed hash) only finds
    duplicates.
    """

    id = models.BigAutoField(primary_key=True)
    account = models.OneToOneField(Account, models.PROTECT, null=True, related_name="member")
    category = models.ForeignKey(MemberCategory, models.PROTECT, related_name="+")
    home_house = models.ForeignKey("network.House", models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, default=MemberState.APPLIED.value)
    given_name = models.TextField(default="", blank=True)
    family_name = models.TextField(default="", blank=True)
    birth_date = models.DateField(null=True)
    phone = models.TextField(default="", blank=True)
    email = models.TextField(default="", blank=True)
    address = models.TextField(default="", blank=True)
    language = models.CharField(max_length=2, default="en")
    calendar = models.CharField(max_length=9, default="auto")
    national_id_hash = models.BinaryField(null=True)
    pin = models.TextField(default="", blank=True)
    keep_history = models.BooleanField(default=False)
    joined_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    search_key = models.TextField(default="", blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in MemberState]), name="people_member_state"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="active")
                | models.Q(joined_on__isnull=False, expires_on__isnull=False, expires_on__gte=models.F("joined_on")),
                name="people_member_active_has_term",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="erased")
                | models.Q(
                    account__isnull=True,
                    given_name="",
                    family_name="",
                    birth_date__isnull=True,
                    phone="",
                    email="",
                    address="",
                    national_id_hash__isnull=True,
                    pin="",
                    search_key="",
                ),
                name="people_member_erased_is_nobody",
            ),
            models.CheckConstraint(condition=models.Q(language__in=["fa", "vi", "en"]), name="people_member_language"),
            models.CheckConstraint(
                condition=models.Q(calendar__in=["auto", "jalali", "gregorian"]), name="people_member_calendar"
            ),
        )
        indexes = (
            GinIndex(fields=["search_key"], opclasses=["gin_trgm_ops"], name="people_member_search"),
            models.Index(fields=["home_house", "state"], name="people_member_house"),
            models.Index(
                fields=["national_id_hash"],
                condition=models.Q(national_id_hash__isnull=False),
                name="people_member_national_id",
            ),
            models.Index(fields=["expires_on"], condition=models.Q(state="active"), name="people_member_expiry"),
        )

    def __str__(self) -> str:
        return f"member {self.pk}"


class Card(models.Model):
    """A card. One is active for a member at a time, and one member's for a barcode."""

    id = models.BigAutoField(primary_key=True)
    member = models.ForeignKey(Member, models.PROTECT, related_name="cards")
    barcode = models.TextField()
    state = models.CharField(max_length=8, default=CardState.ACTIVE.value)
    issued_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["barcode"], condition=models.Q(state="active"), name="people_card_barcode_active"
            ),
            models.UniqueConstraint(
                fields=["member"], condition=models.Q(state="active"), name="people_card_one_active"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in CardState]), name="people_card_state"
            ),
            models.CheckConstraint(
                condition=models.Q(state="active", ended_at__isnull=True)
                | (~models.Q(state="active") & models.Q(ended_at__isnull=False)),
                name="people_card_ended",
            ),
            models.CheckConstraint(condition=~models.Q(barcode=""), name="people_card_barcode_not_empty"),
        )
        indexes = (models.Index(fields=["barcode"], name="people_card_barcode"),)


class Guardianship(models.Model):
    """Somebody acts for somebody: a parent for a child, a teacher for a class, a reader for one who asked them to (a proxy)."""

    id = models.BigAutoField(primary_key=True)
    guardian = models.ForeignKey(Member, models.PROTECT, related_name="wards")
    ward = models.ForeignKey(Member, models.PROTECT, related_name="guardians")
    kind = models.CharField(max_length=6)
    may_borrow = models.BooleanField(default=True)
    may_request = models.BooleanField(default=True)
    may_see_loans = models.BooleanField(default=False)
    may_pay = models.BooleanField(default=True)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    granted_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in GuardianshipKind]), name="people_guardianship_kind"
            ),
            models.CheckConstraint(
                condition=~models.Q(guardian=models.F("ward")), name="people_guardianship_not_oneself"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=models.F("valid_from")),
                name="people_guardianship_period",
            ),
            ExclusionConstraint(
                name="people_guardianship_once_at_a_time",
                expressions=[
                    ("guardian", RangeOperators.EQUAL),
                    ("ward", RangeOperators.EQUAL),
                    (
                        models.Func(models.F("valid_from"), models.F("valid_until"), function="tstzrange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        )


class MemberBlock(models.Model):
    """Why somebody may not borrow, placed by a person at a place. Lifted, never deleted."""

    id = models.BigAutoField(primary_key=True)
    member = models.ForeignKey(Member, models.PROTECT, related_name="blocks")
    reason = models.CharField(max_length=20)
    note = models.TextField(default="", blank=True)
    house = models.ForeignKey("network.House", models.PROTECT, null=True, related_name="+")
    placed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    placed_at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(reason__in=[reason.value for reason in BlockReason]),
                name="people_memberblock_reason",
            ),
        )
        indexes = (
            models.Index(fields=["member"], condition=models.Q(lifted_at__isnull=True), name="people_memberblock_open"),
        )


class MemberMessage(models.Model):
    """What the desk wants to tell a member, or the next colleague who sees them. Gone from sight when read or past its day."""

    id = models.BigAutoField(primary_key=True)
    member = models.ForeignKey(Member, models.CASCADE, related_name="messages")
    house = models.ForeignKey("network.House", models.PROTECT, null=True, related_name="+")
    text = models.TextField()
    for_staff = models.BooleanField(default=False)
    left_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    left_at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=~models.Q(text=""), name="people_membermessage_not_empty"),)
        indexes = (
            models.Index(fields=["member"], condition=models.Q(read_at__isnull=True), name="people_membermessage_open"),
        )


class MemberMerge(models.Model):
    """Two memberships that were one person's: `gone` closed, and everything of it went to `kept`. Never changed."""

    id = models.BigAutoField(primary_key=True)
    kept = models.ForeignKey(Member, models.PROTECT, related_name="+")
    gone = models.OneToOneField(Member, models.PROTECT, related_name="merged_into")
    merged_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    merged_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~models.Q(kept=models.F("gone")), name="people_membermerge_two"),
        )
