"""Rules that no linter knows: what may stand in the tree, and what the interpreter must resolve from it."""

import ast
import importlib
import importlib.metadata
import io
import re
import subprocess
import sys
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("app", "sync", "scanner", "ui")
MAX_LINES = 500

# Written in pieces, or this file would be the first to break its own rule.
MACHINE_PATHS = "|".join(("ro" + "ot", "ho" + "me", "wo" + "rk", "Us" + "ers"))
REGISTRIES = "|".join(
    (
        "py" + "pi\\.org",
        "python" + "hosted\\.org",
        "npm" + "js\\.(?:org|com)",
        "deb\\.debian" + "\\.org",
        "yarn" + "pkg\\.com",
    )
)
LEAK = re.compile(
    rf"(?<![\w.\-/*}}])/(?:{MACHINE_PATHS})/"
    rf"|\b[A-Z]:\\(?:{MACHINE_PATHS})\\"
    rf"|(?:{REGISTRIES})"
    r"|--(?:extra-)?index" + r"-url|--find" + r"-links|https?://\S+/simple\b"
)
EXEMPTION = re.compile(r"#\s*(?:noqa|type:\s*ignore|pragma:\s*no)\b")
EXEMPTION_WITH_REASON = re.compile(
    r"#\s*(?:noqa:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*|type:\s*ignore\[[\w\-, ]+\]|pragma:\s*no (?:cover|branch))"
    r"\s*(?:#|-|–|:|because)\s*(?:\w.*\w{2})"
)


def tracked(*suffixes: str) -> list[Path]:
    """Files of the tree as git sees them, the new ones included: a rule must speak before the commit."""
    listing = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    paths = [ROOT / name for name in listing.splitlines()]
    return [path for path in paths if path.is_file() and (not suffixes or path.suffix in suffixes)]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def comments(source: str) -> list[tuple[int, str]]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return [(token.start[0], token.string) for token in tokens if token.type == tokenize.COMMENT]


def test_no_machine_path_and_no_registry_address() -> None:
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # pictures and other binary data
        found += [
            f"{name(path)}:{number}: {line.strip()[:90]}"
            for number, line in enumerate(text.splitlines(), 1)
            if LEAK.search(line)
        ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("line", "leaks"),
    [
        ("cd /wo" + "rk/main", True),
        ("DIR=/ho" + "me/budi/data", True),
        ("pip install --index" + "-url X", True),
        ("https://files.python" + "hosted.org/packages", True),
        ("C:\\Us" + "ers\\budi", True),
        ("/api/v1/work/forms", False),
        ("homework/1", False),
        ("xxx--index", False),
    ],
)
def test_leak_pattern(line: str, leaks: bool) -> None:
    assert bool(LEAK.search(line)) is leaks


def test_no_python_file_is_too_long() -> None:
    lengths = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in tracked(".py")}
    assert not {path: lines for path, lines in lengths.items() if lines > MAX_LINES}


def test_data_folders_are_no_packages() -> None:
    """With an `__init__.py` they would shadow PyPA's `installer`, or `app` by way of `tests/unit/app`."""
    wrong = [
        name(p)
        for p in tracked(".py")
        if p.name == "__init__.py" and p.relative_to(ROOT).parts[0] not in PACKAGES
    ]
    assert not wrong


def test_every_package_folder_is_a_package() -> None:
    """A folder without `__init__.py` would be invisible to import-linter and to the frozen build."""
    folders = {p.parent for p in tracked(".py") if p.relative_to(ROOT).parts[0] in PACKAGES}
    assert not [name(folder) for folder in folders if not (folder / "__init__.py").is_file()]


