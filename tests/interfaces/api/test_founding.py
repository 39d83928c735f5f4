"""Standards and passports through the API, for everybody; proposals for whoever may see them; drafts for nobody."""

from __future__ import annotations

import pytest

from khaneh.domains.founding import services
from khaneh.domains.founding.types import TaskDraft
from khaneh.domains.network.models import House, Region
from khaneh.domains.network.types import Role
from khaneh.domains.people.types import TokenAccess
from tests.domains.founding.yard import NOW, TODAY, make_yard
from tests.interfaces.api.conftest import Clock
from tests.interfaces.api.keys import NOBODY, program

pytestmark = pytest.mark.django_db


def test_standards_and_the_passport_of_a_house(clock: Clock) -> None:
    clock(NOW)
    yard = make_yard()
    officer = yard.officer()
    draft = yard.standard(by=officer, publish=False)
    assert NOBODY.get("/standards/centre").status_code == 404
    services.publish_standard(actor=officer, standard_id=draft.id, now=NOW)
    assert [(one["code"], one["version"], one["items"]) for one in NOBODY.read("/standards")["standards"]] == [
        ("centre", 1, 3)
    ]
    assert NOBODY.read("/standards", kind="incubator") == {"standards": []}
    found = NOBODY.read("/standards/centre")
    assert [(one["code"], one["least"]) for one in found["checklist"]] == [("space", 2), ("access", 0), ("people", 0)]
    assert found["house_kind_names"]["fa"] == "مرکز نوآوری"
    assert NOBODY.get("/standards/centre", version=2).status_code == 404
    row = yard.fitting(standard_id=draft.id)
    assert NOBODY.get(f"/houses/{row.house.code}/passport").status_code == 404
    services.open_house(actor=yard.officer(), proposal_id=row.id, now=NOW)
    passport = NOBODY.read(f"/houses/{row.house.code}/passport")
    assert (passport["state"]["code"], passport["share"], passport["due_on"]) == ("meets", 0.75, "2028-03-02")
    assert [one["opening"] for one in passport["history"]] == [True]


def test_proposals_are_read_by_who_may_see_them(clock: Clock) -> None:
    clock(NOW)
    yard = make_yard()
    row = yard.fitting()
    services.add_task(actor=yard.officer(), proposal_id=row.id, draft=TaskDraft("Cables", TODAY, 600), now=NOW)

    officer = program((Role.REVIEWER, yard.library.pk), access=TokenAccess.READ, now=NOW)
    elsewhere = program((Role.REVIEWER, make_other().pk), access=TokenAccess.READ, now=NOW)
    (found,) = officer.read("/founding/proposals", state="fitting_out")["proposals"]
    assert (found["house"]["code"], found["share"], found["meets"], found["budget"]) == (
        row.house.code,
        0.75,
        True,
        1000,
    )
    assert (found["weighed"]["decile"], found["weighed"]["index"]) == (2, "y 2026.1")
    assert officer.read("/founding/proposals", state="proposed") == {"proposals": []}
    one = officer.read(f"/founding/proposals/{row.id}")
    assert [(task["title"], task["planned"], task["state"]["code"]) for task in one["tasks"]] == [
        ("Cables", 600, "open")
    ]
    assert elsewhere.read("/founding/proposals") == {"proposals": []}
    assert elsewhere.get(f"/founding/proposals/{row.id}").status_code == 404
    assert NOBODY.get("/founding/proposals").status_code == 401


def make_other() -> House:
    """A house of nobody's, elsewhere."""
    region = Region.objects.create(code="Z", level=1, country="VN", names={"en": "Elsewhere"})
    return House.objects.create(
        code="Z-LIB",
        kind="commune_library",
        names={"en": "Z"},
        region=region,
        state="open",
        calendar="gregorian",
        time_zone="Asia/Ho_Chi_Minh",
    )
