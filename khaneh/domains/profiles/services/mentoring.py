"""What a person publishes as a mentor: theirs to write, to show and to take back."""

from __future__ import annotations

from datetime import datetime

from khaneh.domains.discovery import services as discovery
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import capability_code, sector_path
from khaneh.domains.profiles import queries
from khaneh.domains.profiles.models import Mentor
from khaneh.domains.profiles.rules.problems import mentor_problems
from khaneh.domains.profiles.types import MentorDraft, MentorRow
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound


def save_mentor(*, actor: Actor, draft: MentorDraft, now: datetime) -> MentorRow:
    """Write one's own page as a mentor. Saving publishes nothing. Raises NotAllowed for who has no account, Invalid.

    An organisation is named only by who holds a role at it: nobody borrows a name.
    """
    if actor.account_id is None:
        raise NotAllowed(act="profiles.mentor")
    problems = mentor_problems(draft)
    region_id = organisation_id = None
    if draft.region_code:
        try:
            region_id = network.region(draft.region_code).id
        except NotFound:
            problems["region_code"] = "unknown"
    if draft.organisation_code:
        organisation_id = network.organisation_id(draft.organisation_code)
        if organisation_id is None:
            problems["organisation_code"] = "unknown"
        elif not any(grant.organisation_id == organisation_id for grant in actor.grants):
            problems["organisation_code"] = "not_yours"
    if problems:
        raise Invalid(fields=problems)
    with db.transaction():
        db.lock(("profiles.mentor", actor.account_id))
        made, _ = Mentor.objects.update_or_create(
            account_id=actor.account_id,
            defaults={
                "headlines": draft.headlines.to_dict(),
                "about": draft.about.to_dict(),
                "capabilities": list(dict.fromkeys(map(capability_code, draft.capabilities))),
                "sectors": list(dict.fromkeys(draft.sectors)),
                "sector_path": list(dict.fromkeys(part for code in draft.sectors for part in sector_path(code))),
                "languages": list(dict.fromkeys(draft.languages)),
                "region_id": region_id,
                "organisation_id": organisation_id,
                "hours": draft.hours,
                "changed_at": now,
            },
        )
        discovery.touch("mentor", [made.pk])
        journal.record("profiles.mentor.changed", actor=actor, mentor_id=made.pk)
    return queries.mentor(made.pk, actor=SYSTEM)


def publish_mentor(*, actor: Actor, published: bool, now: datetime) -> MentorRow:
    """Show one's competence to everybody, or to nobody. Again it changes nothing. Raises NotAllowed, NotFound."""
    if actor.account_id is None:
        raise NotAllowed(act="profiles.mentor")
    with db.transaction():
        db.lock(("profiles.mentor", actor.account_id))
        found = Mentor.objects.filter(account_id=actor.account_id).first()
        if found is None:
            raise NotFound(what="mentor")
        if (found.published_at is not None) != published:
            Mentor.objects.filter(pk=found.pk).update(published_at=now if published else None, changed_at=now)
            discovery.touch("mentor", [found.pk])
            act = "published" if published else "hidden"
            journal.record(f"profiles.mentor.{act}", actor=actor, mentor_id=found.pk)
    return queries.mentor(found.pk, actor=SYSTEM)
