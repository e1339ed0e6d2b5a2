"""`python -m app`: the same as the installed command `situng-luring`."""

from __future__ import annotations

import multiprocessing

if __name__ == "__main__":  # worker processes (spawn) import this file again and must not start the program
    multiprocessing.freeze_support()  # a frozen Windows build starts its workers as this program
    from app.cli import main

    main()
