"""What every test shares: a machine of its own (home, keyring, screen), the sweeps' size, the third-party peers.

Invariant: no test touches the developer's home folder or keyring, and none needs a screen unless it asks for one.
"""

import gc
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from installer.bootstrap import catalogue, is_peer_ready

TESTS_BETWEEN = 20  # looking through everything takes 0.1 s
_tests_run = 0
IN_CI = os.environ.get("CI", "").lower() == "true"
HOME_VARIABLES = (
    "HOME",
    "USERPROFILE",
    "APPDATA",
    "LOCALAPPDATA",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_STATE_HOME",
)

settings.register_profile("ci", derandomize=True, deadline=None, database=None, print_blob=True)
settings.register_profile("dev", deadline=None)
settings.register_profile(
    "whole", deadline=None, max_examples=1000, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)


def runs_whole() -> bool:
    return os.environ.get("SITUNG_TEST_ALL") == "1"


def pytest_configure(config: pytest.Config) -> None:
    """Before anything is imported: this process and all it starts live in a home folder of their own."""
    home = tempfile.mkdtemp(prefix="situng-test-home-")
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))
    os.environ.update(dict.fromkeys(HOME_VARIABLES, home))
    # A test that reaches the real keyring must fail, not find or leave a secret. The peer test sets its own.
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    # Also where there is a screen: a test must neither flash windows at the developer nor hang on their focus.
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    settings.load_profile("whole" if runs_whole() else "ci" if IN_CI else "dev")


# --- garbage ----------------------------------------------------------------------------------------------------------


def pytest_sessionstart() -> None:
    """As in the window (`ui.garbage`): what a test leaves behind is destroyed on this thread, between two tests."""
    gc.disable()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> None:
    global _tests_run  # noqa: PLW0603 - of this process
    _tests_run += 1
    gc.collect(2 if nextitem is None or _tests_run % TESTS_BETWEEN == 0 else 0)


# --- peers ------------------------------------------------------------------------------------------------------------


def missing_peers(names: tuple[str, ...]) -> list[str]:
    """Those of the named peers (installer/debian.toml) that this machine lacks. Raises KeyError on an unknown name."""
    peers = {peer.name: peer for peer in catalogue().peers}
    return [name for name in names if not is_peer_ready(peers[name])]


def require_peers(*names: str) -> None:
    """Skip aloud what cannot run here. CI installs every peer, so there a missing one is a failure."""
    missing = missing_peers(names)
    if not missing:
        return
    packages = [p for peer in catalogue().peers if peer.name in missing for p in peer.packages]
    reason = (
        f"PEER MISSING: {', '.join(missing)} (Debian: {' '.join(packages)}; bootstrap.py test installs it)"
    )
    if IN_CI:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Unit tests keep the coverage list; to trace the others, too, costs minutes and finds nothing more.

    What is marked `whole` is left to `--all`: the default run has a quarter of an hour on a clean checkout.
    """
    left = [] if runs_whole() else [item for item in items if item.get_closest_marker("whole")]
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in items if item not in left]
    unit = Path(__file__).parent / "unit"
    for item in items:
        if unit not in item.path.parents:
            item.add_marker("no_cover")


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in item.iter_markers("peer"):
        require_peers(*marker.args)


@pytest.fixture(scope="session")
def virtual_screen() -> Iterator[str]:
    """A real X screen of its own (":N"): give it to a child as DISPLAY, together with QT_QPA_PLATFORM=xcb."""
    require_peers("xvfb")
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1366x768x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            assert server.stdout is not None
            number = server.stdout.readline().strip()
            assert number, "Xvfb ended before it had a screen"
            yield f":{number}"
        finally:
            server.terminate()


# --- sizes and places -------------------------------------------------------------------------------------------------


@pytest.fixture
def sweep_size() -> Callable[[int, int], int]:
    """`sweep_size(sample, whole)`: the sample by default, the whole with `installer/bootstrap.py test --all`."""

    def size(sample: int, whole: int) -> int:
        return whole if runs_whole() else sample

    return size


@pytest.fixture
def workplace_dir(tmp_path: Path) -> Path:
    """An empty folder for one workplace, with a blank and a non-ASCII letter in its name as on real office PCs."""
    folder = tmp_path / "Situng Luring é"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def project_root() -> Path:
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def program(project_root: Path) -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """Runs `python -m app ARGS` as a user does, in a process of its own; never raises on its exit code."""

    def run(*args: str, timeout_s: float = 120, **env: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "app", *args],
            cwd=project_root,
            env={**os.environ, **env},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=timeout_s,
            check=False,
        )

    return run
