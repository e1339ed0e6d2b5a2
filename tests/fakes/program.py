"""The whole program as a user or technician starts it: real processes, real sockets, real folders."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PIN = "246810"
READY_S = 30.0


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Program:
    """Runs `python -m app`; the secrets of test workplaces are sealed with a passphrase, never in a real keyring."""

    env: Mapping[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        own = {"SITUNG_PIN": PIN, "SITUNG_SECRETS_PASSPHRASE": "hanya untuk uji", "PYTHONUTF8": "1"}
        return {**os.environ, **own, **self.env}

    def command(self, *args: object) -> list[str]:
        return [sys.executable, "-m", "app", *map(str, args)]

    def start(self, *args: object) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command(*args),
            cwd=ROOT,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )

    def run(self, *args: object, stdin: str = "", timeout_s: float = 300, ok: Sequence[int] = (0,)) -> Done:
        done = subprocess.run(
            self.command(*args),
            cwd=ROOT,
            env=self.environment(),
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=timeout_s,
            check=False,
        )
        assert done.returncode in ok, f"{args}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr, done.stderr
        return Done(done.returncode, done.stdout, done.stderr)


@dataclass
class Centre:
    """A `central` process."""

    process: subprocess.Popen[str]
    folder: Path
    url: str

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)
        for stream in (self.process.stdout, self.process.stderr):
            if stream:
                stream.close()


def start_centre(program: Program, folder: Path, *options: object, port: int = 0) -> Centre:
    """Started, answering; what it says later is read away so that its pipe never fills."""
    process = program.start("central", "--data", folder, "--port", port, *options)
    assert process.stdout is not None
    assert process.stderr is not None
    line = process.stdout.readline()
    found = re.search(r"Server pusat di (http://\S+)", line)
    if not found:
        process.kill()
        raise AssertionError(f"the centre said {line!r}\n{process.stderr.read()}")
    for stream in (process.stdout, process.stderr):
        threading.Thread(target=_drain, args=(stream,), daemon=True).start()
    return Centre(process, folder, found[1].rstrip("/"))


def _drain(stream: Any) -> None:
    try:
        for _ in stream:
            pass
    except ValueError:
        return  # closed by stop()


_PATIENT = 10  # tries: the slow profile refuses one call in twenty, and says: again with the same code


def make_account(
    program: Program,
    centre: Centre,
    tmp_path: Path,
    profile: str = "ringkas",
    *,
    realm: str = "pemilu-2019",
    forms: Sequence[str] = ("c1-ppwp-2019",),
) -> Path:
    """Set-up file, code and workplace, as a technician does it."""
    setup, folder = tmp_path / "setup.json", tmp_path / "kerja"
    code = program.run(
        "central-setup", "--data", centre.folder, "--district", "3204", "--server", centre.url, "--realm", realm,
        "--out", setup,
    ).out.strip()  # fmt: skip
    init = (
        "init", "--data", folder, "--district", "3204", "--profile", profile, "--setup", setup,
        *(word for form in forms for word in ("--form", form)),
    )  # fmt: skip
    for _ in range(_PATIENT):
        done = program.run(*init, "--code", code, ok=(0, 1))
        if done.code == 0:
            return folder
        assert "Coba lagi nanti dengan kode yang sama" in done.err, done.err
    raise AssertionError("the centre never took the account")


def make_office(
    program: Program,
    centre: Centre,
    tmp_path: Path,
    profile: str = "ringkas",
    *,
    realm: str = "pemilu-2019",
    forms: Sequence[str] = ("c1-ppwp-2019",),
) -> Path:
    """The same with people."""
    folder = make_account(program, centre, tmp_path, profile, realm=realm, forms=forms)
    for who, role in (
        ("wulan", "koordinator"),
        ("rina", "entri"),
        ("dedi", "entri"),
        ("asep", "entri"),
        ("sari", "verifikator"),
    ):
        program.run("operator", "add", "--data", folder, who, "--role", role)
    return folder
