"""What people chose about sending images, kept in the workplace: the engine and `status` read the same words.

Thread: any.
"""

from __future__ import annotations

import json
from dataclasses import asdict

from app.domain.sending import PoorLine, Sending, hours_of
from app.services.workplace import Workplace, set_preference
from app.store import meta
from app.store.driver import Connection

_NAME = "sending"
_POOR = "poor_line"


def chosen(wp: Workplace) -> Sending:
    """As chosen last; images at any time and without a limit when nobody chose."""
    return kept(wp.db.reader)


def kept(connection: Connection) -> Sending:
    """The same inside a reading."""
    text = meta.get(connection, _NAME, table="preference")
    if not text:
        return Sending()
    values = json.loads(text)
    return Sending(hours_of(values["hours"]) if values["hours"] else None, values["limit_kbit_s"])


def choose(wp: Workplace, sending: Sending) -> None:
    """Keep it; the engine takes it up when it is woken."""
    hours = str(sending.hours) if sending.hours else None
    set_preference(wp, _NAME, json.dumps({"hours": hours, "limit_kbit_s": sending.limit_kbit_s}))


def poor_line(connection: Connection) -> PoorLine | None:
    """Set while thrifty copies go first."""
    kept_line = meta.get_json(connection, _POOR)
    return PoorLine(**kept_line) if kept_line else None


def keep_poor_line(connection: Connection, poor: PoorLine | None) -> None:
    """What the engine decided, for a restart and for whoever reads beside it."""
    meta.put_json(connection, _POOR, None if poor is None else asdict(poor))
