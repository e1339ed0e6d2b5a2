"""May the form be left where it is, because the pages that follow have not come? Which boxes come first then. Pure.

Invariant: whole pages and nothing of the others; a page that is scanned is here. Thread: any.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from enum import Enum, auto

from app.domain.readings import PageCut


class Absent(Enum):
    """The answer to the key; the page owns the words."""

    ENDS = auto()  # what is here is finished, the rest is read when it comes
    SINGLE_BOXES = auto()  # a third reader's
    NOTHING_READ = auto()
    PAGE_BEGUN = auto()
    NOTHING_LEFT = auto()
    SCANNED = auto()


def absent(
    pages: PageCut, page_of: Mapping[str, int], scanned: Container[int], *, is_whole: bool, is_typing: bool
) -> Absent:
    """`is_whole`: pages are read here, no single boxes; `is_typing`: some box holds what Enter did not commit."""
    if not is_whole:
        return Absent.SINGLE_BOXES
    if pages.missing or is_typing:
        return Absent.PAGE_BEGUN
    if not pages.read:
        return Absent.NOTHING_READ
    if not pages.untouched:
        return Absent.NOTHING_LEFT
    if any(page_of[one] in scanned for one in pages.untouched):
        return Absent.SCANNED
    return Absent.ENDS


def here_first(fields: Sequence[str], page_of: Mapping[str, int], scanned: Container[int]) -> tuple[str, ...]:
    """Boxes of scanned pages before those of pages that may not be here, each in paper order."""
    return tuple(sorted(fields, key=lambda one: page_of[one] not in scanned))


def pages_of(fields: Sequence[str], page_of: Mapping[str, int]) -> tuple[int, ...]:
    """The pages these boxes stand on, in order."""
    return tuple(sorted({page_of[one] for one in fields}))
