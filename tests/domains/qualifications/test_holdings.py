"""A qualification's life: awarded, used, renewed, lost by date, by disuse, or taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from khaneh.domains.network.models import House, Organisation, Region
from khaneh.domains.network.types import Role
from khaneh.domains.notices import services as notices
from khaneh.domains.notices.models import Notice
from khaneh.domains.people import services as people
from khaneh.domains.people.models import Account, Member, MemberCategory, RoleAssignment
from khaneh.domains.people.queries import actor as actor_of
from khaneh.domains.people.services import personal_data
from khaneh.domains.qualifications import queries, services
from khaneh.domains.qualifications.errors import AlreadyHeld, CodeTaken, HoldingEnded, NotAwarded
from khaneh.domains.qualifications.models import Holding
from khaneh.domains.qualifications.types import Basis, EndReason, QualificationDraft
from khaneh.kernel.actor import SYSTEM, VISITOR, Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 31, 9, tzinfo=UTC)
DAY = timedelta(days=1)
NAMES = Label("Laser cutter", "برش لیزری", "Máy cắt laser")


@pytest.fixture
def house() -> House:
    region = Region.objects.create(code="Q-QM", level=1, country="IR", names={"en": "Qom"})
    return House.objects.create(
        code="Q-LAB", kind="skill_complex", state="open", region=region, names={"en": "Lab", "fa": "کارگاه", "vi": "Xưởng"},
        time_zone="Asia/Tehran", calendar="jalali",
    )  # fmt: skip


@pytest.fixture
def account(house: House) -> Account:
    """Somebody who is a member, so that notices reach them."""
    made = Account.objects.create(email="sara@example.org", name="Sara")
    category = MemberCategory.objects.create(code="adult", names={"en": "Adult"})
    Member.objects.create(
        account=made, category=category, home_house=house, state="active", family_name="Sara",
        joined_on=NOW.date(), expires_on=NOW.date() + 400 * DAY,
    )  # fmt: skip
    return made


@pytest.fixture
def laser(house: House) -> str:
    draft = QualificationDraft("laser", NAMES, valid_months=13, disuse_months=1, warn_days=10)
    return services.define_qualification(actor=SYSTEM, draft=draft).code


def role(house: House, name: Role) -> Actor:
    made = Account.objects.create(email=f"{name}@example.org")
    RoleAssignment.objects.create(account=made, role=name.value, house=house, valid_from=NOW - DAY)
    return actor_of(made.pk, now=NOW)


def awarded(account: Account, house: House, code: str = "laser", **facts: Any) -> Any:
    facts = {"actor": SYSTEM, "basis": Basis.COURSE, "now": NOW, **facts}
    return services.award(account_id=account.pk, code=code, house_id=house.pk, **facts)


def told() -> list[str]:
    return list(Notice.objects.order_by("pk").values_list("event", flat=True))


def test_an_award_holds_until_the_sooner_of_date_and_disuse(account: Account, house: House, laser: str) -> None:
    row = awarded(account, house)
    # 31 January and a month is 28 February.
    assert row.valid_until == datetime(2026, 2, 28, 9, tzinfo=UTC)
    assert row.expires_at == datetime(2027, 2, 28, 9, tzinfo=UTC)
    assert queries.held_by(account.pk, at=NOW) == {"laser": row.valid_until}
    assert queries.held_by(account.pk, at=row.valid_until - timedelta(seconds=1)) == {"laser": row.valid_until}
    assert queries.held_by(account.pk, at=row.valid_until) == {}, "it has run out, whether or not the round has come"
    assert queries.held_by(account.pk, at=NOW - timedelta(seconds=1)) == {}
    assert queries.held_ids(account.pk, at=NOW) == {row.qualification.id: "laser"}
    assert queries.trained([account.pk, account.pk + 1], at=NOW) == {account.pk: {"laser": row.valid_until}}
    assert told() == ["qualifications.awarded"]


def test_without_months_it_is_for_life(account: Account, house: House) -> None:
    services.define_qualification(actor=SYSTEM, draft=QualificationDraft("first-aid", NAMES))
    assert awarded(account, house, "first-aid").valid_until is None
    assert queries.held_by(account.pk, at=NOW + 9999 * DAY) == {"first-aid": None}


def test_use_begins_the_months_of_disuse_anew_and_revives_nothing(account: Account, house: House, laser: str) -> None:
    row = awarded(account, house)
    used = services.record_use(account_id=account.pk, qualification_ids=[row.qualification.id], now=NOW + 20 * DAY)
    assert used == 1
    assert queries.held_by(account.pk, at=NOW) == {"laser": datetime(2026, 3, 20, 9, tzinfo=UTC)}
    late = NOW + 90 * DAY
    assert services.record_use(account_id=account.pk, qualification_ids=[row.qualification.id], now=late) == 0
    assert queries.held_by(account.pk, at=late) == {}


def test_disuse_and_date_end_it_each_by_its_name(account: Account, house: House, laser: str) -> None:
    row = awarded(account, house)
    assert services.sweep(now=row.valid_until - timedelta(seconds=1)).ended == 0
    assert services.sweep(now=row.valid_until).ended == 1
    held = Holding.objects.get()
    assert (held.end_reason, held.ended_at) == ("disused", row.valid_until)
    again = awarded(account, house, now=row.valid_until + DAY, expires_at=row.valid_until + 2 * DAY)
    services.sweep(now=row.valid_until + 3 * DAY)
    assert queries.holding(again.id, actor=SYSTEM).end_reason is EndReason.EXPIRED
    assert told().count("qualifications.ended") == 2
    assert services.sweep(now=row.valid_until + 3 * DAY).ended == 0


def test_who_will_lose_it_is_warned_once_for_each_end(account: Account, house: House, laser: str) -> None:
    row = awarded(account, house)
    assert services.sweep(now=row.valid_until - 11 * DAY).warned == 0
    assert services.sweep(now=row.valid_until - 10 * DAY).warned == 1
    assert services.sweep(now=row.valid_until - 9 * DAY).warned == 0
    services.record_use(account_id=account.pk, qualification_ids=[row.qualification.id], now=row.valid_until - 8 * DAY)
    assert services.sweep(now=row.valid_until - 7 * DAY).warned == 0
    later = queries.holding(row.id, actor=SYSTEM).valid_until
    assert later is not None
    assert services.sweep(now=later - DAY).warned == 1
    assert told().count("qualifications.ending") == 2


def test_a_second_award_is_refused_while_it_holds_and_not_afterwards(
    account: Account, house: House, laser: str
) -> None:
    row = awarded(account, house)
    with pytest.raises(AlreadyHeld) as refused:
        awarded(account, house)
    assert refused.value.facts == {"holding_id": row.id}
    # Run out, and the nightly round has not come yet.
    second = awarded(account, house, now=row.valid_until + DAY)
    assert queries.holding(row.id, actor=SYSTEM).end_reason is EndReason.DISUSED
    assert queries.held_by(account.pk, at=row.valid_until + DAY) == {"laser": second.valid_until}


def test_a_renewal_keeps_the_history(account: Account, house: House, laser: str) -> None:
    row = awarded(account, house)
    later = NOW + 5 * DAY
    second = services.renew(
        actor=role(house, Role.TRAINER), holding_id=row.id, basis=Basis.ASSESSMENT, house_id=house.pk, now=later
    )
    assert second.awarded_at == later
    reasons = [one.end_reason for one in queries.holdings_of(account.pk, actor=SYSTEM)]
    assert reasons == [None, EndReason.RENEWED]
    with pytest.raises(HoldingEnded):
        services.renew(actor=SYSTEM, holding_id=row.id, basis=Basis.COURSE, house_id=house.pk, now=later)
    with pytest.raises(NotFound):
        services.renew(actor=SYSTEM, holding_id=0, basis=Basis.COURSE, house_id=house.pk, now=later)


def test_taking_back_needs_a_reason_and_tells_it(account: Account, house: House, laser: str) -> None:
    row = awarded(account, house)
    with pytest.raises(Invalid):
        services.revoke(actor=SYSTEM, holding_id=row.id, reason="  ", house_id=house.pk, now=NOW + DAY)
    services.revoke(actor=SYSTEM, holding_id=row.id, reason="Left it burning", house_id=house.pk, now=NOW + DAY)
    assert queries.held_by(account.pk, at=NOW + DAY) == {}
    assert queries.held_by(account.pk, at=NOW) == {"laser": row.valid_until}, "it counted until then"
    assert services.record_use(account_id=account.pk, qualification_ids=[row.qualification.id], now=NOW + DAY) == 0
    assert told()[-1] == "qualifications.revoked"
    awarded(account, house, now=NOW + 2 * DAY)


def test_notices_are_written_in_words_and_what_is_settled_is_not_told(
    account: Account, house: House, laser: str
) -> None:
    from khaneh.domains.notices.registry import event

    row = awarded(account, house)
    resolve: Any = event("qualifications.ended").resolve
    assert resolve([{"holding": row.id}], "vi", NOW) == [None], "it holds"
    services.sweep(now=row.valid_until)
    (item,) = resolve([{"holding": row.id}], "vi", NOW)
    assert item["qualification"] == "Máy cắt laser"
    assert item["why"] == "Không sử dụng quá lâu"
    awarded(account, house, now=row.valid_until + DAY)
    assert resolve([{"holding": row.id}], "vi", NOW) == [None], "earned again meanwhile"
    assert notices.gather(now=row.valid_until + 2 * DAY) > 0


@pytest.mark.parametrize(
    ("name", "may"),
    [(Role.TRAINER, True), (Role.HOUSE_MANAGER, True), (Role.LIBRARIAN, False), (Role.REVIEWER, False)],
)
def test_who_may_award(account: Account, house: House, laser: str, name: Role, may: bool) -> None:
    actor = role(house, name)
    if may:
        awarded(account, house, actor=actor)
    else:
        with pytest.raises(NotAllowed):
            awarded(account, house, actor=actor)
    assert Holding.objects.exists() is may


def test_what_somebody_holds_is_not_everybodys_business(account: Account, house: House, laser: str) -> None:
    row = awarded(account, house)
    own = actor_of(account.pk, now=NOW)
    assert [one.id for one in queries.holdings_of(account.pk, actor=own)] == [row.id]
    assert queries.holding(row.id, actor=role(house, Role.TRAINER)).id == row.id
    for other in (VISITOR, role(house, Role.LIBRARIAN)):
        assert queries.holdings_of(account.pk, actor=other) == []
        with pytest.raises(NotFound):
            queries.holding(row.id, actor=other)


def test_defining_is_for_who_administers_an_authority(house: House) -> None:
    draft = QualificationDraft("kiln", NAMES, valid_months=12)
    with pytest.raises(NotAllowed):
        services.define_qualification(actor=role(house, Role.HOUSE_MANAGER), draft=draft)
    office = Organisation.objects.create(code="Q-AUTH", kind="library_authority", country="IR", names={"en": "Office"})
    keeper = Account.objects.create(email="office@example.org")
    RoleAssignment.objects.create(account=keeper, role="administrator", organisation=office, valid_from=NOW - DAY)
    actor = actor_of(keeper.pk, now=NOW)
    services.define_qualification(actor=actor, draft=draft)
    with pytest.raises(CodeTaken):
        services.define_qualification(actor=actor, draft=draft)
    changed = services.change_qualification(
        actor=actor, code="kiln", draft=QualificationDraft("ignored", NAMES, valid_months=24, active=False)
    )
    assert (changed.code, changed.valid_months, changed.active) == ("kiln", 24, False)
    assert queries.qualifications() == []
    assert [one.code for one in queries.qualifications(with_retired=True)] == ["kiln"]
    assert queries.choices() == (("kiln", NAMES),), "rules that name it stay right"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"code": "Laser!"}, "code"),
        ({"code": ""}, "code"),
        ({"names": Label("", " ", "")}, "names"),
        ({"valid_months": 0}, "valid_months"),
        ({"disuse_months": 241}, "disuse_months"),
        ({"warn_days": -1}, "warn_days"),
    ],
)
def test_a_wrong_draft_is_refused(facts: dict[str, Any], field: str) -> None:
    draft = QualificationDraft(**{"code": "laser", "names": NAMES, **facts})
    with pytest.raises(Invalid) as refused:
        services.define_qualification(actor=SYSTEM, draft=draft)
    assert list(refused.value.facts["fields"]) == [field]


def test_what_is_retired_or_for_nobody_is_not_awarded(account: Account, house: House) -> None:
    services.define_qualification(actor=SYSTEM, draft=QualificationDraft("old", NAMES, active=False))
    with pytest.raises(NotAwarded):
        awarded(account, house, "old")
    with pytest.raises(NotFound):
        awarded(account, house, "unheard-of")
    services.define_qualification(actor=SYSTEM, draft=QualificationDraft("kiln", NAMES))
    Account.objects.filter(pk=account.pk).update(is_active=False)
    with pytest.raises(NotFound):
        awarded(account, house, "kiln")


def test_the_database_keeps_one_open_holding_and_reasons(account: Account, house: House, laser: str) -> None:
    row = awarded(account, house)
    values = {"account_id": account.pk, "qualification_id": row.qualification.id, "house": house, "basis": "course", "awarded_at": NOW}  # fmt: skip
    for wrong in (
        {},
        {"ended_at": NOW},
        {"ended_at": NOW, "end_reason": "revoked"},
        {"ended_at": NOW, "end_reason": "x"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Holding.objects.create(**{**values, **wrong})


def test_a_member_is_told_what_is_kept_and_it_is_forgotten(account: Account, house: House, laser: str) -> None:
    awarded(account, house, source="learning.certificate:12")
    keeper = personal_data.keepers()["qualifications"]
    member = Member.objects.get(account=account)
    (line,) = keeper.exporter(member.pk)
    assert (line["qualification"], line["source"], line["house"]) == ("laser", "learning.certificate:12", "Q-LAB")
    keeper.eraser(member.pk, NOW)
    assert not Holding.objects.exists()
    awarded(account, house)
    people.close_account(actor=actor_of(account.pk, now=NOW), account_id=account.pk, now=NOW)
    assert not Holding.objects.exists(), "nor is it kept of a closed account"


def test_lists_cost_a_bounded_number_of_statements(
    account: Account, house: House, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        services.define_qualification(actor=SYSTEM, draft=QualificationDraft(f"q{number}", NAMES))
        awarded(account, house, f"q{number}")
    with django_assert_max_num_queries(3):
        assert len(queries.holdings_of(account.pk, actor=SYSTEM)) == 12
    with django_assert_max_num_queries(1):
        assert len(queries.held_by(account.pk, at=NOW)) == 12
