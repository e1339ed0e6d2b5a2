"""The clients a transfer is measured with: ours, tus-js-client, a curl loop. Each is one command over one folder.

Every one is started as a person would start it, and may be killed and started again: its state is in a folder. Used by
`bench_transfer`; `python -m tests.benchmarks.clients URL FOLDER STATE` is the curl loop. Thread: any.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urljoin

from tests.fakes.peers import tus_js

ROOT = Path(__file__).parents[2]
LANES = 4  # files at once in every client
TRIES = 500  # of the curl loop, a file
PATIENT = ",".join(["0", "1000", "3000", "5000"] + ["5000"] * 40)  # tus-js-client's delays, without giving up

Command = Callable[[str, Path, Path], Sequence[str]]


def ours(endpoint: str, folder: Path, state: Path) -> Sequence[str]:
    """`sync.send` as it is: no options."""
    return [sys.executable, "-m", "sync.send", endpoint, str(folder), "--state", str(state)]


def tus_js_on_a_line(endpoint: str, folder: Path, state: Path) -> Sequence[str]:
    """Four at once, resuming from its store; its own delays repeated until the server is back."""
    state.mkdir(exist_ok=True)
    where = ["--endpoint", endpoint, "--folder", str(folder), "--storage", str(state / "urls.json")]
    return [*tus_js(*where, "--parallel", str(LANES), "--retry", PATIENT)]


def bare(endpoint: str, folder: Path) -> Sequence[str]:
    """Nothing but sockets: the limit on this machine, not a client anybody could use."""
    return [sys.executable, "-m", "tests.benchmarks.bare", endpoint, str(folder)]


def curl_loop(endpoint: str, folder: Path, state: Path) -> Sequence[str]:
    """Creation, then PATCH; HEAD before every other try. A loop like this is what technicians write by hand."""
    return [sys.executable, "-m", "tests.benchmarks.clients", endpoint, str(folder), str(state)]


COMMANDS: dict[str, Command] = {"ours": ours, "tus-js-client": tus_js_on_a_line, "curl loop": curl_loop}


# ---- the curl loop ----


def _curl(*options: str) -> tuple[int, dict[str, str]]:
    """Status (0: no answer) and headers of one request; a connection that stands still for 15 s is given up."""
    patience = ["--connect-timeout", "10", "--speed-limit", "1", "--speed-time", "15"]
    command = ["curl", "-s", "-D", "-", "-o", "-", *patience, "-H", "Tus-Resumable: 1.0.0", *options]
    answer = subprocess.run(command, capture_output=True, check=False).stdout.decode("latin-1")
    status, *lines = answer.replace("HTTP/1.1 100 Continue\r\n\r\n", "").split("\r\n")
    if not status.startswith("HTTP/"):
        return 0, {}
    pairs = (line.partition(":") for line in lines)
    return int(status.split()[1]), {name.lower(): value.strip() for name, _, value in pairs}


def _create(endpoint: str, file: Path) -> str:
    name = base64.b64encode(file.name.encode()).decode()
    about = ["-H", f"Upload-Length: {file.stat().st_size}", "-H", f"Upload-Metadata: filename {name}"]
    status, headers = _curl("-X", "POST", *about, endpoint)
    return urljoin(endpoint, headers["location"]) if status == 201 else ""


def _send(endpoint: str, file: Path, note: Path) -> bool:
    url = note.read_text(encoding="utf-8") if note.exists() else ""
    size, offset = file.stat().st_size, None if url else 0
    for _ in range(TRIES):
        if not url:
            url = _create(endpoint, file)
            note.write_text(url, encoding="utf-8")
            continue
        if offset is None:
            status, headers = _curl("--head", url)
            offset = int(headers["upload-offset"]) if status == 200 else None
            continue
        if offset == size:
            return True
        kind = ["-H", "Content-Type: application/offset+octet-stream", "-H", f"Upload-Offset: {offset}"]
        with file.open("rb") as source:
            source.seek(offset)
            part = note.with_suffix(".part")
            part.write_bytes(source.read())
        status, headers = _curl("-X", "PATCH", *kind, "-H", "Expect:", "--data-binary", f"@{part}", url)
        offset = int(headers["upload-offset"]) if status == 204 else None
    return False


def _loop(endpoint: str, folder: Path, state: Path) -> int:
    state.mkdir(exist_ok=True)
    with ThreadPoolExecutor(LANES) as lanes:
        sent = lanes.map(lambda file: _send(endpoint, file, state / file.name), sorted(folder.iterdir()))
        print(json.dumps({"failed": sum(not is_sent for is_sent in sent)}))
    return 0


if __name__ == "__main__":
    sys.exit(_loop(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))
