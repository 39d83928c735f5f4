"""Inventories: what stands on the shelves, scanned, and what is not in its place."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field, StrictStr

from khaneh.domains.circulation import services
from khaneh.domains.circulation.queries import inventories as queries
from khaneh.domains.circulation.types import SCAN_DETAILS, SCAN_FINDINGS, SCAN_OUTCOMES, ScanFinding, ScanOutcome
from khaneh.interfaces.api.calling import FAILURES, KEY, actor_of, writes
from khaneh.interfaces.api.routes.lending import ReturnedOut, returned_shape
from khaneh.interfaces.api.values import (
    Barcode,
    Body,
    HouseInPath,
    Id,
    IdInPath,
    Listed,
    Made,
    Reference,
    house,
    house_id,
)

router = Router(tags=["inventories"])

Shelf = Annotated[StrictStr, Field(max_length=200, pattern=r"^[^\x00]*$")]


class Inventory(Schema):
    """One inventory of a house; `not_seen` is what is still to be found, of one that is open."""

    id: int
    house: Reference
    location: str
    call_from: str
    call_to: str
    opened_at: datetime
    closed_at: datetime | None
    expected: int
    found: int
    misplaced: int
    unexpected: int
    unknown: int
    missing: int
    unsettled: int
    not_seen: int | None


class Inventories(Schema):
    """The inventories of a house, open ones first."""

    inventories: list[Inventory]


class Finding(Schema):
    """What a scan told, or what was not found (then without an id while the inventory is open)."""

    id: int | None
    finding: Listed
    detail: Listed | None
    copy_barcode: str
    record: int | None
    title: str
    location: str
    call_number: str
    scanned_at: datetime | None
    settled_at: datetime | None
    outcome: Listed | None


class Findings(Schema):
    """Findings, unsettled first."""

    findings: list[Finding]


class WantedFindings(Schema):
    """Of which kind: expected, misplaced, unexpected, unknown or missing; all that is not in its place without it."""

    finding: ScanFinding | None = None
    limit: int = Field(200, ge=1, le=1000)


class OpeningInventory(Body):
    """Which shelves: a location, and call numbers from and to. Empty is all."""

    location: Shelf = ""
    call_from: Shelf = ""
    call_to: Shelf = ""


class Scanning(Body):
    """Barcodes in the order of reading."""

    barcodes: Annotated[list[Barcode], Field(min_length=1, max_length=500)]


class ShelfScanned(Schema):
    """What is new, and how many had been read before."""

    findings: list[Finding]
    again: int


class Missing(Body):
    """Which copies are missing; all that were not found without it."""

    copies: Annotated[list[Id], Field(max_length=10_000)] | None = None


class CopiesCounted(Schema):
    """How many."""

    number: int


class SettlingFinding(Body):
    """What was done about it."""

    outcome: ScanOutcome


class Settled(Schema):
    """Where the copy goes, if it was taken in."""

    returned: ReturnedOut | None


@router.get("/houses/{code}/inventories", response={200: Inventories, **FAILURES}, auth=KEY)
def inventories(request: HttpRequest, code: HouseInPath) -> Inventories:
    """The inventories of a house."""
    found = queries.inventories(actor_of(request), house_id=house_id(code))
    return Inventories(inventories=[_inventory(row) for row in found])


@router.get("/inventories/{inventory_id}", response={200: Inventory, **FAILURES}, auth=KEY)
def inventory(request: HttpRequest, inventory_id: IdInPath) -> Inventory:
    """One inventory."""
    actor = actor_of(request)
    row = queries.inventory(actor, inventory_id)
    return _inventory(row, queries.not_seen(actor, row=row) if row.closed_at is None else None)


@router.get("/inventories/{inventory_id}/findings", response={200: Findings, **FAILURES}, auth=KEY)
def inventory_findings(request: HttpRequest, inventory_id: IdInPath, wanted: Query[WantedFindings]) -> Findings:
    """What it found."""
    actor = actor_of(request)
    row = queries.inventory(actor, inventory_id)
    found = queries.findings(actor, row=row, finding=wanted.finding, limit=wanted.limit)
    return Findings(findings=[_finding(one) for one in found])


@writes(router, "/houses/{code}/inventories", answer=Made, status=201)
def inventory_open(request: HttpRequest, code: HouseInPath, body: OpeningInventory) -> Made:
    """Begin one."""
    made = services.open_inventory(
        actor=actor_of(request), house_id=house_id(code), now=timezone.now(), **body.model_dump()
    )
    return Made(id=made)


@writes(router, "/inventories/{inventory_id}/scans", answer=ShelfScanned)
def inventory_scan(request: HttpRequest, inventory_id: IdInPath, body: Scanning) -> ShelfScanned:
    """Note what was read from the shelf."""
    told = services.scan_shelf(
        actor=actor_of(request), inventory_id=inventory_id, barcodes=body.barcodes, now=timezone.now()
    )
    return ShelfScanned(findings=[_finding(one) for one in told.found], again=told.again)


@writes(router, "/inventories/{inventory_id}/missing", answer=CopiesCounted)
def inventory_missing(request: HttpRequest, inventory_id: IdInPath, body: Missing) -> CopiesCounted:
    """What was not found is missing; who waits for it waits for another."""
    number = services.mark_missing(
        actor=actor_of(request), inventory_id=inventory_id, now=timezone.now(), copy_ids=body.copies
    )
    return CopiesCounted(number=number)


@writes(router, "/inventories/findings/{finding_id}/settle", answer=Settled)
def inventory_settle(request: HttpRequest, finding_id: IdInPath, body: SettlingFinding) -> Settled:
    """Do about a finding what is to be done."""
    back = services.settle_finding(
        actor=actor_of(request), scan_id=finding_id, outcome=body.outcome, now=timezone.now()
    )
    return Settled(returned=returned_shape(back) if back is not None else None)


@writes(router, "/inventories/{inventory_id}/close", answer=CopiesCounted)
def inventory_close(request: HttpRequest, inventory_id: IdInPath) -> CopiesCounted:
    """End it; what was not found is noted, and counted in the answer. For who leads the house."""
    number = services.close_inventory(actor=actor_of(request), inventory_id=inventory_id, now=timezone.now())
    return CopiesCounted(number=number)


def _inventory(row: queries.InventoryRow, not_seen: int | None = None) -> Inventory:
    return Inventory(
        id=row.id,
        house=house(row.house_id),
        location=row.location,
        call_from=row.call_from,
        call_to=row.call_to,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        expected=row.expected,
        found=row.found,
        misplaced=row.misplaced,
        unexpected=row.unexpected,
        unknown=row.unknown,
        missing=row.missing,
        unsettled=row.unsettled,
        not_seen=not_seen,
    )


def _finding(one: queries.FindingRow) -> Finding:
    return Finding(
        id=one.id,
        finding=Listed.of(one.finding, SCAN_FINDINGS),
        detail=Listed.of(one.detail, SCAN_DETAILS) if one.detail else None,
        copy_barcode=one.barcode,
        record=one.record_id,
        title=one.title,
        location=one.location,
        call_number=one.call_number,
        scanned_at=one.scanned_at,
        settled_at=one.settled_at,
        outcome=Listed.of(one.outcome, SCAN_OUTCOMES) if one.outcome else None,
    )
