"""Where a report's tables stand on their pages, with type as wide as it has letters."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from app.services.report_tables import Report, Table, Value
from ui.report_layout import MOST_LINES, PAD_X, Kind, Page, Weight, column_widths, dots, lay_out, wrapped

WIDTH, HEIGHT = dots(500), dots(700)
LETTER, LINE = dots(5), dots(10)
ANY_TEXT = st.text(st.characters(categories=("L", "N", "P", "Zs")), max_size=80)


class Monospaced:
    def width(self, text: str, weight: Weight) -> float:
        return len(text) * LETTER

    def height(self, weight: Weight) -> float:
        return LINE


def report(*tables: Table) -> Report:
    return Report("daily", "Laporan", "Kab.", "hari ini", False, 0.0, "kini", tables)


def pages(*tables: Table) -> list[Page]:
    return lay_out(report(*tables), Monospaced(), WIDTH, HEIGHT)


def table(rows: int, title: str = "Tabel", *, has_total: bool = False) -> Table:
    total = ("Jumlah", rows) if has_total else None
    return Table(title, title, ("Nama", "Jumlah"), tuple((f"baris {n}", n) for n in range(rows)), total=total)


def test_a_table_goes_on_with_its_head_again() -> None:
    made = pages(table(150, has_total=True))
    assert len(made) > 2
    for page in made:
        assert [block.kind for block in page.blocks].count(Kind.HEAD) == 1
    assert made[1].blocks[0].kind is Kind.HEAD
    told = [block.cells[0].lines[0] for page in made for block in page.blocks if block.kind is Kind.ROW]
    assert told == [f"baris {n}" for n in range(150)]
    assert made[-1].blocks[-1].kind is Kind.TOTAL
    assert made[-1].blocks[-2].kind is Kind.ROW, "a total stands below a row, not alone on a page"


def test_a_heading_is_never_the_last_thing_of_a_page() -> None:
    for rows in range(30, 60):
        for page in pages(table(rows), table(5, "Berikut"))[:-1]:
            assert page.blocks[-1].kind in {Kind.ROW, Kind.TOTAL}


def test_nothing_at_all_is_one_page() -> None:
    assert len(pages()) == 1
    (page,) = pages(Table("x", "Koreksi", ("Waktu",), (), "Tidak ada."))
    assert [block.kind for block in page.blocks] == [Kind.TITLE, Kind.LEAD]


def test_a_group_is_headed_once() -> None:
    tables = [Table(f"t{n}", f"Kecamatan {n}", ("TPS",), (("TPS 001",),), group="Pleno") for n in range(3)]
    kinds = [block.kind for page in pages(*tables) for block in page.blocks]
    assert kinds.count(Kind.PART) == 1
    assert kinds.count(Kind.TITLE) == 3


def test_a_name_without_end_is_cut_and_a_long_word_is_broken() -> None:
    lines = wrapped("a" * 10_000, Weight.BODY, 40 * LETTER, Monospaced())
    assert len(lines) == MOST_LINES
    assert lines[-1] == "…"
    assert wrapped("satu dua", Weight.BODY, 5 * LETTER, Monospaced()) == ("satu", "dua")
    assert wrapped("abcdefgh x", Weight.BODY, 3 * LETTER, Monospaced()) == ("abc", "def", "gh", "x")
    assert wrapped("abc", Weight.BODY, 0.5 * LETTER, Monospaced()) == ("a", "b", "c")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(ANY_TEXT, st.integers(0, 99_999), ANY_TEXT), max_size=70))
def test_nothing_is_wider_or_lower_than_the_page(rows: list[tuple[Value, ...]]) -> None:
    heads = ("Petugas", "Jumlah", "Keterangan")
    whole = Table("t", "Judul", heads, tuple(rows), "Keterangan " * 20)
    widths = column_widths(whole, Monospaced(), WIDTH)
    assert abs(sum(widths) - WIDTH) < 1
    for page in pages(whole, whole):
        for block in page.blocks:
            assert block.top + block.height <= HEIGHT
            for cell in block.cells:
                assert cell.left + cell.width <= WIDTH + 1
                assert all(len(line) * LETTER <= max(cell.width, LETTER) + PAD_X for line in cell.lines)
