"""Looking at the public site as a citizen does: when it may be looked at, what an answer shows, when to look again.

Invariants: nothing is asked while anything is due, under way or owed between us and the centre; an answer is exactly a
TPS's leaf of the public tree, or it says nothing at all. Pure. Why so: docs/decisions/096-publication-watch.md.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from app.domain.cell import MAX_NUMBER
from app.domain.publication import CONFIRMED, Shown, Sight
from app.http.reply import LinkError, Reply
from app.ports import ChannelState, Lane, PublicLook, Reason
from sync import gate
from sync.policy import WatchPace

LEAF_MOST = 64 * 1024  # bytes; a leaf with the images of seven sheets has one
VALIDATOR_MOST = 200  # characters of an ETag or a date we send back
_BESIDE_NUMBERS = frozenset({"chart", "images", "ts"})
_NUMBERS_FIRST = (Lane.RECORDS, Lane.VERDICTS)


class Seen(Struct, frozen=True):
    """What an answer shows. `shown` is None where it is what it was before (304)."""

    shown: Shown | None
    validator: str = ""  # what the site may be asked with next time: an ETag, or a date


class Blind(Struct, frozen=True):
    """The answer says nothing. `of_form`: the site answers, but not for this TPS; it must not hold up the others."""

    reason: Reason
    retry_after_s: float = 0.0
    of_form: bool = False


def may_look(
    channels: Mapping[Lane, ChannelState], now: float, *, is_quiet: bool, is_settled: bool, is_troubled: bool
) -> bool:
    """Whether a request to the public site takes nothing from anybody.

    `is_quiet`: nothing is sent, and nothing is left that people do not hold back. `is_settled`: the centre has met us
    and its news is read. A pause of images holds nothing up here: a leaf is no image.
    """
    is_paused = any(channels[lane].is_paused for lane in _NUMBERS_FIRST)
    # One that is due for its probe has nothing to probe with: whatever waited would not be quiet.
    is_open = all(gate.phase(state, now) is not gate.Phase.CLOSED for state in channels.values())
    return is_quiet and is_settled and is_open and not (is_troubled or is_paused)


def asking(validator: str) -> dict[str, str]:
    """Headers of a look: fresh, not out of a cache on the way, and short when nothing has changed."""
    headers = {"Accept": "application/json", "Cache-Control": "no-cache"}
    if validator:
        is_etag = validator.startswith(('"', 'W/"'))
        headers["If-None-Match" if is_etag else "If-Modified-Since"] = validator
    return headers


def read(look: PublicLook, answer: Reply | LinkError) -> Seen | Blind:
    """What an answer shows. A login page, a redirect, another shape: nothing."""
    if isinstance(answer, LinkError):
        return Blind(Reason("site_silent", "Situs publik tidak menjawab."))
    if answer.status == 304 and look.sight is not None and look.validator:
        return Seen(None, look.validator)
    if answer.status != 200:
        wait_s = _seconds(answer.headers.get("retry-after", ""))
        text = f"Situs publik menjawab dengan kode {answer.status}."
        return Blind(Reason("site_refuses", text, answer.status), wait_s, of_form=answer.status in (404, 410))
    shown = read_leaf(answer.body, look.ours)
    if shown is None:
        text = "Jawaban situs publik bukan data TPS seperti yang diharapkan."
        return Blind(Reason("site_strange", text, answer.status), of_form=True)
    return Seen(shown, _validator(answer.headers))


def read_leaf(body: bytes, ours: Shown) -> Shown | None:
    """A TPS's file with the numbers and candidates of `ours`; None for anything else."""
    try:
        leaf = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(leaf, dict):
        return None
    return _empty(leaf, ours) if leaf.get("chart", 0) is None else _full(leaf, ours)


def wait_s(sight: Sight, times: int, pace: WatchPace, rng: random.Random) -> float:
    """Until this form is looked at again. `times`: how often it was seen so in a row, this time included."""
    if sight is Sight.DIFFERS and times < CONFIRMED:
        least = pace.confirm_s
    elif sight is Sight.EQUAL:
        least = min(pace.again_most_s, pace.again_s * 4.0 ** min(times - 1, 8))
    else:
        least = pace.again_s
    return least * rng.uniform(1.0, 1.25)


def rest_s(blind: Blind, failures: int, pace: WatchPace, rng: random.Random) -> float:
    """Until anything is asked of the site again. `failures` in a row, this one included."""
    least, most = pace.blind_s
    grown = min(most, least * 2.0 ** min(failures - 1, 20))
    return max(grown * rng.uniform(1.0, 1.25), min(blind.retry_after_s, pace.retry_after_most_s))


def _empty(leaf: Mapping[str, Any], ours: Shown) -> Shown | None:
    """Nothing published: whatever numbers it names are null."""
    is_leaf = set(leaf) <= {*ours.fields, *_BESIDE_NUMBERS}
    is_empty = is_leaf and all(leaf.get(name) is None for name in ours.fields)
    return Shown(dict.fromkeys(ours.fields), None) if is_empty else None


def _full(leaf: Mapping[str, Any], ours: Shown) -> Shown | None:
    chart, images = leaf.get("chart"), leaf.get("images")
    is_leaf = (
        set(leaf) == {*ours.fields, *_BESIDE_NUMBERS}
        and isinstance(chart, dict)
        and set(chart) == set(ours.votes or {})
        and all(map(_is_count, chart.values()))
        and all(_is_count(leaf[name]) for name in ours.fields)
        and isinstance(images, list)
        and all(isinstance(one, str) for one in images)
        and isinstance(leaf["ts"], str)
    )
    return Shown({name: leaf[name] for name in ours.fields}, chart) if is_leaf else None


def _is_count(value: object) -> bool:
    return value is None or (type(value) is int and 0 <= value <= MAX_NUMBER)  # JSON true is an int to Python


def _validator(headers: Mapping[str, str]) -> str:
    found = headers.get("etag", "") or headers.get("last-modified", "")
    return found if len(found) <= VALIDATOR_MOST else ""


def _seconds(text: str) -> float:
    """Of a Retry-After in seconds; a date is not worth a parser here, the rest grows by itself."""
    return float(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0.0
