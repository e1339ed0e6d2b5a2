"""The workplace as a USB bundle sees it: `app.ports.BundleStore` over the store.

Invariants: an exported item stays queued, but counts as tried: it may have arrived, so nothing may be built on its
never having left. What grew since its export goes out once more after the answer. Call from worker threads.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.bundle_ports import BundleChoice, BundleStore
from app.ports import Item, ItemKind, Json, Reason
from app.services import account
from app.services.engine_store import WorkplaceStore
from app.services.workplace import Workplace
from app.store import journal, outbox
from app.store.driver import Connection

EXPORTED = Reason("bundle", "Ikut dalam bundel USB; dikirim juga begitu ada jaringan.")


def bundle_store(wp: Workplace) -> BundleStore:
    """A bundle's view of an open workplace."""
    return _Store(wp)


class _Store(WorkplaceStore):
    def open_items(self, choice: BundleChoice, after: int, limit: int) -> Sequence[Item]:
        return outbox.open_items(self._wp.db.reader, choice.kinds, choice.areas, after, limit)

    def item(self, item_id: int) -> Item | None:
        return outbox.open_item(self._wp.db.reader, item_id)

    def scan_item(self, sha256: str) -> Item | None:
        row = outbox.find(self._wp.db.reader, ItemKind.SCAN, sha256)
        return self.item(row.id) if row else None

    def enrolled(self, device: str) -> None:
        pending = account.pending(self._wp)
        if pending is not None and pending.device == device:
            account.enrolled(self._wp, device)

    def mark_exported(self, ids: Sequence[int], about: Json) -> None:
        def work(connection: Connection) -> None:
            outbox.count_try(connection, ids, EXPORTED)
            journal.add(connection, self._wp.now(), "bundle_export", "", str(about["set_id"]), about)

        self._write(work)
