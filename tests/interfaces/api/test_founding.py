"""Standards and passports through the API, for everybody; drafts and plans for nobody."""

from __future__ import annotations

import pytest

from khaneh.domains.founding import services
from tests.domains.founding.yard import NOW, make_yard
from tests.interfaces.api.conftest import Clock
from tests.interfaces.api.keys import NOBODY

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
