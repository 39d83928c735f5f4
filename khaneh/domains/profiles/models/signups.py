"""Sign-ups of organisations, their documents, and what was decided of each submission."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from khaneh.domains.profiles.types import OPEN_SIGNUPS, PROFILED_KINDS, DocumentKind, Outcome, SignUpState


class SignUp(models.Model):
    """An organisation as somebody signs it up. `turn` counts its submissions; each is decided once."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    state = models.TextField(default=SignUpState.DRAFT.value)
    kind = models.TextField()
    country = models.CharField(max_length=2)
    region = models.ForeignKey("network.Region", models.PROTECT, related_name="+")
    names = models.JSONField(default=dict)
    registration_number = models.TextField(default="", blank=True)
    sectors = ArrayField(models.TextField(), default=list)
    capabilities = ArrayField(models.TextField(), default=list)
    descriptions = models.JSONField(default=dict)
    address = models.TextField(default="", blank=True)
    phone = models.TextField(default="", blank=True)
    email = models.TextField(default="", blank=True)
    website = models.TextField(default="", blank=True)
    note = models.TextField(default="", blank=True)
    claims = models.ForeignKey("network.Organisation", models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey("network.Organisation", models.PROTECT, null=True, related_name="+")
    turn = models.SmallIntegerField(default=0)
    # What a form carries, so that one sent twice makes one sign-up.
    made_key = models.TextField(unique=True)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in SignUpState]), name="profiles_signup_state"
            ),
            models.CheckConstraint(condition=models.Q(kind__in=list(PROFILED_KINDS)), name="profiles_signup_kind"),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "withdrawn"])
                | models.Q(submitted_at__isnull=False, turn__gte=1),
                name="profiles_signup_submitted",
            ),
            models.CheckConstraint(
                condition=models.Q(state="verified", organisation__isnull=False)
                | (~models.Q(state="verified") & models.Q(organisation__isnull=True)),
                name="profiles_signup_organisation",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="submitted") | ~models.Q(registration_number=""),
                name="profiles_signup_number",
            ),
        )
        indexes = (
            models.Index(
                fields=["submitted_at"],
                condition=models.Q(state=SignUpState.SUBMITTED.value),
                name="profiles_signup_waiting",
            ),
            models.Index(
                fields=["account"],
                condition=models.Q(state__in=[state.value for state in OPEN_SIGNUPS]),
                name="profiles_signup_open",
            ),
        )


class SignUpDocument(models.Model):
    """A document as it was handed in: named by its content, whose kind was recognised by its bytes."""

    id = models.BigAutoField(primary_key=True)
    signup = models.ForeignKey(SignUp, models.CASCADE, related_name="documents")
    kind = models.TextField()
    name = models.TextField()
    digest = models.CharField(max_length=64)
    media = models.TextField()
    size = models.IntegerField()
    added_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["signup", "digest"], name="profiles_signupdocument_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in DocumentKind]), name="profiles_signupdocument_kind"
            ),
        )


class SignUpDecision(models.Model):
    """What an officer decided of one submission. Never changed, never deleted."""

    id = models.BigAutoField(primary_key=True)
    signup = models.ForeignKey(SignUp, models.PROTECT, related_name="decisions")
    turn = models.SmallIntegerField()
    outcome = models.TextField()
    reasons = ArrayField(models.TextField(), default=list)
    words = models.TextField(default="", blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["signup", "turn"], name="profiles_signupdecision_once"),
            models.CheckConstraint(
                condition=models.Q(outcome__in=[outcome.value for outcome in Outcome]),
                name="profiles_signupdecision_outcome",
            ),
            # A no without a reason leaves nothing to mend.
            models.CheckConstraint(
                condition=models.Q(outcome="verified") | models.Q(reasons__len__gte=1),
                name="profiles_signupdecision_reasoned",
            ),
        )
