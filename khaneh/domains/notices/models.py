"""Rows of notices. What a notice is about stays in it only until the messages made of it are done (constraint)."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from khaneh.domains.notices.types import OPEN_STATES, REASONS, Channel, State
from khaneh.kernel.labels import LANGUAGES

_CHANNELS = [channel.value for channel in Channel]


class Notice(models.Model):
    """Somebody is to be told something. One row for a `key`, for ever, so that it is told once.

    It is for a member, or for an account that has no membership. When its messages are done, the facts are emptied, who it was for goes and instants become days: what remains says that something of this kind
    was told. The key is sealed with the installation's secret.
    """

    id = models.BigAutoField(primary_key=True)
    key = models.TextField(unique=True)
    event = models.TextField()
    member = models.ForeignKey("people.Member", models.PROTECT, null=True, related_name="+", db_index=False)
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", db_index=False)
    house = models.ForeignKey("network.House", models.PROTECT, related_name="+", db_index=False)
    facts = models.JSONField(default=dict)
    told_at = models.DateTimeField()
    not_before = models.DateTimeField()
    until = models.DateTimeField(null=True)
    gathered_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True, member__isnull=False, account__isnull=True)
                | models.Q(done_at__isnull=True, member__isnull=True, account__isnull=False)
                | models.Q(done_at__isnull=False, member__isnull=True, account__isnull=True, facts={}),
                name="notices_notice_done_is_empty",
            ),
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True) | models.Q(gathered_at__isnull=False),
                name="notices_notice_gathered_first",
            ),
        )
        indexes = (
            models.Index(
                fields=["not_before", "id"], condition=models.Q(gathered_at__isnull=True), name="notices_notice_due"
            ),
            models.Index(fields=["member"], condition=models.Q(member__isnull=False), name="notices_notice_of_member"),
            models.Index(
                fields=["account"], condition=models.Q(account__isnull=False), name="notices_notice_of_account"
            ),
            models.Index(fields=["event", "told_at"], name="notices_notice_counted"),
        )


class Message(models.Model):
    """One message to one reader by one channel, of one or more notices. `token` names it to servers, the same at every try.

    `claimed_at` is the mark written before it is sent. `detail` is what the server said, without addresses.
    """

    id = models.BigAutoField(primary_key=True)
    member = models.ForeignKey("people.Member", models.PROTECT, null=True, related_name="+", db_index=False)
    house = models.ForeignKey("network.House", models.PROTECT, related_name="+", db_index=False)
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", db_index=False)
    channel = models.CharField(max_length=5)
    events = ArrayField(models.TextField())
    together = models.BooleanField(default=True)
    state = models.CharField(max_length=10, default=State.WAITING.value)
    reason = models.TextField(default="", blank=True)
    detail = models.TextField(default="", blank=True)
    attempts = models.SmallIntegerField(default=0)
    not_before = models.DateTimeField()
    created_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    token = models.UUIDField(default=uuid.uuid4, unique=True)
    settled_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in State]), name="notices_message_state"
            ),
            models.CheckConstraint(
                condition=models.Q(channel__in=[Channel.EMAIL.value, Channel.SMS.value]),
                name="notices_message_channel",
            ),
            models.CheckConstraint(
                condition=models.Q(reason="") | models.Q(reason__in=list(REASONS)), name="notices_message_reason"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[state.value for state in OPEN_STATES])
                | models.Q(member__isnull=False, account__isnull=True)
                | models.Q(member__isnull=True, account__isnull=False),
                name="notices_message_open_has_reader",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["sending", "unsure"]) | models.Q(claimed_at__isnull=False),
                name="notices_message_claimed",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="sent") | models.Q(sent_at__isnull=False), name="notices_message_sent"
            ),
        )
        indexes = (
            models.Index(fields=["not_before", "id"], condition=models.Q(state="waiting"), name="notices_message_due"),
            models.Index(
                fields=["member", "channel"], condition=models.Q(state="waiting"), name="notices_message_joinable"
            ),
            models.Index(fields=["claimed_at"], condition=models.Q(state="sending"), name="notices_message_in_hand"),
            models.Index(fields=["house", "state", "-id"], name="notices_message_queue"),
            models.Index(
                fields=["member", "-id"], condition=models.Q(member__isnull=False), name="notices_message_of_member"
            ),
            models.Index(
                fields=["account", "channel"],
                condition=models.Q(account__isnull=False),
                name="notices_message_of_account",
            ),
        )


class Part(models.Model):
    """A notice in a message. By one channel it is in one message only, whoever gathers. Gone when the message is done."""

    id = models.BigAutoField(primary_key=True)
    message = models.ForeignKey(Message, models.CASCADE, related_name="parts")
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="parts", db_index=False)
    channel = models.CharField(max_length=5)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["notice", "channel"], name="notices_part_once_a_channel"),)


class InboxItem(models.Model):
    """A message in somebody's account, kept as facts and written when it is read, in the language of that moment. Deleted after a month."""

    id = models.BigAutoField(primary_key=True)
    member = models.ForeignKey("people.Member", models.CASCADE, null=True, related_name="+", db_index=False)
    account = models.ForeignKey("people.Account", models.CASCADE, null=True, related_name="+", db_index=False)
    house = models.ForeignKey("network.House", models.PROTECT, related_name="+", db_index=False)
    event = models.TextField()
    facts = models.JSONField()
    told_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(member__isnull=False, account__isnull=True)
                | models.Q(member__isnull=True, account__isnull=False),
                name="notices_inbox_one_reader",
            ),
        )
        indexes = (
            models.Index(fields=["member", "-id"], name="notices_inbox_of_member"),
            models.Index(
                fields=["account", "-id"], condition=models.Q(account__isnull=False), name="notices_inbox_of_account"
            ),
            models.Index(fields=["told_at"], name="notices_inbox_age"),
        )


