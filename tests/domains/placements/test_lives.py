"""A vacancy's life and a placement's: offered, accepted, begun, confirmed after 3 and 12 months, ended, or nothing heard."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from khaneh.domains.discovery.models import Pending
from khaneh.domains.network.types import Role
from khaneh.domains.notices.models import Notice
from khaneh.domains.notices.registry import event
from khaneh.domains.people import services as people
from khaneh.domains.people.models import Member
from khaneh.domains.people.services import personal_data
from khaneh.domains.placements import queries, services
from khaneh.domains.placements.discovered import vacancy_documents
from khaneh.domains.placements.errors import (
    FewerPlacesThanTaken,
    NoConsent,
    NotDueYet,
    OfferedAlready,
    OfferLapsed,
    PlacementStateRefused,
    PlacesTaken,
    VacancyNotOpen,
    VacancyStateRefused,
)
from khaneh.domains.placements.models import Confirmation, Placement, Seeker, Vacancy
from khaneh.domains.placements.types import (
    EndReason,
    PlacementState,
    SkillDraft,
    SkillWish,
    Swept,
    VacancyFilter,
    VacancyKind,
    VacancyState,
)
from khaneh.kernel.actor import SYSTEM, VISITOR
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound
from tests.domains.placements.market import CNC, DAY, NOW, TODAY, Market, draft, state_of

YEAR_ON = NOW + timedelta(days=366)
QUARTER_ON = NOW + timedelta(days=92)


def told(code: str) -> int:
    return Notice.objects.filter(event=f"placements.{code}").count()


def test_from_the_offer_to_the_twelfth_month(market: Market) -> None:
    employer, sara = market.employer(), market.seeker(qualified=True)
    vacancy = market.vacancy(employer)
    number = market.offered(employer, vacancy, sara, note="Come and see us")
    (seen,) = queries.placements_of_organisation(market.company.pk, actor=employer)
    assert (seen.state, seen.name, seen.email) == (PlacementState.OFFERED, "", ""), "not known before it is accepted"
    assert seen.match is not None
    assert seen.match.fits
    (own,) = queries.placements_of(sara.account_id or 0, actor=sara)
    assert (own.note, own.answer_by) == ("Come and see us", NOW + 14 * DAY)
    services.accept(actor=sara, placement_id=number, now=NOW)
    assert queries.placement(number, actor=employer).name == sara.name
    assert queries.vacancy(vacancy.id, actor=VISITOR).state is VacancyState.FILLED
    services.start(actor=employer, placement_id=number, started_on=TODAY, now=NOW)
    with pytest.raises(NotDueYet) as refused:
        services.confirm(actor=employer, placement_id=number, months=3, now=NOW + 30 * DAY)
    assert refused.value.facts == {"months": 3, "due_on": "2026-06-02"}
    services.confirm(actor=employer, placement_id=number, months=3, now=QUARTER_ON)
    services.confirm(actor=employer, placement_id=number, months=3, now=QUARTER_ON)
    assert state_of(number) == "confirmed_3"
    services.confirm(actor=employer, placement_id=number, months=12, now=YEAR_ON)
    assert state_of(number) == "confirmed_12"
    with pytest.raises(PlacementStateRefused):
        services.end_placement(
            actor=employer, placement_id=number, ended_on=TODAY, reason=EndReason.RESIGNED, now=YEAR_ON
        )
    assert (told("offered"), told("accepted"), told("started")) == (1, 1, 1)


def test_twelve_months_say_three(market: Market) -> None:
    employer = market.employer()
    number = market.at_work(employer, market.vacancy(employer), market.seeker())
    services.confirm(actor=employer, placement_id=number, months=12, now=YEAR_ON)
    assert list(Confirmation.objects.order_by("months").values_list("months", "still")) == [(3, True), (12, True)]


@pytest.mark.parametrize(("ended_on", "three"), [(date(2026, 6, 1), False), (date(2026, 6, 2), True)])
def test_who_left_had_reached_what_they_had(market: Market, ended_on: date, three: bool) -> None:
    employer = market.employer()
    number = market.at_work(employer, market.vacancy(employer), market.seeker())
    facts: dict[str, Any] = {"actor": employer, "placement_id": number, "now": QUARTER_ON + 30 * DAY}
    for wrong in (
        {"ended_on": TODAY - DAY, "reason": EndReason.RESIGNED},
        {"ended_on": date(2027, 1, 1), "reason": EndReason.RESIGNED},
        {"ended_on": ended_on, "reason": EndReason.LAPSED},
    ):
        with pytest.raises(Invalid):
            services.end_placement(**facts, **wrong)  # type: ignore[arg-type]
    services.end_placement(**facts, ended_on=ended_on, reason=EndReason.TERM_OVER)
    assert list(Confirmation.objects.order_by("months").values_list("months", "still")) == [(3, three), (12, False)]
    assert queries.placement(number, actor=employer).end_reason is EndReason.TERM_OVER


def test_the_first_to_accept_has_the_place_and_the_others_are_told(market: Market) -> None:
    employer, sara, reza = market.employer(), market.seeker(), market.seeker()
    vacancy = market.vacancy(employer)
    first, second = market.offered(employer, vacancy, sara), market.offered(employer, vacancy, reza)
    with pytest.raises(OfferedAlready):
        market.offered(employer, vacancy, sara)
    services.accept(actor=sara, placement_id=first, now=NOW)
    assert queries.placement(second, actor=reza).end_reason is EndReason.FILLED
    assert told("gone") == 1
    with pytest.raises(PlacementStateRefused):
        services.accept(actor=reza, placement_id=second, now=NOW)
    with pytest.raises(PlacesTaken):
        market.offered(employer, vacancy, reza)
    services.decline(actor=sara, placement_id=first, now=NOW)
    assert queries.vacancy(vacancy.id, actor=VISITOR).is_open, "the place is free again"
    assert market.offered(employer, vacancy, reza)


def test_who_may_do_what_with_an_offer(market: Market) -> None:
    employer, sara, other = market.employer(), market.seeker(), market.seeker()
    vacancy = market.vacancy(employer)
    number = market.offered(employer, vacancy, sara)
    for act, who in ((services.accept, other), (services.decline, employer), (services.withdraw_offer, sara)):
        with pytest.raises(NotFound):
            act(actor=who, placement_id=number, now=NOW)
    with pytest.raises(NotFound):
        services.start(actor=market.staff(Role.ADMINISTRATOR), placement_id=number, started_on=TODAY, now=NOW)
    with pytest.raises(NotFound):
        queries.placement(number, actor=other)
    with pytest.raises(NotFound):
        services.offer(actor=other, vacancy_id=vacancy.id, seeker_id=market.seeker_id(other), now=NOW)
    services.withdraw_offer(actor=employer, placement_id=number, now=NOW)
    assert queries.placement(number, actor=sara).end_reason is EndReason.EMPLOYER


def test_nobody_is_offered_anything_who_does_not_want_to_be_seen(market: Market) -> None:
    employer, hidden = market.employer(), market.seeker(consent=False)
    vacancy, draft_ = market.vacancy(employer), market.vacancy(employer, publish=False)
    for number in (market.seeker_id(hidden), 0):
        with pytest.raises(NoConsent):
            services.offer(actor=employer, vacancy_id=vacancy.id, seeker_id=number, now=NOW)
    with pytest.raises(NoConsent):
        services.show_interest(actor=hidden, vacancy_id=vacancy.id, now=NOW)
    with pytest.raises(VacancyNotOpen):
        market.offered(employer, draft_, market.seeker())
    with pytest.raises(NotFound):
        services.show_interest(actor=market.seeker(), vacancy_id=draft_.id, now=NOW)
    with pytest.raises(NotAllowed):
        services.give_consent(actor=VISITOR, now=NOW)


def test_an_offer_lapses_with_or_without_the_round(market: Market) -> None:
    employer, sara = market.employer(), market.seeker()
    number = market.offered(employer, market.vacancy(employer), sara)
    late = NOW + 14 * DAY
    with pytest.raises(OfferLapsed):
        services.accept(actor=sara, placement_id=number, now=late)
    assert services.sweep(now=late) == Swept(lapsed=1)
    assert queries.placement(number, actor=sara).end_reason is EndReason.LAPSED
    assert services.sweep(now=late) == Swept()


def test_the_employer_is_asked_reminded_and_then_it_is_unknown(market: Market) -> None:
    employer = market.employer()
    number = market.at_work(employer, market.vacancy(employer), market.seeker())
    assert services.sweep(now=NOW + 91 * DAY).asked == 0
    asked = [sum(services.sweep(now=NOW + days * DAY).asked for _ in range(2)) for days in (92, 100, 106, 127, 300)]
    assert asked == [1, 0, 1, 1, 0], "at once, after 14 and after 35 days, and each once"
    (row,) = queries.employers(employer, now=NOW + 100 * DAY)
    assert (row.due, row.open_vacancies) == (1, 0)
    # The third month was not answered, which alone says nothing; the twelfth was not either.
    late = NOW + (365 + 59) * DAY
    services.sweep(now=late)
    assert state_of(number) == "started"
    assert services.sweep(now=late + DAY).unknown == 1
    assert state_of(number) == "unknown"
    services.confirm(actor=employer, placement_id=number, months=12, now=late + 30 * DAY)
    assert state_of(number) == "confirmed_12", "a late answer is an answer"


def test_a_vacancy_expires_on_the_clocks_of_its_country(market: Market) -> None:
    employer = market.employer()
    vacancy = market.vacancy(employer, closes_on=TODAY)
    last_minute = NOW.replace(hour=20, minute=29)  # one minute to midnight in Tehran
    assert services.sweep(now=last_minute).expired == 0
    assert services.sweep(now=last_minute + timedelta(minutes=1)).expired == 1
    with pytest.raises(Invalid):
        services.publish_vacancy(actor=employer, vacancy_id=vacancy.id, now=NOW + DAY)
    services.change_vacancy(
        actor=employer, vacancy_id=vacancy.id, draft=draft(closes_on=TODAY + 9 * DAY), now=NOW + DAY
    )
    assert services.publish_vacancy(actor=employer, vacancy_id=vacancy.id, now=NOW + DAY).is_open


def test_closing_ends_offers_and_keeps_who_has_come(market: Market) -> None:
    employer, sara, reza = market.employer(), market.seeker(), market.seeker()
    vacancy = market.vacancy(employer, count=2)
    kept, open_ = market.at_work(employer, vacancy, sara), market.offered(employer, vacancy, reza)
    services.close_vacancy(actor=employer, vacancy_id=vacancy.id, now=NOW)
    assert (state_of(kept), state_of(open_)) == ("started", "declined")
    with pytest.raises(VacancyStateRefused):
        services.close_vacancy(actor=employer, vacancy_id=vacancy.id, now=NOW)
    with pytest.raises(VacancyNotOpen):
        services.show_interest(actor=sara, vacancy_id=vacancy.id, now=NOW)


def _with_two(market: Market, employer: Any) -> int:
    """A vacancy of three places with two taken."""
    vacancy = market.vacancy(employer, count=3)
    for _ in range(2):
        market.at_work(employer, vacancy, market.seeker())
    return vacancy.id


def test_fewer_places_fill_a_vacancy_and_more_open_it(market: Market) -> None:
    employer = market.employer()
    number = _with_two(market, employer)
    with pytest.raises(FewerPlacesThanTaken):
        services.change_vacancy(actor=employer, vacancy_id=number, draft=draft(count=1), now=NOW)
    filled = services.change_vacancy(actor=employer, vacancy_id=number, draft=draft(count=2), now=NOW)
    assert filled.state is VacancyState.FILLED
    assert services.change_vacancy(actor=employer, vacancy_id=number, draft=draft(count=4), now=NOW).is_open


def test_drafts_are_the_employers_alone_and_found_is_what_is_open(market: Market) -> None:
    employer = market.employer()
    hidden, open_ = market.vacancy(employer, publish=False), market.vacancy(employer)
    for other in (VISITOR, market.person(), market.staff(Role.ADMINISTRATOR)):
        with pytest.raises(NotFound):
            queries.vacancy(hidden.id, actor=other)
        assert queries.vacancies_of_organisation(market.company.pk, actor=other) == []
        with pytest.raises((NotFound, NotAllowed)):
            services.publish_vacancy(actor=other, vacancy_id=hidden.id, now=NOW)
        with pytest.raises(NotAllowed):
            services.add_vacancy(actor=other, organisation_id=market.company.pk, draft=draft(), now=NOW)
    assert [row.id for row in queries.vacancies(VacancyFilter()).rows] == [open_.id]
    for wanted, total in (
        (VacancyFilter(region_code="W-QM"), 1),
        (VacancyFilter(region_code="W-YZ"), 0),
        (VacancyFilter(region_code="nowhere"), 0),
        (VacancyFilter(skill="cad-drawing"), 1),
        (VacancyFilter(skill="pottery"), 0),
        (VacancyFilter(kinds=frozenset({VacancyKind.INTERNSHIP})), 0),
        (VacancyFilter(remote=True), 0),
    ):
        assert queries.vacancies(wanted).total == total
    assert {row.key for row in Pending.objects.filter(kind="vacancy")} >= {open_.id}
    (document,) = vacancy_documents([hidden.id, open_.id])
    assert (document.key, document.title, document.creators) == (open_.id, CNC.fa, ("چوب مهر",))


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"names": Label("", " ", "")}, "names"),
        ({"count": 0}, "count"),
        ({"region_code": ""}, "region_code"),
        ({"region_code": "nowhere"}, "region_code"),
        ({"house_code": "nowhere"}, "house_code"),
        ({"hours": 80}, "hours"),
        ({"pay_to": 5}, "pay_from"),
        ({"pay_from": 5}, "pay_currency"),
        ({"pay_from": 5, "pay_to": 4, "pay_currency": "IRR"}, "pay_to"),
        ({"closes_on": TODAY - DAY}, "closes_on"),
        ({"closes_on": TODAY + 400 * DAY}, "closes_on"),
        ({"skills": (SkillWish("juggling"),)}, "skills"),
        ({"skills": (SkillWish("pottery"), SkillWish("pottery"))}, "skills"),
    ],
)
def test_a_wrong_vacancy_is_refused(market: Market, facts: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        market.vacancy(publish=False, **facts)
    assert list(refused.value.facts["fields"]) == [field]
    assert not Vacancy.objects.exists()


def test_skills_are_of_esco_or_our_own(market: Market) -> None:
    esco = "http://data.europa.eu/esco/skill/0b6a1e6b-0000-4000-8000-000000000001"
    names = Label("Hand loom", "دستگاه بافندگی", "Khung cửi")
    made = services.define_skill(actor=SYSTEM, draft=SkillDraft("hand-loom", names, esco))
    assert (made.esco, made.names) == (esco, names)
    from khaneh.domains.placements.errors import CodeTaken

    for taken in (SkillDraft("hand-loom", names), SkillDraft("other", names, esco)):
        with pytest.raises(CodeTaken):
            services.define_skill(actor=SYSTEM, draft=taken)
    for wrong in (
        SkillDraft("x", names, "http://example.org/1"),
        SkillDraft("X!", names),
        SkillDraft("y", Label("", "", "")),
    ):
        with pytest.raises(Invalid):
            services.define_skill(actor=SYSTEM, draft=wrong)
    with pytest.raises(NotAllowed):
        services.define_skill(actor=market.employer(), draft=SkillDraft("z", names))
    changed = services.change_skill(actor=SYSTEM, code="pottery", draft=SkillDraft("ignored", names, active=False))
    assert changed.code == "pottery"
    services.ensure_skills()
    assert not queries.skill("pottery").active, "what was changed stays"
    assert all(all(row.names) for row in queries.skills()), "every skill has its three names"


def test_notices_are_written_in_words_and_only_while_they_hold(market: Market) -> None:
    employer, sara = market.employer(), market.seeker()
    vacancy = market.vacancy(employer)
    number = market.offered(employer, vacancy, sara)
    resolve: Any = event("placements.offered").resolve
    (item,) = resolve([{"placement": number}], "vi", NOW)
    assert (item["vacancy"], item["organisation"]) == (CNC.vi, "Gỗ Mehr")
    services.accept(actor=sara, placement_id=number, now=NOW)
    assert resolve([{"placement": number}], "vi", NOW) == [None]
    (accepted,) = event("placements.accepted").resolve([{"placement": number}], "en", NOW)  # type: ignore[misc]
    assert accepted["trainee"] == sara.name


def test_what_is_kept_is_told_and_forgotten(market: Market) -> None:
    employer, sara = market.employer(), market.seeker()
    vacancy, other = market.vacancy(employer), market.vacancy(employer)
    begun, open_ = market.at_work(employer, vacancy, sara), market.offered(employer, other, sara)
    services.show_interest(actor=sara, vacancy_id=other.id, now=NOW)
    member = Member.objects.get(account_id=sara.account_id or 0)
    keeper = personal_data.keepers()["placements"]
    found = keeper.exporter(member.pk)
    assert found["profile"]["skills"] == {"cnc-operation": 2, "workshop-safety": 1}
    assert {row["state"] for row in found["placements"]} == {"started", "offered"}
    assert len(found["interests"]) == 1
    people.close_account(actor=sara, account_id=sara.account_id or 0, now=NOW)
    assert not Seeker.objects.filter(account_id=sara.account_id or 0).exists()
    assert not Placement.objects.filter(account_id=sara.account_id or 0).exists()
    assert (state_of(begun), state_of(open_)) == ("started", "declined")
    assert queries.placement(begun, actor=employer).name == ""
    services.confirm(actor=employer, placement_id=begun, months=3, now=QUARTER_ON)


def test_the_database_keeps_what_services_promise(market: Market) -> None:
    employer, sara = market.employer(), market.seeker()
    vacancy = market.vacancy(employer)
    number = market.at_work(employer, vacancy, sara)
    one = Placement.objects.filter(pk=number)
    services.confirm(actor=employer, placement_id=number, months=3, now=QUARTER_ON)
    for wrong in (
        {"state": "offered", "started_on": None},
        {"started_on": TODAY + DAY},
        {"account_id": market.person().account_id},
        {"offered_at": NOW - DAY},
        {"state": "ended"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            one.update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        one.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Confirmation.objects.filter(placement_id=number, months=3).update(still=False)
    values = {"vacancy_id": vacancy.id, "organisation": market.company, "offered_at": NOW, "changed_at": NOW}
    with pytest.raises(IntegrityError, match="no place left"), transaction.atomic():
        Placement.objects.create(**values, state="accepted", account_id=market.person().account_id)
