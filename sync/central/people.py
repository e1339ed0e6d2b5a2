"""Operators as the centre knows them: keys and roles per district; whose signature is whose.

A person may have several keys (two PCs wrap the same person differently). A key is never forgotten, because old
readings must stay provable; a person marked inactive signs nothing after that moment.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.attestation import is_signed_by
from app.domain.people import Role
from sync.central.database import one
from sync.central.driver import Connection
from sync.wire import OperatorKey

ROLES = frozenset(role.value for role in Role)


def put(con: Connection, district: str, operator: OperatorKey, said_at: str) -> None:
    """Register or change one person; an older statement than the stored one adds its key and nothing else."""
    con.execute(
        "INSERT OR IGNORE INTO operator_key (district, id, public_key) VALUES (?, ?, ?)",
        (district, operator.id, operator.public_key),
    )
    inactive_since = None if operator.active else said_at
    con.execute(
        "INSERT INTO operator (district, id, roles, inactive_since, said_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (district, id) DO UPDATE SET roles = excluded.roles, said_at = excluded.said_at,"
        " inactive_since = CASE WHEN excluded.inactive_since IS NULL THEN NULL"
        "   ELSE coalesce(inactive_since, excluded.inactive_since) END"
        " WHERE excluded.said_at >= said_at",
        (district, operator.id, ",".join(sorted(set(operator.roles))), inactive_since, said_at),
    )


def has_signed(
    con: Connection, realm: str, district: str, kind: str, person: str, body: Mapping[str, object], at: str
) -> str | None:
    """None when `person` signed `body`, else the code of what is wrong: `operator_unknown`, `inactive`, `signature`."""
    row = one(con, "SELECT inactive_since FROM operator WHERE district = ? AND id = ?", district, person)
    if row is None:
        return "operator_unknown"
    if row["inactive_since"] is not None and at > row["inactive_since"]:
        return "inactive"
    keys = con.execute(
        "SELECT public_key FROM operator_key WHERE district = ? AND id = ?", (district, person)
    )
    if any(is_signed_by(key, kind, realm, body) for (key,) in keys):
        return None
    return "signature"


def has_role(con: Connection, district: str, person: str, *roles: Role) -> bool:
    """True when the person has one of the roles now; a coordinator has them all."""
    row = one(con, "SELECT roles FROM operator WHERE district = ? AND id = ?", district, person)
    held = set(row["roles"].split(",")) if row else set()
    return Role.COORDINATE.value in held or any(role.value in held for role in roles)


def has_coordinator(con: Connection, district: str) -> bool:
    """True once somebody may speak for the district's people."""
    rows = con.execute(
        "SELECT roles FROM operator WHERE district = ? AND inactive_since IS NULL", (district,)
    )
    return any(Role.COORDINATE.value in roles.split(",") for (roles,) in rows)


SENTENCES = {
    "operator_unknown": "Operator {} belum terdaftar di server. Daftar operator perlu dikirim lebih dahulu.",
    "inactive": "Operator {} sudah tidak aktif pada saat itu.",
    "signature": "Tanda tangan {} tidak cocok dengan isinya.",
    "role": "Operator {} tidak mempunyai peran untuk ini.",
}
RETRYABLE = frozenset({"operator_unknown"})  # the list of operators may still be on its way
