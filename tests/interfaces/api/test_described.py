"""Calls with a key hold to their description: schemathesis sends each many inputs, good and bad, and none makes it fall over."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from ninja import Schema
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from khaneh.domains.network.types import Role
from tests.domains.circulation.shelves import Shelves
from tests.interfaces.api.attacking import Attacks
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


def test_no_two_shapes_have_one_name() -> None:
    """The description knows shapes by their names alone: of two with one name, one would be described as the other."""
    import_module("khaneh.interfaces.api.api")
    shapes: dict[str, set[type]] = {}
    for module in sys.modules.copy().values():
        if getattr(module, "__name__", "").startswith("khaneh.interfaces.api"):
            for one in vars(module).values():
                if isinstance(one, type) and issubclass(one, Schema):
                    shapes.setdefault(one.__name__, set()).add(one)
    assert len(shapes) > 50
    assert not {name: one for name, one in shapes.items() if len(one) > 1}


def test_a_call_is_named_once_whatever_module_it_is_in() -> None:
    """Clients are made from these names: a call that moves to another module keeps its own."""
    schema = import_module("khaneh.interfaces.api.api").api.get_openapi_schema(path_prefix="/api/v1")
    names = [call["operationId"] for methods in schema["paths"].values() for call in methods.values()]
    assert len(names) > 100
    assert len(set(names)) == len(names)
    assert not [name for name in names if "khaneh" in name]


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
    called, attacks = 0, Attacks(schema.raw_schema, many=4, few=2)
    for found in schema.get_all_operations():
        operation = found.ok()
        if "security" not in operation.definition.raw:
            continue
        called += 1

        @settings(
            max_examples=attacks.examples(operation.definition.raw), deadline=None, database=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy())
        def attack(case: schemathesis.Case) -> None:
            key = f"Bearer {caller.key}"
            response = case.call(headers={"Accept-Encoding": "identity", "Authorization": key})
            assert response.status_code < 500, response.text
            assert response.status_code != 401, response.text
            case.validate_response(response, checks=CHECKS)

        attack()
    assert called >= 150
    assert 60 <= len(attacks.shapes) < called