def test_no_search_path_edit() -> None:
    edit = re.compile(r"sys\.path\s*(?:\.|\[|\+?=)|site\.addsitedir|sys\.meta_path")
    code = [p for p in tracked(".py") if p != Path(__file__).resolve()]
    assert not [name(path) for path in code if edit.search(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("package", PACKAGES)
def test_package_is_ours(package: str) -> None:
    """The names are generic: an installed distribution that claims one would be imported instead of ours."""
    module = importlib.import_module(package)
    assert module.__file__ is not None
    assert Path(module.__file__).resolve() == ROOT / package / "__init__.py"
    assert package not in importlib.metadata.packages_distributions()


def test_our_plain_folders_are_not_shadowed() -> None:
    """`tests` and `installer` are namespace packages: any installed regular package of that name would win."""
    assert not {"tests", "installer", "resources"} & set(importlib.metadata.packages_distributions())


def test_every_exemption_has_its_reason() -> None:
    bare = [
        f"{name(path)}:{number}: {text}"
        for path in tracked(".py")
        for number, text in comments(path.read_text(encoding="utf-8"))
        if EXEMPTION.search(text) and not EXEMPTION_WITH_REASON.search(text)
    ]
    assert not bare, "\n".join(bare)


@pytest.mark.parametrize(
    ("comment", "has_reason"),
    [
        ("noqa: S603 - fixed argument list", True),
        ("type: ignore[attr-defined]  # only on Windows", True),
        ("noqa: S603, S607 - peers by name", True),
        ("noqa", False),
        ("noqa: S603", False),
        ("type: ignore", False),
        ("type: ignore[arg-type]", False),
    ],
)
def test_reason_pattern(comment: str, has_reason: bool) -> None:
    assert EXEMPTION.search(f"# {comment}")
    assert bool(EXEMPTION_WITH_REASON.search(f"# {comment}")) is has_reason


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b|NotImplemented" + "Error")
    code = [p for p in tracked(".py") if p.relative_to(ROOT).parts[0] != "tests"]
    found = [
        f"{name(path)}:{number}: {line.strip()[:90]}"
        for path in code
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if later.search(line)
    ]
    assert not found, "\n".join(found)


def test_no_function_is_too_long() -> None:
    """Split at 60 lines. Tests may be longer: a story is told in one piece."""
    long = [
        f"{name(path)}:{node.lineno}: {node.name}"
        for path in tracked(".py")
        if path.relative_to(ROOT).parts[0] != "tests"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno >= 60
    ]
    assert not long, "\n".join(long)


def test_tests_patch_no_path_and_never_sleep() -> None:
    wrong = re.compile(
        r"mock\.pa" + r"tch|setattr\(\s*[\"']\w+\.|\b(?:time|asyncio)\.sl" + r"eep\(\s*[0-9]*\.?[0-9]*[1-9]"
    )
    assert not [
        f"{name(path)}:{number}: {line.strip()[:90]}"
        for path in tracked(".py")
        if path.relative_to(ROOT).parts[0] == "tests"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if wrong.search(line)
    ]


def test_locks_name_no_place_and_pin_everything() -> None:
    for lock in ("run.txt", "test.txt"):
        text = (ROOT / "installer" / "lock" / lock).read_text(encoding="utf-8")
        pins = [line for line in text.splitlines() if not line.startswith((" ", "#"))]
        assert all(re.match(r"[a-z0-9\-]+==\S+", pin) for pin in pins), lock
        assert text.count("--hash=sha256:") >= len(pins)
        assert "://" not in text


def test_run_lock_is_a_part_of_the_test_lock() -> None:
    """The tests must run with the very versions that are shipped."""

    def pins(lock: str) -> set[str]:
        text = (ROOT / "installer" / "lock" / lock).read_text(encoding="utf-8")
        return {line.split()[0] for line in text.splitlines() if "==" in line}

    assert pins("run.txt") <= pins("test.txt")


def test_signals_keep_the_reference_counts() -> None:
    """PySide6 6.12.0 drops a reference to True with every emission and aborts Python 3.11 after some five hundred."""
    from PySide6.QtCore import QObject, Signal

    class Source(QObject):
        happened = Signal(int)

    source = Source()
    seen: list[int] = []
    source.happened.connect(seen.append)
    source.happened.emit(0)
    before = sys.getrefcount(True), sys.getrefcount(None)
    for number in range(100):
        source.happened.emit(number)
    after = sys.getrefcount(True), sys.getrefcount(None)
    assert len(seen) == 101
    assert max(abs(a - b) for a, b in zip(before, after, strict=True)) < 20
