"""What the engine knows of the line to the centre apart from the three lanes: who answered, what is owed, what ails.

Invariant: after a portal, a wrong key, a fork or a revocation nothing is sent before a green `hello`; control calls
back off by the same rules as the lanes. Thread: the engine's event loop.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping

from msgspec.structs import replace

from app.ports import Clock, FeedCursor, Lane, LineState, Reason
from sync import gate
from sync import policy as p
from sync.classify import PROXYS, Action
from sync.outcome import Failed
from sync.plan import Line
from sync.policy import Policy
from sync.sentences import Trouble
from sync.wire import Hello

WRONG_CENTRE = Reason(
    "wrong_centre",
    "Server yang menjawab bukan server KPU RI pada pengaturan PC ini. Tidak ada yang dikirim; data aman di PC ini."
    " Bila KPU RI memberi berkas pengaturan baru, masukkan di Pengaturan (teknisi: account enrol).",
)
WRONG_REALM = Reason(
    "wrong_realm", "Server yang menjawab adalah server untuk pemilu lain; tidak ada yang dikirim."
)
_ANEW = (
    "Data tetap aman di PC ini dan pekerjaan dapat dilanjutkan. Minta kode baru kepada KPU RI, lalu daftarkan ulang"
    " PC ini di Pengaturan (teknisi: account enrol); setelah itu semua dibandingkan dan yang belum ada dikirim."
)
FORKED = Reason(
    "forked",
    "Catatan PC ini bukan lanjutan dari yang dikenal KPU RI (cadangan lama dipulihkan, atau disk disalin). "
    + _ANEW,
    409,
)
REVOKED = Reason(
    "revoked", f"KPU RI mencabut pendaftaran PC ini; yang sudah diterima tetap berlaku. {_ANEW}", 403
)
UNKNOWN = Reason("login", f"KPU RI tidak mengenal PC ini. {_ANEW}", 401)
# A green `hello` heals none of them. It does heal what a proxy asked of people: it came through.
_FOR_PEOPLE = frozenset({LineState.SIGN_IN, LineState.FORKED, LineState.REVOKED})

_STOPPED = frozenset({LineState.WRONG_KEY, LineState.FORKED, LineState.REVOKED})


class LineBook:
    """Mutable; one per engine run."""

    def __init__(self, clock: Clock, rng: random.Random, policy: Policy, cursor: FeedCursor) -> None:
        self._clock, self._rng, self._policy = clock, rng, policy
        self.needs_hello = True
        self.needs_login = True
        self.has_operators = False
        self.needs_compare = False
        self.needs_compare_scans = False
        self._compare_scans_at = 0.0
        self.is_busy = False
        self.has_met = False
        self.trouble: Trouble | None = None
        self.cursor = cursor
        self.retry_at = clock.now() + rng.uniform(0, policy.start_spread_s)
        self.welcome_batch = p.BATCH_MOST
        self._head = -1  # newest event the centre spoke of
        self._poll_at = 0.0
        self._poll_wait_s = 0.0  # while something is expected; doubled with every poll in vain
        self._news_wait_s = 0.0  # where that begins
        self._news_at = 0.0  # news is fetched at once, but not before this
        self.patient_until = 0.0  # answers the centre owes us are worth waiting for until then
        self._control = gate.fresh(Lane.RECORDS)  # memory only: manners of hello, login, feed
        self._logins = 0  # since the last call that was let in
        self._signed_in_at = -math.inf  # monotonic

    def facts(self) -> Line:
        """As the planner wants it."""
        return Line(
            self.needs_hello,
            self.needs_login,
            self.has_operators,
            self.needs_compare,
            self.needs_compare_scans,
            self._compare_scans_at,
            self._news_at if self.has_news else self._poll_at,
            self.has_news,
            self.is_busy,
            self.retry_at,
        )

    @property
    def has_news(self) -> bool:
        return self._head > self.cursor.after

    @property
    def is_comparing(self) -> bool:
        return self.needs_compare or self.needs_compare_scans

    @property
    def is_settled(self) -> bool:
        """Nothing is owed between us: met, signed in, the feed read to its head."""
        owes = self.needs_hello or self.needs_login or self.has_operators or self.is_comparing
        return not owes and self._head >= 0 and not self.has_news and not self.is_busy

    # ---- good news ----

    def on_feed_head(self, head: int) -> None:
        """Any answer tells it; one without news is as good as the poll that was due."""
        self._head = max(self._head, head)
        if not self.has_news and self._poll_at <= self._clock.now():
            self.polled(head, got_events=False)

    def on_epoch(self, epoch: str, went_back: bool) -> None:
        """Any answer tells it. Another epoch, or receipts that went back: `hello` commits what comes of it."""
        if went_back or (self.cursor.epoch and epoch != self.cursor.epoch):
            self.needs_hello = True

    def expect_news(self, took_s: float) -> None:
        """Something was delivered that the centre will answer by the feed: ask soon, then ever less often.

        `took_s`: how long the centre took to accept it. A slow one is asked later: it has work enough.
        """
        now = self._clock.now()
        self._news_wait_s = max(self._policy.expecting_poll_s, self._policy.expecting_slow_factor * took_s)
        self._poll_wait_s = self._news_wait_s
        self.patient_until = now + max(self._policy.answer_patience_s, 1.5 * self._news_wait_s)
        self._poll_at = min(self._poll_at, now + self._poll_wait_s)

    def polled(self, head: int, got_events: bool, took_s: float = 0.0) -> None:
        """The feed was read, or an answer told its head; when to ask next without being told of news.

        `took_s`: how long the centre took for it. Events of four PCs trickle in one by one: fetched one by one before
        a busy centre they were half of its work.
        """
        self._news_at = self._clock.now() + self._policy.expecting_slow_factor * took_s
        self._head = max(head, self.cursor.after)
        idle_s = self._rng.uniform(*self._policy.idle_poll_s)
        if got_events:
            self.patient_until = self._clock.now() + self._policy.answer_patience_s
        if got_events and self._poll_wait_s:
            self._poll_wait_s = self._news_wait_s
        elif self._poll_wait_s:
            self._poll_wait_s = self._poll_wait_s * 2
        if self._poll_wait_s >= idle_s:
            self._poll_wait_s = 0.0
        self._poll_at = self._clock.now() + (self._poll_wait_s or idle_s)

    def answered(self, took_s: float, *, was_let_in: bool) -> None:
        """A call of ours was answered as it should be."""
        if self.needs_hello and self.trouble is not None and self.trouble.line in _STOPPED:
            return  # it was under way when the line was stopped, and heals nothing
        now = self._clock.now()
        self._control = gate.react(self._control, gate.Succeeded(took_s), now, self._rng, self._policy)
        self.retry_at = 0.0
        if was_let_in:
            self._logins = 0
        if was_let_in or (self.trouble is not None and self.trouble.line not in _FOR_PEOPLE):
            self.trouble = None

    def greeted(self, hello: Hello, realm: str, keys: Mapping[str, str], took_s: float) -> bool:
        """Take a hello; False when it is not our centre."""
        if hello.realm != realm or hello.key_id not in keys:
            self.mistrust(WRONG_REALM if hello.realm != realm else WRONG_CENTRE)
            return False
        self.needs_hello, self.has_met = False, True
        self.answered(took_s, was_let_in=False)
        self.welcome_batch = hello.limits.batch
        return True

    def signed_in(self, took_s: float) -> None:
        self._logins += 1
        self._signed_in_at = self._clock.monotonic()
        self.needs_login = False
        self.answered(took_s, was_let_in=False)

    def new_cursor(self, cursor: FeedCursor) -> None:
        self.cursor = cursor

    def restarted(self, cursor: FeedCursor) -> None:
        """The centre has a new epoch: its feed begins anew."""
        self.cursor, self._head, self._poll_at = cursor, -1, 0.0
        self.begin_comparing()

    def begin_comparing(self) -> None:
        """All forms, then all images, behind what was answered already."""
        self.needs_compare = self.needs_compare_scans = True
        self._compare_scans_at = 0.0

    # ---- bad news ----

    def mistrust(self, reason: Reason) -> None:
        """Wrong key or wrong centre: stop, loudly; look again later."""
        self._stop(LineState.WRONG_KEY, reason, self._policy.person_wait_s)

    def failed(self, failure: Failed) -> None:
        """A control call, or a whole lane for a reason that is the line's."""
        match failure.action:
            case Action.SIGN_IN:
                self._sign_in_again(failure)
            case Action.ASK_PERSON | Action.STOP_ITEM | Action.OTHER_METHOD:
                asks = LineState.PROXY if failure.reason.code in PROXYS else LineState.SIGN_IN
                self._rest(asks, failure.reason, self._policy.person_wait_s)
            case Action.PORTAL:
                self.needs_hello = True
                self._back_off(LineState.PORTAL, failure)
            case Action.FORKED:
                self._stop(LineState.FORKED, FORKED, p.FORKED_WAIT_S)
            case Action.REVOKED:
                self._stop(LineState.REVOKED, REVOKED, p.FORKED_WAIT_S)
            case Action.CLOSE_GATE:
                self._back_off(LineState.DOWN, failure)
            case Action.PAUSE_CHANNEL:
                self._rest(LineState.FULL, failure.reason, failure.retry_after_s or p.FULL_WAIT_S)
            case Action.PAUSED_THERE:
                self._rest(LineState.PAUSED_THERE, failure.reason, failure.retry_after_s or p.DEADLINE_S)
            case _:
                self._back_off(LineState.SLOW, failure)

    def images_paused(self, for_s: float, took_s: float) -> None:
        """The nation paused images, and a centre of before does not even answer about them: that alone waits."""
        self.answered(took_s, was_let_in=True)
        spread_s = self._rng.uniform(0, min(self._policy.pause_spread_s, for_s))
        self._compare_scans_at = self._clock.now() + for_s + spread_s

    def try_now(self) -> None:
        """The person asks, the PC woke up, or its clock was set: times written by the old clock hold no more."""
        self.retry_at = self._poll_at = self._news_at = self._compare_scans_at = 0.0
        self.patient_until = min(self.patient_until, self._clock.now() + self._policy.answer_patience_s)

    def _sign_in_again(self, failure: Failed) -> None:
        """Once at once; a token refused right after a fresh sign-in is a matter for people.

        A request that left before that sign-in had the token of before: it merely goes again. Eight slow ones whose
        token ran out together once looked like a PC that is not let in.
        """
        if self._clock.monotonic() - failure.took_s < self._signed_in_at:
            return
        self.needs_login = True
        if self._logins > 1:
            self._logins = 0
            self._rest(LineState.SIGN_IN, failure.reason, self._policy.person_wait_s)

    def _stop(self, line: LineState, reason: Reason, wait_s: float) -> None:
        self.needs_hello = True
        self._rest(line, reason, wait_s)

    def _rest(self, line: LineState, reason: Reason, wait_s: float) -> None:
        self.retry_at = self._clock.now() + wait_s * (1 + 0.1 * self._rng.random())
        self.trouble = Trouble(line, reason, self.retry_at)

    def _back_off(self, line: LineState, failure: Failed) -> None:
        now = self._clock.now()
        event: gate.Event = (
            gate.Failed(failure.reason, failure.retry_after_s)
            if line is LineState.SLOW
            else gate.Silent(failure.reason)
        )
        # Its own probe has just failed; an old deadline must not make it look like a straggler.
        self._control = gate.react(
            replace(self._control, gate_until=0.0), event, now, self._rng, self._policy
        )
        wait_s = gate.item_wait_s(self._control.failures, failure.retry_after_s, self._rng, self._policy)
        self.retry_at = self._control.gate_until if self._control.gate_until > now else now + wait_s
        # A busy feed holds nothing up; before a sign-in, or with signers unknown, everything waits for this call.
        if line is not LineState.SLOW or self.needs_hello or self.needs_login or self.has_operators:
            self.trouble = Trouble(line, failure.reason, self.retry_at)
