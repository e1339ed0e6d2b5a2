"""How hard this client pushes, in numbers. Every value has its reason; nothing else in `sync` invents one.

Source: sync notes section 1, tuned by simulation in the fleet notes (514 districts x 4 clients before centres that
cope and centres that do not). `Policy` scales the waits we choose ourselves, so that practice and tests need no hours;
what the centre asks for (Retry-After, the length of a pause) is never shortened. Thread: any, immutable.
"""

from __future__ import annotations

from msgspec import Struct

# ---- batches and concurrency ----
BATCH_MOST = (
    50  # records in one request, from the first one on: starting small and growing cost 1.75 x the ideal
)
BATCH_LEAST = 5  # floor when halved: below it the cost of a request dominates
IN_FLIGHT_UNKNOWN = 4  # requests at once before a server that does not say what it welcomes
IN_FLIGHT_MOST = 8  # one PC never asks for more, whatever `limits.in_flight` says
ROUND_GAIN = 1.0  # more requests at once after a clean round (additive increase)
SLOW_FACTOR = 3.0  # an answer slower than this many medians halves the limit
LATENCIES_KEPT = 20  # answers the median is taken over
LATENCIES_NEEDED = (
    10  # before that many, nothing is called slow: the median of five halved a healthy lane by chance
)

# ---- the gate ----
RECENT_KEPT = 10  # answers the gate looks at
RECENT_FAILED = 9  # of them; at 50 % a merely flaky server was shut out (4.4 x the ideal client)
BACKOFF_BASE_S = 1.0  # x 2^k, k = failures since the last real success
ITEM_WAIT_MOST_S = 10.0  # cap of one item's own wait when the server names none
ILL_ITEM_WAIT_MOST_S = (
    300.0  # of one that the centre dies on (500), alone, again and again: with 10 s they filled it
)
GATE_WAIT_MOST_S = 60.0  # cap when the other end answered
GATE_WAIT_SILENT_MOST_S = 120.0  # cap when it was silent; 300 s left capacity idle after outages
RETRY_AFTER_MOST_S = 3600.0  # a proxy once said a week
TOKENS_MOST = 20.0  # resends we may spend ahead of successes
TOKEN_PER_SUCCESS = 1.0  # 0.5 cannot pay for a server that fails 35 % of the time
FULL_WAIT_S = 120.0  # a full disk at the centre is a matter of people: at least this long, up to twice

# ---- deadlines of records and verdicts ----
DEADLINE_S = 60.0
DEADLINE_MOST_S = 300.0  # while a hello beside the request is answered
HELLO_BESIDE_S = (10.0, 30.0, 70.0)  # when to ask beside a silent request, then every 60 s
HELLO_BESIDE_EVERY_S = 60.0
HELLO_ANSWER_S = 5.0  # a hello not answered within this is silence
CONNECT_S = 10.0
CALL_S = 30.0  # total for small calls: hello, login, feed, status

# ---- transfers ----
CHUNK_LEAST = 64 * 1024
CHUNK_MOST = 4 * 1024 * 1024
CHUNK_TARGET_S = 10.0  # the middle of 5-15 s: httpx reads the answer only after the body
SMALL_TRANSFER_S = 2.0  # creation-with-upload only for files expected to pass in this time
CLEAN_TRANSFERS = 20  # and only with no cut in the last so many
FLOOR_RATE = 8 * 1024  # bytes/s; a chunk slower than this is dead
GHOST_WAIT_S = (2.0, 10.0)  # 423: our own lost request still holds the upload
GHOSTS_MOST = 6  # in a row, half a minute: then our centre is asked by hash, and else the upload begins anew
GHOSTS_MOST_BLIND = (
    12  # of a server that cannot be asked by hash: tusd lets a dead request hold its upload for a minute
)
SILENCE_LEAST_S = 5.0  # a sent body without an answer: suspect after max(this, 2 x p95)
CONFLICTS_MOST = 3  # 409 so often in a row is no longer our offset but their trouble

# ---- thrifty copies ----
THRIFT_NIGHT_S = 8 * 3600.0  # images that need longer than from ten to six are not there in the morning
THRIFT_SLOW_RATE = 32 * 1024.0  # bytes/s, 256 kbit/s: one image takes seven seconds
THRIFT_WORTH_S = 600.0  # on such a line; what is there in ten minutes anyway is not worth sending twice
THRIFT_RELIEF = 2.0  # half the time or twice the rate, or it would flap with every page that is scanned
THRIFT_BODIES = (
    16  # answers to bodies that tell whether the line sets the pace: most of them waited for it to carry
)
THRIFT_BODIES_LEAST = 4
THRIFT_HOLD_S = 60.0  # the window of the measured rate: one stalled minute is no poor line

