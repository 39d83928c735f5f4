"""The demonstration's founding is played through the services: four proposals in four states, one passport with a history, once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import demo
from khaneh.domains.founding import queries
from khaneh.domains.founding.types import PassportState, ProposalState
from khaneh.interfaces.cli import demo_founding, demonstration
from khaneh.kernel.actor import SYSTEM
from tests.demonstration import load_network

FOLDER = Path(str(demo.__file__)).parent
NOW = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)


@pytest.mark.django_db
def test_founding_is_played_once(tmp_path: Path, settings: object) -> None:
    settings.KHANEH_HOME = tmp_path  # type: ignore[attr-defined]
    load_network(tmp_path)
    demonstration._load_accounts(FOLDER / "accounts.csv", since=NOW)
    done = demo_founding.load(FOLDER / "founding", now=NOW)
    assert dict(done) == {"standards": 2, "proposals": 4, "assessments": 2}
    rows = {row.house.code: row for row in queries.proposals(actor=SYSTEM, now=NOW)}
    assert {code: row.state for code, row in rows.items()} == {
        "YZ-TAFT-INN": ProposalState.OPEN,
        "YZ-MEYBOD-INN": ProposalState.FITTING_OUT,
        "YZ-BAFQ-INN": ProposalState.ASSESSED,
        "NA-KYSON-CRE": ProposalState.PROPOSED,
    }
    passport = queries.passport("YZ-TAFT-INN", today=NOW.date())
    assert [one.meets for one in passport.entries] == [False, True, True]
    assert passport.state is PassportState.FALLS_SHORT
    assert 0 < rows["YZ-MEYBOD-INN"].spent < (rows["YZ-MEYBOD-INN"].budget or 0)
    assert all(one.photos for one in queries.assessments_of(actor=SYSTEM, proposal_id=rows["YZ-BAFQ-INN"].id))
    assert not demo_founding.load(FOLDER / "founding", now=NOW + timedelta(days=1))
