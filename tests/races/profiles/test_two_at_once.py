"""Two officers who decide one sign-up at one moment, with the lock and without."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from khaneh.domains.network.models import Organisation
from khaneh.domains.profiles import services
from khaneh.domains.profiles.models import SignUpDecision
from khaneh.domains.profiles.types import Outcome
from tests.domains.profiles.scene import NOW, make_scene
from tests.races.circulation.desks import kinds, meanwhile

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("locked", [True, False], ids=["locked", "control"])
def test_two_officers_decide_at_once(transactional_db: None, settings: Any, tmp_path: Path, locked: bool) -> None:
    settings.KHANEH_HOME = tmp_path
    scene = make_scene()
    row = scene.submitted(scene.person())
    verifying = partial(services.decide, actor=scene.officer(), signup_id=row.id, outcome=Outcome.VERIFIED, now=NOW)
    refusing = partial(
        services.decide, actor=scene.officer(), signup_id=row.id, outcome=Outcome.REFUSED, reasons=("other",), now=NOW
    )
    answers = kinds(meanwhile(verifying, refusing, before="INSERT INTO profiles_signupdecision", locked=locked))
    # Without the lock only the database stops the second, and nobody is told what happened.
    assert answers == (("SignUpRow", "SignUpStateRefused") if locked else ("IntegrityError", "SignUpRow"))
    decided = SignUpDecision.objects.get()
    assert Organisation.objects.filter(registration_number="4711").exists() == (decided.outcome == "verified")
