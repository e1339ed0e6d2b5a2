"""What the program says to people, read out of its sources: for the tests of its language.

In `ui` a text reaches people through the catalogue; elsewhere the sentence stands where the facts are known (decision
098), so there every literal of two words counts, unless it is plainly for a machine: a docstring, a log line, SQL, a
protocol's line, the message of a bug. Thread: any.
"""

from __future__ import annotations

import ast
import functools
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, TypeAlias

import click
import jinja2
from jinja2 import nodes

from app.cli import main
from ui import catalogue

Around: TypeAlias = tuple[Any, ...]  # syntax nodes
ROOT = Path(__file__).resolve().parents[2]
_SHOWN_BY = {
    *("setText", "setPlainText", "setHtml", "setWindowTitle", "setTitle", "setToolTip", "setStatusTip"),
    *("setPlaceholderText", "setAccessibleName", "setAccessibleDescription", "setPrefix", "setSuffix"),
    *("addItem", "addAction", "addRow", "addTab", "addSection", "toast", "drawText"),
    *(
        "QLabel",
        "QPushButton",
        "QToolButton",
        "QCheckBox",
        "QRadioButton",
        "QGroupBox",
        "QAction",
        "QMessageBox",
    ),
}
_TO_MACHINES = {
    *("debug", "info", "warning", "error", "exception", "Broken"),  # the log, or what becomes a line of it
    *("execute", "executemany", "executescript", "compile", "setStyleSheet", "diagram"),
}
_LETTERS = re.compile(r"[^\W\d_]+")
_MNEMONIC = re.compile(r"(?<=\w)&(?=\w)")  # in the midst of a word
_TWO_WORDS = re.compile(r"[^\W\d_]{2,}[^\w]*\s[^\w]*[^\W\d_]{2,}")
_A_WORD = re.compile(r"[^\W\d_]{4,}")  # shorter ones are units and codes
_A_NAME = re.compile(r"\s*[A-Z][a-z]+\S*\s*")  # a title of one word; codes are written small
_NO_WORDS = (
    re.compile(  # quoted, options, addresses, names of files and fields, markup, gaps, patterns, mnemonics
        r"`[^`]*`|--[a-z-]+|https?://\S+|[\w{}]+[._][\w{}]+\S*|<[^>]*>|\{[^}]*\}|\*\.\w+|&(?=\w)"
    )
)
_SQL = re.compile(
    r"\b(?:SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|EXISTS|WHERE|AND|LIKE|AS|JOIN|CASE|ORDER|IN|NULL|COMMIT)\b"
    r"|^\s*--|\w = [':]|\w <> '"
)
_PROTOCOL = re.compile(r"\r\n|HTTP/1|charset=|'none'|[{;]\s*[\w-]+\s*:")  # headers, policies, style sheets
_KEYS = re.compile(
    r"(?:(?:Ctrl|Alt|Shift|Enter|Return|Esc|Tab|Backspace|Del|F|PgUp|PgDn|Home|End)(?:\d|\W|\b)+)+[A-Z{}]*"
)
_TOOLS = (
    "ui/catalogue.py",
    "app/store/migrations.py",
    "app/domain/lifecycle.py",
)  # they also write developers' files
_SPOKEN_BY_HTML = ("title", "aria-label", "alt", "placeholder")


@dataclass(frozen=True)
class Said:
    """A text and where it stands."""

    where: str
    text: str

    def words(self) -> set[str]:
        """Its words in small letters; names of files, options and fields are not words."""
        whole = _MNEMONIC.sub("", self.text)
        return {word.lower() for word in _LETTERS.findall(_NO_WORDS.sub(" ", whole))}


# ---- the window ------------------------------------------------------------------------------------------------------


def window_texts(language: str) -> list[Said]:
    """The catalogue: its sources are the Indonesian, `situng_en.ts` the English; and the help pages."""
    if language == "id":
        said = [Said(f"ui: {one.context}", one.source) for one in catalogue.source_texts()]
    else:
        held = catalogue.translations(catalogue.ENGLISH)
        said = [Said(f"ts: {text.context}: {text.source}", form) for text in held for form in held[text]]
    pages = sorted((ROOT / "resources" / "help").glob(f"*.{language}.md"))
    return said + [Said(page.name, page.read_text("utf-8")) for page in pages]


def form_texts(language: str) -> list[Said]:
    """Titles, labels and findings of every form definition."""
    files = sorted((ROOT / "resources" / "forms").rglob("*.toml"))
    return [
        Said(file.name, text)
        for file in files
        for text in _in_both_languages(tomllib.loads(file.read_text("utf-8")), language)
    ]


def _in_both_languages(value: Any, language: str) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _in_both_languages(one, language)
    elif isinstance(value, dict):
        if {"id", "en"} <= value.keys():
            yield str(value[language])
        for one in value.values():
            yield from _in_both_languages(one, language)


# ---- the centre's pages ----------------------------------------------------------------------------------------------


def site_texts() -> list[Said]:
    """What the centre's templates say, their expressions' words included."""
    return [
        Said(file.name, text)
        for file in sorted((ROOT / "sync" / "central" / "templates").glob("*.html"))
        for text in words_of_html(file.read_text("utf-8"))
    ]


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.said += [value or "" for name, value in attrs if name in _SPOKEN_BY_HTML]


