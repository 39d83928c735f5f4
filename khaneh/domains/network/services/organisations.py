"""Making and changing organisations."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from khaneh.domains.network import permissions, queries
from khaneh.domains.network.errors import CodeTaken
from khaneh.domains.network.models import Organisation, Region
from khaneh.domains.network.rules import directory, validation
from khaneh.domains.network.services.integrity import refusing
from khaneh.domains.network.services.references import differs, find, refuse_if_any
from khaneh.domains.network.types import OrganisationDraft, OrganisationRow, capability_code, capability_name
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor, Place
from khaneh.kernel.calendars import latin_digits
from khaneh.kernel.refusal import NotFound

_TREE = ("network.organisation_tree", 0)


def create_organisation(*, actor: Actor, draft: OrganisationDraft, now: datetime) -> OrganisationRow:
    """Enter an organisation. An administrator of its parent may, or of the authority of its region (of its country, without one).

    Raises Invalid, NotAllowed, CodeTaken, RegistrationNumberTaken.
    """
    with db.transaction():
        db.lock(_TREE)
        values = _values(draft)
        permissions.require_administer(actor, _place_of_new(values))
        if Organisation.objects.filter(code=draft.code).exists():
            raise CodeTaken(code=draft.code)
        with _refusing(draft):
            organisation = Organisation.objects.create(code=draft.code, changed_at=now, **values)
        journal.record("network.organisation.created", actor=actor, organisation_id=organisation.pk, code=draft.code)
    return queries.organisations_by_ids([organisation.pk])[organisation.pk]


def change_organisation(*, actor: Actor, code: str, draft: OrganisationDraft, now: datetime) -> bool:
    """Make everything but the code as the draft says; false when it was so already.

    Another parent or region needs an administrator of where it goes too. Raises Invalid, NotFound, NotAllowed, TreeRefused,
    RegistrationNumberTaken.
    """
    with db.transaction():
        db.lock(_TREE)
        organisation = Organisation.objects.select_for_update(of=("self",)).filter(code=code).first()
        if organisation is None:
            raise NotFound(what="organisation")
        draft = replace(draft, code=code)
        permissions.require_administer(actor, queries.place_of_organisation(organisation.pk))
        values = _values(draft)
        if not differs(organisation, values):
            return False
        # An authority rules a territory by its kind and region: only those above it may give it another.
        weighty = ("parent_id", "region_id", "country", "kind")
        if differs(organisation, {name: values[name] for name in weighty}):
            permissions.require_administer(actor, _place_of_new(values))
        changed = sorted(name for name, value in values.items() if getattr(organisation, name) != value)
        with _refusing(draft):
            Organisation.objects.filter(pk=organisation.pk).update(changed_at=now, **values)
        journal.record("network.organisation.changed", actor=actor, organisation_id=organisation.pk, fields=changed)
    return True


def withdraw_organisation(*, actor: Actor, organisation_id: int, withdrawn: bool, now: datetime) -> bool:
    """Let an organisation be found no more, or again; false when it was so already. Its row and what refers to it stay.

    Raises NotFound, NotAllowed.
    """
    with db.transaction():
        db.lock(_TREE)
        found = Organisation.objects.filter(pk=organisation_id).values_list("withdrawn_at", flat=True).first()
        permissions.require_administer(actor, queries.place_of_organisation(organisation_id))
        if (found is not None) == withdrawn:
            return False
        Organisation.objects.filter(pk=organisation_id).update(withdrawn_at=now if withdrawn else None, changed_at=now)
        journal.record(
            "network.organisation.withdrawn" if withdrawn else "network.organisation.returned",
            actor=actor,
            organisation_id=organisation_id,
        )
    return True


def _refusing(draft: OrganisationDraft) -> Any:
    return refusing(
        code=draft.code,
        parent=draft.parent_code,
        registration_number=draft.registration_number,
        country=draft.country,
    )


def _place_of_new(values: dict[str, Any]) -> Place:
    if values["parent_id"] is not None:
        above = queries.place_of_organisation(values["parent_id"])
    elif values["region_id"] is not None:
        above = queries.place_of_region(values["region_id"])
    else:
        above = queries.place_of_country(values["country"])
    return above


def _values(draft: OrganisationDraft) -> dict[str, Any]:
    problems = validation.organisation_problems(draft)
    region = find(Region.objects.all(), draft.region_code, field="region_code", problems=problems)
    parent = find(Organisation.objects.all(), draft.parent_code, field="parent_code", problems=problems)
    if region is not None and region.country != draft.country:
        problems.setdefault("country", "not_of_region")
    refuse_if_any(problems)
    # Written in other digits or with other spaces it is the same number: what is unique must have one way to be written.
    registration_number = " ".join(latin_digits(draft.registration_number).split())
    capabilities = list(dict.fromkeys(map(capability_code, draft.capabilities)))
    return {
        "kind": draft.kind,
        "country": draft.country,
        "region_id": region.pk if region else None,
        "parent_id": parent.pk if parent else None,
        "names": draft.names.to_dict(),
        "descriptions": draft.descriptions.to_dict(),
        "registration_number": registration_number,
        "sectors": list(dict.fromkeys(draft.sectors)),
        "capabilities": capabilities,
        "address": draft.address,
        "latitude": draft.latitude,
        "longitude": draft.longitude,
        "phone": draft.phone,
        "email": draft.email,
        "website": draft.website,
        "search_key": directory.directory_key(
            draft.names,
            draft.code,
            registration_number,
            draft.address,
            *(word for capability in capabilities for word in capability_name(capability)),
        ),
    }
