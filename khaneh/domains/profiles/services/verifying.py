"""Deciding a sign-up: it becomes an organisation of the register with its administrator, goes back, or is refused."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from khaneh.domains.network import queries as network
from khaneh.domains.network import services as register
from khaneh.domains.network.errors import RegistrationNumberTaken
from khaneh.domains.network.types import OrganisationDraft, Role
from khaneh.domains.people import services as people
from khaneh.domains.people.errors import RoleHeldAlready
from khaneh.domains.profiles import notices, permissions, queries
from khaneh.domains.profiles.errors import NumberTaken, OwnSignUp, SignUpStateRefused
from khaneh.domains.profiles.models import Profile, SignUp, SignUpDecision
from khaneh.domains.profiles.queries.signups import draft_of
from khaneh.domains.profiles.rules.problems import LONGEST_NOTE
from khaneh.domains.profiles.services import holding
from khaneh.domains.profiles.services.refreshing import describe
from khaneh.domains.profiles.types import REASONS, Outcome, SignUpRow, SignUpState
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.refusal import Invalid, NotFound


def decide(
    *,
    actor: Actor,
    signup_id: int,
    outcome: Outcome,
    now: datetime,
    reasons: tuple[str, ...] = (),
    words: str = "",
) -> SignUpRow:
    """Verify, return or refuse what was submitted; whoever signed up is told, and can mend what was returned.

    Verified, it is in the register (or is given the organisation of the register that it claims), and who signed it up is its administrator.
    Raises NotFound, NotAllowed, OwnSignUp, SignUpStateRefused when somebody else was first, Invalid, NumberTaken.
    """
    words = words.strip()
    problems = {}
    if outcome is not Outcome.VERIFIED and not reasons:
        problems["reasons"] = "required"
    elif not set(reasons) <= set(REASONS):
        problems["reasons"] = "not_in_list"
    if len(words) > LONGEST_NOTE:
        problems["words"] = "too_long"
    with db.transaction():
        found = holding.held_signup(signup_id)
        if found.state in (SignUpState.DRAFT, SignUpState.WITHDRAWN):
            raise NotFound(what="signup")
        permissions.require_verify(actor, region_id=found.region_id)
        if actor.account_id is not None and actor.account_id == found.account_id:
            raise OwnSignUp(signup_id=signup_id)
        if found.state != SignUpState.SUBMITTED:
            raise SignUpStateRefused(signup_id=signup_id, state=found.state)
        if problems:
            raise Invalid(fields=problems)
        organisation_id = _admitted(found, now) if outcome is Outcome.VERIFIED else None
        SignUpDecision.objects.create(
            signup_id=signup_id,
            turn=found.turn,
            outcome=outcome.value,
            reasons=list(dict.fromkeys(reasons)) if outcome is not Outcome.VERIFIED else [],
            words=words,
            decided_by_id=actor.account_id,
            decided_at=now,
        )
        SignUp.objects.filter(pk=signup_id).update(state=outcome.value, organisation_id=organisation_id, changed_at=now)
        journal.record(
            f"profiles.signup.{outcome.value}",
            actor=actor,
            signup_id=signup_id,
            turn=found.turn,
            organisation_id=organisation_id,
            reasons=list(reasons),
        )
        notices.tell_applicant(found, outcome, now=now)
    return queries.signup(signup_id, actor=SYSTEM)


def _admitted(found: SignUp, now: datetime) -> int:
    """The organisation in the register, with a profile to be written and its administrator."""
    number = network.organisation_by_number(country=found.country, number=found.registration_number)
    if number is not None and number != found.claims_id:
        # Somebody entered it since it was handed in: what was verified is not a claim of that one.
        raise NumberTaken(registration_number=found.registration_number, country=found.country)
    organisation_id = found.claims_id if found.claims_id is not None else _entered(found, now)
    with suppress(RoleHeldAlready):  # who speaks for it already goes on doing so
        people.grant_role(
            actor=SYSTEM,
            account_id=found.account_id or 0,
            role=Role.ADMINISTRATOR,
            organisation_id=organisation_id,
            now=now,
        )
    ensure_profile(organisation_id, now)
    return organisation_id


def ensure_profile(organisation_id: int, now: datetime) -> Profile:
    """The profile of an organisation, begun and hidden where there was none."""
    profile = Profile.objects.filter(organisation_id=organisation_id).first()
    if profile is None:
        row = network.organisations_by_ids([organisation_id])[organisation_id]
        profile = Profile(organisation_id=organisation_id, kind=row.kind, changed_at=now)
        describe(profile, row)
        profile.save()
    return profile


def _entered(found: SignUp, now: datetime) -> int:
    draft = draft_of(found, network.region_refs([found.region_id])[found.region_id].code)
    try:
        # The right to enter one here is the verifier's, which was asked above; the register asks for more than that.
        return register.create_organisation(
            actor=SYSTEM,
            draft=OrganisationDraft(
                code=f"{found.country}-C{found.pk}",
                kind=draft.kind,
                names=draft.names,
                country=draft.country,
                region_code=draft.region_code,
                registration_number=draft.registration_number,
                sectors=draft.sectors,
                capabilities=draft.capabilities,
                descriptions=draft.descriptions,
                address=draft.address,
                phone=draft.phone,
                email=draft.email,
                website=draft.website,
            ),
            now=now,
        ).id
    except RegistrationNumberTaken:
        raise NumberTaken(registration_number=found.registration_number, country=found.country) from None
