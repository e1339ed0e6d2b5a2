"""Third-party tus programs as child processes: `@tus/server`, tuspyserver, tus-js-client.

Their scripts are in tests/peers/; tests that use the Node.js ones are marked `peer("node")`. Thread: the test's.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SCRIPTS = Path(__file__).parents[1] / "peers"
SERVERS = {
    "@tus/server": ["node", str(SCRIPTS / "tus_server.mjs"), "--folder"],
    "tuspyserver": [sys.executable, str(SCRIPTS / "tuspy_server.py")],
}


@contextmanager
def serving(name: str, folder: Path, *more: str) -> Iterator[str]:
    """The server `name` over `folder`; yields its endpoint. Its end is a kill, and folder is what it kept."""
    folder.mkdir(exist_ok=True)
    command = [*SERVERS[name], str(folder), *more]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        try:
            assert child.stdout is not None
            endpoint = child.stdout.readline().strip()
            assert endpoint, f"{name} ended before it had an address"
            yield endpoint
        finally:
            child.kill()


def tus_js(*options: str) -> Sequence[str]:
    """The command of tests/peers/tus_client.mjs."""
    return ["node", str(SCRIPTS / "tus_client.mjs"), *options]


def run_tus_js(*options: str) -> dict[str, Any]:
    """Run it to its end; its account: files, bytes, seconds, failed."""
    done = subprocess.run(tus_js(*options), stdout=subprocess.PIPE, text=True, timeout=120, check=False)
    account: dict[str, Any] = json.loads(done.stdout)
    return account


def kept(folder: Path) -> dict[str, list[bytes]]:
    """What a server's folder holds whole, by the file name that the client gave: more than one is a double upload."""
    found: dict[str, list[bytes]] = {}
    for note in sorted([*folder.glob("*.json"), *folder.glob("*.info")]):
        about = json.loads(note.read_text(encoding="utf-8"))
        content = note.with_suffix("").read_bytes()
        if len(content) == about["size"]:
            found.setdefault(about["metadata"]["filename"], []).append(content)
    return found
