"""Takes one page in and kills itself (SIGKILL) at the N-th step: `python -m tests.integration.scanner_kill_child`.

Arguments: folder, page file, step number (0 = run to the end). Rows are lines of a file, each fsynced, as a commit is.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

from app.domain.c1form import C1Key
from app.ports import IntakeResult, IntakeState, NewScan
from scanner.intake import Intake
from scanner.workers import Workers
from tests.unit.scanner.sheets import key_of, layouts, ppwp


class FileRows:
    def __init__(self, path: Path) -> None:
        self._path = path

    def lines(self) -> list[dict[str, str]]:
        if not self._path.exists():
            return []
        return [json.loads(line) for line in self._path.read_text(encoding="utf-8").splitlines()]

    def is_known_original(self, original_sha256: str) -> bool:
        return any(line["original"] == original_sha256 for line in self.lines())

    def add_page(
        self, scan: NewScan, key: C1Key | None, page: int | None, state: IntakeState, by: str
    ) -> IntakeResult:
        row = {"original": scan.original_sha256, "upload": scan.sha256, "thumbnail": scan.thumbnail_sha256}
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
            file.flush()
            os.fsync(file.fileno())
        return IntakeResult(scan.original_name, state, scan.sha256, key, page)


def main(folder: Path, page: Path, kill_at: int) -> None:
    steps = 0

    def checkpoint(_step: str) -> None:
        nonlocal steps
        steps += 1
        if steps == kill_at:
            print(*pool.worker_ids(), flush=True)
            os.kill(os.getpid(), signal.SIGKILL)

    with Workers(layouts(), processes=1) as pool:
        intake = Intake(
            FileRows(folder / "rows"), folder / "scans", [ppwp()], workers=pool, checkpoint=checkpoint
        )
        intake.warm_up()
        results = intake.take_in([page], key=key_of(1))
    print(steps, results[0].state.value, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
