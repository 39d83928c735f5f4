"""Certificates: one's own, one by its number, and the public answer to who checks one."""

from __future__ import annotations

import base64
from datetime import datetime

import orjson
from django.conf import settings
from django.db.models import QuerySet

from khaneh.domains.learning import permissions
from khaneh.domains.learning.models import Certificate, SigningKey
from khaneh.domains.learning.rules import credential
from khaneh.domains.learning.types import BadgeRow, CertificateRow, CourseKind
from khaneh.domains.network import queries as network
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotFound


def certificate(number: str, *, actor: Actor) -> CertificateRow:
    """One by the number that is printed on it, for its holder and for the desk of the house that gave it. Two statements. Raises NotFound."""
    pk = number.rpartition("-")[2]
    rows = certificate_rows(Certificate.objects.filter(pk=int(pk))) if pk.isdecimal() and len(pk) < 19 else []
    if not rows or rows[0].number != number:
        raise NotFound(what="certificate")
    own = actor.account_id is not None and actor.account_id == rows[0].account_id
    if not (own or permissions.may_desk(actor, house_id=rows[0].house.id)):
        raise NotFound(what="certificate")
    return rows[0]


def certificates_of(account_id: int, *, limit: int = 200) -> list[CertificateRow]:
    """Somebody's own, the newest first. The caller has identified whose they are. Two statements."""
    return certificate_rows(Certificate.objects.filter(account_id=account_id).order_by("-issued_at", "-pk")[:limit])


def certificates_of_run(run_id: int, *, actor: Actor) -> list[CertificateRow]:
    """Those of a run by name, for its teachers and the desk of its house; none for others. At most four statements."""
    found = Certificate.objects.filter(enrolment__run_id=run_id, erased_at=None).order_by("holder", "pk")
    house_id = found.values_list("house_id", flat=True).first()
    if house_id is None or not permissions.may_scan(actor, run_id=run_id, house_id=house_id):
        return []
    return certificate_rows(found)


def check(key: str) -> CertificateRow:
    """What everybody may know who has the key, also of one that was taken back. Two statements. Raises NotFound."""
    rows = certificate_rows(Certificate.objects.filter(key=key, erased_at=None)) if key else []
    if not rows:
        raise NotFound(what="certificate")
    return rows[0]


def badge(key: str) -> BadgeRow:
    """The Open Badge 3.0 of a certificate, as it was signed on its day. One statement. Raises NotFound."""
    found = Certificate.objects.select_related("signed_with").filter(key=key, erased_at=None).first() if key else None
    if found is None or not found.token:
        raise NotFound(what="certificate")
    payload = found.token.split(".")[1]
    claims = orjson.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    thumbprint = found.signed_with.thumbprint if found.signed_with else ""
    return BadgeRow(
        key=key,
        token=found.token,
        credential={name: value for name, value in claims.items() if name not in credential.CLAIMS},
        key_id=credential.key_address(settings.SITE_URL, thumbprint),
        revoked=found.revoked_at is not None,
    )


def badge_key(thumbprint: str) -> dict[str, object]:
    """The public half of a key that has signed badges, as a JWK. One statement. Raises NotFound."""
    found = SigningKey.objects.filter(thumbprint=thumbprint).values_list("public", flat=True).first()
    if found is None:
        raise NotFound(what="key")
    return dict(found)


def badge_issuer() -> dict[str, object]:
    """Who issues badges: the profile at the address that every credential names. No statement."""
    return credential.issuer(settings.SITE_URL)


def badge_achievement(course_code: str) -> dict[str, object]:
    """What a badge is for: the achievement at the address that its credential names. At most six statements. Raises NotFound."""
    last = Certificate.objects.filter(course_code=course_code).order_by("-issued_at").first()
    if last is None:
        raise NotFound(what="course")
    return credential.achievement(
        settings.SITE_URL,
        code=last.course_code,
        names=Label.from_dict(last.course_names),
        hours=last.hours,
        kind=CourseKind(last.kind),
    )


def revoked_certificate_ids() -> list[int]:
    """Numbers of certificates that were taken back, or whose holder was erased: the bits of the status list. One statement."""
    found = Certificate.objects.exclude(revoked_at=None, erased_at=None)
    return list(found.order_by("pk").values_list("pk", flat=True))


def certificate_rows(found: QuerySet[Certificate]) -> list[CertificateRow]:
    """Rows in the order of the query. Two statements, whatever their number."""
    listed = list(found)
    houses = network.house_refs(one.house_id for one in listed)
    return [
        CertificateRow(
            id=one.pk,
            number=number_of(one.pk, one.issued_at),
            key=one.key,
            enrolment_id=one.enrolment_id,
            account_id=one.account_id,
            holder=one.holder,
            course_code=one.course_code,
            course_names=Label.from_dict(one.course_names),
            kind=CourseKind(one.kind),
            hours=one.hours,
            score=one.score,
            house=houses[one.house_id],
            issued_at=one.issued_at,
            awards=tuple(
                (award["code"], Label.from_dict(award["names"]), _instant(award["until"])) for award in one.awards
            ),
            revoked_at=one.revoked_at,
            reason=one.reason,
        )
        for one in listed
    ]


def number_of(certificate_id: int, issued_at: datetime) -> str:
    """The number that is printed: the year and a running number. It opens nothing."""
    return f"{issued_at:%Y}-{certificate_id:06d}"


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
