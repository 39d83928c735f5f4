"""Certificates: one's own, those of a run, and what everybody may check who has the key; as an Open Badge too."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Router, Schema
from pydantic import Field

from khaneh.domains.learning import permissions, queries, services
from khaneh.domains.learning.types import COURSE_KINDS, CertificateRow
from khaneh.interfaces.api.calling import FAILURES, KEY, actor_of, own_account, require_own_or, writes
from khaneh.interfaces.api.problems import Problem
from khaneh.interfaces.api.values import Body, Done, IdInPath, Listed, Names, Note, Reference, reference

router = Router(tags=["learning"])

FAILURES_PUBLIC: dict[int, Any] = {404: Problem, 422: Problem}
# What cannot be guessed: as `secrets.token_urlsafe` writes it.
CertificateKey = Annotated[str, Path(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]


class AwardOut(Schema):
    """A qualification that came with it, and until when it was valid on that day; null for life."""

    code: str
    names: Names
    valid_until: datetime | None


class CertificateOut(Schema):
    """A certificate as it was given: names and hours are those of its day. One that was taken back is not `valid`, and `reason` says why.

    `page` is its public page, `badge` the Open Badge 3.0.
    """

    number: str
    key: str
    holder: str
    course: Reference
    kind: Listed
    hours: int
    score: int | None
    house: Reference
    issued_at: datetime
    awards: list[AwardOut]
    valid: bool
    revoked_at: datetime | None
    reason: str
    page: str
    badge: str


class OwnCertificate(CertificateOut):
    """The same for its holder and the desk: with its id and the enrolment that it is of."""

    id: int
    enrolment: int


class CertificatesOut(Schema):
    """The newest first; those of a run by name."""

    certificates: list[OwnCertificate]


class BadgeOut(Schema):
    """An Open Badge 3.0: the credential, and signed with RS256 as a compact JWS; `signed_with` is the address of the public key."""

    credential: dict[str, Any]
    token: str
    signed_with: str
    revoked: bool


class RevokingCertificate(Body):
    """Why; its holder is told, and its public page says so."""

    reason: Annotated[Note, Field(min_length=1)]


@router.get("/certificates/{key}", response={200: CertificateOut, **FAILURES_PUBLIC})
def certificate_check(request: HttpRequest, key: CertificateKey) -> CertificateOut:
    """What everybody may know who has the key, also of one that was taken back."""
    return CertificateOut(**_facts(queries.check(key)))


@router.get("/certificates/{key}/badge", response={200: BadgeOut, **FAILURES_PUBLIC})
def certificate_badge(request: HttpRequest, key: CertificateKey) -> BadgeOut:
    """The certificate as a credential that is verified without asking us."""
    row = queries.badge(key)
    return BadgeOut(credential=row.credential, token=row.token, signed_with=row.key_id, revoked=row.revoked)


@router.get("/me/certificates", response={200: CertificatesOut, **FAILURES}, auth=KEY)
def me_certificates(request: HttpRequest) -> CertificatesOut:
    """One's own."""
    return CertificatesOut(certificates=[_own(one) for one in queries.certificates_of(own_account(request))])


@router.get("/runs/{run_id}/certificates", response={200: CertificatesOut, **FAILURES}, auth=KEY)
def run_certificates(request: HttpRequest, run_id: IdInPath) -> CertificatesOut:
    """Those of a run, for its teachers and the desk of its house; none for others."""
    actor = actor_of(request)
    found = queries.certificates_of_run(run_id, actor=actor)
    if found:
        house_id = queries.run(run_id, actor=actor).house.id
        require_own_or(request, at_desk=permissions.may_desk(actor, house_id=house_id))
    return CertificatesOut(certificates=[_own(one) for one in found])


@writes(router, "/certificates/{certificate_id}/revoke", answer=Done)
def certificate_revoke(request: HttpRequest, certificate_id: IdInPath, body: RevokingCertificate) -> Done:
    """Take it back, with what came with it and still holds; for who plans runs in the house that gave it."""
    services.revoke_certificate(
        actor=actor_of(request), certificate_id=certificate_id, reason=body.reason, now=timezone.now()
    )
    return Done()


def _own(row: CertificateRow) -> OwnCertificate:
    return OwnCertificate(id=row.id, enrolment=row.enrolment_id, **_facts(row))


def _facts(row: CertificateRow) -> dict[str, Any]:
    return {
        "number": row.number, "key": row.key, "holder": row.holder,
        "course": Reference(code=row.course_code, names=Names.of(row.course_names)),
        "kind": Listed.of(row.kind, COURSE_KINDS), "hours": row.hours, "score": row.score,
        "house": reference(row.house), "issued_at": row.issued_at,
        "awards": [
            AwardOut(code=code, names=Names.of(names), valid_until=until) for code, names, until in row.awards
        ],
        "valid": row.is_valid, "revoked_at": row.revoked_at, "reason": row.reason,
        "page": f"/certificates/{row.key}", "badge": f"/certificates/{row.key}/badge",
    }  # fmt: skip
