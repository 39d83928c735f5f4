"""The key that signs badges, opened with the installation's secret."""

from __future__ import annotations

import base64
from typing import Any, NamedTuple

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import load_der_private_key
from django.conf import settings

from khaneh.domains.learning.models import SigningKey
from khaneh.domains.learning.rules import credential


class Opened(NamedTuple):
    """A key that can sign: its number, private half, public half, and where that is."""

    id: int
    private: rsa.RSAPrivateKey
    public: dict[str, str]
    address: str

    def sign(self, payload: dict[str, Any]) -> str:
        """A compact JWS."""
        return credential.signed(payload, key=self.private, address=self.address, jwk=self.public)


def current() -> Opened | None:
    """The newest key that this installation's secret opens; None where there is none. One statement."""
    for row in SigningKey.objects.order_by("-made_at", "-pk")[:5]:
        try:
            # The seal shows that nobody has touched it: testing its primes again takes most of the time of a signature.
            unsealed = seal().decrypt(bytes(row.sealed))
            opened = load_der_private_key(unsealed, password=None, unsafe_skip_rsa_key_validation=True)
        except InvalidToken:
            continue  # of another secret: what it signed is still verified with its public half
        if isinstance(opened, rsa.RSAPrivateKey):
            return Opened(row.pk, opened, row.public, credential.key_address(settings.SITE_URL, row.thumbprint))
    return None


def seal() -> Fernet:
    """What private halves are sealed with."""
    derived = HKDF(hashes.SHA256(), 32, salt=None, info=b"khaneh.learning.badges").derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
