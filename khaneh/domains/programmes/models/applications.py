"""Applications: who writes them, what was uploaded, what was submitted, and the steps of their life."""

from __future__ import annotations

from django.db import models

from khaneh.domains.programmes.models.calls import Call, FormVersion
from khaneh.domains.programmes.types import ApplicationState, Part

_STATES = [state.value for state in ApplicationState]
_DRAFT = models.Q(state=ApplicationState.DRAFT.value)


class Application(models.Model):
    """Somebody wants to take part. `title`, `summary` and `region` (where it shall be, on which quotas look) are those of the last submission,
    or of the draft while nothing was submitted.

    `typed` is what is being written, right or wrong: title, summary, region (a code) and answers by the keys of `form`. `account` answers for it
    and is nobody once they are forgotten; `organisation` for whom it is, if for one. `revision` grows with every saving, so that of two who write
    one is told. `version` counts submissions.
    """

    id = models.BigAutoField(primary_key=True)
    call = models.ForeignKey(Call, models.PROTECT, related_name="applications")
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey("network.Organisation", models.PROTECT, null=True, related_name="+")
    region = models.ForeignKey("network.Region", models.PROTECT, null=True, related_name="+")
    form = models.ForeignKey(FormVersion, models.PROTECT, related_name="+")
    title = models.TextField(default="", blank=True)
    summary = models.TextField(default="", blank=True)
    language = models.TextField(default="en")
    typed = models.JSONField(default=dict)
    revision = models.IntegerField(default=0)
    version = models.SmallIntegerField(default=0)
    state = models.TextField(default=ApplicationState.DRAFT.value)
    # The answer of the policies to the last submission: {"permitted": bool, "reasons": [{"code", "label", "remedy"}]}.
    eligibility = models.JSONField(null=True)
    decision_id = models.BigIntegerField(null=True)
    made_key = models.TextField(unique=True)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=_STATES), name="programmes_application_state"),
            models.CheckConstraint(
                condition=(_DRAFT & models.Q(version=0, submitted_at__isnull=True))
                | models.Q(state=ApplicationState.WITHDRAWN.value)
                | (~_DRAFT & models.Q(version__gte=1, submitted_at__isnull=False)),
                name="programmes_application_submitted",
            ),
        )
        indexes = (
            models.Index(fields=["call", "state"], name="programmes_application_of"),
            models.Index(fields=["account"], name="programmes_application_whose"),
        )


class ApplicationMember(models.Model):
    """Somebody who writes or reads an application with others. Invited by address; `account` is who took the invitation."""

    id = models.BigAutoField(primary_key=True)
    application = models.ForeignKey(Application, models.CASCADE, related_name="members")
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    email = models.TextField(default="", blank=True)
    part = models.TextField()
    invited_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(part__in=[part.value for part in Part]), name="programmes_applicationmember_part"
            ),
            models.UniqueConstraint(
                fields=["application", "account"],
                condition=models.Q(account__isnull=False),
                name="programmes_applicationmember_once",
            ),
            models.UniqueConstraint(
                fields=["application", "email"],
                condition=~models.Q(email=""),
                name="programmes_applicationmember_email",
            ),
            models.UniqueConstraint(
                fields=["application"],
                condition=models.Q(part=Part.LEAD.value),
                name="programmes_applicationmember_one_lead",
            ),
            models.CheckConstraint(
                condition=models.Q(account__isnull=False, joined_at__isnull=False)
                | (models.Q(account__isnull=True, joined_at__isnull=True) & ~models.Q(email="")),
                name="programmes_applicationmember_joined",
            ),
        )
        indexes = (
            models.Index(
                fields=["email"],
                condition=models.Q(account__isnull=True),
                name="programmes_invited",
            ),
        )


class ApplicationFile(models.Model):
    """A document that was uploaded in answer to a question. Removed from the draft it stays as long as a submission names it."""

    id = models.BigAutoField(primary_key=True)
    application = models.ForeignKey(Application, models.CASCADE, related_name="files")
    question = models.TextField()
    name = models.TextField()
    media_type = models.TextField()
    digest = models.TextField()
    size = models.BigIntegerField()
    added_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["application", "question", "digest"],
                condition=models.Q(removed_at__isnull=True),
                name="programmes_applicationfile_once",
            ),
        )


class Submission(models.Model):
    """An application as it was handed in, for ever: `content` is what `digest` (SHA-256 of its canonical JSON) and the receipt stand for.

    Only being forgotten takes the content away; number, instant and digest stay.
    """

    id = models.BigAutoField(primary_key=True)
    application = models.ForeignKey(Application, models.PROTECT, related_name="submissions")
    version = models.SmallIntegerField()
    form = models.ForeignKey(FormVersion, models.PROTECT, related_name="+")
    content = models.JSONField(null=True)
    digest = models.TextField()
    receipt = models.TextField(unique=True)
    submitted_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["application", "version"], name="programmes_submission_version"),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="programmes_submission_version_from_one"),
        )


class Step(models.Model):
    """One step of an application's life: from where to where, by whom, when and why. Kept as it was."""

    id = models.BigAutoField(primary_key=True)
    application = models.ForeignKey(Application, models.CASCADE, related_name="steps")
    before = models.TextField()
    after = models.TextField()
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    reason = models.TextField(default="", blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["application", "at"], name="programmes_step_of"),)
