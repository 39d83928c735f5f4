"""Becoming a member, staying one and leaving: applications, registration at a desk, changes, renewal, closing."""

from __future__ import annotations

from datetime import datetime

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import HouseState
from khaneh.domains.people import permissions
from khaneh.domains.people.errors import AlreadyMember, GuardianMissing, PossibleDuplicate
from khaneh.domains.people.models import Card, Guardianship, Member, MemberCategory, MemberMessage
from khaneh.domains.people.queries.members import category_row
from khaneh.domains.people.queries.members_finding import national_id_hash, possible_duplicates
from khaneh.domains.people.rules import members as rules
from khaneh.domains.people.services import members_cards, members_guardians
from khaneh.domains.people.services.members_rows import held, is_own, require_state, today_at
from khaneh.domains.people.types import (
    CardIssued,
    CardState,
    CategoryRow,
    GuardianshipKind,
    MemberDraft,
    MemberState,
    Rights,
)
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.refusal import Invalid, NotAllowed


def apply_for_membership(*, actor: Actor, draft: MemberDraft, now: datetime, as_guardian: bool = False) -> int:
    """Ask for a membership with one's account; gives the member's id. It waits until a desk of the home house approves it.

    With `as_guardian` it is for a child or a class, and the actor, who must be a member, answers for them. Who was declined or has left
    may ask again. Raises NotAllowed, Invalid, AlreadyMember, GuardianMissing.
    """
    if actor.account_id is None:
        raise NotAllowed(act="people.apply")
    with db.transaction():
        db.lock(("people.account", actor.account_id))
        own = Member.objects.select_for_update(no_key=True).filter(account_id=actor.account_id).first()
        category, category_id = _judged(draft, now)
        if as_guardian:
            if own is None or own.state == MemberState.CLOSED:
                raise GuardianMissing(category=category.code)
            member = Member(state=MemberState.APPLIED.value)
        else:
            if own is not None and own.state != MemberState.CLOSED:
                raise AlreadyMember(member=own.pk, state=own.state)
            if category.needs_guardian:
                raise GuardianMissing(category=category.code)
            member = own or Member(account_id=actor.account_id)
            member.state = MemberState.APPLIED.value
        _write(member, draft, category_id)
        if as_guardian and own is not None:
            kind = GuardianshipKind.PARENT if category.max_age is not None else GuardianshipKind.CLASS
            members_guardians.bind(
                guardian_id=own.pk, ward_id=member.pk, kind=kind, rights=Rights(see_loans=True), now=now, actor=actor
            )
        journal.record("people.member.applied", actor=actor, house_id=member.home_house_id, member=member.pk)
    return member.pk


def register_member(
    *,
    actor: Actor,
    draft: MemberDraft,
    now: datetime,
    barcode: str = "",
    guardian_id: int | None = None,
    kind: GuardianshipKind = GuardianshipKind.PARENT,
    sure: bool = False,
) -> CardIssued:
    """Make somebody a member at a desk of their home house, with a card: ours, or the barcode given.

    Somebody who may be a member already is refused once; `sure` says that they are another person. Raises NotAllowed, Invalid,
    PossibleDuplicate, GuardianMissing, CardTaken.
    """
    permissions.require_desk(actor, draft.home_house_id)
    with db.transaction():
        category, category_id = _judged(draft, now)
        if category.needs_guardian and guardian_id is None:
            raise GuardianMissing(category=category.code)
        if not sure:
            _refuse_duplicates(draft)
        member = Member(state=MemberState.ACTIVE.value)
        member.joined_on = today_at(draft.home_house_id, now)
        member.expires_on = rules.months_later(member.joined_on, category.membership_months)
        _write(member, draft, category_id)
        if guardian_id is not None:
            members_guardians.bind(
                guardian_id=guardian_id,
                ward_id=member.pk,
                kind=kind,
                rights=Rights(see_loans=True),
                now=now,
                actor=actor,
            )
        issued = members_cards.give(member, barcode=barcode, now=now)
        journal.record("people.member.registered", actor=actor, house_id=member.home_house_id, member=member.pk)
    return CardIssued(member.pk, issued)


