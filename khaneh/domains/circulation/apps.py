"""The circulation domain's Django app."""

from typing import Any

from django.apps import AppConfig
from django.utils import timezone


class CirculationConfig(AppConfig):
    """Registers the domain's tables, its acts with the policies, its events with the notices, and its part in what becomes of members
    and records.
    """

    name = "khaneh.domains.circulation"
    label = "circulation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the acts of lending known, and what people are told of; follow members and records."""
        from khaneh.domains.circulation import belongings, notices
        from khaneh.domains.circulation.rules.acts import ACTS
        from khaneh.domains.circulation.services import keeping
        from khaneh.domains.people.services import personal_data
        from khaneh.domains.policies import registry
        from khaneh.infrastructure import journal

        for act in ACTS:
            registry.register(act)
        notices.register()
        belongings.register()
        personal_data.register("circulation", keeping.export_member, keeping.erase_member, owed=keeping.owed)
        journal.follow("people.member.merged", _members_merged)
        journal.follow("people.member.history_off", _history_off)
        for kind in ("catalogue.records.merged", "catalogue.merge.undone", "catalogue.work.regrouped"):
            journal.follow(kind, _records_moved)


def _members_merged(kind: str, house_id: int | None, facts: dict[str, Any]) -> None:
    from khaneh.domains.circulation.services import keeping

    keeping.merge_members(kept_id=facts["kept"], gone_id=facts["gone"], now=timezone.now())


def _history_off(kind: str, house_id: int | None, facts: dict[str, Any]) -> None:
    from khaneh.domains.circulation.services import keeping

    keeping.forget_history(member_id=facts["member"])


def _records_moved(kind: str, house_id: int | None, facts: dict[str, Any]) -> None:
    from khaneh.domains.catalogue.queries.places import works_left
    from khaneh.domains.circulation.services import following

    records = [facts[name] for name in ("from_record_id", "into_record_id", "record_id", "of") if name in facts]
    works = {*facts.get("from_work_ids", ()), *([facts["work_id"]] if "work_id" in facts else [])}
    if "decision_id" in facts:
        works |= works_left(facts["decision_id"])
    following.follow_catalogue(now=timezone.now(), record_ids=[*records, *facts.get("record_ids", ())], work_ids=works)
