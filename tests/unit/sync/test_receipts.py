from __future__ import annotations

from itertools import pairwise
from typing import Any

import msgspec
import pytest

from app.domain.attestation import key_id_of, new_private_key, public_key_of, sign
from sync.receipts import checked, followed
from sync.wire import KeyStatement, Receipt

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


CHAIN = [new_private_key() for _ in range(4)]
PINNED = {key_id_of(public_key_of(CHAIN[0])): public_key_of(CHAIN[0])}


def named(key: bytes) -> dict[str, str]:
    return {key_id_of(public_key_of(key)): public_key_of(key)}


def hand_over(before: bytes, after: bytes, realm: str = REALM, **changed: str) -> KeyStatement:
    public = public_key_of(after)
    body = {
        "key_id": key_id_of(public),
        "public_key": public,
        "by": key_id_of(public_key_of(before)),
        "at": "2019-04-17T14:00:00Z",
    } | changed
    return KeyStatement(**body, signature=sign(before, "key", realm, body))


def test_keys_are_followed_from_a_pinned_one_to_the_last() -> None:
    steps = [hand_over(before, after) for before, after in pairwise(CHAIN)]
    assert followed(PINNED, steps, REALM) == named(CHAIN[1]) | named(CHAIN[2]) | named(CHAIN[3])
    assert followed(PINNED, [], REALM) == {}


def test_what_is_pinned_is_not_new() -> None:
    step = hand_over(CHAIN[0], CHAIN[1])
    assert followed(PINNED | named(CHAIN[1]), [step], REALM) == {}


@pytest.mark.parametrize(
    "bad",
    [
        hand_over(CHAIN[2], CHAIN[3]),  # by a key that nobody here vouches for
        msgspec.structs.replace(
            hand_over(CHAIN[2], CHAIN[3]), by=next(iter(PINNED))
        ),  # in a pinned one's name
        msgspec.structs.replace(
            hand_over(CHAIN[0], CHAIN[1]),
            public_key=public_key_of(CHAIN[2]),
            key_id=key_id_of(public_key_of(CHAIN[2])),
        ),  # another key under a good signature
        hand_over(CHAIN[0], CHAIN[1], key_id="0" * 16),  # a name that is not the key's
        hand_over(CHAIN[0], CHAIN[1], realm="pemilu-2019"),
        msgspec.structs.replace(hand_over(CHAIN[0], CHAIN[1]), at="2020-01-01T00:00:00Z"),
        msgspec.structs.replace(hand_over(CHAIN[0], CHAIN[1]), signature="!"),
    ],
)
def test_no_other_statement_is_followed_nor_does_it_spoil_its_neighbours(bad: KeyStatement) -> None:
    assert followed(PINNED, [bad], REALM) == {}
    good = hand_over(CHAIN[0], CHAIN[1])
    assert followed(PINNED, [bad, good], REALM) == named(CHAIN[1])


def test_statements_out_of_order_are_followed_no_further_than_they_reach() -> None:
    """Oldest first is the contract; what comes before its own signer is not believed on a later word."""
    first, second = hand_over(CHAIN[0], CHAIN[1]), hand_over(CHAIN[1], CHAIN[2])
    assert followed(PINNED, [second, first], REALM) == named(CHAIN[1])
