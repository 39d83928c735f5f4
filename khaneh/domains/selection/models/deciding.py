"""What comes of the reviews: interviews, decisions, appeals, letters, contracts, and the trail of every act."""

from __future__ import annotations

from django.db import models

from khaneh.domains.selection.models.reviewing import RankingRun, Round
from khaneh.domains.selection.types.lists import AppealState, ContractState, DecisionKind, LetterKind


class Slot(models.Model):
    """A time for one interview. Whoever is invited takes one that is free; an application has one."""

    id = models.BigAutoField(primary_key=True)
    round = models.ForeignKey(Round, models.PROTECT, related_name="slots")
    starts_at = models.DateTimeField()
    minutes = models.SmallIntegerField()
    place = models.TextField()
    application = models.ForeignKey("programmes.Application", models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["round", "starts_at", "place"], name="selection_slot_once"),
            models.UniqueConstraint(
                fields=["application"], condition=models.Q(application__isnull=False), name="selection_slot_one_each"
            ),
            models.CheckConstraint(condition=models.Q(minutes__range=(5, 480)), name="selection_slot_minutes"),
            models.CheckConstraint(
                condition=models.Q(application__isnull=True, taken_at__isnull=True)
                | models.Q(application__isnull=False, taken_at__isnull=False),
                name="selection_slot_taken",
            ),
        )


class Decision(models.Model):
    """What was decided about an application, by whom and why. Kept for ever; the one with the highest number holds.

    `line` is where the application stood in `ranking`, as it was at the time; `departs` where something else was decided than the ranking proposes.
    """

    id = models.BigAutoField(primary_key=True)
    round = models.ForeignKey(Round, models.PROTECT, related_name="decisions")
    application = models.ForeignKey("programmes.Application", models.PROTECT, related_name="+")
    number = models.SmallIntegerField()
    kind = models.TextField()
    reason = models.TextField()
    ranking = models.ForeignKey(RankingRun, models.PROTECT, null=True, related_name="+")
    line = models.JSONField(null=True)
    departs = models.BooleanField(default=False)
    decided_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["application", "number"], name="selection_decision_number"),
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in DecisionKind]), name="selection_decision_kind"
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="selection_decision_reason"),
        )
        indexes = (models.Index(fields=["round", "application", "-number"], name="selection_decision_last"),)


class Appeal(models.Model):
    """The applicants ask that a decision be looked at again. Answered once, by somebody else than who decided."""

    id = models.BigAutoField(primary_key=True)
    decision = models.OneToOneField(Decision, models.PROTECT, related_name="appeal")
    # Who decided, kept beside it so that PostgreSQL can see that it is not who answers.
    decided_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    text = models.TextField()
    made_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    state = models.TextField(default=AppealState.OPEN.value)
    answer = models.TextField(default="", blank=True)
    answered_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in AppealState]), name="selection_appeal_state"
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", answered_at__isnull=True)
                | (~models.Q(state="open") & models.Q(answered_at__isnull=False) & ~models.Q(answer="")),
                name="selection_appeal_answered",
            ),
            models.CheckConstraint(
                condition=models.Q(answered_by__isnull=True)
                | models.Q(decided_by__isnull=True)
                | ~models.Q(answered_by=models.F("decided_by")),
                name="selection_appeal_by_another",
            ),
        )


class Letter(models.Model):
    """A letter to the applicants, in their language, as it was written."""

    id = models.BigAutoField(primary_key=True)
    round = models.ForeignKey(Round, models.PROTECT, related_name="+")
    application = models.ForeignKey("programmes.Application", models.PROTECT, related_name="+")
    kind = models.TextField()
    language = models.TextField()
    subject = models.TextField()
    body = models.TextField()
    written_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in LetterKind]), name="selection_letter_kind"
            ),
        )
        indexes = (models.Index(fields=["application", "-written_at"], name="selection_letter_of"),)


class Contract(models.Model):
    """The contract with an accepted applicant: its text as it was issued, with the SHA-256 of it, signed by name or taken back."""

    id = models.BigAutoField(primary_key=True)
    round = models.ForeignKey(Round, models.PROTECT, related_name="+")
    application = models.ForeignKey("programmes.Application", models.PROTECT, related_name="+")
    number = models.TextField(unique=True)
    language = models.TextField()
    text = models.TextField()
    digest = models.TextField()
    state = models.TextField(default=ContractState.ISSUED.value)
    issued_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField()
    signed_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    signed_name = models.TextField(default="", blank=True)
    signed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["application"],
                condition=~models.Q(state=ContractState.TAKEN_BACK.value),
                name="selection_contract_one",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in ContractState]), name="selection_contract_state"
            ),
            models.CheckConstraint(
                condition=models.Q(state="signed", signed_at__isnull=False)
                | (~models.Q(state="signed") & models.Q(signed_at__isnull=True)),
                name="selection_contract_signed",
            ),
        )


class Trail(models.Model):
    """One act on a call's selection, in the order in which they happened. Append-only. Facts name no score and no text."""

    id = models.BigAutoField(primary_key=True)
    round = models.ForeignKey(Round, models.PROTECT, related_name="trail")
    application = models.ForeignKey("programmes.Application", models.PROTECT, null=True, related_name="+")
    kind = models.TextField()
    facts = models.JSONField(default=dict)
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["round", "application", "id"], name="selection_trail_of"),)
