"""The names of places for the pages: see `app.services.places`, where the reports have them from, too. Thread: any."""

from __future__ import annotations

from app.services.places import district_name, proper, realm_words

__all__ = ["district_name", "proper", "realm_words"]
