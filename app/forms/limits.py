"""The most a form's file may ask for. Anybody's file may be opened, so that reading and drawing it must end soon.

The longest form shipped (C1-DPRD of 2019) takes 25 kB with its parts, 261 boxes and 330 checks. Thread: any.
"""

from __future__ import annotations

FILE_BYTES = 256 * 1024  # of a file together with the parts it includes
LINE_LETTERS = (
    1_000  # of one line: a name of many parts takes time with the square of its length; shipped: 262
)
TEXT_LETTERS = 500  # of one text: a message is a sentence or two
WHOLE_NUMBER = 10**9
BOXES = 1_000
CHECKS = 5_000
PAGE_MM = (50.0, 1_000.0)
DIGITS = 9  # of one number on the paper
