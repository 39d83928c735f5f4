"""A house's own texts and quiet hours."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from khaneh.domains.notices import permissions, registry
from khaneh.domains.notices.errors import TemplateChanged, TemplateWrong
from khaneh.domains.notices.models import Quiet, Template
from khaneh.domains.notices.rules import templates
from khaneh.domains.notices.types import Channel, QuietHours, Text
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import LANGUAGES
from khaneh.kernel.refusal import Invalid


def save_text(
    *,
    actor: Actor,
    house_id: int,
    event: str,
    channel: Channel,
    language: str,
    text: Text,
    now: datetime,
    revision: int = 0,
) -> int:
    """Write a house's own text, for itself and the houses below it; gives the revision.

    `revision` is the one that the writer saw, 0 where the house had none. Raises NotAllowed, NotFound, Invalid, TemplateWrong,
    TemplateChanged.
    """
    permissions.require_write(actor, house_id=house_id)
    if language not in LANGUAGES:
        raise Invalid(fields={"language": "not_in_list"})
    subject = "" if channel is Channel.SMS else text.subject.strip()
    clean = Text(subject, text.body.replace("\r\n", "\n").strip())
    problems = templates.problems(clean, registry.event(event), channel)
    if problems:
        raise TemplateWrong(problems=[one.to_facts() for one in problems])
    with db.transaction():
        place: dict[str, Any] = {"house_id": house_id, "event": event, "channel": channel.value, "language": language}
        # Two who write the first text of a house at the same time would both see none.
        db.lock(("notices.template", house_id))
        row = Template.objects.filter(**place).first()
        if (row.revision if row else 0) != revision:
            raise TemplateChanged(revision=row.revision if row else 0)
        Template.objects.update_or_create(
            **place,
            defaults={
                "subject": clean.subject, "body": clean.body, "revision": revision + 1,
                "changed_by_id": actor.account_id, "changed_at": now,
            },
        )  # fmt: skip
        _record("written", actor, house_id, event, channel, language)
    return revision + 1


def drop_text(*, actor: Actor, house_id: int, event: str, channel: Channel, language: str) -> None:
    """Take a house's own text away: the one above it counts again, or the one that ships. Raises NotAllowed, NotFound."""
    permissions.require_write(actor, house_id=house_id)
    with db.transaction():
        gone, _ = Template.objects.filter(
            house_id=house_id, event=event, channel=channel.value, language=language
        ).delete()
        if gone:
            _record("dropped", actor, house_id, event, channel, language)


def set_quiet_hours(*, actor: Actor, house_id: int, quiet: QuietHours | None, now: datetime) -> None:
    """Set a house's quiet hours, or (None) follow the house above it again. Raises NotAllowed, NotFound, Invalid."""
    permissions.require_write(actor, house_id=house_id)
    if quiet is not None and not (0 <= quiet.starts < 1440 and 0 <= quiet.ends < 1440):
        raise Invalid(fields={"starts": "out_of_range"})
    with db.transaction():
        if quiet is None:
            Quiet.objects.filter(pk=house_id).delete()
        else:
            Quiet.objects.update_or_create(
                pk=house_id,
                defaults={
                    "starts": quiet.starts, "ends": quiet.ends, "changed_by_id": actor.account_id, "changed_at": now
                },
            )  # fmt: skip
        journal.record("notices.quiet_hours.set", actor=actor, house_id=house_id)


def _record(act: str, actor: Actor, house_id: int, event: str, channel: Channel, language: str) -> None:
    journal.record(
        f"notices.text.{act}", actor=actor, house_id=house_id, event=event, channel=channel.value, language=language
    )
