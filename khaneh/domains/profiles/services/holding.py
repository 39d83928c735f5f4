"""The locks of every act on profiles, one statement at the beginning of it."""

from __future__ import annotations

from khaneh.domains.profiles import permissions
from khaneh.domains.profiles.errors import ProfileWithdrawn
from khaneh.domains.profiles.models import Profile, SignUp
from khaneh.domains.profiles.types import ProfileState
from khaneh.infrastructure import db
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound


def held_signup(signup_id: int) -> SignUp:
    """A sign-up with its lock. Raises NotFound."""
    db.lock(("profiles.signup", signup_id))
    found = SignUp.objects.filter(pk=signup_id).first()
    if found is None:
        raise NotFound(what="signup")
    return found


def own_signup(signup_id: int, actor: Actor) -> SignUp:
    """One's own sign-up with its lock: anybody else's is not there. Raises NotFound."""
    found = held_signup(signup_id)
    if not actor.is_system and (actor.account_id is None or actor.account_id != found.account_id):
        raise NotFound(what="signup")
    return found


def own_profile(organisation_id: int, actor: Actor) -> Profile:
    """A profile with its lock, for who speaks for the organisation and while it has not withdrawn.

    Raises NotAllowed, NotFound, ProfileWithdrawn.
    """
    permissions.require_represent(actor, organisation_id)
    db.lock(("profiles.profile", organisation_id))
    found = Profile.objects.filter(organisation_id=organisation_id).first()
    if found is None:
        raise NotFound(what="profile")
    if found.state == ProfileState.WITHDRAWN:
        raise ProfileWithdrawn(organisation_id=organisation_id)
    return found
