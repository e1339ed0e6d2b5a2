"""Entri kedua: the same page, blind. Only this reader's own draft is fetched, never what anybody keyed before.

Third readers and the coordinator get the differing boxes alone, blanked. Thread: UI.
"""

from __future__ import annotations

from app.domain.readings import Order
from ui.pages.keying import KeyingPage


class SecondReadingPage(KeyingPage):
    """Second, third and deciding readings."""

    ORDERS = (Order.SECOND, Order.THIRD, Order.COORDINATOR)

    def heading(self) -> str:
        return self.tr("Entri kedua")

    def nothing_left(self) -> str:
        return self.tr("Selesai. Tidak ada lagi formulir yang menunggu Anda sebagai pembaca kedua.")
