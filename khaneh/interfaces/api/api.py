"""The API object: its title, its parts, how it fails."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from khaneh.interfaces.api import problems
from khaneh.interfaces.api.routes import (
    applications,
    approving,
    bookings,
    cards,
    catalogue,
    certificates,
    closures,
    cohorts,
    copies,
    courses,
    enrolments,
    event_door,
    events,
    fees,
    founding,
    free_times,
    guardians,
    inventories,
    lending,
    materials,
    members,
    network,
    own,
    placements,
    policies,
    profiles,
    programmes,
    qualifications,
    registrations,
    requests,
    residing,
    reviews,
    rounds,
    runs,
    searching,
    seeking,
    selecting,
    series,
    spaces,
    teaching,
    terminals,
    trading,
    training,
    vacancies,
    waiting,
    work,
)
from khaneh.interfaces.api.routes import credits as balances


class Api(NinjaAPI):
    """An API whose description says that errors come as problem documents, which they do (`problems`)."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """The description, with the media type of every error put right."""
        schema = super().get_openapi_schema(**options)
        for methods in schema["paths"].values():
            for call in methods.values():
                for status, response in call["responses"].items():
                    content = response.get("content", {})
                    if int(status) >= 400 and "application/json" in content:
                        content["application/problem+json"] = content.pop("application/json")
        return schema

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The name of the call, as in its address: where its module lies is nobody's affair who builds a client."""
        return operation.view_func.__name__

    def create_temporal_response(self, request: HttpRequest) -> HttpResponse:
        """The answer that a call fills; one to a key is for nobody else."""
        response = super().create_temporal_response(request)
        if getattr(request, "auth", None):
            response["Cache-Control"] = "private, no-store"
        return response


api = Api(
    title="Khaneh",
    version="1",
    urls_namespace="api-1",
    description=(
        "Search, records, works, copies, houses, spaces, courses, events, vacancies, companies, mentors, calls, needs and offers, standards and the rules in force are for everybody. Acts need a key "
        "(Authorization: Bearer …), made in one's account: it never may more than its maker at that moment. Every call that changes "
        "something carries an Idempotency-Key and is done once, however often it is told. "
        "Errors are RFC 9457 problem documents with a stable `code`, and every reason in the caller's language."
    ),
    docs_url=None,  # the reference page is our own: it needs no script and no other server
)
problems.install(api)
# The first address that fits answers: `/spaces/free` stands before `/spaces/{space_id}`.
for part in (
    searching, catalogue, network, policies, members, cards, guardians, lending, copies, requests, fees, work, terminals,
    rounds, inventories, free_times, spaces, closures, bookings, series, waiting, approving, qualifications, courses, runs,
    materials, enrolments, teaching, certificates, training, founding, vacancies, profiles, programmes, applications, trading, seeking, placements, cohorts, events, registrations, event_door,
    reviews, selecting, residing,
    balances, own,
):  # fmt: skip
    api.add_router("", part.router)
