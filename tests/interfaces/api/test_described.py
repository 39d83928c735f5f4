"""Calls with a key hold to their description: schemathesis sends each many inputs, good and bad, and none makes it fall over."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from khaneh.domains.network.types import Role
from tests.domains.circulation.shelves import Shelves
from tests.interfaces.api.keys import program
from tests.interfaces.api.test_lending import shelves as shelves

pytestmark = pytest.mark.django_db

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
)


@pytest.fixture
def one_connection() -> Iterator[None]:
    """The server's own handler gives connections back after each request; these tests' data lives in an open transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("one_connection")
def test_nothing_that_fits_the_description_makes_it_fall_over_or_answer_otherwise(
    shelves: Shelves, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A well-formed call may still be refused by the rules (403, 404, 409) or ask for what cannot be (422): the description says so."""
    monkeypatch.setattr("khaneh.domains.people.services.tokens.CALLS_A_MINUTE", 10**6)
    member = shelves.member()
    shelves.copy()
    caller = program((Role.ADMINISTRATOR, shelves.central.pk), own=True, member=member)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    called = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        if "security" not in operation.definition.raw:
            continue
        called += 1

        @settings(
            max_examples=6, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
        )
        @given(case=operation.as_strategy())
        def attack(case: schemathesis.Case) -> None:
            key = f"Bearer {caller.key}"
            response = case.call(headers={"Accept-Encoding": "identity", "Authorization": key})
            assert response.status_code < 500, response.text
            assert response.status_code != 401, response.text
            case.validate_response(response, checks=CHECKS)

        attack()
    assert called >= 60
