"""Developer's tool: keeps `resources/i18n/situng_en.ts` in step with the source texts, and compiles it.

`python -m ui.catalogue` adds new texts (unfinished), drops those that are gone, and runs Qt's `lrelease`. Qt's own
`lupdate` is not used for finding texts: it cannot see through a module's `_tr`, which carries its context with it.
Invariant: a translation is never lost while its source text stays. Thread: none; not part of the running window.
"""

from __future__ import annotations

import ast
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ui.theme import RESOURCES

SOURCES = Path(__file__).resolve().parent
FOLDER = RESOURCES / "i18n"
ENGLISH = FOLDER / "situng_en.ts"
INDONESIAN = FOLDER / "situng_id.ts"  # Qt's own texts alone: ours are written in Indonesian


@dataclass(frozen=True, slots=True, order=True)
class Text:
    """A source text in its context; `is_plural` when it counts with %n."""

    context: str
    source: str
    is_plural: bool = False


def source_texts(folder: Path = SOURCES) -> list[Text]:
    """Every text handed to `self.tr`, to a module's `_tr` or to `QCoreApplication.translate`."""
    found = {
        text
        for path in sorted(folder.rglob("*.py"))
        for text in _texts_of(ast.parse(path.read_text("utf-8")))
    }
    return sorted(found)


def translations(path: Path) -> dict[Text, list[str]]:
    """What a catalogue holds; an unfinished text has no translations."""
    held: dict[Text, list[str]] = {}
    if not path.is_file():
        return held
    for context in ET.parse(path).getroot().iter("context"):  # noqa: S314 - our own file, kept in the repository
        name = context.findtext("name") or ""
        for message in context.iter("message"):
            is_plural = message.get("numerus") == "yes"
            translation = message.find("translation")
            forms = [] if translation is None else [one.text or "" for one in translation.iter("numerusform")]
            if translation is not None and not is_plural:
                forms = [translation.text or ""]
            is_done = translation is not None and translation.get("type") != "unfinished" and all(forms)
            held[Text(name, message.findtext("source") or "", is_plural)] = forms if is_done else []
    return held


def write(path: Path, texts: dict[Text, list[str]], language: str) -> None:
    """The catalogue as Linguist reads it, contexts and texts in order, so that its diffs are small."""
    root = ET.Element("TS", version="2.1", language=language, sourcelanguage="id")
    contexts: dict[str, ET.Element] = {}
    for text in sorted(texts):
        context = contexts.get(text.context)
        if context is None:
            context = contexts[text.context] = ET.SubElement(root, "context")
            ET.SubElement(context, "name").text = text.context
        _add_message(context, text, texts[text])
    ET.indent(root)
    body = ET.tostring(root, encoding="unicode")
    path.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{body}\n', "utf-8", newline="\n")


def compile_catalogue(source: Path, target: Path) -> None:
    """Qt's `lrelease`, from the same environment."""
    tool = Path(sys.executable).with_name("pyside6-lrelease" + (".exe" if sys.platform == "win32" else ""))
    subprocess.run([tool, "-silent", source, "-qm", target], check=True)  # noqa: S603 - fixed argument list, no shell


def update() -> int:
    """Bring the catalogues up to date; how many texts still want a translation."""
    held = translations(ENGLISH)
    wanted = {text: held.get(text, []) for text in source_texts()}
    write(ENGLISH, wanted, "en")
    for path in (ENGLISH, INDONESIAN):
        compile_catalogue(path, path.with_suffix(".qm"))
    return sum(not forms for forms in wanted.values())


def _add_message(context: ET.Element, text: Text, forms: list[str]) -> None:
    message = ET.SubElement(context, "message", {"numerus": "yes"} if text.is_plural else {})
    ET.SubElement(message, "source").text = text.source
    translation = ET.SubElement(message, "translation", {} if forms else {"type": "unfinished"})
    if text.is_plural:
        for form in forms or ["", ""]:
            ET.SubElement(translation, "numerusform").text = form
    elif forms:
        translation.text = forms[0]


def _texts_of(module: ast.Module) -> Iterator[Text]:
    own = next((_own_context(node) for node in module.body if _is_tr(node)), "")
    yield from _walk(module, "", own)


def _is_tr(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name == "_tr"


def _own_context(function: ast.stmt) -> str:
    for node in ast.walk(function):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "translate"
        ):
            return _string(node.args[0])
    return ""


def _walk(node: ast.AST, class_name: str, own: str) -> Iterator[Text]:
    for child in ast.iter_child_nodes(node):
        inner = child.name if isinstance(child, ast.ClassDef) else class_name
        if isinstance(child, ast.Call):
            yield from _called(child, inner, own)
        yield from _walk(child, inner, own)


def _called(call: ast.Call, class_name: str, own: str) -> Iterator[Text]:
    words = [_string(one) for one in call.args]
    if isinstance(call.func, ast.Name) and call.func.id == "_tr" and words and words[0]:
        yield Text(own, words[0])
    elif isinstance(call.func, ast.Attribute) and words and words[0]:
        if call.func.attr == "tr":
            yield Text(class_name, words[0], len(words) > 2)
        elif call.func.attr == "translate" and len(words) > 1 and words[1]:
            yield Text(words[0], words[1])


def _string(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


if __name__ == "__main__":
    sys.stdout.write(f"{update()} texts still want a translation\n")
