import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from installer import bootstrap

LISTING = (
    "ii \tlibc6\t\nii \tlibglib2.0-0t64\tlibglib2.0-0 (= 2.84), libglib2.0-x\nrc \tlibgl1\t\nun \tlibegl1\t\n"
)


def test_missing_packages_keep_their_order_and_count_once() -> None:
    wanted = ["libgl1", "libc6", "libegl1", "libgl1", "libxcb-cursor0"]
    assert bootstrap.missing_packages(wanted, LISTING) == ["libgl1", "libegl1", "libxcb-cursor0"]


def test_a_renamed_package_counts_by_what_it_provides() -> None:
    assert bootstrap.missing_packages(["libglib2.0-0", "libglib2.0-x"], LISTING) == []


def test_nothing_is_installed_in_an_empty_listing() -> None:
    assert bootstrap.missing_packages(["a"], "") == ["a"]
    assert bootstrap.missing_packages([], LISTING) == []


@pytest.mark.parametrize(
    ("stamp", "current"),
    [
        ({"python": "p", "run.txt": "1"}, True),
        ({"python": "p", "run.txt": "1", "test.txt": "2"}, True),
        ({"python": "p", "run.txt": "0"}, False),
        ({"python": "q", "run.txt": "1"}, False),
        ({"python": "p", "test.txt": "1"}, False),
        ({}, False),
    ],
)
def test_stamp(stamp: dict[str, str], current: bool) -> None:
    assert bootstrap.is_current(stamp, "run.txt", "1", "p") is current


def test_lock_hash_ignores_line_endings_only() -> None:
    assert bootstrap.lock_hash(b"a==1\nb==2\n") == bootstrap.lock_hash(b"a==1\r\nb==2\r\n")
    assert bootstrap.lock_hash(b"a==1\n") != bootstrap.lock_hash(b"a==2\n")


@pytest.mark.parametrize(
    ("args", "env", "window"),
    [
        ([], {}, True),
        (["--forms", "40"], {"QT_QPA_PLATFORM": "xcb"}, True),
        (["--headless"], {}, False),
        (["--help"], {}, False),
        ([], {"QT_QPA_PLATFORM": "offscreen"}, False),
        ([], {"QT_QPA_PLATFORM": "vnc:size=800x600"}, False),
    ],
)
def test_needs_window(args: list[str], env: dict[str, str], window: bool) -> None:
    assert bootstrap.needs_window(args, env) is window


@pytest.mark.parametrize(
    ("env", "platform", "screen"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ""}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({}, "win32", True),
    ],
)
def test_has_screen(env: dict[str, str], platform: str, screen: bool) -> None:
    assert bootstrap.has_screen(env, platform) is screen


