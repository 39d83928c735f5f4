"""The API through its own addresses: what it answers, how it fails, and that no strange input makes it fall over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, given, settings

from khaneh.domains.discovery import registry
from tests.interfaces.api.attacking import Attacks

pytestmark = pytest.mark.django_db


def get(address: str, **query: Any) -> Any:
    response = Client().get(f"/api/v1{address}", query)
    assert response.status_code == 200, response.content
    return response.json()


def one_record() -> dict[str, Any]:
    hit = get("/search", q="حافظ", facet="kind:record", limit=1)["hits"][0]
    return get(f"/records/{hit['id']}")


@pytest.mark.usefixtures("demonstration")
def test_a_reader_without_marks_finds_a_record_and_where_its_copies_are() -> None:
    found = get("/search", q="ديوان حافظ", facet="kind:record", count=["language", "author"])
    assert found["total"] >= 1
    assert "حافظ" in " ".join(found["hits"][0]["creators"]) + found["hits"][0]["title"]
    assert sum(value["count"] for value in found["facets"]["language"]) >= found["total"]
    whole = get(f"/records/{found['hits'][0]['id']}")
    assert whole["title"]["value"] == found["hits"][0]["title"]
    assert whole["copies"], "the record came with copies"
    assert {copy["state"]["code"] for copy in whole["copies"]} == {"available"}
    assert whole["contributions"][0]["control_number"]


@pytest.mark.usefixtures("demonstration")
def test_copies_come_nearest_first_from_the_point_asked_from() -> None:
    record = one_record()
    near = get(f"/records/{record['id']}", near="34.64,50.88")
    distances = [copy["kilometres"] for copy in near["copies"]]
    assert None not in distances
    assert distances == sorted(distances)


@pytest.mark.usefixtures("demonstration")
@pytest.mark.parametrize("form", ["marc", "marcxml", "mods", "dc", "bibtex", "ris"])
def test_a_record_is_given_in_every_form_that_the_description_names(form: str) -> None:
    response = Client().get(f"/api/v1/records/{one_record()['id']}/file", {"form": form})
    assert response.status_code == 200
    assert "حافظ" in response.content.decode()


@pytest.mark.usefixtures("demonstration")
def test_what_the_network_is_can_be_read_whole() -> None:
    regions = get("/regions")
    assert {region["level"] for region in regions} == {"province", "district", "commune"}
    houses = get("/houses", limit=200)
    assert houses["total"] == len(houses["houses"]) > 60
    whole = get(f"/houses/{houses['houses'][0]['code']}")
    assert len(whole["week"]) == 7
    organisations = get("/organisations", q="", limit=200)
    assert get(f"/organisations/{organisations['organisations'][0]['code']}")["descriptions"]["fa"]


@pytest.mark.parametrize(
    ("address", "query", "status", "code"),
    [
        ("/records/999999999", {}, 404, "kernel.not_found"),
        ("/records/99999999999999999999", {}, 422, "kernel.invalid"),
        ("/works/999999999", {}, 404, "kernel.not_found"),
        ("/houses/nowhere", {}, 404, "kernel.not_found"),
        ("/search", {"q": "a", "facet": "colour:red"}, 422, "kernel.invalid"),
        ("/search", {"q": "a", "limit": "5000"}, 422, "kernel.invalid"),
        ("/houses", {"near": "34"}, 422, "kernel.invalid"),
        ("/suggest", {}, 422, "kernel.invalid"),
    ],
)
def test_every_failure_is_a_problem_document(address: str, query: dict[str, str], status: int, code: str) -> None:
    response = Client().get(f"/api/v1{address}", query)
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == code
    assert response.json()["status"] == status


def test_the_reference_names_every_call() -> None:
    page = Client().get("/api/v1/").content.decode()
    for path in Client().get("/api/v1/openapi.json").json()["paths"]:
        assert path in page


@pytest.fixture
def one_connection() -> Iterator[None]:
    """The server's own handler gives connections back after each request; these tests' data lives in an open transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("demonstration", "one_connection")
def test_nothing_that_fits_the_description_makes_it_fall_over_or_answer_otherwise() -> None:
    """Schemathesis sends each call many inputs, good and bad, and holds the answers to the OpenAPI description."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    called, attacks = 0, Attacks(schema.raw_schema, many=12, few=3)
    for found in schema.get_all_operations():
        operation = found.ok()
        if "security" in operation.definition.raw:
            continue  # calls with a key: test_described.py
        called += 1

        @settings(
            max_examples=attacks.examples(operation.definition.raw), deadline=None, database=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy())
        def attack(case: schemathesis.Case) -> None:
            response = case.call(headers={"Accept-Encoding": "identity"})
            assert response.status_code < 500, response.text
            case.validate_response(response)

        attack()
    assert called >= 30
    assert 15 <= len(attacks.shapes) < called
    assert registry.kinds()
