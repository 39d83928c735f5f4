"""Profiles with their showcase, and the people who consent to be shown.

What the catalogue filters and orders by stands beside the profile (`kind` to `search_key`), written anew whenever the organisation changes,
so that a page of one sector and region among tens of thousands is read from an index.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from khaneh.domains.profiles.types import PROFILED_KINDS, SIZES, PersonState, ProfileState, Stage

_PUBLISHED = models.Q(state=ProfileState.PUBLISHED.value)


class Profile(models.Model):
    """What an organisation says of itself. Sort keys are the bytes by which its name is filed for a reader of each language."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.OneToOneField("network.Organisation", models.PROTECT, related_name="+")
    state = models.TextField(default=ProfileState.HIDDEN.value)
    makes = models.JSONField(default=dict)
    stage = models.TextField(default="", blank=True)
    trl = models.SmallIntegerField(null=True)
    size = models.TextField(default="", blank=True)
    founded = models.SmallIntegerField(null=True)
    markets = ArrayField(models.CharField(max_length=2), default=list)
    published_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    kind = models.TextField()
    region_path = ArrayField(models.BigIntegerField(), default=list)
    sector_path = ArrayField(models.TextField(), default=list)  # each sector with its division and section
    sort_fa = models.BinaryField(default=b"")
    sort_vi = models.BinaryField(default=b"")
    sort_en = models.BinaryField(default=b"")
    search_key = models.TextField(default="", blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in ProfileState]), name="profiles_profile_state"
            ),
            models.CheckConstraint(condition=models.Q(kind__in=list(PROFILED_KINDS)), name="profiles_profile_kind"),
            models.CheckConstraint(
                condition=models.Q(stage="") | models.Q(stage__in=[stage.value for stage in Stage]),
                name="profiles_profile_stage",
            ),
            models.CheckConstraint(
                condition=models.Q(trl__isnull=True) | models.Q(trl__range=(1, 9)), name="profiles_profile_trl"
            ),
            models.CheckConstraint(
                condition=models.Q(size="") | models.Q(size__in=list(SIZES)), name="profiles_profile_size"
            ),
            models.CheckConstraint(
                condition=~_PUBLISHED | models.Q(published_at__isnull=False), name="profiles_profile_published"
            ),
            models.CheckConstraint(
                condition=models.Q(state="withdrawn", withdrawn_at__isnull=False)
                | (~models.Q(state="withdrawn") & models.Q(withdrawn_at__isnull=True)),
                name="profiles_profile_withdrawn",
            ),
        )
        indexes = (
            models.Index(fields=["sort_fa", "id"], condition=_PUBLISHED, name="profiles_profile_by_fa"),
            models.Index(fields=["sort_vi", "id"], condition=_PUBLISHED, name="profiles_profile_by_vi"),
            models.Index(fields=["sort_en", "id"], condition=_PUBLISHED, name="profiles_profile_by_en"),
            GinIndex(fields=["region_path"], condition=_PUBLISHED, name="profiles_profile_region"),
            GinIndex(fields=["sector_path"], condition=_PUBLISHED, name="profiles_profile_sector"),
            GinIndex(fields=["search_key"], opclasses=["gin_trgm_ops"], name="profiles_profile_search"),
            models.Index(fields=["kind"], condition=_PUBLISHED, name="profiles_profile_of_kind"),
            models.Index(fields=["stage"], condition=_PUBLISHED, name="profiles_profile_of_stage"),
            models.Index(fields=["trl"], condition=_PUBLISHED, name="profiles_profile_of_trl"),
        )


class Product(models.Model):
    """Something in the showcase, with a picture drawn anew from what was sent."""

    id = models.BigAutoField(primary_key=True)
    profile = models.ForeignKey(Profile, models.CASCADE, related_name="products")
    names = models.JSONField(default=dict)
    texts = models.JSONField(default=dict)
    trl = models.SmallIntegerField(null=True)
    website = models.TextField(default="", blank=True)
    position = models.SmallIntegerField(default=1)
    small = models.CharField(max_length=64, default="", blank=True)
    large = models.CharField(max_length=64, default="", blank=True)
    width = models.IntegerField(default=0)
    height = models.IntegerField(default=0)
    alts = models.JSONField(default=dict)
    made_key = models.TextField(unique=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(trl__isnull=True) | models.Q(trl__range=(1, 9)), name="profiles_product_trl"
            ),
            models.CheckConstraint(
                condition=models.Q(small="", large="", width=0, height=0)
                | (~models.Q(small="") & ~models.Q(large="") & models.Q(width__gt=0, height__gt=0)),
                name="profiles_product_picture",
            ),
        )


class ShownPerson(models.Model):
    """Somebody whom an organisation wants to show, and what they say to it."""

    id = models.BigAutoField(primary_key=True)
    profile = models.ForeignKey(Profile, models.CASCADE, related_name="people")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    titles = models.JSONField(default=dict)
    state = models.TextField(default=PersonState.ASKED.value)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["profile", "account"], name="profiles_shownperson_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in PersonState]), name="profiles_shownperson_state"
            ),
            # Consent has a moment at which it was given.
            models.CheckConstraint(
                condition=models.Q(state="asked") | models.Q(answered_at__isnull=False),
                name="profiles_shownperson_answered",
            ),
        )
