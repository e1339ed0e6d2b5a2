"""What a screen reader is told while a second reading is open: every box by its paper code, no value of the first.

The real window on a virtual X screen, and a real AT-SPI client outside its process: the tree as it leaves the program,
not as Qt describes it inside.
"""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from app import bootstrap
from app.domain.readings import Order
from app.services import keying, people, workplace
from app.services.workplace import PinCost
from tests.fakes.blind_reader import TYPED
from tests.fakes.program import ROOT, Program
from tests.fakes.room import CREW, FORM, PIN, key_of, region_of

pytestmark = pytest.mark.peer("atspi", "xvfb")

REALM = "latihan-3204"
SYSTEM_PYTHON = "/usr/bin/python3"
PATIENCE_S = 60.0
NOT_THERE = 3  # the screen reader's exit code while the window is not on the bus
# Roles as they leave the program; test_access.py walks all pages inside it.
CONTROLS = {
    "push button",
    "toggle button",
    "check box",
    "radio button",
    "combo box",
    "text",
    "entry",
    "list",
    "table",
}
FIELDS = [one.id for one in FORM.fields]
SECRET = {field: 847 + place for place, field in enumerate(FIELDS)}  # on no screen by accident


@pytest.fixture
def folder(workplace_dir: Path) -> Path:
    """One form, read by rina to the end, with numbers that stand nowhere else."""
    wp = workplace.create(
        workplace_dir,
        realm=REALM,
        district="3204",
        region=region_of(2),
        clock=bootstrap.SystemClock(),
        secrets=bootstrap.secrets_of(workplace_dir, REALM),
        profile="lengkap",
        pin_cost=PinCost(1, 64),
    )
    with contextlib.closing(wp):
        for name, (words, role) in CREW.items():
            people.add_person(wp, id=name, name=words, roles=[role], pin=PIN)
        rina = people.sign_in(wp, "rina", PIN)
        assert keying.key_whole(wp, rina, key_of(1), SECRET, accept=[keying.ACCEPT_ALL]).is_finished
    return workplace_dir


@pytest.fixture
def desktop(virtual_screen: str) -> Iterator[Mapping[str, str]]:
    """The environment of a desktop with a session bus of its own."""
    command = ["dbus-run-session", "--", "sh", "-c", "echo $DBUS_SESSION_BUS_ADDRESS; cat"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as bus:
        assert bus.stdout is not None
        assert bus.stdin is not None
        address = bus.stdout.readline().strip()
        assert address, "no session bus"
        yield Program(
            {
                "SITUNG_SECRETS_PASSPHRASE": "",
                "DISPLAY": virtual_screen,
                "QT_QPA_PLATFORM": "xcb",
                "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
                "DBUS_SESSION_BUS_ADDRESS": address,
            }
        ).environment()
        bus.stdin.close()


def test_a_screen_reader_gets_the_codes_of_a_second_reading_and_no_value_of_the_first(
    folder: Path, desktop: Mapping[str, str]
) -> None:
    with second_reader(folder, desktop) as pid:
        tree = read_out(pid, desktop)
    nodes = tree["nodes"]
    assert tree["left_out"] == []
    words = " ".join(part for node in nodes for part in node.values())
    numbers = set(re.findall(r"\d+", words))

    assert numbers & {str(one) for one in SECRET.values()} == set()
    names = {node["name"] for node in nodes}
    for field in FORM.fields:
        assert f"{field.code} {field.label.id}" in names
    controls = [node for node in nodes if node["role"] in CONTROLS and node["showing"]]
    assert len(controls) > len(FORM.fields)
    assert [node for node in controls if not node["name"]] == []
    assert {"invalid", "unknown"}.isdisjoint(node["role"] for node in nodes)
    texts = [node["text"] for node in nodes]
    for own in TYPED:
        assert own in texts, "what this reader typed is read out: the tree was really read"


@contextlib.contextmanager
def second_reader(folder: Path, desktop: Mapping[str, str]) -> Iterator[int]:
    """Dedi in the middle of the second reading; the window's process id."""
    command = [sys.executable, "-m", "tests.fakes.blind_reader", str(folder)]
    with subprocess.Popen(
        command, cwd=ROOT, env=dict(desktop), stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line, "the window ended before the form was open"
            assert json.loads(line) == {"order": int(Order.SECOND), "cells": {"A1.L": 12, "A1.P": 34}}
            yield process.pid
        finally:
            process.kill()


def read_out(pid: int, desktop: Mapping[str, str]) -> Any:
    """The whole tree. Qt joins the bus when the first client asks for it: the first look may be early."""
    command = [SYSTEM_PYTHON, str(ROOT / "tests" / "fakes" / "screen_reader.py"), str(pid)]
    deadline = time.monotonic() + PATIENCE_S
    while True:
        done = subprocess.run(
            command,
            env=dict(desktop),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=PATIENCE_S,
            check=False,
        )
        if done.returncode != NOT_THERE or time.monotonic() > deadline:
            assert done.returncode == 0, done.stderr
            return json.loads(done.stdout)
