"""Who a manifest is from. Signed bytes begin with kind, version and realm, as all of this program's do."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec

from app.domain.attestation import is_signed_by, sign, statement
from sync.bundle.container import Bundle
from sync.bundle.shapes import AnswerManifest, Manifest
from sync.wire import as_body

KIND = {Manifest: "bundle", AnswerManifest: "bundle-answer"}
Either = TypeVar("Either", Manifest, AnswerManifest)


@dataclass(frozen=True, slots=True)
class Origin:
    """This PC as a bundle names it; `keys`: the centre's public keys from the set-up file (none: no account yet)."""

    realm: str
    district: str
    device_id: str
    device_key: bytes = field(repr=False)  # private, raw Ed25519
    keys: dict[str, str]
    code: str = field(default="", repr=False)  # one-time, of a device that is not enrolled yet


def signed(manifest: Either, private_key: bytes) -> Either:
    """The manifest with its signature."""
    signature = sign(private_key, KIND[type(manifest)], manifest.realm, as_body(manifest))
    return msgspec.structs.replace(manifest, signature=signature)


def enrol_proof(code_hash: str, manifest: Manifest) -> str:
    """Proves to whoever holds the hash of a one-time code that the maker of the bundle has the code.

    A stick gets lost, and with the code itself its finder could enrol a PC of his own first. The proof says nothing of
    it and serves this device and key alone; to try out the 60 bits of a code against it, each guess costs 16 MiB and
    some 0.1 s (scrypt, RFC 7914), and the code lives 30 days.
    """
    about = {"district": manifest.district, "device": manifest.device, "device_key": manifest.device_key}
    salt = statement("enrol-proof", manifest.realm, about)
    return hashlib.scrypt(bytes.fromhex(code_hash), salt=salt, n=2**14, r=8, p=1, dklen=32).hex()


def is_from(bundle: Bundle, public_key: str, realm: str) -> bool:
    """True when this key signed the manifest as it stands in the file, for this realm.

    Not as we would write it: a field that came later must not spoil the signature of an older program.
    """
    body = msgspec.json.decode(bundle.manifest_bytes, type=dict[str, object])
    return is_signed_by(public_key, KIND[type(bundle.manifest)], realm, body)