def words_of_html(source: str) -> list[str]:
    """What a template says: its text, the attributes that are read out, the words in its expressions."""
    html = _Html()
    tree = jinja2.Environment(autoescape=True).parse(source)
    html.feed("".join(one.data for one in tree.find_all(nodes.TemplateData)))
    said = [one.value for one in tree.find_all(nodes.Const) if isinstance(one.value, str)]
    return [text.strip() for text in (*html.said, *said) if text.strip()]


# ---- the command line ------------------------------------------------------------------------------------------------


def command_texts() -> list[Said]:
    """What --help says of every command; click takes it from docstrings."""
    return list(_commands("situng-luring", main))


def _commands(name: str, command: click.Command) -> Iterator[Said]:
    yield Said(name, command.help or "")
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            yield from _commands(f"{name} {inner.name}", inner)


# ---- literals in the code --------------------------------------------------------------------------------------------


@functools.cache
def code_texts() -> tuple[Said, ...]:
    """Sentences of `app`, `sync` and `scanner`: what is raised to a person, said, waited for, or told by --help."""
    return tuple(
        said for name, source in _modules("app", "sync", "scanner") for said in sentences_in(name, source)
    )


def hard_coded_texts() -> list[Said]:
    """Words in `ui` that did not come through `tr`, `_tr` or `translate`."""
    return [said for name, source in _modules("ui") for said in hard_coded_in(name, source)]


def sentences_in(name: str, source: str) -> list[Said]:
    """What a module outside `ui` says to people."""
    return [
        Said(f"{name}:{around[0].lineno}", text)
        for text, around in _walk(ast.parse(source), ())
        if _TWO_WORDS.search(text) and not _is_for_machines(text, around)
    ]


def hard_coded_in(name: str, source: str) -> list[Said]:
    """What a module of `ui` says past the catalogue."""
    return [
        Said(f"{name}:{around[0].lineno}", text)
        for text, around in _walk(ast.parse(source), ())
        if (_TWO_WORDS.search(_plain(text)) or _A_NAME.fullmatch(_plain(text)) or _is_shown(text, around))
        and not _is_translated(around)
        and not _is_for_machines(text, around)
        and not _is_measure(around)
        and not _KEYS.fullmatch(_plain(text).strip(" ,"))
    ]


def _modules(*packages: str) -> Iterator[tuple[str, str]]:
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if name not in _TOOLS:
                yield name, path.read_text("utf-8")


def _plain(text: str) -> str:
    return _NO_WORDS.sub(" ", text)


def _walk(node: ast.AST, around: Around) -> Iterator[tuple[str, Around]]:
    """Each text (an f-string with its gaps), and the nodes around it up to its statement, the nearest first."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if not isinstance(around[0], ast.Expr):  # a docstring, of whatever
            yield node.value, (node, *around)
        return
    if isinstance(node, ast.JoinedStr):
        parts = [one.value if isinstance(one, ast.Constant) else "{}" for one in node.values]
        yield "".join(str(part) for part in parts), (node, *around)
    inner = (node,) if isinstance(node, ast.stmt) else (node, *around)
    for child in ast.iter_child_nodes(node):
        if isinstance(node, ast.JoinedStr) and not isinstance(child, ast.FormattedValue):
            continue
        if isinstance(node, ast.FormattedValue) and child is node.format_spec:
            continue
        yield from _walk(child, inner)


def _calls(around: Around) -> list[str]:
    """The last names of the calls around: `tr`, `Unavailable`, `warning`."""
    return [
        ast.unparse(node.func).rpartition(".")[2].removeprefix("_")
        for node in around
        if isinstance(node, ast.Call)
    ]


def _is_translated(around: Around) -> bool:
    return bool({"tr", "translate"} & set(_calls(around)))


def _is_export_list(node: ast.AST) -> bool:
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"


def _is_for_machines(text: str, around: Around) -> bool:
    calls = set(_calls(around))
    if any(isinstance(node, ast.keyword) and node.arg == "en" for node in around):
        return True  # the English of a `Text`
    if any(isinstance(node, ast.Call) and _is_english(node, around) for node in around):
        return True
    if calls & _TO_MACHINES or any(_is_export_list(node) for node in around):
        return True
    raised = next((node for node in around if isinstance(node, ast.Raise)), None)
    if raised is not None and isinstance(raised.exc, ast.Call):
        kind = ast.unparse(raised.exc.func).rpartition(".")[2]
        if kind.endswith("Error") or kind == "IllegalTransition":
            return True  # a bug
    return bool(_SQL.search(text) or _PROTOCOL.search(text))


def _is_english(call: ast.Call, around: Around) -> bool:
    """The second of `Text("kosong", "blank")`."""
    return ast.unparse(call.func) == "Text" and len(call.args) > 1 and call.args[1] in around


def _is_shown(text: str, around: Around) -> bool:
    """A word, however small, handed straight to something that shows it."""
    call = next((node for node in around if isinstance(node, ast.Call)), None)
    if call is None or not call.args or ast.unparse(call.func).rpartition(".")[2] not in _SHOWN_BY:
        return False
    return call.args[0] in around and bool(_A_WORD.search(_plain(text)))


def _is_measure(around: Around) -> bool:
    """The sample of a `Column`: as wide as a usual text, never shown."""
    literal, call = around[0], around[1] if len(around) > 1 else None
    return isinstance(call, ast.Call) and ast.unparse(call.func) == "Column" and literal in call.args[2:3]
