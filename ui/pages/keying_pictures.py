"""Which picture stands in the crop view, and which are fetched ahead. Thread: UI."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QImage

from app.domain.form import Field, FormDefinition
from ui.widgets.crop_view import CropView
from ui.widgets.page_images import PageImages, paper_name


@dataclass(frozen=True, slots=True)
class PagePicture:
    """One scanned page: its file and the line that says what it is."""

    path: Path
    badge: str
    is_uncertain: bool = (
        False  # its edges were not found: the row may lie elsewhere, so the whole page is shown
    )


class Pictures(QObject):
    """Keeps the crop view fed; a page that is not there yet is drawn as soon as it comes."""

    def __init__(self, images: PageImages, crop: CropView, language: str = "id") -> None:
        super().__init__(crop)
        self._images, self._crop, self._language = images, crop, language
        self._form: FormDefinition | None = None
        self._pages: dict[int, PagePicture] = {}
        self._shown: tuple[str, int] = ("", 0)
        self._page = self._first = 1
        images.ready.connect(self._on_ready)
        images.failed.connect(self._on_failed)
        crop.size_wanted.connect(lambda _width: self._show_page())

    def open(self, form: FormDefinition, pages: Mapping[int, PagePicture], first: int = 1) -> None:
        """`first`: the page with the first box, where the polling station's number is read."""
        self._form, self._pages, self._shown = form, dict(pages), ("", 0)
        self._page = self._first = first
        self._crop.set_form(form)
        self._crop.set_whole(is_whole=self._is_uncertain(first))
        self._show_page()
        for page in form.pages:  # the second page is there before Enter leads to it
            self._crop.set_wide(is_wide=page.n not in self._pages)
            self._picture(page.n)
        self._crop.set_wide(is_wide=self._page not in self._pages)

    def clear(self) -> None:
        self._form, self._pages, self._shown = None, {}, ("", 0)
        self._crop.clear()

    def show_field(self, field: Field | None) -> None:
        """None: the top of the first page, where the polling station's number stands."""
        if self._form is None:
            return
        page = field.page if field is not None else self._first
        self._crop.set_field(field)
        if page != self._page or self._shown[0] == "":
            if self._is_uncertain(page) != self._is_uncertain(self._page):  # else the person's own F4 holds
                self._crop.set_whole(is_whole=self._is_uncertain(page))
            self._page = page
            self._show_page()

    def ahead(self, form: FormDefinition, pages: Mapping[int, PagePicture]) -> None:
        """Fetch the next form's pages while this one is keyed."""
        was_wide = self._page not in self._pages
        for one in form.pages:
            scanned = pages.get(one.n)
            self._crop.set_wide(is_wide=scanned is None)
            width = self._crop.picture_width()
            if scanned is not None:
                self._images.scan(scanned.path, width)
            else:
                self._images.paper(form, one.n, width, self._language)
        self._crop.set_wide(is_wide=was_wide)

    def _is_uncertain(self, page: int) -> bool:
        return page in self._pages and self._pages[page].is_uncertain

    def _name(self, page: int) -> str:
        if self._form is None:
            return ""
        scanned = self._pages.get(page)
        return str(scanned.path) if scanned is not None else paper_name(self._form, page)

    def _picture(self, page: int, *, is_urgent: bool = False) -> QImage | None:
        if self._form is None:
            return None
        scanned = self._pages.get(page)
        width = self._crop.picture_width()
        if scanned is not None:
            return self._images.scan(scanned.path, width, is_urgent=is_urgent)
        return self._images.paper(self._form, page, width, self._language)

    def _show_page(self) -> None:
        if self._form is None:
            return
        scanned = self._pages.get(self._page)
        self._crop.set_wide(is_wide=scanned is None)
        badge = scanned.badge if scanned is not None else _tr("Belum ada pindaian · tata letak kertas")
        picture = self._picture(self._page, is_urgent=True)
        name = self._name(self._page)
        if picture is None and self._shown[0] == name:
            return  # the same page at another zoom: the present picture stays until the sharper one comes
        self._shown = (name if picture is not None else "", self._page)
        self._crop.set_picture(picture, badge, _tr("Pindaian sedang dibuka…"))

    def _on_ready(self, name: str) -> None:
        if self._form is not None and name == self._name(self._page):
            self._show_page()

    def _on_failed(self, name: str, sentence: str) -> None:
        if self._form is not None and name == self._name(self._page):
            self._crop.set_picture(None, "", sentence)


def _tr(text: str) -> str:
    return QCoreApplication.translate("keying", text)
