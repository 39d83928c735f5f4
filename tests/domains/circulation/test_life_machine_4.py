"""A share of the ten thousand steps of CIRC-INV, with a seed of its own: see `test_life_machine.py`."""

import pytest

from tests.domains.circulation.life import SHARE, live

pytestmark = pytest.mark.django_db


def test_circ_inv_nothing_impossible_comes_of_any_steps() -> None:
    assert live(4) >= SHARE
