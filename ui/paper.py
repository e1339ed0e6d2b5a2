"""Sheets that are printed or saved as PDF: their size, a picture of a page, the file, the printer. Thread: UI.

A sheet paints in tenths of a millimetre, origin at the paper's top left corner, so that the screen's scaling, a PDF and
any printer give the same page.
"""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QIODevice, QMarginsF, QSaveFile
from PySide6.QtGui import QColor, QImage, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from app.errors import Unavailable

PER_MM = 10.0  # of the units a sheet paints in
MM_PER_INCH = 25.4
DPI = 300


class Size(Enum):
    """Paper an office has: width and height in millimetres."""

    A5 = (148.0, 210.0)
    A4 = (210.0, 297.0)

    @property
    def width_mm(self) -> float:
        return self.value[0]

    @property
    def height_mm(self) -> float:
        return self.value[1]


class Sheet(Protocol):
    """What can be printed."""

    title: str
    file_name: str  # proposed for the PDF

    def page_count(self, size: Size) -> int: ...

    def paint(self, painter: QPainter, page: int, size: Size) -> None:
        """One page, from 0, in tenths of a millimetre."""
        ...


def picture(sheet: Sheet, page: int, size: Size, width_px: int) -> QImage:
    """A page for the screen."""
    scale = width_px / (size.width_mm * PER_MM)
    image = QImage(width_px, round(size.height_mm * PER_MM * scale), QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.scale(scale, scale)
    sheet.paint(painter, page, size)
    painter.end()
    return image


def save_pdf(sheet: Sheet, size: Size, path: Path) -> None:
    """Raises Unavailable when the file cannot be written."""
    file = QSaveFile(str(path))
    if not file.open(QIODevice.OpenModeFlag.WriteOnly):
        raise _refused(path.name)
    writer = QPdfWriter(file)
    writer.setResolution(DPI)
    writer.setTitle(sheet.title)
    _print(sheet, size, writer, path.name)
    if not file.commit():
        raise _refused(path.name)


def print_on(sheet: Sheet, size: Size, printer_name: str) -> None:
    """Raises Unavailable when the printer does not take it."""
    printer = QPrinter(QPrinterInfo.printerInfo(printer_name), QPrinter.PrinterMode.HighResolution)
    printer.setDocName(sheet.title)
    printer.setFullPage(True)
    _print(sheet, size, printer, printer_name)


def printers() -> list[str]:
    """The office's printers, the usual one first."""
    usual = QPrinterInfo.defaultPrinterName()
    return sorted(QPrinterInfo.availablePrinterNames(), key=lambda one: (one != usual, one.lower()))


def _print(sheet: Sheet, size: Size, device: QPdfWriter | QPrinter, where: str) -> None:
    page_size = QPageSize(QPageSize.PageSizeId.A5 if size is Size.A5 else QPageSize.PageSizeId.A4)
    device.setPageLayout(QPageLayout(page_size, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)))
    painter = QPainter()
    if not painter.begin(device):
        raise _refused(where)
    scale = device.resolution() / MM_PER_INCH / PER_MM
    for page in range(sheet.page_count(size)):
        if page:
            device.newPage()
        painter.save()
        painter.scale(scale, scale)
        sheet.paint(painter, page, size)
        painter.restore()
    painter.end()


def _refused(where: str) -> Unavailable:
    return Unavailable(
        _tr("Lembar tidak dapat dicetak atau disimpan: %1.").replace("%1", where),
        hint=_tr("Periksa pencetak, folder dan hak aksesnya. Data tetap aman."),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("paper", text)
