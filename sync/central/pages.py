"""HTML of the public site and the console: one environment, autoescape on, no scripts, headers that forbid them.

Thread: any.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import Response

TEMPLATES = Path(__file__).parent / "templates"
SECURITY_HEADERS = {
    # No script at all, not even our own: nothing on these pages needs one.
    "Content-Security-Policy": "default-src 'none'; img-src 'self' data:; style-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Pages:
    """Renders templates; the filters write numbers as Indonesians read them."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters["number"] = number
        self._environment.filters["moment"] = moment
        self._environment.globals.update(facts)

    def render(self, template: str, **facts: Any) -> str:
        return self._environment.get_template(template).render(**facts)


def html(text: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A page with the headers every page has."""
    return Response(text, status, {**SECURITY_HEADERS, **(headers or {})}, "text/html; charset=utf-8")


def stylesheet() -> Response:
    """Ours and only ours."""
    return Response(
        (TEMPLATES / "style.css").read_bytes(),
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "max-age=300"},
        media_type="text/css; charset=utf-8",
    )


def number(value: int) -> str:
    """`10.338`."""
    return f"{value:,}".replace(",", ".")


_MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip


def moment(ts: str) -> str:
    """`2019-04-19 23:00:03` -> `19 April 2019 pukul 23.00 WIB`."""
    day, clock = ts.split(" ")
    year, month, date = day.split("-")
    return f"{int(date)} {_MONTHS[int(month) - 1]} {year} pukul {clock[:5].replace(':', '.')} WIB"


def percent(part: float, whole: float, digits: int = 1) -> str:
    """`46,6 %`, or a dash of nothing. Never 100 while something is missing, never 0 while something is there."""
    if not whole:
        return "–"
    share = 100 * part / whole
    edge = 10**-digits
    if 0 < part < whole:
        share = min(max(share, edge), 100 - edge)
    return f"{share:.{digits}f}".replace(".", ",") + " %"
