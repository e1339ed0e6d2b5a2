"""What a screen reader gets, for the system's Python (pyatspi is not on ours): `/usr/bin/python3 screen_reader.py PID`.

Prints one line of JSON: every name, description, text and value of that process' accessibility tree. The children of
what has more than a few hundred are left out and said so: a table of a whole district has hundreds of thousands.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import pyatspi  # type: ignore[import-not-found]  # Debian's package, for Debian's Python

CHILDREN_MOST = 300
NODES_MOST = 20_000
NOT_THERE = 3


def application(pid: int) -> Any:
    """The program with this process id; None while it is not on the bus."""
    desktop = pyatspi.Registry.getDesktop(0)
    for place in range(desktop.childCount):
        child = desktop.getChildAtIndex(place)
        if child is not None and child.get_process_id() == pid:
            return child
    return None


def text_of(node: Any) -> str:
    """What its text interface holds, if it has one."""
    try:
        text = node.queryText()
    except NotImplementedError:
        return ""
    return str(text.getText(0, text.characterCount))


def value_of(node: Any) -> str:
    """What its value interface holds, if it has one."""
    try:
        return str(node.queryValue().currentValue)
    except NotImplementedError:
        return ""


def walk(node: Any, found: list[dict[str, str]], left_out: list[str]) -> None:
    """Depth first."""
    if node is None or len(found) >= NODES_MOST:
        return
    found.append(
        {
            "role": node.getRoleName(),
            "name": node.name or "",
            "description": node.description or "",
            "text": text_of(node),
            "value": value_of(node),
            "showing": "yes" if node.getState().contains(pyatspi.STATE_SHOWING) else "",
        }
    )
    if node.childCount > CHILDREN_MOST:
        left_out.append(f"{node.getRoleName()} {node.name}: {node.childCount}")
        return
    for place in range(node.childCount):
        walk(node.getChildAtIndex(place), found, left_out)


def main() -> int:
    root = application(int(sys.argv[1]))
    if root is None:
        return NOT_THERE
    found: list[dict[str, str]] = []
    left_out: list[str] = []
    walk(root, found, left_out)
    sys.stdout.write(json.dumps({"nodes": found, "left_out": left_out}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
