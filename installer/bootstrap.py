"""From a bare machine to a running program: `setup`, `run ARGS...`, `test`.

Owns `.venv/` and `tests/peers/node_modules/` and nothing else of the machine, except the Debian packages it installs as
root. Invariant: each holds exactly what its lock says (the stamp is written after the installation succeeded, removed
before it starts), and nothing is fetched while the stamp matches. Needs Python 3.11 and its standard library.
One thread.
"""

import argparse
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - this file is what an older Python is started with
    sys.exit("Situng Luring needs Python 3.11 or newer. Install it, then run the same command again.")

import tomllib

ROOT = Path(__file__).resolve().parent.parent
INSTALLER = ROOT / "installer"
LOCKS = INSTALLER / "lock"
VENV = ROOT / ".venv"
STAMP = VENV / "situng-stamp.json"
BIN = VENV / ("Scripts" if sys.platform == "win32" else "bin")
PYTHON = BIN / ("python.exe" if sys.platform == "win32" else "python")
NODE_PEERS = ROOT / "tests" / "peers"
NODE_STAMP = NODE_PEERS / "node_modules" / ".situng-stamp"

MOST_CORES = 8  # a worker is a Qt, a centre and a program or two: about 700 MB

# What pip and npm print when the way out is closed. Their own advice does not help: the cause is never one package.
NO_NETWORK = (
    "ProxyError",
    "NewConnectionError",
    "NameResolutionError",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "Temporary failure in name resolution",
    "getaddrinfo failed",
    "Cannot connect to proxy",
    "SSLError",
    "ENOTFOUND",
    "ECONNREFUSED",
    "ECONNRESET",
    "ETIMEDOUT",
    "EAI_AGAIN",
)


class Stop(Exception):
    """Bootstrap cannot go on: one sentence about what happened, one about what to do."""

    def __init__(self, what: str, hint: str, code: int = 1) -> None:
        super().__init__(f"{what} {hint}")
        self.code = code


@dataclass(frozen=True)
class Peer:
    """A third-party program that tests talk to. `files`, below the root: what `test` installs for it."""

    name: str
    packages: tuple[str, ...]
    programs: tuple[str, ...]
    probe: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Catalogue:
    """installer/debian.toml."""

    offscreen: tuple[str, ...]
    window: tuple[str, ...]
    peers: tuple[Peer, ...]


# --- decisions: values in, values out ---------------------------------------------------------------------------------


def read_catalogue(text: str) -> Catalogue:
    data = tomllib.loads(text)
    peers = tuple(
        Peer(name, *(tuple(p.get(key, ())) for key in ("packages", "programs", "probe", "files")))
        for name, p in data["peers"].items()
    )
    return Catalogue(tuple(data["qt"]["offscreen"]), tuple(data["qt"]["window"]), peers)


def lock_hash(lock: bytes) -> str:
    """Line endings do not count: a checkout on Windows may have changed them."""
    return hashlib.sha256(lock.replace(b"\r\n", b"\n")).hexdigest()


def is_current(stamp: Mapping[str, str], lock_name: str, digest: str, python: str) -> bool:
    """Whether what the stamp says was installed is what the lock asks for now, for the same Python."""
    return stamp.get(lock_name) == digest and stamp.get("python") == python


def missing_packages(wanted: Iterable[str], dpkg_listing: str) -> list[str]:
    """The wanted packages that are neither installed nor provided by an installed one.

    `dpkg_listing`: lines "status<TAB>package<TAB>provides", as asked for in `dpkg_listing()`.
    """
    have: set[str] = set()
    for line in dpkg_listing.splitlines():
        status, name, provides = [*line.split("\t"), "", ""][:3]
        if status.startswith("ii"):
            have.add(name)
            have.update(entry.split()[0] for entry in provides.split(",") if entry.strip())
    return [name for name in dict.fromkeys(wanted) if name not in have]


def needs_window(args: Sequence[str], env: Mapping[str, str]) -> bool:
    """Whether `run ARGS` opens a window on a screen (not headless, not offscreen)."""
    platform = env.get("QT_QPA_PLATFORM", "").partition(":")[0]
    return not is_headless(args) and platform not in {"offscreen", "minimal", "vnc"}


