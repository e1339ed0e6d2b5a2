"""The shift report and the daily report: what was done, what is open, what stopped and why, for whoever takes over.

Invariants: every number of a report is read in one transaction, so its funnel is that of Beranda and `status --json` at
that instant; no slip rate is in it (`app.services.slip_rates`): a report leaves the room. Reads only; any thread but
the window's (a district of 10,338 TPS takes a second or two).
"""

from __future__ import annotations

from datetime import date

from app.domain.periods import Period, day_at, day_period, day_words, shift_period
from app.domain.times import moment_words
from app.services import report_done as done
from app.services import report_open as still_open
from app.services import report_state as state
from app.services.places import district_name, realm_words
from app.services.report_tables import Report, flat
from app.services.workplace import Workplace

KINDS = ("daily", "shift")


def daily(wp: Workplace, day: date | None = None) -> Report:
    """One day, today when none is named; today goes as far as now."""
    now = wp.now()
    wanted = day or day_at(now)
    return _report(wp, "daily", f"Laporan harian {day_words(wanted)}", day_period(wanted).until(now))


def shift(wp: Workplace, period: Period | None = None) -> Report:
    """One shift: this one as far as now, or any stretch of time."""
    now = wp.now()
    return _report(wp, "shift", "Laporan giliran kerja", (period or shift_period(now)).until(now))


def _report(wp: Workplace, kind: str, title: str, period: Period) -> Report:
    with wp.db.reading() as connection:
        now = wp.now()
        tables = (
            *state.tables(wp, connection, period),
            done.people_table(connection, period),
            still_open.drafts(connection),
            done.takeovers(connection, period),
            still_open.stops(wp),
            done.outages_table(connection, period),
            done.corrections(connection, period),
            *still_open.wrong_sums(connection),
        )
        return Report(
            kind,
            title,
            flat(f"{district_name(wp)} · {realm_words(wp)}"),
            period.words(),
            wp.is_practice,
            now,
            moment_words(now),
            tables,
        )
