"""Signed statements: only this key, this kind, this realm, these bytes."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.attestation import is_signed_by, new_private_key, public_key_of, sign

KEY = new_private_key()
PUBLIC = public_key_of(KEY)


@pytest.fixture
def body() -> dict[str, Any]:
    plain: dict[str, Any] = {"tps": "3204052001001", "by": "rina", "values_hash": "0" * 64}
    return plain | {"signature": sign(KEY, "reading", "pemilu-2019", plain)}


def test_a_good_signature_holds(body: dict[str, Any]) -> None:
    assert is_signed_by(PUBLIC, "reading", "pemilu-2019", body)


@pytest.mark.parametrize(("kind", "realm"), [("verdict", "pemilu-2019"), ("reading", "latihan-3204")])
def test_it_is_worthless_elsewhere(body: dict[str, Any], kind: str, realm: str) -> None:
    assert not is_signed_by(PUBLIC, kind, realm, body)


@pytest.mark.parametrize(
    "change", [{"by": "dedi"}, {"signature": ""}, {"signature": "!!"}, {"signature": "AAAA"}, {"more": 1}]
)
def test_any_change_breaks_it(body: dict[str, Any], change: dict[str, Any]) -> None:
    assert not is_signed_by(PUBLIC, "reading", "pemilu-2019", body | change)


@pytest.mark.parametrize("key", ["", "not base64!", "AAAA", public_key_of(bytes(range(32)))])
def test_another_or_a_broken_key_never_raises(body: dict[str, Any], key: str) -> None:
    assert not is_signed_by(key, "reading", "pemilu-2019", body)
