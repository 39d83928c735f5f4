"""Qualifications: which there are, what one holds, awarded and taken back by those who may."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field, StrictBool, StrictInt

from khaneh.domains.qualifications import permissions, queries, services
from khaneh.domains.qualifications.types import (
    BASES,
    END_REASONS,
    Basis,
    HoldingRow,
    QualificationDraft,
    QualificationRow,
)
from khaneh.interfaces.api.calling import FAILURES, KEY, account_of, actor_of, own_account, writes
from khaneh.interfaces.api.values import (
    Body,
    Done,
    GivenCode,
    HouseCode,
    HouseInPath,
    Id,
    IdInPath,
    Instant,
    Listed,
    Names,
    NamesIn,
    Note,
    Reference,
    house_id,
    reference,
)
from khaneh.kernel.refusal import NotAllowed

router = Router(tags=["qualifications"])

Months = Annotated[StrictInt, Field(ge=1, le=240)]


class QualificationOut(Schema):
    """What people may be trusted with. Valid for so many months, or as long as it is used at least every so many; null for life."""

    code: str
    names: Names
    descriptions: Names
    valid_months: int | None
    disuse_months: int | None


class QualificationsOut(Schema):
    """Those that are awarded, by code."""

    qualifications: list[QualificationOut]


class HoldingOut(Schema):
    """What somebody holds or held, in every house. `valid_until` is null for life; `valid` is whether it counts at this moment."""

    id: int
    qualification: QualificationOut
    house: Reference | None
    basis: Listed
    awarded_at: datetime
    valid_until: datetime | None
    last_used_at: datetime | None
    valid: bool
    ended_at: datetime | None
    end_reason: Listed | None
    reason: str


class HoldingsOut(Schema):
    """The newest first."""

    holdings: list[HoldingOut]


class QualificationChanged(Body):
    """Everything of a qualification but its code."""

    names: NamesIn
    descriptions: NamesIn = NamesIn()
    valid_months: Months | None = None
    disuse_months: Months | None = None
    warn_days: Annotated[StrictInt, Field(ge=0, le=365)] = 30
    active: StrictBool = True

    def draft(self, code: str) -> QualificationDraft:
        """As the service takes it."""
        return QualificationDraft(
            code, self.names.label(), self.descriptions.label(), self.valid_months, self.disuse_months, self.warn_days,
            self.active,
        )  # fmt: skip


class QualificationWritten(QualificationChanged):
    """A qualification that shall be."""

    code: GivenCode


class RenewingHolding(Body):
    """In the name of a house. `expires_at` is another end than its months give."""

    house: HouseCode
    basis: Basis
    expires_at: Instant | None = None


class Awarding(RenewingHolding):
    """To a member."""

    member: Id
    qualification: GivenCode


class Revoking(Body):
    """In the name of the house where the reason arose; the holder is told it."""

    house: HouseCode
    reason: Annotated[Note, Field(min_length=1)]


@router.get("/qualifications", response=QualificationsOut)
def qualifications(request: HttpRequest) -> QualificationsOut:
    """What can be earned."""
    return QualificationsOut(qualifications=[_qualification(one) for one in queries.qualifications()])


@router.get("/me/qualifications", response={200: HoldingsOut, **FAILURES}, auth=KEY)
def me_qualifications(request: HttpRequest) -> HoldingsOut:
    """What one holds and held."""
    found = queries.holdings_of(own_account(request), actor=actor_of(request))
    return HoldingsOut(holdings=[_holding(one) for one in found])


@router.get("/members/{member_id}/qualifications", response={200: HoldingsOut, **FAILURES}, auth=KEY)
def member_qualifications(request: HttpRequest, member_id: IdInPath) -> HoldingsOut:
    """What a member holds and held; for whoever awards anywhere, since it is honoured everywhere."""
    actor = actor_of(request)
    if not actor.holds_somewhere(permissions.AWARDERS):
        raise NotAllowed(act="qualifications.see")
    return HoldingsOut(holdings=[_holding(one) for one in queries.holdings_of(account_of(member_id), actor=actor)])


@writes(router, "/qualifications", answer=QualificationOut, status=201)
def qualification_define(request: HttpRequest, body: QualificationWritten) -> QualificationOut:
    """Enter a qualification, which holds in every house."""
    return _qualification(services.define_qualification(actor=actor_of(request), draft=body.draft(body.code)))


@writes(router, "/qualifications/{code}", answer=QualificationOut, method="put")
def qualification_change(request: HttpRequest, code: HouseInPath, body: QualificationChanged) -> QualificationOut:
    """Make everything of it but its code as this says; what somebody was given for longer stays."""
    return _qualification(services.change_qualification(actor=actor_of(request), code=code, draft=body.draft(code)))


@writes(router, "/holdings", answer=HoldingOut, status=201)
def holding_award(request: HttpRequest, body: Awarding) -> HoldingOut:
    """Trust a member with it from this moment on."""
    done = services.award(
        actor=actor_of(request), account_id=account_of(body.member), code=body.qualification, basis=body.basis,
        house_id=house_id(body.house), expires_at=body.expires_at, now=timezone.now(),
    )  # fmt: skip
    return _holding(done)


@writes(router, "/holdings/{holding_id}/renew", answer=HoldingOut)
def holding_renew(request: HttpRequest, holding_id: IdInPath, body: RenewingHolding) -> HoldingOut:
    """Begin its time anew before it is over."""
    done = services.renew(
        actor=actor_of(request), holding_id=holding_id, basis=body.basis, house_id=house_id(body.house),
        expires_at=body.expires_at, now=timezone.now(),
    )  # fmt: skip
    return _holding(done)


@writes(router, "/holdings/{holding_id}/revoke", answer=Done)
def holding_revoke(request: HttpRequest, holding_id: IdInPath, body: Revoking) -> Done:
    """Take it back."""
    services.revoke(
        actor=actor_of(request), holding_id=holding_id, reason=body.reason, house_id=house_id(body.house),
        now=timezone.now(),
    )  # fmt: skip
    return Done()


def _qualification(row: QualificationRow) -> QualificationOut:
    return QualificationOut(
        code=row.code, names=Names.of(row.names), descriptions=Names.of(row.descriptions),
        valid_months=row.valid_months, disuse_months=row.disuse_months,
    )  # fmt: skip


def _holding(row: HoldingRow) -> HoldingOut:
    return HoldingOut(
        id=row.id, qualification=_qualification(row.qualification), house=reference(row.house) if row.house else None,
        basis=Listed.of(row.basis, BASES), awarded_at=row.awarded_at, valid_until=row.valid_until,
        last_used_at=row.last_used_at, valid=row.is_valid(timezone.now()), ended_at=row.ended_at,
        end_reason=Listed.of(row.end_reason, END_REASONS) if row.end_reason else None, reason=row.reason,
    )  # fmt: skip
