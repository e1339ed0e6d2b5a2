"""What everybody here is to be told (a restored centre, a new key, news of KPU RI), and who has read it.

Each person reads for themselves: what one has read still stands for the others, and whoever comes on at the change of
shift is told too. Invariant: reading and taking that back are facts with their journal line, in one transaction.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from app.domain.people import Person
from app.services.people import Session, check_session
from app.services.workplace import Workplace
from app.store import exchange, journal
from app.store.driver import Connection

Notice = exchange.NoticeRow


@dataclass(frozen=True, slots=True)
class Board:
    """The notices shown, newest first, and how many there are of either kind."""

    notices: tuple[Notice, ...] = ()
    unread: int = 0
    read: int = 0


def board(wp: Workplace, person: Person, limit: int, *, with_read: bool = False) -> Board:
    """What this person has not read, or everything; at most `limit` of them."""
    with wp.db.reading() as connection:
        shown = exchange.notices_for(connection, person.id, limit, with_read=with_read)
        return Board(tuple(shown), *exchange.count_notices(connection, person.id))


def unread(wp: Workplace, person: Person) -> int:
    """How many this person has not read."""
    return exchange.count_notices(wp.db.reader, person.id)[0]


def set_read(wp: Workplace, session: Session, notices: Collection[int], *, is_read: bool = True) -> None:
    """*Sudah dibaca*, or that taken back. Again changes nothing. Raises NotAllowed."""
    kind = "notice_read" if is_read else "notice_unread"

    def work(connection: Connection) -> None:
        check_session(connection, session)
        who, now = session.person.id, wp.now()
        for notice in notices:
            text = exchange.set_notice_read(connection, notice, who, now, is_read=is_read)
            if text is not None:
                journal.add(connection, now, kind, who, str(notice), {"text": text})

    wp.db.write(work)
