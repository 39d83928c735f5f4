"""Any sequence of acts, ten thousand steps: whatever anybody does, nothing impossible comes of it (CIRC-INV).

The files `test_life_machine*.py` share the steps among the processes that run the tests; each asks the invariants after each of its own.
"""

from pathlib import Path

import pytest

from tests.domains.circulation.life import SHARE, live

pytestmark = pytest.mark.django_db


def test_circ_inv_nothing_impossible_comes_of_any_steps() -> None:
    assert live(1) >= SHARE


def test_the_files_of_the_machine_do_ten_thousand_steps() -> None:
    assert SHARE * len(list(Path(__file__).parent.glob("test_life_machine*.py"))) >= 10_000
