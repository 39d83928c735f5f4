"""Who may give courses, plan runs, teach, see who is enrolled, and pass over which refusal."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from khaneh.domains.learning.models import Course, RunTeacher
from khaneh.domains.learning.types import RunState
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Role
from khaneh.kernel.actor import Actor, Place
from khaneh.kernel.refusal import NotAllowed

GIVERS: frozenset[str] = frozenset({Role.TRAINER, Role.PROGRAMME_MANAGER, Role.HOUSE_MANAGER, Role.ADMINISTRATOR})
# What a course awards is honoured everywhere, so those say so who may award it by hand as well.
AWARDERS: frozenset[str] = frozenset({Role.TRAINER, Role.HOUSE_MANAGER, Role.ADMINISTRATOR})
DESK: frozenset[str] = GIVERS | {Role.LIBRARIAN, Role.CIRCULATION}
STAFF: frozenset[str] = frozenset(Role) - {Role.REVIEWER, Role.COUNCIL_MEMBER}

RIGHT_HOLDERS: Mapping[str, frozenset[str]] = {
    "enrol_over_limit": GIVERS,
    "enrol_for_blocked": GIVERS,
    "enrol_late": DESK,
    "enrol_unqualified": GIVERS,
}


def place_of(course: Course) -> Place:
    """Where a course belongs."""
    if course.house_id is not None:
        return network.house_facts(course.house_id).place
    return network.place_of_organisation(course.organisation_id or 0)


def may_keep(actor: Actor, place: Place, *, awarding: bool = False) -> bool:
    """Enter and change courses of a house or organisation; with `awarding`, such as award qualifications."""
    return actor.holds(AWARDERS if awarding else GIVERS, place)


def require_keep(actor: Actor, place: Place, *, awarding: bool = False) -> None:
    """As `may_keep`. Raises NotAllowed."""
    if not may_keep(actor, place, awarding=awarding):
        raise NotAllowed(act="learning.award" if awarding else "learning.keep")


def may_furnish(actor: Actor, course: Course) -> bool:
    """Add and remove what a course is taught with: who keeps it, and who teaches it, now or soon. At most one statement."""
    if may_keep(actor, place_of(course)):
        return True
    taught = RunTeacher.objects.filter(account_id=actor.account_id or 0, run__course_id=course.pk)
    live = [state.value for state in (RunState.PLANNED, RunState.OPEN, RunState.RUNNING)]
    return actor.account_id is not None and taught.filter(run__state__in=live).exists()


def may_plan(actor: Actor, *, house_id: int) -> bool:
    """Plan, open, change and cancel runs in a house."""
    return actor.holds(GIVERS, network.house_facts(house_id).place)


def require_plan(actor: Actor, *, house_id: int) -> None:
    """As `may_plan`. Raises NotAllowed, NotFound."""
    if not may_plan(actor, house_id=house_id):
        raise NotAllowed(act="learning.plan")


def may_desk(actor: Actor, *, house_id: int) -> bool:
    """Enrol others, see who is enrolled, write down who came."""
    return actor.holds(DESK, network.house_facts(house_id).place)


def require_desk(actor: Actor, *, house_id: int) -> None:
    """As `may_desk`. Raises NotAllowed, NotFound."""
    if not may_desk(actor, house_id=house_id):
        raise NotAllowed(act="learning.desk")


def teaches(actor: Actor, *, run_id: int) -> bool:
    """Whether the actor is a teacher of the run. One statement."""
    return (
        actor.account_id is not None and RunTeacher.objects.filter(run_id=run_id, account_id=actor.account_id).exists()
    )


def may_lead(actor: Actor, *, run_id: int, house_id: int) -> bool:
    """Assess and finish a run: its teachers, and who plans runs in its house. At most one statement."""
    return may_plan(actor, house_id=house_id) or teaches(actor, run_id=run_id)


def may_scan(actor: Actor, *, run_id: int, house_id: int) -> bool:
    """Write down who came, and see the list. At most one statement."""
    return may_desk(actor, house_id=house_id) or teaches(actor, run_id=run_id)


def rights_of(actor: Actor, *, house_id: int) -> frozenset[str]:
    """The named rights that the actor has at a house."""
    place = network.house_facts(house_id).place
    return frozenset(right for right, roles in RIGHT_HOLDERS.items() if actor.holds(roles, place))


def require_rights(actor: Actor, *, house_id: int, rights: Collection[str]) -> None:
    """Pass over refusals by these rights. Raises NotAllowed for one that the actor has not."""
    if rights and not set(rights) <= rights_of(actor, house_id=house_id):
        raise NotAllowed(act="learning.override")


def acts_for(actor: Actor, organisation_id: int) -> bool:
    """Whether the actor has any role at the organisation, or above it. At most two statements."""
    return actor.is_system or (
        bool(actor.grants) and actor.holds(frozenset(Role), network.place_of_organisation(organisation_id))
    )


def may_require_training(actor: Actor) -> bool:
    """Say what the staff is asked to be trained in: whoever administers an authority. At most one statement."""
    return network.may_publish_indexes(actor)


def require_staff_rules(actor: Actor) -> None:
    """As `may_require_training`. Raises NotAllowed."""
    if not may_require_training(actor):
        raise NotAllowed(act="learning.require_training")


def may_see_staff(actor: Actor, *, house_id: int) -> bool:
    """See by name who of a house is trained: who leads it. The figure itself is no secret."""
    return actor.holds({Role.HOUSE_MANAGER, Role.ADMINISTRATOR, Role.TRAINER}, network.house_facts(house_id).place)
