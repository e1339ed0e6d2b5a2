"""What the environment may set, read once at start. Every name begins with SITUNG_.

SITUNG_DATA                   data folder, when no --data is given
SITUNG_LANGUAGE               id (default) or en
SITUNG_PIN                    the PIN of the person named on the command line
SITUNG_SECRETS_PASSPHRASE     see app.secrets
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

APP_NAME = "SitungLuring"


@dataclass(frozen=True, slots=True)
class Settings:
    """`pin` is kept out of every printed form of this value."""

    data: Path
    language: str = "id"
    pin: str = field(default="", repr=False)


def from_environment(environment: Mapping[str, str]) -> Settings:
    """Unknown languages fall back to Indonesian."""
    data = environment.get("SITUNG_DATA", "")
    language = environment.get("SITUNG_LANGUAGE", "id")
    return Settings(
        data=Path(data) if data else Path(platformdirs.user_data_dir(APP_NAME, appauthor=False)),
        language=language if language in {"id", "en"} else "id",
        pin=environment.get("SITUNG_PIN", ""),
    )
