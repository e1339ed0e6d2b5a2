"""Signed statements: readings, acceptances, verdicts, receipts. What is signed, and by which key.

Signed bytes begin with type, version and realm (design section 5), so a signature made for one purpose, or in the
practice realm, is worthless for another. Keys are raw Ed25519 (32 bytes), signatures and keys travel as base64.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.domain.c1form import canonical_json

VERSION = 1


def statement(kind: str, realm: str, body: Mapping[str, object]) -> bytes:
    """The bytes to sign: `situng/KIND/1 LF REALM LF canonical JSON of body` (body without its `signature`)."""
    plain = {name: value for name, value in body.items() if name != "signature"}
    return f"situng/{kind}/{VERSION}\n{realm}\n".encode() + canonical_json(plain)


def sign(private_key: bytes, kind: str, realm: str, body: Mapping[str, object]) -> str:
    """Base64 Ed25519 signature over `statement(kind, realm, body)`."""
    key = Ed25519PrivateKey.from_private_bytes(private_key)
    return base64.b64encode(key.sign(statement(kind, realm, body))).decode("ascii")


def is_signed_by(public_key: str, kind: str, realm: str, body: Mapping[str, object]) -> bool:
    """True when `body["signature"]` is this key's (base64) over the rest of `body`; never raises on bad input."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
        key.verify(
            base64.b64decode(str(body.get("signature", "")), validate=True), statement(kind, realm, body)
        )
    except (InvalidSignature, ValueError, binascii.Error, TypeError):
        return False
    return True


def key_id_of(public_key: str) -> str:
    """The name of a signing key: the first 16 hex digits of the SHA-256 of its base64 text."""
    return hashlib.sha256(public_key.encode("ascii")).hexdigest()[:16]


def new_private_key() -> bytes:
    """A fresh raw Ed25519 private key (32 bytes)."""
    return Ed25519PrivateKey.generate().private_bytes_raw()


def public_key_of(private_key: bytes) -> str:
    """Base64 raw public key."""
    raw = Ed25519PrivateKey.from_private_bytes(private_key).public_key().public_bytes_raw()
    return base64.b64encode(raw).decode("ascii")
