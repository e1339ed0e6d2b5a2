"""A TOML file with its line numbers: typed access that collects faults instead of stopping at the first.

Invariant: every fault names a line; a value that is missing or of the wrong type is reported once and replaced by an
empty one, so that reading goes on and all faults come back in one trip. Thread: any.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from app.domain.form import Text
from app.forms import limits

Place: TypeAlias = tuple[
    str | int, ...
]  # ("section", 2, "row", 0, "y"): the way from the file's root to a value

_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_-][A-Za-z0-9_. -]*?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r'\s*("[^"]*"|[A-Za-z0-9_-]+)\s*=')
_TOML_LINE = re.compile(r"at line (\d+)")


class Lines:
    """Where tables and keys stand in the source. tomllib keeps no positions, so headers and keys are found again."""

    def __init__(self, source: str) -> None:
        self._lines: dict[Place, int] = {(): 1}
        table: Place = ()
        counts: dict[Place, int] = {}
        for number, line in enumerate(source.split("\n"), start=1):
            if header := _HEADER.match(line):
                table = self._enter(header[2].split("."), header[1] == "[[", counts)
                self._lines.setdefault(table, number)
            elif key := _KEY.match(line):
                self._lines.setdefault((*table, key[1].strip('"')), number)

    def of(self, place: Place) -> int:
        """The line of a value, or of the nearest table around it."""
        while place not in self._lines:
            place = place[:-1]
        return self._lines[place]

    @staticmethod
    def _enter(names: Sequence[str], is_array: bool, counts: dict[Place, int]) -> Place:
        place: Place = ()
        for depth, raw in enumerate(names, start=1):
            place = (*place, raw.strip())
            if is_array and depth == len(names):
                counts[place] = counts.get(place, -1) + 1
            if place in counts:
                place = (*place, counts[place])
        return place


@dataclass
class Faults:
    """Faults of one file, in the order found."""

    lines: Lines
    found: list[tuple[int, str]] = field(default_factory=list)

    def add(self, place: Place, sentence: str) -> None:
        self.found.append((self.lines.of(place), sentence))

    def sentences(self) -> list[tuple[int, str]]:
        """By line, each once."""
        return sorted(dict.fromkeys(self.found))


@dataclass
class Places:
    """Where each piece of a form stands in the file, and so what stands twice."""

    fields: dict[str, Place] = field(default_factory=dict)
    checks: dict[str, Place] = field(default_factory=dict)
    sections: dict[str, Place] = field(default_factory=dict)
    profiles: dict[str, Place] = field(default_factory=dict)


def parse(source: str) -> tuple[dict[str, object], Faults]:
    """The file's data; a syntax error, or a line that would be read for minutes, is the one fault: no data then."""
    for number, letters in enumerate(map(len, source.split("\n")), start=1):
        if letters > limits.LINE_LETTERS:
            return {}, Faults(Lines(""), [(number, f"baris lebih dari {limits.LINE_LETTERS} huruf.")])
    faults = Faults(Lines(source))
    try:
        return tomllib.loads(source), faults
    except tomllib.TOMLDecodeError as error:
        line = _TOML_LINE.search(str(error))
        number = int(line[1]) if line else max(1, source.count("\n"))  # "at end of document" has no number
        faults.found.append((number, f"bukan TOML yang benar: {error}."))
    except (RecursionError, ValueError):  # a thousand brackets; a number of more digits than Python reads
        faults.found.append((1, "bukan TOML yang benar: terlalu dalam, atau angkanya terlalu panjang."))
    return {}, faults


