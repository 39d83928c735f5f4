"""Writing a profile, publishing it, hiding it; withdrawing an organisation everywhere, and coming back."""

from __future__ import annotations

from datetime import datetime

from khaneh.domains.discovery import services as discovery
from khaneh.domains.network import queries as network
from khaneh.domains.network import services as register
from khaneh.domains.profiles import permissions, queries
from khaneh.domains.profiles.errors import NotPublishable
from khaneh.domains.profiles.models import Profile
from khaneh.domains.profiles.rules.problems import profile_problems
from khaneh.domains.profiles.services import holding
from khaneh.domains.profiles.services.refreshing import refresh
from khaneh.domains.profiles.services.verifying import ensure_profile
from khaneh.domains.profiles.types import PROFILED_KINDS, ProfileDraft, ProfileRow, ProfileState, withdrawal_hooks
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound


def open_profile(*, actor: Actor, organisation_id: int, now: datetime) -> ProfileRow:
    """The profile to be written of an organisation that is in the register already. Again it is the same.

    Raises NotAllowed, NotFound, Invalid (kind: not_in_list) for what shows no profile.
    """
    permissions.require_represent(actor, organisation_id)
    with db.transaction():
        db.lock(("profiles.profile", organisation_id))
        row = network.organisations_by_ids([organisation_id]).get(organisation_id)
        if row is None:
            raise NotFound(what="organisation")
        if row.kind not in PROFILED_KINDS:
            raise Invalid(fields={"kind": "not_in_list"})
        ensure_profile(organisation_id, now)
    return queries.profile(row.code, actor=actor)


def change_profile(*, actor: Actor, organisation_id: int, draft: ProfileDraft, now: datetime) -> ProfileRow:
    """Write what the organisation says of itself. Raises NotAllowed, NotFound, Invalid, ProfileWithdrawn, NotPublishable."""
    problems = profile_problems(draft, year=now.year)
    if problems:
        raise Invalid(fields=problems)
    with db.transaction():
        found = holding.own_profile(organisation_id, actor)
        if found.state == ProfileState.PUBLISHED:
            _require_words(draft.makes.to_dict())
        Profile.objects.filter(pk=found.pk).update(
            makes={language: text.strip() for language, text in draft.makes.to_dict().items()},
            stage=draft.stage.value if draft.stage else "",
            trl=draft.trl,
            size=draft.size,
            founded=draft.founded,
            markets=sorted(set(draft.markets)),
            changed_at=now,
        )
        refresh([organisation_id])
        journal.record("profiles.profile.changed", actor=actor, organisation_id=organisation_id)
    return _row(organisation_id)


def publish(*, actor: Actor, organisation_id: int, now: datetime) -> ProfileRow:
    """Show it to everybody. Again it changes nothing. Raises NotAllowed, NotFound, NotPublishable, ProfileWithdrawn."""
    with db.transaction():
        found = holding.own_profile(organisation_id, actor)
        _require_words(found.makes)
        if found.state != ProfileState.PUBLISHED:
            _move(found, ProfileState.PUBLISHED, actor=actor, now=now)
    return _row(organisation_id)


def hide(*, actor: Actor, organisation_id: int, now: datetime) -> ProfileRow:
    """Show it to nobody else for now; the register keeps its line. Again it changes nothing. Raises NotAllowed, NotFound, ProfileWithdrawn."""
    with db.transaction():
        found = holding.own_profile(organisation_id, actor)
        if found.state != ProfileState.HIDDEN:
            _move(found, ProfileState.HIDDEN, actor=actor, now=now)
    return _row(organisation_id)


def withdraw(*, actor: Actor, organisation_id: int, now: datetime) -> None:
    """Take the organisation out of everything that shows it: register, catalogue, search, and what higher domains have of it.

    What it did stays with its name. Again it changes nothing. Raises NotAllowed, NotFound, and what a higher domain refuses.
    """
    if not permissions.may_withdraw(actor, organisation_id):
        raise NotAllowed(act="profiles.withdraw")
    with db.transaction():
        db.lock(("profiles.profile", organisation_id))
        found = Profile.objects.filter(organisation_id=organisation_id).first()
        if found is None:
            raise NotFound(what="profile")
        if found.state == ProfileState.WITHDRAWN:
            return
        _move(found, ProfileState.WITHDRAWN, actor=actor, now=now)
        register.withdraw_organisation(actor=SYSTEM, organisation_id=organisation_id, withdrawn=True, now=now)
        for hook in withdrawal_hooks():
            hook(organisation_id=organisation_id, actor=actor, now=now)


def come_back(*, actor: Actor, organisation_id: int, now: datetime) -> ProfileRow:
    """Be in the register again, with the profile hidden until it is published. What ended with the withdrawal stays ended.

    Raises NotAllowed, NotFound.
    """
    permissions.require_represent(actor, organisation_id)
    with db.transaction():
        db.lock(("profiles.profile", organisation_id))
        found = Profile.objects.filter(organisation_id=organisation_id).first()
        if found is None:
            raise NotFound(what="profile")
        if found.state == ProfileState.WITHDRAWN:
            register.withdraw_organisation(actor=SYSTEM, organisation_id=organisation_id, withdrawn=False, now=now)
            _move(found, ProfileState.HIDDEN, actor=actor, now=now)
    return _row(organisation_id)


def _move(found: Profile, state: ProfileState, *, actor: Actor, now: datetime) -> None:
    published_at = found.published_at or (now if state is ProfileState.PUBLISHED else None)
    Profile.objects.filter(pk=found.pk).update(
        state=state.value,
        published_at=published_at,
        withdrawn_at=now if state is ProfileState.WITHDRAWN else None,
        changed_at=now,
    )
    discovery.touch("organisation", [found.organisation_id])
    journal.record(
        "profiles.profile.state_changed",
        actor=actor,
        organisation_id=found.organisation_id,
        before=found.state,
        after=state.value,
    )


def _require_words(makes: dict[str, str]) -> None:
    if not any(text.strip() for text in makes.values()):
        raise NotPublishable(missing=["makes"])


def _row(organisation_id: int) -> ProfileRow:
    code = network.organisation_refs([organisation_id])[organisation_id].code
    return queries.profile(code, actor=SYSTEM)