def approve_application(*, actor: Actor, member_id: int, now: datetime, barcode: str = "") -> CardIssued:
    """Accept an application: the membership begins today and there is a card. Raises NotFound, NotAllowed, WrongMemberState,
    GuardianMissing, Invalid, CardTaken.
    """
    with db.transaction():
        member = held(member_id)
        permissions.require_desk(actor, member.home_house_id)
        require_state(member, MemberState.APPLIED)
        category = MemberCategory.objects.get(pk=member.category_id)
        if category.needs_guardian and not Guardianship.objects.filter(ward_id=member_id, valid_until=None).exists():
            raise GuardianMissing(category=category.code)
        member.state = MemberState.ACTIVE.value
        member.joined_on = today_at(member.home_house_id, now)
        member.expires_on = rules.months_later(member.joined_on, category.membership_months)
        member.save(update_fields=["state", "joined_on", "expires_on"])
        issued = members_cards.give(member, barcode=barcode, now=now)
        journal.record("people.member.approved", actor=actor, house_id=member.home_house_id, member=member_id)
    return CardIssued(member_id, issued)


def decline_application(*, actor: Actor, member_id: int, reason: str, now: datetime) -> None:
    """Say no to an application; the reason is left for the applicant, who may ask again. Raises NotFound, NotAllowed, WrongMemberState, Invalid."""
    words = reason.strip()
    if not words or len(words) > rules.LONGEST_TEXT:
        raise Invalid(fields={"reason": "too_long" if words else "missing"})
    with db.transaction():
        member = held(member_id)
        permissions.require_desk(actor, member.home_house_id)
        require_state(member, MemberState.APPLIED)
        member.state = MemberState.CLOSED.value
        member.save(update_fields=["state"])
        MemberMessage.objects.create(
            member_id=member_id, house_id=member.home_house_id, text=words, left_by_id=actor.account_id, left_at=now
        )
        journal.record("people.member.declined", actor=actor, house_id=member.home_house_id, member=member_id)


def change_member(*, actor: Actor, member_id: int, draft: MemberDraft, now: datetime) -> bool:
    """Write anew what is known of a member; False when it was so already. A desk of the home house changes everything.

    Somebody who moves is taken on by the desk of the new house. The member themself, and who answers for them, changes how they are
    reached and addressed (telephone, e-mail, address, language, calendar); other fields of the draft are ignored then. An empty identity
    number leaves the known one. Raises NotFound, NotAllowed, Invalid.
    """
    with db.transaction():
        member = held(member_id)
        at_desk = permissions.may_work_at(actor, member.home_house_id) or permissions.may_work_at(
            actor, draft.home_house_id
        )
        if not at_desk and not is_own(actor, member, now=now):
            raise NotAllowed(act="people.change_member")
        before = _values(member)
        if at_desk:
            _category, category_id = _judged(draft, now, of=member)
        else:
            draft, category_id = _own_part(member, draft), member.category_id
            problems = rules.problems_of(draft, None, today=today_at(member.home_house_id, now))
            problems.pop("category", None)
            if problems:
                raise Invalid(fields=problems)
        _write(member, draft, category_id)
        changed = before != _values(member)
        if changed:
            journal.record("people.member.changed", actor=actor, house_id=member.home_house_id, member=member_id)
    return changed


def renew_membership(*, actor: Actor, member_id: int, house_id: int, now: datetime) -> None:
    """Another term at the desk of any house, counted from the old end or, where that is past, from today.

    A child who has grown out of their category is moved by `change_member` first. Raises NotFound, NotAllowed, WrongMemberState, Invalid.
    """
    permissions.require_desk(actor, house_id)
    with db.transaction():
        member = held(member_id)
        require_state(member, MemberState.ACTIVE)
        category = MemberCategory.objects.get(pk=member.category_id)
        today = today_at(house_id, now)
        born, oldest = member.birth_date, category.max_age
        if born is not None and oldest is not None and rules.age_on(born, today) > oldest:
            raise Invalid(fields={"category": "out_of_range"})
        member.expires_on = rules.renewed_until(
            expires_on=member.expires_on, today=today, months=category.membership_months
        )
        member.save(update_fields=["expires_on"])
        journal.record("people.member.renewed", actor=actor, house_id=house_id, member=member_id)


def close_membership(*, actor: Actor, member_id: int, now: datetime) -> None:
    """End a membership, its card with it; by a desk of the home house or by the member. What is owed stays owed.

    Raises NotFound, NotAllowed, WrongMemberState.
    """
    with db.transaction():
        member = held(member_id)
        if not is_own(actor, member, now=now):
            permissions.require_desk(actor, member.home_house_id)
        require_state(member, MemberState.ACTIVE, MemberState.APPLIED)
        member.state = MemberState.CLOSED.value
        member.save(update_fields=["state"])
        Card.objects.filter(member_id=member_id, state=CardState.ACTIVE).update(state=CardState.CLOSED, ended_at=now)
        journal.record("people.member.closed", actor=actor, house_id=member.home_house_id, member=member_id)


