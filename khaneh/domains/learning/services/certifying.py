"""Giving certificates with their badges and what comes with them; taking them back."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings

from khaneh.domains.learning import notices, permissions
from khaneh.domains.learning.errors import CertificateRevoked
from khaneh.domains.learning.models import Certificate, Enrolment, Result, SigningKey
from khaneh.domains.learning.queries import keys
from khaneh.domains.learning.queries.certificates import revoked_certificate_ids
from khaneh.domains.learning.rules import credential
from khaneh.domains.learning.services.enrolling import checked_reason
from khaneh.domains.learning.types import CourseKind, CourseRow
from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.domains.qualifications import queries as qualifications
from khaneh.domains.qualifications import services as awarding
from khaneh.domains.qualifications.errors import AlreadyHeld, NotAwarded
from khaneh.domains.qualifications.types import Basis, HoldingRow
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotFound

_KEY_BITS = 2048


class Issued(NamedTuple):
    """A certificate with how many qualifications came with it, and the names of those that are awarded no more."""

    certificate_id: int
    awarded: int
    not_awarded: tuple[Label, ...]


def issue(
    enrolment: Enrolment,
    course: CourseRow,
    *,
    house_id: int,
    result: Result | None,
    key: keys.Opened,
    actor: Actor,
    now: datetime,
) -> Issued:
    """Give who completed a run their certificate, signed with `key`, in the caller's transaction, with what the course awards."""
    account = people.account(enrolment.account_id or 0)
    holder = people.account_names([account.id])[account.id]
    made = Certificate.objects.create(
        key=secrets.token_urlsafe(16), enrolment=enrolment, account_id=account.id, house_id=house_id, holder=holder,
        course_code=course.code, course_names=course.names.to_dict(), kind=course.kind.value, hours=course.hours,
        score=result.score if result is not None else None, issued_at=now, issued_by_id=actor.account_id,
    )  # fmt: skip
    held = [_award(made, code, course.kind, house_id, now) for _, code in course.awards]
    known = qualifications.rows_by_id(number for number, _ in course.awards)
    made.awards = [
        {
            "code": one.qualification.code,
            "names": one.qualification.names.to_dict(),
            "until": one.valid_until.isoformat() if one.valid_until else None,
        }
        for one in held
        if one is not None
    ]
    house = network.house_refs([house_id])[house_id]
    payload = credential.credential(
        settings.SITE_URL, key=made.key, index=made.pk, email=account.email, salt=secrets.token_hex(8), holder=holder,
        code=course.code, names=course.names, hours=course.hours, kind=course.kind, score=made.score,
        house_code=house.code, house_names=house.names, issued_at=now,
    )  # fmt: skip
    made.token, made.signed_with_id = key.sign(payload), key.id
    made.save(update_fields=["awards", "token", "signed_with"])
    journal.record("learning.certificate.issued", actor=actor, house_id=house_id, certificate_id=made.pk)
    notices.tell("completed", [enrolment.pk], house_id=house_id, now=now)
    return Issued(
        made.pk,
        sum(one is not None for one in held),
        tuple(known[number].names for (number, _), one in zip(course.awards, held, strict=True) if one is None),
    )


def revoke_certificate(*, actor: Actor, certificate_id: int, reason: str, now: datetime) -> None:
    """Take a certificate back with what came with it and still holds; its page says so, and its holder is told why.

    Raises NotFound, CertificateRevoked, Invalid.
    """
    reason = checked_reason(reason, required=True)
    with db.transaction():
        found = Certificate.objects.select_for_update().filter(pk=certificate_id, erased_at=None).first()
        if found is None or not permissions.may_plan(actor, house_id=found.house_id):
            raise NotFound(what="certificate")
        if found.revoked_at is not None:
            raise CertificateRevoked(certificate_id=certificate_id)
        Certificate.objects.filter(pk=certificate_id).update(revoked_at=now, reason=reason)
        source = _source(certificate_id)
        for held in qualifications.holdings_of(found.account_id or 0, actor=SYSTEM):
            if held.source == source and held.is_valid(now):
                awarding.revoke(actor=SYSTEM, holding_id=held.id, reason=reason, house_id=found.house_id, now=now)
        journal.record(
            "learning.certificate.revoked", actor=actor, house_id=found.house_id, certificate_id=certificate_id
        )
        notices.tell("revoked", [found.enrolment_id], house_id=found.house_id, now=now)


def status_list(*, now: datetime) -> str:
    """The signed list in which verifiers look whether a badge was taken back. Raises NotFound where no badge was ever signed. Three statements."""
    key = keys.current()
    if key is None:
        raise NotFound(what="key")
    return key.sign(credential.status_list(settings.SITE_URL, revoked=revoked_certificate_ids(), now=now))


def _award(made: Certificate, code: str, kind: CourseKind, house_id: int, now: datetime) -> HoldingRow | None:
    """Awarded, or renewed where it is held; None where it is awarded to nobody any more."""
    basis = Basis.ASSESSMENT if kind is CourseKind.ASSESSMENT else Basis.COURSE
    source = _source(made.pk)
    try:
        return awarding.award(
            actor=SYSTEM, account_id=made.account_id or 0, code=code, basis=basis, house_id=house_id, source=source, now=now
        )  # fmt: skip
    except AlreadyHeld as held:
        number = int(held.facts["holding_id"])
        try:
            return awarding.renew(
                actor=SYSTEM, holding_id=number, basis=basis, house_id=house_id, source=source, now=now
            )
        except NotAwarded:
            return None
    except NotAwarded:
        return None


def _source(certificate_id: int) -> str:
    return f"learning.certificate:{certificate_id}"


def signing_key(now: datetime) -> keys.Opened:
    """The key in use, made where there is none; one for all processes."""
    found = keys.current()
    if found is not None:
        return found
    db.lock(("learning.signing_key", 0))
    found = keys.current()
    if found is not None:
        return found
    private = rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)
    public = credential.public_jwk(private.public_key())
    sealed = keys.seal().encrypt(private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
    thumbprint = credential.thumbprint(public)
    row = SigningKey.objects.create(thumbprint=thumbprint, public=public, sealed=sealed, made_at=now)
    return keys.Opened(row.pk, private, public, credential.key_address(settings.SITE_URL, thumbprint))
