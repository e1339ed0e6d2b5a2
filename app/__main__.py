"""`python -m app`: the same as the installed command `situng-luring`."""

from __future__ import annotations

from app.cli import main

if __name__ == "__main__":  # worker processes (spawn) import this file again and must not start the program
    main()