def reopen_membership(*, actor: Actor, member_id: int, now: datetime, barcode: str = "") -> CardIssued:
    """Take somebody back who had left: a new term from today and a new card. Raises NotFound, NotAllowed, WrongMemberState, CardTaken."""
    with db.transaction():
        member = held(member_id)
        permissions.require_desk(actor, member.home_house_id)
        require_state(member, MemberState.CLOSED)
        if hasattr(member, "merged_into"):
            raise NotAllowed(act="people.reopen_merged")
        category = MemberCategory.objects.get(pk=member.category_id)
        today = today_at(member.home_house_id, now)
        member.state = MemberState.ACTIVE.value
        member.joined_on = member.joined_on or today
        member.expires_on = rules.months_later(today, category.membership_months)
        member.save(update_fields=["state", "joined_on", "expires_on"])
        issued = members_cards.give(member, barcode=barcode, now=now)
        journal.record("people.member.reopened", actor=actor, house_id=member.home_house_id, member=member_id)
    return CardIssued(member_id, issued)


def ensure_category(*, actor: Actor, category: CategoryRow) -> bool:
    """Make a category of membership, or bring one to these values; False when it was so already. Only the system may. Raises NotAllowed."""
    if not actor.is_system:
        raise NotAllowed(act="people.ensure_category")
    values = {
        "names": category.names.to_dict(),
        "membership_months": category.membership_months,
        "min_age": category.min_age,
        "max_age": category.max_age,
        "needs_guardian": category.needs_guardian,
        "active": category.active,
    }
    with db.transaction():
        row, made = MemberCategory.objects.get_or_create(code=category.code, defaults=values)
        if made or category_row(row) == category:
            return made
        MemberCategory.objects.filter(pk=row.pk).update(**values)
    return True


def _judged(draft: MemberDraft, now: datetime, *, of: Member | None = None) -> tuple[CategoryRow, int]:
    """The draft's category. A house that is not open takes no new members, but keeps those it has. Raises Invalid."""
    row = MemberCategory.objects.filter(code=draft.category).first()
    category = category_row(row) if row else None
    house = network.houses_by_ids([draft.home_house_id], actor=SYSTEM, now=now).get(draft.home_house_id)
    problems: dict[str, str] = {}
    stays = of is not None and of.home_house_id == draft.home_house_id
    if (house is None or house.state != HouseState.OPEN) and not stays:
        problems["home_house"] = "not_in_list"
    today = today_at(draft.home_house_id, now) if house else now.date()
    problems |= rules.problems_of(draft, category, today=today)
    if problems or row is None or category is None:
        raise Invalid(fields=problems)
    return category, row.pk


def _own_part(member: Member, draft: MemberDraft) -> MemberDraft:
    """The draft with everything that a member does not change about themself as it stands."""
    return MemberDraft(
        given_name=member.given_name,
        family_name=member.family_name,
        category="",
        home_house_id=member.home_house_id,
        birth_date=member.birth_date,
        phone=draft.phone,
        email=draft.email,
        address=draft.address,
        language=draft.language,
        calendar=draft.calendar,
    )


def _write(member: Member, draft: MemberDraft, category_id: int) -> None:
    member.category_id = category_id
    member.home_house_id = draft.home_house_id
    member.given_name, member.family_name = draft.given_name.strip(), draft.family_name.strip()
    member.birth_date = draft.birth_date
    member.phone, member.email = rules.plain_phone(draft.phone), rules.plain_email(draft.email)
    member.address = draft.address.strip()
    member.language, member.calendar = draft.language, draft.calendar
    member.national_id_hash = national_id_hash(draft.national_id) or member.national_id_hash
    member.search_key = rules.key_of(draft)
    member.save()


def _values(member: Member) -> tuple[object, ...]:
    hashed = member.national_id_hash
    return (
        member.category_id, member.home_house_id, member.given_name, member.family_name, member.birth_date, member.phone,
        member.email, member.address, member.language, member.calendar, bytes(hashed) if hashed else None,
    )  # fmt: skip


def _refuse_duplicates(draft: MemberDraft) -> None:
    # One after the other: two desks that register one person at once would not see each other's row.
    db.lock(("people.registration", 0))
    found = possible_duplicates(
        name=f"{draft.given_name} {draft.family_name}",
        birth_date=draft.birth_date,
        hashed=national_id_hash(draft.national_id),
    )
    if found:
        raise PossibleDuplicate(members=[one.line.id for one in found])
