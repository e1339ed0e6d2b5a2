"""People, their wrapped keys and their wrong PINs."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.people import Person, Role
from app.store.driver import Connection, Row


@dataclass(frozen=True, slots=True)
class Lock:
    """What signs a person in: salt and cost of the PIN's hash, its check value, the private key wrapped by it."""

    salt: bytes
    check: bytes
    wrapped_key: bytes
    cost: str


@dataclass(frozen=True, slots=True)
class Attempts:
    failures: int = 0
    locked_until: float = 0.0


_SELECT = "SELECT id, name, roles, public_key, active FROM person"


def people(connection: Connection) -> list[Person]:
    """Everybody, by name."""
    return [_person(row) for row in connection.execute(f"{_SELECT} ORDER BY name, id")]


def person(connection: Connection, person_id: str) -> Person | None:
    """One person, active or not."""
    row = connection.execute(f"{_SELECT} WHERE id = ?", (person_id,)).fetchone()
    return _person(row) if row else None


def names(connection: Connection) -> dict[str, str]:
    """Id -> name."""
    return {str(row["id"]): str(row["name"]) for row in connection.execute("SELECT id, name FROM person")}


def add(connection: Connection, one: Person, lock: Lock, now: float) -> None:
    """A new person. Raises driver.IntegrityError when the id is taken."""
    connection.execute(
        "INSERT INTO person (id, name, roles, public_key, active, pin_salt, pin_check, wrapped_key, cost, created_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            one.id,
            one.name,
            " ".join(sorted(one.roles)),
            one.public_key,
            int(one.active),
            lock.salt,
            lock.check,
            lock.wrapped_key,
            lock.cost,
            now,
        ),
    )


def lock_of(connection: Connection, person_id: str) -> Lock:
    """How a known person's key is locked."""
    row = connection.execute(
        "SELECT pin_salt, pin_check, wrapped_key, cost FROM person WHERE id = ?", (person_id,)
    ).fetchone()
    return Lock(bytes(row["pin_salt"]), bytes(row["pin_check"]), bytes(row["wrapped_key"]), str(row["cost"]))


def set_lock(connection: Connection, person_id: str, lock: Lock, public_key: str) -> None:
    """A new PIN; with a new public key when the old private key is lost."""
    connection.execute(
        "UPDATE person SET pin_salt = ?, pin_check = ?, wrapped_key = ?, cost = ?, public_key = ? WHERE id = ?",
        (lock.salt, lock.check, lock.wrapped_key, lock.cost, public_key, person_id),
    )


def set_active(connection: Connection, person_id: str, active: bool) -> None:
    """Let somebody in or keep them out; what they did stays theirs."""
    connection.execute("UPDATE person SET active = ? WHERE id = ?", (int(active), person_id))


def set_roles(connection: Connection, person_id: str, roles: frozenset[Role]) -> None:
    """What somebody may do from now on."""
    connection.execute("UPDATE person SET roles = ? WHERE id = ?", (" ".join(sorted(roles)), person_id))


def attempts(connection: Connection, person_id: str) -> Attempts:
    """Wrong PINs since the last right one."""
    row = connection.execute(
        "SELECT failures, locked_until FROM pin_attempt WHERE person = ?", (person_id,)
    ).fetchone()
    return Attempts(int(row["failures"]), float(row["locked_until"])) if row else Attempts()


def set_attempts(connection: Connection, person_id: str, value: Attempts) -> None:
    """Kept on disk, so that a restart is no way around the wait."""
    connection.execute(
        "INSERT INTO pin_attempt (person, failures, locked_until) VALUES (?, ?, ?) ON CONFLICT (person) DO UPDATE SET "
        "failures = excluded.failures, locked_until = excluded.locked_until",
        (person_id, value.failures, value.locked_until),
    )


def _person(row: Row) -> Person:
    roles = frozenset(Role(word) for word in str(row["roles"]).split())
    return Person(str(row["id"]), str(row["name"]), roles, str(row["public_key"]), bool(row["active"]))
