"""A small province for tests of founding: a library in a deprived district, its authority, a standard, and those who act."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from khaneh.domains.founding import queries, services
from khaneh.domains.founding.types import (
    AssessmentRow,
    ItemDraft,
    ProposalDraft,
    ProposalRow,
    ScoreDraft,
    StandardDraft,
    StandardRow,
)
from khaneh.domains.network.models import DeprivationIndex, House, Organisation, Region, RegionDecile
from khaneh.domains.network.types import Role
from khaneh.domains.people.models import Account, RoleAssignment
from khaneh.domains.people.queries import actor as actor_of
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)
NAMES = Label("Taft Innovation Centre", "مرکز نوآوری تفت", "Trung tâm Đổi mới Taft")
ITEMS = (
    ItemDraft("space", Label("Space", "فضا", "Không gian"), sections=Label("Place", "مکان", "Nơi"), weight=3, least=2),
    ItemDraft("access", Label("Step-free", "بی‌پله", "Lối đi"), sections=Label("Place", "مکان", "Nơi"), weight=1),
    ItemDraft("people", Label("People", "آدم‌ها", "Con người"), sections=Label("Staff", "کارکنان", "Nhân sự"), weight=1),
)
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Yard:
    """What is there; people are made as a test needs them."""

    library: House
    authority: Organisation

    def person(self, role: Role | None = None, *, at: House | Organisation | None = None) -> Actor:
        """Somebody with a role at a house or an organisation, the authority unless told otherwise."""
        number = next(_numbers)
        account = Account.objects.create(email=f"founder{number}@example.org", name=f"Founder {number}")
        if role is not None:
            where = at or self.authority
            field = "house" if isinstance(where, House) else "organisation"
            RoleAssignment.objects.create(account=account, role=role.value, valid_from=NOW - DAY, **{field: where})
        return actor_of(account.pk, now=NOW)

    def manager(self) -> Actor:
        """Who manages the library."""
        return self.person(Role.HOUSE_MANAGER, at=self.library)

    def assessor(self) -> Actor:
        """Who assesses for the authority."""
        return self.person(Role.REVIEWER)

    def officer(self) -> Actor:
        """Who decides for the authority."""
        return self.person(Role.ADMINISTRATOR)

    def standard(self, *, by: Actor | None = None, publish: bool = True, **facts: Any) -> StandardRow:
        """A standard of the authority with three items, 60 per cent to pass."""
        actor = by or self.officer()
        made = services.add_standard(actor=actor, draft=standard_draft(**facts), now=NOW)
        made = services.set_items(actor=actor, standard_id=made.id, items=ITEMS)
        return services.publish_standard(actor=actor, standard_id=made.id, now=NOW) if publish else made

    def proposed(self, by: Actor | None = None, **facts: Any) -> ProposalRow:
        """A proposal for a centre in the library."""
        standard_id = facts.pop("standard_id", None) or self.standard(code=f"s{next(_numbers)}").id
        draft = proposal_draft(standard_id=standard_id, **facts)
        return services.propose(actor=by or self.manager(), draft=draft, now=NOW)

    def assessed(self, *, scores: tuple[int, ...] = (3, 3, 3), **facts: Any) -> ProposalRow:
        """A proposal that one assessor has judged."""
        row = self.proposed(**facts)
        self.judge(row, scores)
        return queries.proposal(row.id, actor=self.officer(), now=NOW)

    def judge(self, row: ProposalRow, scores: tuple[int, ...], by: Actor | None = None) -> AssessmentRow:
        """An assessment of a proposal from beginning to end."""
        actor = by or self.assessor()
        begun = services.begin(actor=actor, proposal_id=row.id, now=NOW)
        fill(actor, begun, row.standard, scores)
        return services.submit(actor=actor, assessment_id=begun.id, now=NOW)

    def fitting(self, *, budget: int = 1000, by: Actor | None = None, **facts: Any) -> ProposalRow:
        """One that is being fitted out."""
        officer = by or self.officer()
        row = self.assessed(**facts)
        services.approve(actor=officer, proposal_id=row.id, reason="Needed", budget=budget, currency="IRR", now=NOW)
        return services.begin_fitting_out(actor=officer, proposal_id=row.id, now=NOW)


def fill(actor: Actor, begun: AssessmentRow, standard: StandardRow, scores: tuple[int, ...]) -> None:
    """Give the items their scores, with what was seen."""
    given = [ScoreDraft(item.id, score, "Seen") for item, score in zip(standard.items, scores, strict=True)]
    services.save_scores(actor=actor, assessment_id=begun.id, scores=given, summary="As it stands")


def standard_draft(**facts: Any) -> StandardDraft:
    """An innovation centre's, of the authority."""
    return StandardDraft(
        **{
            "code": "centre", "authority_code": "Y-AUTH", "kind": "innovation_centre", "pass_percent": 60,
            "names": Label("Innovation centre", "مرکز نوآوری", "Trung tâm đổi mới"), **facts,
        }
    )  # fmt: skip


def proposal_draft(**facts: Any) -> ProposalDraft:
    """A centre in the library."""
    return ProposalDraft(
        **{
            "code": f"Y-INN{next(_numbers)}", "names": NAMES, "parent_code": "Y-LIB", "plan": "The empty hall upstairs.",
            "area": 180, "asked": 5000, "currency": "IRR", **facts,
        }
    )  # fmt: skip


def make_yard() -> Yard:
    """The regions with an index, the authority, the library."""
    province = Region.objects.create(
        code="Y-YZ", level=1, country="IR", names={"en": "Yazd", "fa": "یزد", "vi": "Yazd"}, population=1_100_000
    )
    taft = Region.objects.create(
        code="Y-TAFT", level=2, country="IR", parent=province, names={"en": "Taft", "fa": "تفت", "vi": "Taft"},
        population=43_000, rural=True, latitude=31.74, longitude=54.2,
    )  # fmt: skip
    index = DeprivationIndex.objects.create(
        code="y", version="2026.1", names={"en": "Index"}, published_on=date(2026, 1, 1)
    )
    RegionDecile.objects.create(index=index, region=taft, decile=2)
    authority = Organisation.objects.create(
        code="Y-AUTH", kind="library_authority", country="IR", region=province,
        names={"en": "Yazd Libraries", "fa": "کتابخانه‌های یزد", "vi": "Thư viện Yazd"},
    )  # fmt: skip
    library = House.objects.create(
        code="Y-LIB", kind="district_library", state="open", region=taft, operator=authority,
        names={"en": "Taft Library", "fa": "کتابخانهٔ تفت", "vi": "Thư viện Taft"}, time_zone="Asia/Tehran",
        calendar="jalali", latitude=31.74, longitude=54.2,
    )  # fmt: skip
    return Yard(library, authority)
