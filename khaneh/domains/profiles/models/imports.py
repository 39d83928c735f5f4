"""Tables of companies that were taken in: every line with what became of it, for the report and for who judges what is unsure."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from khaneh.domains.profiles.types import ImportState, LineOutcome


class CompanyImport(models.Model):
    """One table. The same content again by the same account is the same import (`made_key`).

    `digest` names its file until all is taken in, empty after that. Of `total` lines those up to the line numbered `done` in the file are
    decided and committed: who goes on with it begins after that one. `beat_at` is when it last moved on.
    """

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    name = models.TextField()
    made_key = models.TextField(unique=True)
    made_at = models.DateTimeField()
    state = models.TextField(default=ImportState.DONE.value)
    digest = models.CharField(max_length=64, default="", blank=True)
    total = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    problem = models.TextField(default="", blank=True)
    started_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in ImportState]), name="profiles_import_state"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["done", "failed"]) | ~models.Q(digest=""), name="profiles_import_file"
            ),
        )
        indexes = (
            models.Index(
                fields=["beat_at"], condition=models.Q(state__in=["waiting", "running"]), name="profiles_import_at_work"
            ),
        )


class ImportLine(models.Model):
    """One line. What is unsure waits for a person, who joins it to one of the candidates, enters it, or leaves it out."""

    id = models.BigAutoField(primary_key=True)
    table = models.ForeignKey(CompanyImport, models.CASCADE, related_name="lines")
    number = models.IntegerField()
    cells = models.JSONField(default=dict)
    outcome = models.TextField()
    organisation = models.ForeignKey("network.Organisation", models.PROTECT, null=True, related_name="+")
    candidates = ArrayField(models.BigIntegerField(), default=list)
    evidence = ArrayField(models.TextField(), default=list)
    problems = models.JSONField(default=dict)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    judged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["table", "number"], name="profiles_importline_once"),
            models.CheckConstraint(
                condition=models.Q(outcome__in=[outcome.value for outcome in LineOutcome]),
                name="profiles_importline_outcome",
            ),
            models.CheckConstraint(
                condition=~models.Q(outcome="unsure") | models.Q(judged_at__isnull=True, candidates__len__gte=1),
                name="profiles_importline_unsure",
            ),
        )
        indexes = (
            models.Index(
                fields=["table", "number"],
                condition=models.Q(outcome=LineOutcome.UNSURE.value),
                name="profiles_importline_waiting",
            ),
        )
