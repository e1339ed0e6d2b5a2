"""A form's file and the parts it includes, as one text in which every line knows where it stands.

`include = ["parts/c1-2019.toml"]`, the last line before a file's first table, stands for the text of those files:
what all forms of an election share is written once. A part is looked for beside the file, then among the shipped ones;
parts include nothing. Only ordinary files are read, and together no more than `limits.FILE_BYTES`. Thread: any.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.forms import limits

_INCLUDE = re.compile(r"include\s*=\s*\[(.*)\]\s*(?:#.*)?$")
_NAMES = re.compile(r'\s*"([^"]*)"\s*(?:,|$)')
_TOO_LARGE = f"lebih besar dari {limits.FILE_BYTES // 1024} kB; bukan definisi formulir"
_PART = re.compile(r"parts/[a-z0-9]+(-[a-z0-9]+)*\.toml")  # nothing that leads out of the folder


class Unreadable(Exception):
    """A file that cannot be used; its text is the whole sentence, with file and line."""


@dataclass(frozen=True)
class Gathered:
    """The whole text; `origins[n]` is the file's name and the line in it of line n + 1."""

    text: str
    origins: tuple[tuple[str, int], ...]

    def where(self, line: int) -> str:
        """`c1-dpr.toml, baris 12`."""
        name, number = self.origins[min(line, len(self.origins)) - 1]
        return f"{name}, baris {number}"


def gather(path: Path, shipped: Path) -> Gathered:
    """Raises Unreadable."""
    lines: list[str] = []
    origins: list[tuple[str, int]] = []
    own = _text(path)
    room = limits.FILE_BYTES - len(own)
    for number, line in enumerate(own.split("\n"), start=1):
        included = _INCLUDE.match(line)
        if included is None:
            lines.append(line)
            origins.append((path.name, number))
            continue
        at = f"{path.name}, baris {number}"
        for part in _parts(included[1], path, shipped, at):
            text = _text(part, at)
            room -= len(text)
            if room < 0:
                raise Unreadable(f"{at}: bersama bagiannya {_TOO_LARGE}.")
            inside = text.split("\n")
            lines += inside
            origins += [(f"parts/{part.name}", place) for place in range(1, len(inside) + 1)]
    return Gathered("\n".join(lines), tuple(origins))


def _parts(listed: str, path: Path, shipped: Path, at: str) -> Iterator[Path]:
    seen: set[str] = set()
    for name in _NAMES.findall(listed):
        if not _PART.fullmatch(name):
            raise Unreadable(f"{at}: `{name}` bukan nama bagian (parts/nama.toml).")
        if name in seen:
            raise Unreadable(f"{at}: bagian `{name}` disebut dua kali.")
        seen.add(name)
        own = path.parent / name
        yield own if own.is_file() else shipped / name


def _text(path: Path, included_at: str = "") -> str:
    where = f"{included_at}: bagian `parts/{path.name}`" if included_at else f"{path.name}:"
    try:
        if path.exists() and not path.is_file():
            raise Unreadable(f"{where} bukan berkas.")  # a pipe or a device would never end
        with path.open("rb") as file:
            data = file.read(limits.FILE_BYTES + 1)
        if len(data) > limits.FILE_BYTES:
            raise Unreadable(f"{where} {_TOO_LARGE}.")
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        raise Unreadable(f"{where} tidak dapat dibaca ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise Unreadable(f"{path.name}, baris {line}: bukan teks UTF-8.") from error
