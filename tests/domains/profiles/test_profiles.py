"""Profiles: what is shown, what a withdrawal takes away, what matching reads, and what is told and forgotten of a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khaneh.domains.network import queries as network
from khaneh.domains.network import services as register
from khaneh.domains.network.types import OrganisationFilter, Role
from khaneh.domains.profiles import discovered, queries, services
from khaneh.domains.profiles.errors import NotPublishable, ProfileWithdrawn
from khaneh.domains.profiles.models import Mentor, ShownPerson, SignUp
from khaneh.domains.profiles.types import (
    CatalogueFilter,
    MentorDraft,
    ProductDraft,
    ProfileDraft,
    Stage,
    forget_withdrawn,
    on_withdrawn,
)
from khaneh.kernel.actor import SYSTEM, VISITOR, Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound
from tests.domains.profiles.scene import NOW, Scene


@pytest.fixture
def told() -> Iterator[list[int]]:
    """What a higher domain hears of withdrawals."""
    heard: list[int] = []

    def hook(*, organisation_id: int, actor: Actor, now: datetime) -> None:
        heard.append(organisation_id)

    on_withdrawn("test", hook)
    yield heard
    forget_withdrawn("test")


def test_withdrawn_it_is_found_nowhere_and_comes_back_hidden(scene: Scene, told: list[int]) -> None:
    company = scene.company()
    who = scene.shown(company)
    assert [one.id for one in queries.competence()] == [company.pk]
    services.withdraw(actor=who, organisation_id=company.pk, now=NOW)
    services.withdraw(actor=who, organisation_id=company.pk, now=NOW)
    assert told == [company.pk]
    assert queries.catalogue(CatalogueFilter()).total == 0
    assert queries.competence() == ()
    assert company.code not in {row.code for row in network.organisations(OrganisationFilter()).rows}
    assert list(discovered.organisation_documents([company.pk])) == []
    with pytest.raises(NotFound):
        queries.profile(company.code, actor=VISITOR)
    with pytest.raises(ProfileWithdrawn):
        services.publish(actor=who, organisation_id=company.pk, now=NOW)
    services.come_back(actor=who, organisation_id=company.pk, now=NOW)
    assert queries.catalogue(CatalogueFilter()).total == 0
    services.publish(actor=who, organisation_id=company.pk, now=NOW)
    assert queries.catalogue(CatalogueFilter()).total == 1


def test_a_refusal_from_above_undoes_the_withdrawal(scene: Scene) -> None:
    company = scene.company()
    who = scene.shown(company)

    def hook(*, organisation_id: int, actor: Actor, now: datetime) -> None:
        raise NotAllowed(act="test")

    on_withdrawn("test", hook)
    try:
        with pytest.raises(NotAllowed):
            services.withdraw(actor=who, organisation_id=company.pk, now=NOW)
    finally:
        forget_withdrawn("test")
    assert queries.catalogue(CatalogueFilter()).total == 1


def test_only_who_speaks_for_it_writes_and_nothing_empty_is_shown(scene: Scene) -> None:
    company = scene.company()
    who = scene.person(Role.ADMINISTRATOR, company)
    services.open_profile(actor=who, organisation_id=company.pk, now=NOW)
    with pytest.raises(NotPublishable):
        services.publish(actor=who, organisation_id=company.pk, now=NOW)
    for other in (scene.person(), scene.officer(Role.ADMINISTRATOR), VISITOR):
        with pytest.raises(NotAllowed):
            services.change_profile(
                actor=other, organisation_id=company.pk, draft=ProfileDraft(Label("Mine", "", "")), now=NOW
            )
    with pytest.raises(Invalid) as refused:
        services.change_profile(
            actor=who, organisation_id=company.pk, now=NOW,
            draft=ProfileDraft(Label("x", "", ""), trl=10, founded=2099, markets=("Mars",), size="7"),
        )  # fmt: skip
    assert set(refused.value.facts["fields"]) == {"trl", "founded", "markets", "size"}


def test_the_catalogue_counts_what_else_could_be_asked_for(scene: Scene) -> None:
    scene.shown(scene.company("Alpha", kind="company_startup"), stage=Stage.IDEA)
    scene.shown(scene.company("Beta", kind="accelerator"), stage=Stage.GROWTH)
    scene.shown(scene.company("Gamma", kind="company_creative"), stage=Stage.GROWTH)
    page = queries.catalogue(CatalogueFilter(family="company", stage="growth"))
    assert [line.organisation.names.en for line in page.lines] == ["Gamma"]
    counted = {name: {one.value: one.number for one in values} for name, values in page.facets.items()}
    assert counted["family"]["accelerator"] == 1
    assert counted["stage"] == {"idea": 1, "growth": 1}
    assert (counted["sector"], counted["region"]) == ({"C": 1}, {"yz": 1})
    below = queries.catalogue(CatalogueFilter(sector="C", region_code="yz")).facets
    assert [(one.value, one.number) for one in below["sector"]] == [("23", 3)]
    assert [(one.value, one.number) for one in below["region"]] == [("yz-town", 3)]
    assert queries.catalogue(CatalogueFilter(region_code="nowhere")).total == 0
    assert queries.catalogue(CatalogueFilter(text="glazed CERAMICS")).total == 3


def test_a_change_in_the_register_is_seen_in_the_catalogue(scene: Scene) -> None:
    company = scene.company("Zeta")
    scene.shown(company)
    scene.shown(scene.company("Beta"))
    draft = network.organisation_draft(company.code)
    assert draft is not None
    renamed = draft.__class__(
        **{**{name: getattr(draft, name) for name in draft.__slots__}, "names": Label("Alef", "", "")}
    )
    register.change_organisation(actor=SYSTEM, code=company.code, draft=renamed, now=NOW)
    assert [line.organisation.names.en for line in queries.catalogue(CatalogueFilter()).lines] == ["Alef", "Beta"]


def test_pages_and_competence_cost_the_same_for_many(scene: Scene) -> None:
    def costs() -> list[int]:
        found = []
        for act in (
            lambda: queries.catalogue(CatalogueFilter(sector="C")),
            lambda: queries.competence(),
            lambda: list(discovered.organisation_documents(list(range(1, 999)))),
        ):
            with CaptureQueriesContext(
                connection,
            ) as counted:
                act()
            found.append(len(counted))
        return found

    scene.shown(scene.company())
    few = costs()
    for _ in range(4):
        company = scene.company()
        who = scene.shown(company)
        services.save_product(actor=who, organisation_id=company.pk, draft=ProductDraft(Label("Bowl", "", "")), now=NOW)
    assert costs() == few
    assert few[0] <= 20


def test_competence_is_read_in_pieces(scene: Scene) -> None:
    company = scene.company()
    who = scene.shown(company, trl=8)
    services.save_product(actor=who, organisation_id=company.pk, draft=ProductDraft(Label("Bowl", "کاسه", "")), now=NOW)
    helper = scene.person()
    services.save_mentor(
        actor=helper, draft=MentorDraft(Label("Kilns", "", ""), capabilities=("Ceramics",), sectors=("23",)), now=NOW
    )
    assert len(queries.competence()) == 1
    services.publish_mentor(actor=helper, published=True, now=NOW)
    first = queries.competence(limit=1)
    assert (first[0].kind, first[0].trl, first[0].texts.fa.splitlines()[0]) == ("organisation", 8, "کاسه")
    second = queries.competence(since_key=first[-1].key, limit=1)
    assert (second[0].kind, second[0].account_id, second[0].capabilities) == (
        "mentor",
        helper.account_id,
        ("ceramics",),
    )
    assert queries.competence(since_key=second[-1].key) == ()


def test_an_account_that_closes_leaves_nothing_of_the_person(scene: Scene) -> None:
    company, who = scene.company(), scene.person()
    boss = scene.shown(company)
    from khaneh.domains.people.models import Account

    email = Account.objects.get(pk=who.account_id).email
    services.ask_person(actor=boss, organisation_id=company.pk, email=email, titles=Label("Potter", "", ""), now=NOW)
    services.save_mentor(actor=who, draft=MentorDraft(Label("Kilns", "", "")), now=NOW)
    row = scene.submitted(who)
    services.erase_account(who.account_id or 0, NOW)
    found = SignUp.objects.get(pk=row.id)
    assert (found.state, found.account_id, found.documents.count()) == ("withdrawn", None, 0)
    assert not Mentor.objects.exists()
    assert not ShownPerson.objects.exists()


def test_nobody_borrows_a_name(scene: Scene) -> None:
    company = scene.company()
    draft = MentorDraft(Label("Kilns", "", ""), organisation_code=company.code)
    with pytest.raises(Invalid) as refused:
        services.save_mentor(actor=scene.person(), draft=draft, now=NOW)
    assert refused.value.facts["fields"] == {"organisation_code": "not_yours"}
    services.save_mentor(actor=scene.person(Role.TRAINER, company), draft=draft, now=NOW)
