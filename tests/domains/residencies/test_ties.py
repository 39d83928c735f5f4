"""Who mentors, supports or works beside a team does not judge its application, whether they say so or not."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khaneh.domains.network.models import Organisation
from khaneh.domains.people.models import Account, RoleAssignment
from khaneh.domains.residencies import queries, services
from khaneh.domains.residencies.types import LineDraft, OverReason, ResidencyDraft, SupportKind
from khaneh.domains.selection import errors
from khaneh.domains.selection import queries as selection
from khaneh.domains.selection import services as judging
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.labels import Label
from tests.domains.selection.ground import DAY, NOW, Ground, make_ground, state_of

NAMES = Label("Mehr Wood", "چوب مهر", "Gỗ Mehr")


@pytest.fixture
def ground(db: None) -> Ground:
    """A call that is closed, and a company that applies."""
    return make_ground()


def test_what_residencies_know_ties_whoever_judges(ground: Ground) -> None:
    officer, founder = ground.officer(), ground.person()
    round_id = ground.round(officer)
    mentor, _ = ground.reviewer(officer, round_id)
    free, _ = ground.reviewer(officer, round_id)
    banker, by_banker = ground.reviewer(officer, round_id)
    neighbour, by_neighbour = ground.reviewer(officer, round_id)
    applications = [ground.application(company=True), ground.application(founder)]
    # The first two have submitted before anything tied them.
    reviews = [ground.judged(officer, round_id, application_id, 8, 6) for application_id in applications]

    team, beside = resident(ground, founder, "S-CO"), resident(ground, neighbour)
    services.appoint_mentor(actor=SYSTEM, residency_id=team, account_id=mentor.account_id or 0, now=NOW)
    promised = promise(team, banker)
    for reviewer_id, kind in ((by_banker, "investment"), (by_neighbour, "tenancy")):
        for application_id in applications:
            with pytest.raises(errors.Conflicted) as refused:
                judging.assign(actor=officer, reviewer_id=reviewer_id, application_id=application_id, now=NOW)
            assert refused.value.facts["kinds"] == [kind]
    run = judging.make_ranking(actor=officer, round_id=round_id, now=NOW)
    assert [[state_of(number) for number in both] for both in reviews] == [["set_aside", "submitted"]] * 2
    assert [(line.reviews, line.aside) for line in selection.ranking(run, actor=officer).lines] == [(1, 1)] * 2
    # The other way round: the mentor would apply, and who answers for the team would judge.
    bonds = queries.ties([founder.account_id or 0], NOW)
    assert {bond.other_id for bond in bonds if bond.kind == "mentoring"} == {mentor.account_id}

    # What is not given after all ties nobody; what is over does for as long as is asked.
    services.cancel_tranche(actor=SYSTEM, tranche_id=promised)
    judging.assign(actor=officer, reviewer_id=by_banker, application_id=applications[0], now=NOW)
    services.leave(actor=neighbour, residency_id=beside, reason=OverReason.OTHER, now=NOW + DAY)
    everybody = [one.account_id or 0 for one in (neighbour, banker, free)]
    with CaptureQueriesContext(connection) as asked:
        assert {bond.account_id for bond in queries.ties(everybody, NOW)} == {neighbour.account_id}
    assert len(asked) == 6
    assert not queries.ties(everybody, NOW + 3 * DAY)


def promise(team: int, banker: Actor) -> int:
    """A part of a budget line of an organisation for which somebody acts."""
    bank = Organisation.objects.create(code="S-BANK", kind="sponsor", country="IR", names={"en": "Bank"})
    RoleAssignment.objects.create(
        account_id=banker.account_id or 0, role="programme_manager", organisation=bank, valid_from=NOW - DAY
    )
    line = LineDraft(
        "S-HOUSE", "S-BANK", "Memorandum 12", NAMES, SupportKind.GRANT, 1000, NOW.date(), NOW.date() + 300 * DAY, "IRR"
    )
    number = services.add_line(actor=SYSTEM, draft=line, key="line", now=NOW)
    return services.promise(actor=SYSTEM, residency_id=team, line_id=number, amount=500, key="part", now=NOW)


def resident(ground: Ground, founder: Actor, organisation_code: str = "") -> int:
    """A team that has moved into the call's house."""
    draft = ResidencyDraft(
        NAMES, Account.objects.get(pk=founder.account_id or 0).email, NOW.date(), NOW.date() + 300 * DAY,
        organisation_code,
    )  # fmt: skip
    number = services.offer_residency(
        actor=SYSTEM, house_id=ground.house.pk, draft=draft, key=f"team-{founder.account_id}", now=NOW
    )
    services.move_in(actor=SYSTEM, residency_id=number, now=NOW)
    return number