def is_headless(args: Sequence[str]) -> bool:
    return "--headless" in args or "--help" in args


def has_screen(env: Mapping[str, str], platform: str) -> bool:
    return platform != "linux" or bool(env.get("DISPLAY") or env.get("WAYLAND_DISPLAY"))


def install_failure(tool: str, output: str) -> Stop:
    """One sentence for what pip or npm said at length."""
    if any(sign in output for sign in NO_NETWORK):
        return Stop(
            f"{tool} cannot fetch the packages: no way to the package index.",
            "Check the network and the proxy (HTTPS_PROXY), then run the same command again; nothing else was changed.",
        )
    if any(sign in output for sign in ("No space left", "Errno 28", "ENOSPC")):
        return Stop("The disk is full.", "Free about 700 MB, then run the same command again.")
    if any(sign in output for sign in ("DO NOT MATCH THE HASHES", "EINTEGRITY")):
        return Stop(
            "A downloaded package is not the one that was locked.",
            "Do not go on with it: try another network first, then report it.",
        )
    return Stop(
        f"{tool} failed (its words are above).", "Run the same command again after the cause is gone."
    )


def closing_line(junit_xml: str) -> str:
    """pytest's counts in the plain form that CI reads."""
    suites = ET.fromstring(junit_xml).iter("testsuite")  # noqa: S314 - written by our own pytest a moment ago
    tests = failed = skipped = 0
    for suite in suites:
        tests += int(suite.get("tests", "0"))
        failed += int(suite.get("failures", "0")) + int(suite.get("errors", "0"))
        skipped += int(suite.get("skipped", "0"))
    return f"{tests - failed - skipped} passed, {failed} failed, {skipped} skipped"


def is_peer_present(peer: Peer) -> bool:
    for alternatives in peer.programs:
        if not any(shutil.which(name) for name in alternatives.split("|")):
            return False
    return not peer.probe or subprocess.run(peer.probe, capture_output=True, check=False).returncode == 0


def is_peer_ready(peer: Peer) -> bool:
    """Present, and with what `test` installs for it."""
    return is_peer_present(peer) and all((ROOT / name).exists() for name in peer.files)


# --- the machine ------------------------------------------------------------------------------------------------------


def say(text: str) -> None:
    print(text, flush=True)


def catalogue() -> Catalogue:
    return read_catalogue((INSTALLER / "debian.toml").read_text(encoding="utf-8"))


def is_debian() -> bool:
    return sys.platform == "linux" and bool(shutil.which("dpkg-query") and shutil.which("apt-get"))


def is_root() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0


def dpkg_listing() -> str:
    query = ["dpkg-query", "-W", "-f=${db:Status-Abbrev}\t${Package}\t${Provides}\n"]
    return subprocess.run(query, capture_output=True, text=True, encoding="utf-8", check=True).stdout


def apt_install(packages: Sequence[str]) -> None:
    say(f"Installing Debian packages: {' '.join(packages)}")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    wait = ["-o", "DPkg::Lock::Timeout=300"]  # another apt may be at work on a fresh machine
    for command in (
        ["apt-get", *wait, "-q", "update"],
        ["apt-get", *wait, "-q", "-y", "--no-install-recommends", "install", *packages],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=env, encoding="utf-8")
        if done.returncode != 0:
            say("\n".join((done.stdout + done.stderr).splitlines()[-15:]))
            raise Stop("apt-get failed (its words are above).", f"Install by hand: {' '.join(packages)}")


def ensure_debian(packages: Sequence[str], what_for: str) -> None:
    """Install what is missing as root, otherwise say what is missing. Other systems: nothing to check."""
    if not is_debian():
        return
    missing = missing_packages(packages, dpkg_listing())
    if missing and not is_root():
        raise Stop(f"{what_for} needs Debian packages that are missing.", by_hand(missing))
    if missing:
        apt_install(missing)


