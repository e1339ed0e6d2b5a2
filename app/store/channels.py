"""Persisted manners of each lane and where each upload stands. What the numbers mean is `sync.gate`'s."""

from __future__ import annotations

import json

from app.ports import ChannelState, Lane, Reason, UploadState
from app.store.driver import Connection


def channel(connection: Connection, lane: Lane) -> ChannelState:
    """The lane's state; a fresh one when nothing was kept."""
    row = connection.execute("SELECT * FROM channel WHERE lane = ?", (lane.value,)).fetchone()
    if row is None:
        return ChannelState(lane)
    reason = None
    if row["reason_code"] is not None:
        reason = Reason(str(row["reason_code"]), str(row["reason_text"]), row["reason_status"])
    return ChannelState(
        lane,
        gate_until=float(row["gate_until"]),
        failures=int(row["failures"]),
        recent=str(row["recent"]),
        limit=float(row["limit"]),
        tokens=float(row["tokens"]),
        batch=int(row["batch"]),
        latencies_s=tuple(json.loads(row["latencies_s"])),
        reason=reason,
        is_paused=bool(row["is_paused"]),
        updated_at=float(row["updated_at"]),
    )


def save_channel(connection: Connection, state: ChannelState) -> None:
    """Replace the lane's state."""
    reason = state.reason
    connection.execute(
        "INSERT OR REPLACE INTO channel VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            state.lane.value,
            state.gate_until,
            state.failures,
            state.recent,
            state.limit,
            state.tokens,
            state.batch,
            json.dumps(list(state.latencies_s)),
            reason.code if reason else None,
            reason.text if reason else None,
            reason.status if reason else None,
            int(state.is_paused),
            state.updated_at,
        ),
    )


def upload(connection: Connection, sha256: str, endpoint: str) -> UploadState | None:
    """Where an upload stands at one endpoint."""
    row = connection.execute(
        'SELECT sha256, endpoint, url, "offset", length, expires_at FROM upload WHERE sha256 = ? AND endpoint = ?',
        (sha256, endpoint),
    ).fetchone()
    return UploadState(*row) if row else None


def save_upload(connection: Connection, state: UploadState) -> None:
    """Replace what is known of an upload."""
    connection.execute(
        "INSERT OR REPLACE INTO upload VALUES (?, ?, ?, ?, ?, ?)",
        (state.sha256, state.endpoint, state.url, state.offset, state.length, state.expires_at),
    )


def forget_upload(connection: Connection, sha256: str, endpoint: str | None = None) -> None:
    """An upload that is finished or gone; everywhere when no endpoint is named."""
    connection.execute(
        "DELETE FROM upload WHERE sha256 = ? AND (? IS NULL OR endpoint = ?)", (sha256, endpoint, endpoint)
    )