class Table:
    """One TOML table. Ask for every key it may have, then call `close`, which reports the rest as unknown."""

    def __init__(self, values: Mapping[str, object], place: Place, faults: Faults) -> None:
        self._values = values
        self.place = place
        self.faults = faults
        self._asked: set[str] = set()

    def has(self, key: str) -> bool:
        return key in self._values

    def fault(self, sentence: str, key: str = "") -> None:
        self.faults.add((*self.place, key) if key else self.place, sentence)

    def string(self, key: str, default: str | None = None) -> str:
        value = self._take(key, default)
        if value is None or (isinstance(value, str) and (value.strip() or value == default)):
            return self._sober(key, value or "")
        self.fault(f"`{key}` harus berupa teks yang tidak kosong.", key)
        return ""

    def number(self, key: str, default: float | None = None) -> float:
        value = self._take(key, default)
        if isinstance(value, int | float) and not isinstance(value, bool) and _is_measure(value):
            return float(value)
        if value is not None:
            self.fault(f"`{key}` harus berupa angka.", key)
        return 0.0

    def integer(self, key: str, default: int | None = None) -> int:
        value = self._take(key, default)
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= limits.WHOLE_NUMBER:
            return value
        if value is not None:
            self.fault(f"`{key}` harus berupa bilangan bulat.", key)
        return 0

    def flag(self, key: str) -> bool:
        value = self._take(key, default=False)
        if isinstance(value, bool):
            return value
        self.fault(f"`{key}` harus true atau false.", key)
        return False

    def strings(self, key: str, default: Sequence[str] | None = None) -> tuple[str, ...]:
        value = self._take(key, default)
        if isinstance(value, list | tuple) and all(isinstance(one, str) for one in value):
            return tuple(self._sober(key, one) for one in value)
        if value is not None:
            self.fault(f"`{key}` harus berupa daftar teks.", key)
        return ()

    def text(self, key: str) -> Text:
        """`{ id = "...", en = "..." }`, both filled."""
        inner = self.table(key)
        text = Text(id=inner.string("id"), en=inner.string("en"))
        inner.close()
        return text

    def mapping(self, key: str, *, optional: bool = False) -> dict[str, str]:
        """A table of strings with free keys."""
        values = self._take(key, {} if optional else None)
        if isinstance(values, dict) and all(isinstance(one, str) for one in values.values()):
            return dict(values)
        if values is not None:
            self.fault(f"`{key}` harus berupa tabel teks.", key)
        return {}

    def table(self, key: str) -> Table:
        values = self._take(key, None)
        if isinstance(values, dict):
            return Table(values, (*self.place, key), self.faults)
        if values is not None:
            self.fault(f"`{key}` harus berupa tabel.", key)
        return Nothing((*self.place, key), self.faults)

    def tables(self, key: str) -> list[Table]:
        """An array of tables with at least one entry."""
        values = self._take(key, None)
        if isinstance(values, list) and values and all(isinstance(one, dict) for one in values):
            return [Table(one, (*self.place, key, place), self.faults) for place, one in enumerate(values)]
        if values is not None:
            self.fault(f"`{key}` harus berupa daftar tabel yang tidak kosong.", key)
        return []

    def objects(self, key: str) -> list[dict[str, object]]:
        """An array of tables with free keys and values; may be missing."""
        values = self._take(key, [])
        if isinstance(values, list) and all(isinstance(one, dict) for one in values):
            return values
        self.fault(f"`{key}` harus berupa daftar tabel.", key)
        return []

    def close(self) -> None:
        for key in self._values:
            if key not in self._asked:
                self.fault(f"kunci `{key}` tidak dikenal di sini.", key)

    def _sober(self, key: str, text: str) -> str:
        """A text that can be shown on one line."""
        if len(text) > limits.TEXT_LETTERS or not text.isprintable():
            self.fault(f"`{key}` harus paling panjang {limits.TEXT_LETTERS} huruf, dalam satu baris.", key)
            return ""
        return text

    def _take(self, key: str, default: object) -> object:
        self._asked.add(key)
        if key in self._values:
            return self._values[key]
        if default is None:
            self.fault(f"`{key}` belum ada.")
        return default


def _is_measure(value: float) -> bool:
    """Neither `nan` nor `inf`, which TOML has, nor more than any paper needs."""
    return math.isfinite(value) and abs(value) <= limits.WHOLE_NUMBER


class Nothing(Table):
    """Stands for a table that is missing or no table: reported once already, so it asks for nothing more."""

    def __init__(self, place: Place, faults: Faults) -> None:
        super().__init__({}, place, faults)

    def fault(self, sentence: str, key: str = "") -> None:
        """Silent: the missing table is the fault."""
