from __future__ import annotations

from typing import Any

import msgspec
import pytest

from app.domain.attestation import new_private_key, public_key_of, sign
from sync.receipts import checked
from sync.wire import Receipt

REALM, HASH, KEY = "latihan-uji", "a" * 64, new_private_key()
KEYS = {"kunci-1": public_key_of(KEY)}
BODY: dict[str, Any] = {
    "kind": "record",
    "what": "3204052001001/c1-ppwp-2019/1",
    "values_hash": HASH,
    "sequence": 7,
    "epoch": "e",
    "time": "2019-04-17T14:00:00Z",
    "key_id": "kunci-1",
}


def receipt(key: bytes = KEY, realm: str = REALM, **changed: Any) -> Receipt:
    body = {**BODY, **changed}
    return Receipt(**body, signature=sign(key, "receipt", realm, body))


def check(given: Receipt | None) -> object:
    return checked(given, keys=KEYS, realm=REALM, kind="record", what=BODY["what"], values_hash=HASH)


def test_a_genuine_receipt_is_kept_as_it_came() -> None:
    assert check(receipt()) == msgspec.to_builtins(receipt())


@pytest.mark.parametrize(
    "bad",
    [
        None,
        receipt(new_private_key()),
        receipt(realm="pemilu-2019"),
        receipt(kind="scan"),
        receipt(what="3204052001002/c1-ppwp-2019/1"),
        receipt(values_hash="b" * 64),
        receipt(key_id="kunci-2"),
        msgspec.structs.replace(receipt(), sequence=8),
        msgspec.structs.replace(receipt(), signature="!"),
    ],
)
def test_anything_else_is_none(bad: Receipt | None) -> None:
    assert check(bad) is None