# ---- the public site ----
WATCH_BETWEEN_S = (
    20.0,
    40.0,
)  # at most 180 looks an hour: 2,056 idle PCs ask a static site 70 times a second
WATCH_PUBLISHED_S = 900.0  # after the centre said published: caches before the site are older than that
WATCH_VERIFIED_S = 6 * 3600.0  # a verdict that long without a publication: the news of it may be lost
WATCH_CONFIRM_S = 600.0  # a difference is seen twice before anybody is called: files are replaced one by one
WATCH_AGAIN_S = 3600.0  # x 4 for each time it was equal, up to
WATCH_AGAIN_MOST_S = 24 * 3600.0
WATCH_BLIND_S = (60.0, 3600.0)  # after an answer that says nothing, doubled

# ---- rhythm ----
START_SPREAD_S = 10.0  # offices open at eight together
OPENING_SPREAD_S = 120.0  # many offices take the suggested night hours: not all begin at 22.00.00
PAUSE_SPREAD_S = 60.0  # a nation's clients must not come back in the same second
IDLE_POLL_S = (180.0, 300.0)
EXPECTING_POLL_S = (
    2.0  # first poll while the centre owes us a return or a publication; doubled up to the idle one
)
EXPECTING_SLOW_FACTOR = (
    10.0  # x the time the delivery took: polls must not be a tenth of a busy centre's work
)
ANSWER_PATIENCE_S = 10.0  # idle only when so long after the last news no owed answer has come
LATER_WAIT_S = (2.0, 15.0)  # a verdict that came before its version
PERSON_WAIT_S = 300.0  # wrong key, refused sign-in: nothing changes until somebody acts
FORKED_WAIT_S = 3600.0
HERE_WAIT_S = 5.0  # this PC's disk is full or its database held: doubled up to
HERE_WAIT_MOST_S = (
    60.0  # no longer: nobody tells us that there is room again, and asking costs one small write
)
CLOCK_JUMP_S = 30.0  # wall and monotonic clock apart by more: sleep or a changed clock
NEXT_AT_MOST_S = 2 * RETRY_AFTER_MOST_S  # no wait is longer: how far *Coba sekarang* looks ahead


class Bounds(Struct, frozen=True):
    """Between a fair and a poor line; what they mean stands in `sync.thrift`."""

    night_s: float = THRIFT_NIGHT_S
    slow_rate: float = THRIFT_SLOW_RATE
    worth_s: float = THRIFT_WORTH_S
    hold_s: float = THRIFT_HOLD_S


class WatchPace(Struct, frozen=True):
    """How the public site is looked at; the constants' reasons stand above."""

    between_s: tuple[float, float] = WATCH_BETWEEN_S
    published_s: float = WATCH_PUBLISHED_S
    verified_s: float = WATCH_VERIFIED_S
    confirm_s: float = WATCH_CONFIRM_S
    again_s: float = WATCH_AGAIN_S
    again_most_s: float = WATCH_AGAIN_MOST_S
    blind_s: tuple[float, float] = WATCH_BLIND_S
    retry_after_most_s: float = RETRY_AFTER_MOST_S


class Policy(Struct, frozen=True):
    """The waits we choose ourselves, as one value that practice and tests can shorten."""

    scale: float = 1.0  # of back-off and ghost waits
    start_spread_s: float = START_SPREAD_S
    pause_spread_s: float = PAUSE_SPREAD_S
    idle_poll_s: tuple[float, float] = IDLE_POLL_S
    expecting_poll_s: float = EXPECTING_POLL_S
    expecting_slow_factor: float = EXPECTING_SLOW_FACTOR
    answer_patience_s: float = ANSWER_PATIENCE_S
    later_wait_s: tuple[float, float] = LATER_WAIT_S
    person_wait_s: float = PERSON_WAIT_S
    call_s: float = CALL_S
    deadline_s: float = DEADLINE_S
    deadline_most_s: float = DEADLINE_MOST_S
    hello_beside_s: tuple[float, ...] = HELLO_BESIDE_S
    hello_answer_s: float = HELLO_ANSWER_S
    silence_least_s: float = SILENCE_LEAST_S
    body_deadline_s: float = DEADLINE_S  # of a transfer's request, beside its size over the floor rate
    thrift: Bounds = Bounds()
    watch: WatchPace = WatchPace()

    @classmethod
    def practice(cls) -> Policy:
        """For `train`: one district of an embedded centre, nobody else to be polite to, a person who watches."""
        return cls(
            scale=0.25,
            start_spread_s=0.0,
            pause_spread_s=5.0,
            idle_poll_s=(3.0, 5.0),
            expecting_poll_s=0.5,
            expecting_slow_factor=0.0,
            later_wait_s=(0.5, 3.0),
            person_wait_s=10.0,
            watch=WatchPace((0.5, 1.0), 2.0, 30.0, 3.0, 10.0, 60.0, (2.0, 30.0)),
        )


DEFAULT = Policy()