class Template(models.Model):
    """A text that a house wrote, for itself and the houses below it, in place of the one that ships."""

    id = models.BigAutoField(primary_key=True)
    house = models.ForeignKey("network.House", models.CASCADE, related_name="+", db_index=False)
    event = models.TextField()
    channel = models.CharField(max_length=5)
    language = models.CharField(max_length=2)
    subject = models.TextField(default="", blank=True)
    body = models.TextField()
    revision = models.IntegerField(default=1)
    changed_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", db_index=False)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["house", "event", "channel", "language"], name="notices_template_once"),
            models.CheckConstraint(condition=models.Q(channel__in=_CHANNELS), name="notices_template_channel"),
            models.CheckConstraint(condition=models.Q(language__in=list(LANGUAGES)), name="notices_template_language"),
        )


class Choice(models.Model):
    """That a member wants an event by a channel, or does not. No row: what the event does by itself."""

    id = models.BigAutoField(primary_key=True)
    member = models.ForeignKey("people.Member", models.CASCADE, related_name="+", db_index=False)
    event = models.TextField()
    channel = models.CharField(max_length=5)
    wanted = models.BooleanField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["member", "event", "channel"], name="notices_choice_once"),
            models.CheckConstraint(condition=models.Q(channel__in=_CHANNELS), name="notices_choice_channel"),
        )
        indexes = (
            models.Index(fields=["event", "channel"], condition=models.Q(wanted=True), name="notices_choice_wanted"),
        )


class Quiet(models.Model):
    """A house's quiet hours, for itself and the houses below it, in minutes after midnight on its clock. Equal: none."""

    house = models.OneToOneField("network.House", models.CASCADE, primary_key=True, related_name="+")
    starts = models.SmallIntegerField()
    ends = models.SmallIntegerField()
    changed_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", db_index=False)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(starts__range=(0, 1439), ends__range=(0, 1439)), name="notices_quiet_minutes"
            ),
        )


class AddressProblem(models.Model):
    """An address that a server refused, until a person settles it: nothing more is sent to it, and the desk is asked to act."""

    id = models.BigAutoField(primary_key=True)
    member = models.ForeignKey("people.Member", models.CASCADE, related_name="+", db_index=False)
    channel = models.CharField(max_length=5)
    address = models.TextField()
    reason = models.TextField()
    found_at = models.DateTimeField()
    times = models.SmallIntegerField(default=1)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        db_table = "notices_address_problem"
        constraints = (
            models.UniqueConstraint(
                fields=["member", "channel"],
                condition=models.Q(settled_at__isnull=True),
                name="notices_address_problem_open",
            ),
            models.CheckConstraint(condition=models.Q(channel__in=_CHANNELS), name="notices_address_problem_channel"),
        )
