import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from ui.models.columns import Column
from ui.models.paged import PAGE_ROWS, PagedModel, Query
from ui.models.rows import RowsModel
from ui.tasks import Tasks
from ui.theme import TONES, Tone
from ui.widgets.table import Table

Row = tuple[str, int]
COLUMNS: list[Column[Row]] = [
    Column("Nama", lambda row: row[0], tone=lambda row: Tone.BAD if row[1] > 5 else Tone.PLAIN),
    Column("Jumlah", lambda row: str(row[1]), is_number=True, sort_key=lambda row: row[1]),
]
DISPLAY = Qt.ItemDataRole.DisplayRole


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    made.close()


def rows_model() -> RowsModel[tuple[str, int]]:
    return RowsModel(COLUMNS, lambda row: row[0])


@dataclass
class Source:
    """Many rows, and a note of every page asked for."""

    count: int
    asked: list[int] = field(default_factory=list)

    def rows(self, limit: int, offset: int) -> Sequence[tuple[str, int]]:
        assert threading.current_thread() is not threading.main_thread()
        self.asked.append(offset)
        return [(f"baris {n}", n) for n in range(offset, min(self.count, offset + limit))]

    def query(self) -> Query[tuple[str, int]]:
        return Query(lambda: self.count, self.rows)


def test_numbers_sort_as_numbers_and_the_given_order_returns(qtbot: QtBot) -> None:
    model = rows_model()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_rows([("b", 10), ("a", 9), ("c", 100)])
    model.sort(1, Qt.SortOrder.DescendingOrder)
    assert [row[1] for row in model.rows] == [100, 10, 9]
    model.set_rows([("b", 10), ("a", 9000), ("c", 100)])
    assert [row[1] for row in model.rows] == [9000, 100, 10]
    model.sort(-1)
    assert [row[0] for row in model.rows] == ["b", "a", "c"]


def test_a_refresh_with_the_same_rows_keeps_the_chosen_one(qtbot: QtBot) -> None:
    model = rows_model()
    table = Table(model, "Contoh")
    qtbot.addWidget(table)
    model.set_rows([("a", 1), ("b", 2), ("c", 3)])
    table.selectRow(2)
    model.set_rows([("a", 1), ("b", 2), ("c", 4)])
    assert table.currentIndex().row() == 2
    assert model.data(model.index(2, 1)) == "4"


def test_a_tone_is_never_colour_alone(qtbot: QtBot) -> None:
    model = rows_model()
    model.set_rows([("tenang", 1), ("genting", 9)])
    assert model.data(model.index(1, 0), Qt.ItemDataRole.ForegroundRole).name() == TONES[Tone.BAD].ink
    assert not model.data(model.index(1, 0), Qt.ItemDataRole.DecorationRole).isNull()
    assert model.data(model.index(0, 0), Qt.ItemDataRole.DecorationRole) is None


def test_what_looks_like_markup_is_shown_as_it_is_written_in_a_tip_too(qtbot: QtBot) -> None:
    model = rows_model()
    model.set_rows([("<img src='file:///dev/zero'>", 1), ("Budi & Ani", 2)])
    tips = [model.index(row, 0).data(Qt.ItemDataRole.ToolTipRole) for row in (0, 1)]
    shown = QTextDocument()
    shown.setHtml(tips[0])
    assert (shown.toPlainText(), tips[1]) == ("<img src='file:///dev/zero'>", "Budi & Ani")


def test_a_long_list_reads_only_the_pages_it_shows(qtbot: QtBot, tasks: Tasks) -> None:
    source, model = Source(75_000), PagedModel(COLUMNS, tasks)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    with qtbot.waitSignal(model.counted):
        model.show(source.query())
    assert model.rowCount() == 75_000
    far = model.index(70_005, 0)
    assert model.data(far) == "…"
    assert model.data(far) == "…"
    qtbot.waitUntil(lambda: model.data(far) == "baris 70005")
    assert source.asked.count(700 * PAGE_ROWS) == 1
    assert len(source.asked) < 10


def test_a_reload_keeps_showing_the_old_rows_until_the_new_are_there(qtbot: QtBot, tasks: Tasks) -> None:
    source, model = Source(250), PagedModel(COLUMNS, tasks)
    with qtbot.waitSignal(model.counted):
        model.show(source.query())
    model.reload()
    assert model.data(model.index(0, 0)) == "baris 0"
    source.count = 0
    with qtbot.waitSignal(model.counted):
        model.reload()
    qtbot.waitUntil(lambda: model.rowCount() == 0)


def test_enter_opens_the_chosen_row(qtbot: QtBot) -> None:
    model = rows_model()
    table = Table(model, "Contoh", sortable=True)
    qtbot.addWidget(table)
    model.set_rows([("a", 1), ("b", 2)])
    table.selectRow(1)
    with qtbot.waitSignal(table.row_opened) as opened:
        QTest.keyClick(table, Qt.Key.Key_Return)
    assert opened.args == [1]


def test_a_long_table_that_grows_or_shrinks_keeps_the_row_that_is_chosen(qtbot: QtBot) -> None:
    tasks = Tasks()
    held = [f"baris {n}" for n in range(150)]
    column: Column[str] = Column("Baris", lambda row: row)
    model: PagedModel[str] = PagedModel([column], tasks)
    table = Table(model, "Baris")
    qtbot.addWidget(table)
    model.show(Query(lambda: len(held), lambda limit, offset: held[offset : offset + limit]))
    qtbot.waitUntil(lambda: model.rowCount() == 150)
    table.selectRow(7)
    assert model.place_of(lambda row: row == "baris 9") == 9
    assert model.place_of(lambda row: row == "baris 140") is None, "that page was not read"
    assert len(model.rows) == 100
    for change in (lambda: held.append("baru"), lambda: held.pop(0)):
        change()
        model.reload()
        qtbot.waitUntil(lambda: model.rowCount() == len(held) and tasks.is_idle)
        assert table.currentIndex().row() == 7
    model.clear()
    assert model.rowCount() == 0
    model.reload()
    assert tasks.is_idle, "nothing is asked after a clear"
    tasks.close()