def ensure_window(packages: Sequence[str]) -> None:
    """The libraries that Qt loads. Where Debian's lists say nothing, loading Qt is the question."""
    ensure_debian(packages, "The window")
    if sys.platform == "linux" and not is_debian():
        probe = [str(PYTHON), "-c", "import PySide6.QtWidgets"]
        done = subprocess.run(probe, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            why = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            names = " ".join(packages)
            raise Stop(f"Qt does not load: {why}.", f"Install its libraries; Debian calls them: {names}")


def by_hand(packages: Sequence[str]) -> str:
    return f"Install them as root: apt-get install {' '.join(packages)}"


def ensure_peers(peers: Sequence[Peer], *, strict: bool) -> None:
    """Install the tests' peers where we may; elsewhere name them: their tests are skipped (in CI: a failure)."""
    missing = [peer for peer in peers if not is_peer_present(peer)]
    packages = list(dict.fromkeys(name for peer in missing for name in peer.packages))
    if missing and is_debian() and is_root():
        apt_install(packages)
        missing = [peer for peer in missing if not is_peer_present(peer)]
    if not missing:
        return
    names = ", ".join(peer.name for peer in missing)
    if strict:
        raise Stop(f"Test peers are missing: {names}.", "CI must not skip them. " + by_hand(packages))
    say(f"Skipping the tests that talk to: {names}. {by_hand(packages)}")


def read_stamp(path: Path = STAMP) -> dict[str, str]:
    """What was installed last; {} when nothing was, or the file is broken: then everything is installed again."""
    try:
        stamp = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in stamp.items()} if isinstance(stamp, dict) else {}


def make_venv() -> None:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    if importlib.util.find_spec("ensurepip") is None:
        # Debian splits this part of the standard library off.
        ensure_debian([f"python{version}-venv"], "Making .venv")
    say(f"Making .venv with Python {version}")
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        say((done.stdout + done.stderr).strip())
        raise Stop(
            "The virtual environment could not be made.", "The reason is above; .venv may be deleted safely."
        )


def ensure_venv(lock_name: str) -> None:
    lock = LOCKS / lock_name
    digest = lock_hash(lock.read_bytes())
    if not PYTHON.exists():
        make_venv()
    python = (VENV / "pyvenv.cfg").read_text(encoding="utf-8")
    python_hash = hashlib.sha256(python.encode()).hexdigest()
    stamp = read_stamp()
    if is_current(stamp, lock_name, digest, python_hash):
        return
    STAMP.unlink(missing_ok=True)
    pip_install(lock)
    kept = stamp if stamp.get("python") == python_hash else {}
    STAMP.write_text(json.dumps({**kept, "python": python_hash, lock_name: digest}), encoding="utf-8")


def pip_install(lock: Path) -> None:
    count = sum(1 for line in lock.read_text(encoding="utf-8").splitlines() if "==" in line)
    say(f"Installing up to {count} pinned Python packages into .venv (half a minute on a good line)")
    options = (
        "--require-hashes --no-deps --only-binary :all: --no-input --disable-pip-version-check --retries 2 -q"
    )
    # The lock is complete, so --no-deps; sqlite-utils asks for pip itself, which .venv brings.
    install("pip", [str(PYTHON), "-m", "pip", "install", *options.split(), "-r", str(lock)])


def ensure_node_peers() -> None:
    """The peers that run on Node.js (tests/peers/package-lock.json), where there is npm."""
    npm = shutil.which("npm")
    digest = lock_hash((NODE_PEERS / "package-lock.json").read_bytes())
    if npm is None or (NODE_STAMP.exists() and NODE_STAMP.read_text(encoding="utf-8") == digest):
        return
    say("Installing the pinned Node.js packages of the tests' peers")
    # `ci` empties node_modules first, and the stamp with it; no script of a package is run.
    options = "--ignore-scripts --omit=optional --no-audit --no-fund --fetch-retry-mintimeout=1000"
    install("npm", [npm, "ci", "--prefix", str(NODE_PEERS), *options.split()])
    NODE_STAMP.write_text(digest, encoding="utf-8")


def install(tool: str, command: Sequence[str]) -> None:
    done = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode != 0:
        stop = install_failure(tool, done.stdout)
        if "above" in str(stop):
            say("\n".join(done.stdout.splitlines()[-15:]))
        raise stop


# --- commands ---------------------------------------------------------------------------------------------------------


def command_setup() -> int:
    ensure_venv("run.txt")
    parts = catalogue()
    ensure_window([*parts.offscreen, *parts.window])
    say("Ready. Practice: python installer/bootstrap.py run")
    return 0


