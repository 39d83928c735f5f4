"""A certificate as an Open Badge 3.0, and what else somebody needs to verify one without asking us.

Open Badges 3.0 (1EdTech), section 8.2: the credential is the payload of a compact JWS, signed with RS256, the least that every verifier
understands. The recipient is named by a salted hash of their address. Whether it was taken back is a bit of a Bitstring Status List (W3C).
"""

from __future__ import annotations

import base64
import gzip
import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from khaneh.domains.learning.types import CourseKind
from khaneh.kernel.labels import LANGUAGES, Label

_W3C = "https://www.w3.org/ns/credentials/v2"
_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
# Members of the payload that are the envelope's and not the credential's.
CLAIMS = frozenset({"iss", "jti", "nbf"})
# Herd privacy (Bitstring Status List 1.0, section 6.1): no list is shorter.
LEAST_BITS = 131_072

_TYPES: Mapping[CourseKind, str] = {
    CourseKind.WORKSHOP: "CertificateOfCompletion",
    CourseKind.COURSE: "CertificateOfCompletion",
    CourseKind.ASSESSMENT: "Assessment",
    CourseKind.STAFF_TRAINING: "CertificateOfCompletion",
}


def key_address(site: str, thumbprint: str) -> str:
    """Where the public half of a key is."""
    return f"{site}/badges/keys/{thumbprint}"


def issuer(site: str) -> dict[str, Any]:
    """The profile of who issues."""
    return {"@context": [_W3C, _BADGES], **_profile(f"{site}/badges/issuer", "Khaneh", site)}


def achievement(site: str, *, code: str, names: Label, hours: int, kind: CourseKind) -> dict[str, Any]:
    """What a badge is for."""
    others = [
        name for name in dict.fromkeys(names.pick(language) for language in LANGUAGES) if name != names.pick("en")
    ]
    length = f"{hours} hours" if hours else ""
    narrative = {
        CourseKind.ASSESSMENT: "The holder passed the assessment.",
    }.get(kind, "The holder took part in the meetings of the course and, where it has an assessment, passed it.")
    return {
        "id": f"{site}/badges/courses/{code}",
        "type": ["Achievement"],
        "name": names.pick("en"),
        "description": "; ".join(text for text in (*others, length) if text) or names.pick("en"),
        "achievementType": _TYPES[kind],
        "criteria": {"narrative": narrative},
        "humanCode": code,
        "inLanguage": "en",
    }


def credential(
    site: str,
    *,
    key: str,
    index: int,
    email: str,
    salt: str,
    holder: str,
    code: str,
    names: Label,
    hours: int,
    kind: CourseKind,
    score: int | None,
    house_code: str,
    house_names: Label,
    issued_at: datetime,
) -> dict[str, Any]:
    """The payload of a badge: the credential with the claims of its envelope. `index` is its bit in the status list."""
    address = f"{site}/certificates/{key}"
    what = achievement(site, code=code, names=names, hours=hours, kind=kind)
    subject: dict[str, Any] = {
        "type": ["AchievementSubject"],
        "identifier": [
            {
                "type": "IdentityObject", "hashed": True, "identityType": "emailAddress", "salt": salt,
                "identityHash": "sha256$" + hashlib.sha256((email + salt).encode()).hexdigest(),
            },
            {"type": "IdentityObject", "hashed": False, "identityType": "name", "identityHash": holder},
        ],
        "achievement": what,
        "source": _profile(f"{site}/houses/{house_code}", house_names.pick("en"), f"{site}/houses/{house_code}"),
    }  # fmt: skip
    if score is not None:
        described = {
            "id": f"{what['id']}#score",
            "type": ["ResultDescription"],
            "name": "Score",
            "resultType": "Percent",
        }
        subject["achievement"] = {**what, "resultDescription": [{**described, "valueMin": "0", "valueMax": "100"}]}
        subject["result"] = [{"type": ["Result"], "resultDescription": described["id"], "value": str(score)}]
    profile = _profile(f"{site}/badges/issuer", "Khaneh", site)
    return {
        "@context": [_W3C, _BADGES],
        "id": f"{address}/badge",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": names.pick("en"),
        "issuer": profile,
        "validFrom": _instant(issued_at),
        "credentialSubject": subject,
        "evidence": [{"id": address, "type": ["Evidence"], "name": "Certificate"}],
        "credentialStatus": {
            "id": f"{site}/badges/status#{index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(index),
            "statusListCredential": f"{site}/badges/status",
        },
        "iss": profile["id"],
        "jti": f"{address}/badge",
        "nbf": int(issued_at.timestamp()),
    }


def status_list(site: str, *, revoked: Iterable[int], now: datetime) -> dict[str, Any]:
    """The payload of the list in which verifiers look whether a badge was taken back: the first bit is the leftmost."""
    numbers = sorted(set(revoked))
    size = max(LEAST_BITS, -(-(numbers[-1] + 1) // 8) * 8 if numbers else 0)
    bits = bytearray(size // 8)
    for number in numbers:
        bits[number // 8] |= 0x80 >> number % 8
    address = f"{site}/badges/status"
    return {
        "@context": [_W3C],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": f"{site}/badges/issuer",
        "validFrom": _instant(now),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": "u" + _coded(gzip.compress(bytes(bits), mtime=0)),
        },
        "iss": f"{site}/badges/issuer",
        "jti": address,
        "nbf": int(now.timestamp()),
    }


def public_jwk(key: rsa.RSAPublicKey) -> dict[str, str]:
    """The public half as a JWK (RFC 7517)."""
    numbers = key.public_numbers()
    return {"kty": "RSA", "n": _number(numbers.n), "e": _number(numbers.e), "alg": "RS256", "use": "sig"}


def thumbprint(jwk: Mapping[str, str]) -> str:
    """The name of a key (RFC 7638)."""
    needed = {name: jwk[name] for name in ("e", "kty", "n")}
    return _coded(hashlib.sha256(orjson.dumps(needed, option=orjson.OPT_SORT_KEYS)).digest())


def signed(payload: Mapping[str, Any], *, key: rsa.RSAPrivateKey, address: str, jwk: Mapping[str, str]) -> str:
    """A compact JWS (RFC 7515) with the key in its header and, for who trusts no header, its address."""
    public = {name: jwk[name] for name in ("kty", "n", "e")}
    header = {"alg": "RS256", "typ": "JWT", "kid": address, "jwk": public}
    text = f"{_coded(orjson.dumps(header))}.{_coded(orjson.dumps(payload))}"
    return f"{text}.{_coded(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def _profile(address: str, name: str, url: str) -> dict[str, Any]:
    return {"id": address, "type": ["Profile"], "name": name, "url": url}


def _instant(instant: datetime) -> str:
    return instant.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def _number(number: int) -> str:
    return _coded(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def _coded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
