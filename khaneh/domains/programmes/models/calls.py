"""Programmes and their calls: what is asked, by which criteria it is judged, for whom places are kept."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from khaneh.domains.programmes.types import CallState, ProgrammeKind, QuotaKind

_DRAFT = models.Q(state=CallState.DRAFT.value)


class Programme(models.Model):
    """What a house offers founders, year after year, by calls."""

    id = models.BigAutoField(primary_key=True)
    house = models.ForeignKey("network.House", models.PROTECT, related_name="+")
    code = models.TextField(unique=True)
    kind = models.TextField()
    names = models.JSONField(default=dict)
    descriptions = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in ProgrammeKind]), name="programmes_programme_kind"
            ),
        )

    def __str__(self) -> str:
        return self.code


class Call(models.Model):
    """One round of a programme. `house` is the programme's; `form` the version that new applications are written on.

    Empty `for_kinds`, `sectors` and `region` ask for nothing; `for_persons` lets people apply who have no organisation. `deprivation_index` is the
    version by which deprivation is read, chosen when the call is published. `checked_at` is when, after the deadline, conditions were judged:
    nothing is submitted after it.
    """

    id = models.BigAutoField(primary_key=True)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="calls")
    house = models.ForeignKey("network.House", models.PROTECT, related_name="+")
    names = models.JSONField(default=dict)
    descriptions = models.JSONField(default=dict)
    state = models.TextField(default=CallState.DRAFT.value)
    places = models.SmallIntegerField(default=1)
    for_persons = models.BooleanField(default=True)
    for_kinds = ArrayField(models.TextField(), default=list)
    sectors = ArrayField(models.TextField(), default=list)
    region = models.ForeignKey("network.Region", models.PROTECT, null=True, related_name="+")
    opens_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    results_on = models.DateField(null=True)
    deprivation_index = models.ForeignKey("network.DeprivationIndex", models.PROTECT, null=True, related_name="+")
    form = models.ForeignKey("programmes.FormVersion", models.PROTECT, null=True, related_name="+")
    # What a form carries, so that one sent twice makes one call.
    made_key = models.TextField(unique=True)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in CallState]), name="programmes_call_state"
            ),
            models.CheckConstraint(condition=models.Q(places__range=(1, 1000)), name="programmes_call_places"),
            models.CheckConstraint(
                condition=models.Q(opens_at__isnull=True)
                | models.Q(closes_at__isnull=True)
                | models.Q(closes_at__gt=models.F("opens_at")),
                name="programmes_call_dates",
            ),
            models.CheckConstraint(
                condition=_DRAFT
                | models.Q(state=CallState.CANCELLED.value)
                | models.Q(
                    opens_at__isnull=False, closes_at__isnull=False, form__isnull=False, published_at__isnull=False
                ),
                name="programmes_call_published_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(checked_at__isnull=True) | models.Q(checked_at__gte=models.F("closes_at")),
                name="programmes_call_checked_after",
            ),
        )
        indexes = (
            models.Index(
                fields=["closes_at"],
                condition=models.Q(state=CallState.PUBLISHED.value),
                name="programmes_call_closing",
            ),
        )


class Criterion(models.Model):
    """By what applications of a call are judged. `weight` is relative to the others; a score goes from 0 to `scale_max`."""

    id = models.BigAutoField(primary_key=True)
    call = models.ForeignKey(Call, models.CASCADE, related_name="criteria")
    code = models.TextField()
    position = models.SmallIntegerField()
    names = models.JSONField(default=dict)
    hints = models.JSONField(default=dict)
    weight = models.SmallIntegerField()
    scale_max = models.SmallIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["call", "code"], name="programmes_criterion_once"),
            models.CheckConstraint(condition=models.Q(weight__range=(1, 100)), name="programmes_criterion_weight"),
            models.CheckConstraint(condition=models.Q(scale_max__range=(1, 100)), name="programmes_criterion_scale"),
        )


class Quota(models.Model):
    """So many places of a call are kept for some. `decile_max` is the mildest decile that counts as deprived (1 is the most deprived)."""

    id = models.BigAutoField(primary_key=True)
    call = models.ForeignKey(Call, models.CASCADE, related_name="quotas")
    position = models.SmallIntegerField()
    kind = models.TextField()
    region = models.ForeignKey("network.Region", models.PROTECT, null=True, related_name="+")
    decile_max = models.SmallIntegerField(null=True)
    places = models.SmallIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["call", "position"], name="programmes_quota_position"),
            models.CheckConstraint(condition=models.Q(places__gte=1), name="programmes_quota_places"),
            models.CheckConstraint(
                condition=models.Q(kind=QuotaKind.REGION.value, region__isnull=False, decile_max__isnull=True)
                | models.Q(kind=QuotaKind.DEPRIVATION.value, region__isnull=True, decile_max__range=(1, 9))
                | models.Q(kind=QuotaKind.RURAL.value, region__isnull=True, decile_max__isnull=True),
                name="programmes_quota_whom",
            ),
        )


class FormVersion(models.Model):
    """The questions of a call as they are asked: a list of values, each in the form of `types.Question`. What is published stays.

    A change is another version; an application keeps the one on which it was begun until its writers take up the newer.
    """

    id = models.BigAutoField(primary_key=True)
    call = models.ForeignKey(Call, models.CASCADE, related_name="forms")
    number = models.SmallIntegerField()
    questions = models.JSONField(default=list)
    revision = models.IntegerField(default=0)
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["call", "number"], name="programmes_formversion_number"),
            models.UniqueConstraint(
                fields=["call"],
                condition=models.Q(published_at__isnull=True),
                name="programmes_formversion_one_draft",
            ),
        )


class CallQuestion(models.Model):
    """Something that somebody asked about a call. Answered for all, without the name of who asked."""

    id = models.BigAutoField(primary_key=True)
    call = models.ForeignKey(Call, models.CASCADE, related_name="asked")
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    text = models.TextField()
    asked_at = models.DateTimeField()
    answers = models.JSONField(default=dict)
    answered_at = models.DateTimeField(null=True)
    # Off topic, or asked before: shown to who asked alone.
    hidden = models.BooleanField(default=False)

    class Meta:
        indexes = (models.Index(fields=["call", "asked_at"], name="programmes_callquestion_of"),)
