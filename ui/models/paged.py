"""A long table (75,000 forms, the whole queue) of which only the pages on screen are read, off the UI thread.

Invariant: `data` never reads the disk; a page that is not there yet shows as `…` and is asked for once. A reload keeps
showing the old rows until the new ones are there, and the row that is chosen stays chosen. Filtering and sorting are
the query's business. Thread: UI.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import QModelIndex, Signal

from ui.models.columns import Column, ColumnsModel, Index
from ui.tasks import Tasks

T = TypeVar("T")
PAGE_ROWS = 100
_PAGES_KEPT = 60


@dataclass(frozen=True, slots=True)
class Query(Generic[T]):
    """What to show: both run on a worker thread."""

    count: Callable[[], int]
    fetch: Callable[[int, int], Sequence[T]]  # limit, offset


class PagedModel(ColumnsModel[T]):
    """Call `show` with a query (a new filter), `reload` when the store changed."""

    counted = Signal(int)

    def __init__(self, columns: Sequence[Column[T]], tasks: Tasks) -> None:
        super().__init__(columns)
        self._tasks = tasks
        self._query: Query[T] | None = None
        self._generation = 0
        self._count = 0
        self._pages: dict[int, list[T]] = {}
        self._asked: set[int] = set()
        self._last_page = 0

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self._count

    def row_at(self, row: int) -> T | None:
        number, place = divmod(row, PAGE_ROWS)
        page = self._pages.get(number)
        if page is None:
            self._ask(number)
            return None
        self._last_page = number
        return page[place] if place < len(page) else None

    @property
    def rows(self) -> list[T]:
        """Those read so far, from the top on."""
        found: list[T] = []
        for number in range(len(self._pages)):
            found += self._pages.get(number, [])
        return found

    def place_of(self, is_it: Callable[[T], bool]) -> int | None:
        """Where a row stands among those read so far; None when it is not among them."""
        for number, page in self._pages.items():
            for place, row in enumerate(page):
                if is_it(row):
                    return number * PAGE_ROWS + place
        return None

    def clear(self) -> None:
        """Nothing is shown and nothing that is on its way will be."""
        self._query = None
        self._generation += 1
        self._take(0, 0, [], starts_over=True)

    def show(self, query: Query[T]) -> None:
        """A new question: the answer replaces everything and starts at the top."""
        self._query = query
        self._last_page = 0
        self._read(query, starts_over=True)

    def reload(self) -> None:
        """The same question again; the place is kept."""
        if self._query is not None:
            self._read(self._query, starts_over=False)

    def _read(self, query: Query[T], *, starts_over: bool) -> None:
        self._generation += 1
        generation, number = self._generation, self._last_page

        def operation() -> tuple[int, list[T]]:
            return query.count(), list(query.fetch(PAGE_ROWS, number * PAGE_ROWS))

        def success(result: tuple[int, list[T]]) -> None:
            if generation == self._generation:
                self._take(result[0], number, result[1], starts_over=starts_over)

        self._tasks.run(self, operation, success, slot="read")

    def _take(self, count: int, number: int, rows: list[T], *, starts_over: bool) -> None:
        before = self._count
        if starts_over:
            self.beginResetModel()
        elif count > before:
            self.beginInsertRows(QModelIndex(), before, count - 1)
        elif count < before:
            self.beginRemoveRows(QModelIndex(), count, before - 1)
        self._count = count
        self._pages = {number: rows}
        self._asked = set()
        if starts_over:
            self.endResetModel()
        elif count > before:
            self.endInsertRows()
        elif count < before:
            self.endRemoveRows()
        if count and not starts_over:
            self.dataChanged.emit(self.index(0, 0), self.index(count - 1, len(self.columns) - 1))
        self.counted.emit(count)

    def _ask(self, number: int) -> None:
        query = self._query
        if query is None or number in self._asked:
            return
        self._asked.add(number)
        generation = self._generation

        def success(rows: Sequence[T]) -> None:
            if generation == self._generation:
                self._keep(number, list(rows))

        self._tasks.run(self, lambda: query.fetch(PAGE_ROWS, number * PAGE_ROWS), success)

    def _keep(self, number: int, rows: list[T]) -> None:
        while len(self._pages) >= _PAGES_KEPT:
            gone = next(iter(self._pages))
            del self._pages[gone]
            self._asked.discard(gone)
        self._pages[number] = rows
        first = number * PAGE_ROWS
        last = min(self._count, first + PAGE_ROWS) - 1
        if first <= last:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))