def command_run(args: Sequence[str]) -> int:
    window = needs_window(args, os.environ)
    if window and not has_screen(os.environ, sys.platform):
        raise Stop(
            "There is no screen to open the window on.",
            "Use `run --headless`, or a virtual screen: xvfb-run -a python3 installer/bootstrap.py run",
            code=2,
        )
    ensure_venv("run.txt")
    if not is_headless(args):
        parts = catalogue()
        ensure_window([*parts.offscreen, *(parts.window if window else ())])
    command = [str(PYTHON), "-m", "app", "train", *args]
    if os.name == "posix":
        os.chdir(ROOT)
        os.execv(command[0], command)  # noqa: S606 - our own program takes this process over, signals and all
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def step(title: str, command: Sequence[str], env: Mapping[str, str] | None = None) -> int:
    say(f"== {title}")
    return subprocess.run(command, cwd=ROOT, check=False, env=env).returncode


def command_test(args: Sequence[str], *, whole: bool) -> int:
    """The checks in the order of their price; the first failure ends the run. `args` go to pytest."""
    ensure_venv("test.txt")
    parts = catalogue()
    ensure_window([*parts.offscreen, *parts.window])
    ensure_peers(parts.peers, strict=os.environ.get("CI", "").lower() == "true")
    ensure_node_peers()
    python = str(PYTHON)
    checks = [
        ("ruff format --check", [python, "-m", "ruff", "format", "--check", "-q", "."]),
        ("ruff check", [python, "-m", "ruff", "check", "-q", "."]),
        ("mypy --strict", [python, "-m", "mypy"]),
        ("import-linter", [str(BIN / "lint-imports"), "--no-logo"]),
    ]
    for title, command in checks:
        code = step(title, command)
        if code != 0:
            return code
    return run_pytest(args, whole=whole)


def run_pytest(args: Sequence[str], *, whole: bool) -> int:
    junit, rcfile, report = (VENV / name for name in ("junit.xml", "coverage.ini", "coverage.json"))
    for old in (junit, report):
        old.unlink(missing_ok=True)
    env = {**os.environ, "SITUNG_TEST_ALL": "1"} if whole else dict(os.environ)
    command = [str(PYTHON), "-m", "pytest", f"--junitxml={junit}"]
    coverage = [str(PYTHON), str(INSTALLER / "coverage_list.py")]
    if not args:
        # Much of the suite waits for sockets and children, so it is one more than there are cores. A file stays whole
        # (what it started is shared in it), and those that take minutes begin first: e2e, integration, unit.
        workers = min(os.cpu_count() or 1, MOST_CORES) + 1
        command += [f"--numprocesses={workers}", "--dist=loadfile", "--no-loadscope-reorder"]
        # A part of the suite cannot cover the list.
        if step("coverage list: files to watch", [*coverage, "config", str(rcfile)]) != 0:
            return 1
        command += ["--cov", f"--cov-config={rcfile}", f"--cov-report=json:{report}"]
    code = step("pytest" + (" (whole sweeps)" if whole else ""), [*command, *args], env)
    if code != 0:
        return code
    if not args and step("coverage list", [*coverage, "check", str(report)]) != 0:
        return 1
    say(closing_line(junit.read_text(encoding="utf-8")))
    return 0


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="bootstrap.py", description="Set up, run and test Situng Luring.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="setup|run|test")
    commands.add_parser("setup", help="make .venv from the lock, install the system libraries")
    commands.add_parser("run", help="practice: everything after it goes to `python -m app train`")
    commands.add_parser(
        "test", help="all checks and tests; --all: sweeps whole; everything else goes to pytest"
    )
    if argv[:1] == ["run"]:
        return command_run(argv[1:])
    if argv[:1] == ["test"] and not {"-h", "--help"} & set(argv):
        return command_test([word for word in argv[1:] if word != "--all"], whole="--all" in argv)
    parser.parse_args(argv)
    return command_setup()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop as stop:
        print(f"bootstrap: {stop}", file=sys.stderr)
        sys.exit(stop.code)
    except KeyboardInterrupt:
        sys.exit(130)