@pytest.mark.parametrize(
    ("output", "word"),
    [
        ("WARNING: Retrying ... ProxyError('Cannot connect to proxy.')", "HTTPS_PROXY"),
        ("NewConnectionError: [Errno 111]", "network"),
        ("OSError: [Errno 28] No space left on device", "disk"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES", "locked"),
        ("npm error code ENOTFOUND", "HTTPS_PROXY"),
        ("npm error code ENOSPC", "disk"),
        ("npm error code EINTEGRITY", "locked"),
        ("ERROR: something else", "tool failed (its words are above)"),
    ],
)
def test_failed_installations_become_one_sentence(output: str, word: str) -> None:
    assert word in str(bootstrap.install_failure("tool", output))


def test_closing_line() -> None:
    junit = (
        '<testsuites><testsuite tests="10" failures="1" errors="1" skipped="3"/>'
        '<testsuite tests="2" failures="0" errors="0" skipped="0"/></testsuites>'
    )
    assert bootstrap.closing_line(junit) == "7 passed, 2 failed, 3 skipped"


def test_the_catalogue_is_complete() -> None:
    parts = bootstrap.catalogue()
    assert "libegl1" in parts.offscreen
    assert "libxcb-cursor0" in parts.window
    assert {peer.name for peer in parts.peers} >= {"xvfb", "chromium", "gnome-keyring", "atspi", "node"}
    assert all(peer.packages and peer.programs for peer in parts.peers)


def test_a_peer_needs_its_programs_and_its_probe() -> None:
    works = (sys.executable, "-c", "pass")
    fails = (sys.executable, "-c", "raise SystemExit(1)")
    python = f"no-such-program|{sys.executable}"
    assert bootstrap.is_peer_present(bootstrap.Peer("p", ("p",), (python,), works))
    assert not bootstrap.is_peer_present(bootstrap.Peer("p", ("p",), (python,), fails))
    assert not bootstrap.is_peer_present(bootstrap.Peer("p", ("p",), (python, "no-such-program"), works))


def test_a_peer_is_ready_with_what_test_installs() -> None:
    assert bootstrap.is_peer_ready(bootstrap.Peer("p", ("p",), (sys.executable,), files=("pyproject.toml",)))
    assert not bootstrap.is_peer_ready(bootstrap.Peer("p", ("p",), (sys.executable,), files=("no/such",)))


def run_bootstrap(*args: str, root: Path = bootstrap.ROOT, **env: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, str(root / "installer" / "bootstrap.py"), *args],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize("args", [[], ["build"], ["setup", "now"]])
def test_wrong_use_exits_2_without_a_traceback(args: list[str]) -> None:
    done = run_bootstrap(*args)
    assert done.returncode == 2
    assert "usage: bootstrap.py" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can be without a screen")
def test_run_without_a_screen_says_how() -> None:
    done = run_bootstrap("run", DISPLAY="", WAYLAND_DISPLAY="", QT_QPA_PLATFORM="")
    assert done.returncode == 2
    assert "--headless" in done.stderr
    assert "xvfb-run" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture(scope="module")
def bare_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project root with nothing but the installer and an empty lock: `setup` needs no index."""
    folder = tmp_path_factory.mktemp("bare project")
    (folder / "installer" / "lock").mkdir(parents=True)
    for name in ("bootstrap.py", "debian.toml"):
        shutil.copy(bootstrap.INSTALLER / name, folder / "installer" / name)
    (folder / "installer" / "lock" / "run.txt").write_text("# nothing yet\n", encoding="utf-8")
    return folder


def fake_debian(folder: Path, installed: tuple[str, ...]) -> dict[str, str]:
    """`dpkg-query` and `apt-get` that remember: what apt-get is asked to install is installed from then on."""
    listing, calls = folder / "listing", folder / "calls"
    listing.write_text("".join(f"ii \t{name}\t\n" for name in installed), encoding="utf-8")
    calls.touch()
    scripts = {
        "dpkg-query": f'cat "{listing}"',
        "apt-get": f'echo "$*" >> "{calls}"; for n in "$@"; do printf "ii \\t%s\\t\\n" "$n" >> "{listing}"; done',
    }
    for name, body in scripts.items():
        (folder / name).write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="apt-get is for root on Linux")
def test_root_gets_the_missing_packages_once(bare_project: Path, tmp_path: Path) -> None:
    parts = bootstrap.catalogue()
    env = fake_debian(tmp_path, installed=parts.offscreen)
    first = run_bootstrap("setup", root=bare_project, **env)
    assert first.returncode == 0, first.stderr
    calls = (tmp_path / "calls").read_text(encoding="utf-8").splitlines()
    assert [call.split()[3] for call in calls] == ["update", "-y"]
    assert calls[1].split("install ")[1].split() == list(parts.window)
    again = run_bootstrap("setup", root=bare_project, **env)
    assert (again.returncode, again.stdout.count("\n")) == (0, 1), again.stdout
    assert len((tmp_path / "calls").read_text(encoding="utf-8").splitlines()) == 2


def test_a_dead_proxy_is_one_sentence_and_leaves_no_stamp(bare_project: Path) -> None:
    """Port 9 of the loopback (discard) refuses: pip must give up soon, and the next start must try again."""
    lock = f"situng-no-such-package==1.0 --hash=sha256:{'0' * 64}\n"
    (bare_project / "installer" / "lock" / "run.txt").write_text(lock, encoding="utf-8")
    proxies = dict.fromkeys(("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"), "http://127.0.0.1:9")
    done = run_bootstrap("setup", root=bare_project, NO_PROXY="", no_proxy="", **proxies)
    assert done.returncode == 1
    assert "HTTPS_PROXY" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (bare_project / ".venv" / "situng-stamp.json").exists()


def node_peers(root: Path, path: Path) -> "subprocess.CompletedProcess[str]":
    """What `test` does for the Node.js peers, with the programs in `path` before all others."""
    code = "import bootstrap; bootstrap.ensure_node_peers()"
    env = {**os.environ, "PATH": f"{path}{os.pathsep}{os.environ['PATH']}"}
    command = [sys.executable, "-c", code]
    return subprocess.run(
        command, cwd=root / "installer", env=env, capture_output=True, text=True, check=False
    )


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for npm is a shell script")
def test_node_peers_are_installed_once_for_a_lock(bare_project: Path, tmp_path: Path) -> None:
    peers, calls = bare_project / "tests" / "peers", tmp_path / "calls"
    peers.mkdir(parents=True)
    (peers / "package-lock.json").write_text("{}\n", encoding="utf-8")
    npm = tmp_path / "npm"
    npm.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$@" >> "{calls}"\nrm -rf "$3/node_modules"\nmkdir "$3/node_modules"\n',
        encoding="utf-8",
    )
    npm.chmod(0o755)
    for _ in range(2):
        assert node_peers(bare_project, tmp_path).returncode == 0
    words = calls.read_text(encoding="utf-8").splitlines()
    assert words[:4] == ["ci", "--prefix", str(peers), "--ignore-scripts"]
    assert words.count("ci") == 1

    (peers / "package-lock.json").write_text('{"packages": {}}\n', encoding="utf-8")
    npm.write_text(
        '#!/bin/sh\nrm -rf "$3/node_modules"\necho npm error code EAI_AGAIN >&2\nexit 1\n', encoding="utf-8"
    )
    done = node_peers(bare_project, tmp_path)
    assert done.returncode == 1
    assert "HTTPS_PROXY" in done.stderr
    assert not (peers / "node_modules").exists()


@pytest.mark.parametrize("text", ["", "[]", "{", '{"python": 3}'])
def test_a_broken_stamp_means_install_again(text: str, tmp_path: Path) -> None:
    path = tmp_path / "stamp.json"
    path.write_text(text, encoding="utf-8")
    stamp = bootstrap.read_stamp(path)
    assert not bootstrap.is_current(stamp, "run.txt", "1", "p")
    assert json.dumps(stamp)


def test_no_stamp_means_install(tmp_path: Path) -> None:
    assert bootstrap.read_stamp(tmp_path / "stamp.json") == {}
