"""This PC's account at the centre over its life: enrolled, enrolled anew, given new keys.

Enrolling anew (a restored backup, a cloned disk, a lock-out, a centre that forgot us) takes a new name and a new key:
the old name's journal stays at the centre as it was shown. Afterwards everything is compared and what is missing there
is sent; the people, their keys and their work are untouched. Thread: any; writes wait for the disk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.ports import Json
from app.services import comparing, feeding, workplace
from app.services.workplace import Workplace
from app.store import journal, meta, outbox
from app.store.driver import Connection

_ENROLLED, _NAME, _NEXT = "enrolled", "device_name", "next_device"


def is_enrolled(wp: Workplace) -> bool:
    """True once a code of this workplace was accepted."""
    return meta.get(wp.db.reader, _ENROLLED) == "1"


def next_device(wp: Workplace) -> str:
    """The name to enrol under: the first one, or a new one when that is used up. The same until it was accepted,
    because the answer to an enrolment may be lost, and the code then serves this name only."""
    if not is_enrolled(wp):
        return workplace.device_name(wp)
    kept = meta.get(wp.db.reader, _NEXT)
    if not kept:
        kept = workplace.new_device_name()
        wp.db.write(lambda connection: meta.put(connection, _NEXT, kept))
    return kept


@dataclass(frozen=True, slots=True)
class Pending:
    """A name that is to be enrolled by USB bundle, and its one-time code."""

    device: str
    code: str = field(repr=False)


def keep_code(wp: Workplace, code: str) -> str:
    """Keep a code, among the secrets, for the next USB bundle, in place of one kept before; returns the name it is for.

    From here on bundles speak under that name alone, and the centre takes nothing of them if the code does not serve.
    """
    device = next_device(wp)
    workplace.device_key(wp, device)  # made now: from here on only read
    wp.secrets.put(_code_name(device), code)
    return device


def pending(wp: Workplace) -> Pending | None:
    """What waits to be enrolled by USB bundle."""
    device = meta.get(wp.db.reader, _NEXT) if is_enrolled(wp) else workplace.device_name(wp)
    code = wp.secrets.get(_code_name(device)) if device else None
    return Pending(device, code) if code else None


def drop_code(wp: Workplace) -> str:
    """Forget the kept code; returns the name it was for, "" where none was kept. The name stays the next one, as its
    enrolment may have been accepted."""
    kept = pending(wp)
    if kept is None:
        return ""
    wp.secrets.delete(_code_name(kept.device))
    return kept.device


def _code_name(device: str) -> str:
    return f"{device}/enrol_code"


def enrolled(wp: Workplace, device: str) -> None:
    """The centre took this name. A new one begins at the journal's first line, and everything is compared."""
    is_new = is_enrolled(wp)

    def work(connection: Connection) -> None:
        meta.put(connection, _ENROLLED, "1")
        meta.put(connection, _NAME, device)
        meta.put(connection, _NEXT, "")
        journal.add(connection, wp.now(), "enrolled", "kpu-ri", device, {"device": device})
        if is_new:
            meta.put(connection, "anchored_seq", "0")
            meta.put_json(connection, "line", None)
            _compare_again(connection, wp)
            outbox.retry(connection, outbox.waiting(connection), wp.now())

    wp.db.write(work)
    wp.secrets.delete(_code_name(device))


def take_setup(wp: Workplace, *, server_url: str, setup: Mapping[str, Any]) -> None:
    """The set-up file. Where it no longer names a key of before, receipts are asked for again under its keys."""
    before = workplace.server_of(wp)
    workplace.connect_server(wp, server_url=server_url, setup=setup)
    after = workplace.server_of(wp)
    if before is not None and after is not None and before.keys.keys() - after.keys.keys():
        wp.db.write(lambda connection: _compare_again(connection, wp))


def pin(connection: Connection, wp: Workplace, keys: Mapping[str, str]) -> None:
    """Keys a pinned one handed over to."""
    server: Json = meta.get_json(connection, "server")
    meta.put_json(connection, "server", {**server, "keys": {**server["keys"], **keys}})
    journal.add(connection, wp.now(), "key_followed", "kpu-ri", server["url"], {"keys": dict(keys)})
    comparing.tell(
        connection, wp, "KPU RI memakai kunci tanda terima baru, yang disahkan oleh kunci sebelumnya."
    )


def _compare_again(connection: Connection, wp: Workplace) -> None:
    comparing.begin(connection, wp, feeding.cursor_of(connection).epoch)
