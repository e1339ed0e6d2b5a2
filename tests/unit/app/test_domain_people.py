from __future__ import annotations

from app.domain.people import Person, Role, may_read_next, may_verify


def test_a_coordinator_may_everything_others_what_their_role_says() -> None:
    ani = Person("ani", "Ani", frozenset({Role.KEY}), "")
    koor = Person("koor", "Koor", frozenset({Role.COORDINATE}), "")
    assert ani.has(Role.KEY)
    assert ani.has(Role.SCAN, Role.KEY)
    assert not ani.has(Role.VERIFY)
    assert koor.has(Role.VERIFY)


def test_four_eyes() -> None:
    assert may_read_next("budi", {"ani"})
    assert not may_read_next("ani", {"ani", "budi"})
    assert may_verify("vera", {"ani"})
    assert not may_verify("ani", {"ani"})
