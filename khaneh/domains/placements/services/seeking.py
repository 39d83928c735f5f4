"""One's own profile: written, shown with consent, hidden again, forgotten; and telling an employer that one is interested."""

from __future__ import annotations

from datetime import datetime

from khaneh.domains.network import queries as network
from khaneh.domains.placements import notices, queries
from khaneh.domains.placements.errors import NoConsent, VacancyNotOpen
from khaneh.domains.placements.models import Interest, Placement, Seeker, SeekerSkill
from khaneh.domains.placements.rules import drafts
from khaneh.domains.placements.services import holding
from khaneh.domains.placements.types import EndReason, PlacementState, SeekerDraft, SeekerRow, VacancyState
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound

LONGEST_NOTE = drafts.LONGEST_NOTE


def save_profile(*, actor: Actor, draft: SeekerDraft, now: datetime) -> SeekerRow:
    """Write one's own profile. Whether others see it is not changed by it. Raises NotAllowed, Invalid."""
    account_id = _account(actor)
    wrong = drafts.seeker_problems(draft)
    skills = queries.skill_refs(one.skill for one in draft.skills)
    if set(skills) != {one.skill for one in draft.skills}:
        wrong.setdefault("skills", "not_in_list")
    region = None
    if draft.region_code:
        try:
            region = network.region(draft.region_code)
        except NotFound:
            wrong["region_code"] = "not_in_list"
    elif not draft.remote:
        wrong["region_code"] = "required"
    if wrong:
        raise Invalid(fields=wrong)
    with db.transaction():
        holding.hold(accounts=[account_id])
        made, _ = Seeker.objects.update_or_create(
            account_id=account_id,
            defaults={
                "region_id": region.id if region else None,
                "latitude": region.latitude if region else None,
                "longitude": region.longitude if region else None,
                "km": draft.km,
                "kinds": [kind.value for kind in draft.kinds],
                "remote": draft.remote,
                "about": draft.about.strip(),
                "changed_at": now,
            },
        )
        SeekerSkill.objects.filter(seeker_id=made.pk).delete()
        # Two of them may have become one.
        levels: dict[int, int] = {}
        for one in draft.skills:
            number = skills[one.skill].id
            levels[number] = max(int(one.level), levels.get(number, 0))
        SeekerSkill.objects.bulk_create(
            SeekerSkill(seeker_id=made.pk, skill_id=number, level=level) for number, level in levels.items()
        )
    return _own(account_id, actor)


def give_consent(*, actor: Actor, now: datetime) -> SeekerRow:
    """Let employers whose vacancies fit see the profile, without name and address. Again it changes nothing. Raises NotAllowed, NotFound."""
    account_id = _account(actor)
    with db.transaction():
        holding.hold(accounts=[account_id])
        found = Seeker.objects.filter(account_id=account_id).first()
        if found is None:
            raise NotFound(what="profile")
        if found.consented_at is None:
            Seeker.objects.filter(pk=found.pk).update(consented_at=now)
            journal.record("placements.consent.given", actor=actor, seeker_id=found.pk)
    return _own(account_id, actor)


def withdraw_consent(*, actor: Actor, now: datetime) -> SeekerRow:
    """Show the profile to nobody any more. Open offers and interests end with it; what was accepted goes on. Raises NotAllowed, NotFound."""
    account_id = _account(actor)
    with db.transaction():
        found = _hidden(account_id, EndReason.CONSENT, actor=actor, now=now)
        if found.consented_at is not None:
            Seeker.objects.filter(pk=found.pk).update(consented_at=None)
            journal.record("placements.consent.withdrawn", actor=actor, seeker_id=found.pk)
    return _own(account_id, actor)


def forget_profile(*, actor: Actor, now: datetime) -> None:
    """Delete the profile. Raises NotAllowed, NotFound."""
    account_id = _account(actor)
    with db.transaction():
        found = _hidden(account_id, EndReason.CONSENT, actor=actor, now=now)
        Seeker.objects.filter(pk=found.pk).delete()
        journal.record("placements.profile.forgotten", actor=actor, seeker_id=found.pk)


def show_interest(*, actor: Actor, vacancy_id: int, now: datetime, note: str = "") -> None:
    """Tell the employer of an open vacancy, by name. Told again, the words are those of the last time.

    Raises NotAllowed, NotFound, NoConsent, VacancyNotOpen, Invalid.
    """
    account_id = _account(actor)
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise Invalid(fields={"note": "too_long"})
    with db.transaction():
        vacancy = holding.held_vacancy(vacancy_id, accounts=[account_id])
        if vacancy.published_at is None:
            raise NotFound(what="vacancy")
        seeker = Seeker.objects.filter(account_id=account_id, consented_at__isnull=False).first()
        if seeker is None:
            raise NoConsent
        if vacancy.state != VacancyState.PUBLISHED:
            raise VacancyNotOpen(vacancy_id=vacancy_id, state=vacancy.state)
        made, is_fresh = Interest.objects.update_or_create(
            vacancy_id=vacancy_id,
            seeker_id=seeker.pk,
            defaults={"note": note},
            create_defaults={"note": note, "made_at": now},
        )
        if is_fresh:
            journal.record("placements.interest.shown", actor=actor, vacancy_id=vacancy_id)
            notices.tell_employer_of_interest(made, vacancy, now=now)


def take_back_interest(*, actor: Actor, vacancy_id: int, now: datetime) -> None:
    """Not be interested any more. Again it changes nothing. Raises NotAllowed."""
    account_id = _account(actor)
    Interest.objects.filter(vacancy_id=vacancy_id, seeker__account_id=account_id).delete()


def _hidden(account_id: int, reason: EndReason, *, actor: Actor, now: datetime) -> Seeker:
    """The profile with its lock, without open offers and interests. Raises NotFound."""
    offers = Placement.objects.filter(account_id=account_id, state=PlacementState.OFFERED.value)
    holding.hold(vacancies=offers.values_list("vacancy_id", flat=True), accounts=[account_id])
    found = Seeker.objects.filter(account_id=account_id).first()
    if found is None:
        raise NotFound(what="profile")
    for one in offers.all().order_by("pk"):
        holding.decline_one(one, reason, actor=actor, now=now)
        notices.tell_employer("placements.declined", one, now=now)
    Interest.objects.filter(seeker_id=found.pk).delete()
    return found


def _account(actor: Actor) -> int:
    if actor.account_id is None:
        raise NotAllowed(act="placements.seek")
    return actor.account_id


def _own(account_id: int, actor: Actor) -> SeekerRow:
    found = queries.seeker_of(account_id, actor=actor)
    if found is None:
        raise NotFound(what="profile")
    return found
