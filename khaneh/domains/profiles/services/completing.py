"""What a line of a table becomes in the register and in the profile: entered, or what is not said yet filled in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from khaneh.domains.network import queries as network
from khaneh.domains.network import services as register
from khaneh.domains.network.types import OrganisationDraft
from khaneh.domains.profiles.models import Profile
from khaneh.domains.profiles.rules import tables
from khaneh.domains.profiles.rules.problems import profile_problems
from khaneh.domains.profiles.services.verifying import ensure_profile
from khaneh.domains.profiles.types import ProfileState
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import Invalid, NotFound


def enter_line(cells: Mapping[str, str], key: str, actor: Actor, now: datetime) -> int:
    """Enter an organisation, and what it says of itself; gives its id. The catalogue is the caller's to refresh. Raises as the register does."""
    told = tables.organisation(cells, code=f"T{key}")
    require_sound(cells, told, now)
    row = register.create_organisation(actor=actor, draft=told, now=now)
    _say(row.id, cells, now)
    return row.id


def complete(organisation_id: int, cells: Mapping[str, str], actor: Actor, now: datetime) -> bool:
    """Fill what is not said yet; whether anything was. The catalogue is the caller's to refresh."""
    code = network.organisation_refs([organisation_id])[organisation_id].code
    there = network.organisation_draft(code)
    if there is None:
        raise NotFound(what="organisation")
    told = tables.organisation(cells, code=code)
    require_sound(cells, told, now)
    changed = register.change_organisation(actor=actor, code=code, draft=tables.completed(there, told), now=now)
    return _say(organisation_id, cells, now) or changed


def _say(organisation_id: int, cells: Mapping[str, str], now: datetime) -> bool:
    """Write into the profile what it does not say yet, and show one that was never written by its own people. Whether anything was."""
    draft, _ = tables.profile(cells)
    found = ensure_profile(organisation_id, now)
    if found.state == ProfileState.WITHDRAWN:
        return False
    values: dict[str, object] = {}
    makes = Label.from_dict(found.makes)
    filled = Label(*(one or other for one, other in zip(makes, draft.makes, strict=True)))
    if filled != makes:
        values["makes"] = filled.to_dict()
    told = {
        "stage": draft.stage.value if draft.stage else "",
        "trl": draft.trl,
        "size": draft.size,
        "founded": draft.founded,
    }
    values |= {name: value for name, value in told.items() if value and not getattr(found, name)}
    if draft.markets and not found.markets:
        values["markets"] = sorted(set(draft.markets))
    if values:
        if any(filled) and found.state == ProfileState.HIDDEN and not any(makes):
            values |= {"state": ProfileState.PUBLISHED.value, "published_at": found.published_at or now}
        Profile.objects.filter(pk=found.pk).update(changed_at=now, **values)
    return bool(values)


def require_sound(cells: Mapping[str, str], told: OrganisationDraft, now: datetime) -> None:
    """That a line says nothing impossible. Raises Invalid."""
    draft, problems = tables.profile(cells)
    problems |= tables.kind_problem(told) | profile_problems(draft, year=now.year)
    if problems:
        raise Invalid(fields=problems)
