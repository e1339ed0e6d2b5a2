"""Which form and page a scanned sheet belongs to: the set opened by a cover sheet, the layout seen, the person's word.

Invariant: what a person said is never overruled, only questioned (a warning); what nobody said is never guessed:
a sheet without set or code waits in the inbox. Pure state, one per stream of sheets; no disk, no clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.c1form import C1Key
from app.domain.form import FormDefinition
from app.ports import IntakeState
from scanner.identify import Code


@dataclass(frozen=True, slots=True)
class Seen:
    """What the pipeline saw on a sheet. `form` and `page` are the recognised layout, "" and 0 when there is none.

    `alike`: every form and page that look so. Page 1 of a DPR sheet looks as that of PPWP; its party pages are alike.
    """

    code: Code | None
    form: str
    page: int
    is_blank: bool
    alike: tuple[tuple[str, int], ...] = ()

    def pages_of(self, form: str) -> tuple[int, ...]:
        """The pages of this form the sheet may be, in their order."""
        return tuple(sorted({page for one, page in ((self.form, self.page), *self.alike) if one == form}))

    @property
    def sure_page(self) -> int | None:
        """The page number, where everything that looks so has the same one."""
        return self.page if self.page and {page for _form, page in self.alike} <= {self.page} else None


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a sheet goes; key and page of an inbox sheet are a suggestion."""

    state: IntakeState
    key: C1Key | None = None
    page: int | None = None
    warnings: tuple[str, ...] = ()
    text: str = ""


class SheetSet:
    """One stream of sheets: feeder, folder or file list. Sheets come in the order they were scanned."""

    def __init__(self, forms: Mapping[str, FormDefinition]) -> None:
        self._forms = forms
        self._key: C1Key | None = None
        self._pages: list[int] = []
        self._doubted = False  # a cover sheet named another TPS than the person did

    @property
    def key(self) -> C1Key | None:
        """The form whose set is open."""
        return self._key

    def memo(self) -> tuple[C1Key | None, tuple[int, ...], bool]:
        """Where the stream stands, for `restore` when a placed sheet could not be stored after all."""
        return self._key, tuple(self._pages), self._doubted

    def restore(self, memo: tuple[C1Key | None, tuple[int, ...], bool]) -> None:
        """As if the sheets placed since `memo` had not come: they will come again."""
        self._key, self._pages, self._doubted = memo[0], list(memo[1]), memo[2]

    def place(self, seen: Seen, key: C1Key | None = None, page: int | None = None) -> Placement:
        """Where this sheet goes, given what the person said (`key`, `page`) and what came before."""
        if seen.is_blank:
            return Placement(
                IntakeState.SET_ASIDE, key, None, ("blank_page",), "Halaman tampak kosong; disisihkan."
            )
        if seen.code is not None:
            covered = self._open(seen.code, key)
            if covered is not None or not seen.form:
                return covered or Placement(IntakeState.COVER, self._key, None)
        if key is not None:
            return self._as_told(seen, key, page)
        if self._key is None:
            text = "Belum diketahui TPS-nya; menunggu di kotak masuk."
            return Placement(IntakeState.INBOX, None, seen.sure_page, (), text)
        return self._in_set(seen, self._key)

    def _open(self, code: Code, told: C1Key | None) -> Placement | None:
        if told is not None and (code.tps, code.form) != (told.tps, told.form):
            self._doubted = True
            text = f"Lembar pengantar ini milik {code.tps.label} ({code.tps}), bukan {told.tps.label} ({told.tps})."
            return Placement(IntakeState.INBOX, C1Key(code.tps, code.form), None, ("wrong_station",), text)
        if code.form not in self._forms:
            text = f"Lembar pengantar ini untuk formulir {code.form}, yang tidak dikerjakan di sini."
            return Placement(IntakeState.INBOX, None, None, ("unknown_form",), text)
        self._key = C1Key(code.tps, code.form)
        self._pages = []
        self._doubted = False
        return None

    def _as_told(self, seen: Seen, key: C1Key, page: int | None) -> Placement:
        if self._doubted:
            text = f"Lembar ini menyusul lembar pengantar TPS lain, bukan {key.tps.label}; menunggu di kotak masuk."
            return Placement(IntakeState.INBOX, key, seen.page or None, ("wrong_station",), text)
        if self._key != key:
            self._key, self._pages = key, []
        may_be = seen.pages_of(key.form)
        number = page or self._among(key, may_be)
        warnings = ("wrong_page",) if seen.form and number not in may_be else ()
        if number == 0 or (page is None and number in self._pages):
            return self._surplus(key, number)
        self._pages.append(number)
        return Placement(IntakeState.ASSIGNED, key, number, warnings)

    def _in_set(self, seen: Seen, key: C1Key) -> Placement:
        may_be = seen.pages_of(key.form)
        if seen.form and not may_be:
            text = (
                f"Tata letaknya {seen.form} halaman {seen.page}, bukan {key.form}; menunggu di kotak masuk."
            )
            return Placement(IntakeState.INBOX, C1Key(key.tps, seen.form), seen.page, ("wrong_page",), text)
        expected = self._next(key)
        number = self._among(key, may_be)
        if number == 0 or number in self._pages:
            return self._surplus(key, number)
        warnings = ("page_order",) if number != expected else ()
        self._pages.append(number)
        return Placement(IntakeState.ASSIGNED, key, number, warnings)

    def _surplus(self, key: C1Key, number: int) -> Placement:
        if self._next(key) == 0:
            text = f"Set {key.tps.label} sudah lengkap; halaman ini menunggu di kotak masuk."
            return Placement(IntakeState.INBOX, key, number or None, ("extra_page",), text)
        text = f"Halaman {number} sudah ada dalam set {key.tps.label}; yang ini menunggu di kotak masuk."
        return Placement(IntakeState.INBOX, key, number, ("page_twice",), text)

    def _among(self, key: C1Key, may_be: tuple[int, ...]) -> int:
        """Which of the pages it may be: the expected one, else one that has not come. Not recognised: the expected."""
        expected = self._next(key)
        if not may_be or expected in may_be:
            return expected
        return next((n for n in may_be if n not in self._pages), may_be[0])

    def _next(self, key: C1Key) -> int:
        """The first page of the form not seen in this set; 0 when all have come."""
        pages = [one.n for one in self._forms[key.form].pages] if key.form in self._forms else []
        return next((n for n in pages if n not in self._pages), 0)
