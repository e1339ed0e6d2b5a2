"""What happened on the wire, and what to do about it: the error table of the sync notes (section 2), as one table.

Pure. Every row of `TABLE` has its test. A row says whose fault it is in a sentence for the office, and an `Action` for
the engine; the first row that matches wins, and the last one matches everything. Thread: any.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum

from msgspec import Struct, field

from app.ports import Reason


class Action(StrEnum):
    """What the engine does next."""

    CLOSE_GATE = "close_gate"  # the line or the server is down; ask for the offset before resuming
    RETRY_ITEM = "retry_item"  # busy or ill: this item waits, the gate is told
    HEAD_FIRST = "head_first"  # the offset differs: ask, go on from there
    GHOST = "ghost"  # our own lost request still holds the upload: wait a little, ask, keep the URL
    NEW_UPLOAD = "new_upload"  # gone: look up by hash, else from the start
    SIGN_IN = "sign_in"  # a new token, then again
    ASK_PERSON = "ask_person"  # credentials or a proxy: pause the channel, keep the URL
    STOP_ITEM = "stop_item"  # a protocol bug or a refusal for good
    SMALLER = "smaller"  # 413: a proxy's limit
    RESEND = "resend"  # 460: corrupt on the way; then hash the local file again
    PAUSE_CHANNEL = "pause_channel"  # the centre's disk is full
    PAUSED_THERE = "paused_there"  # a national pause
    PORTAL = "portal"  # something answered that is not the centre
    OTHER_METHOD = "other_method"  # a proxy refuses PATCH or HEAD
    FORKED = "forked"  # this journal is not the one the centre knows
    REVOKED = "revoked"  # this device is locked out


class Call(StrEnum):
    """Which kind of request it was; a few codes mean different things in different places."""

    API = "api"
    CREATE = "create"
    PATCH = "patch"
    HEAD = "head"
    HASH = "hash"


class Exchange(Struct, frozen=True):
    """One request's end, reduced to what decides: no body beyond a prefix, no exception."""

    call: Call
    status: int | None = None  # None: no answer at all
    fault: str = ""  # of app.http.LinkFault when status is None
    headers: Mapping[str, str] = field(default_factory=dict)  # lower-case names
    text: str = ""  # first bytes of the body
    code: str = ""  # `code` of the problem details
    detail: str = ""  # `detail` of the problem details, an Indonesian sentence
    is_https: bool = True

    @property
    def is_html(self) -> bool:
        kind = self.headers.get("content-type", "").lower()
        return "html" in kind or self.text.lstrip()[:9].lower().startswith(("<!doctype", "<html"))

    @property
    def is_transfer(self) -> bool:
        return self.call in {Call.CREATE, Call.PATCH, Call.HEAD}

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


class Row(Struct, frozen=True):
    """One line of the table."""

    code: str
    matches: Callable[[Exchange], bool]
    action: Action
    text: str


def _status(*codes: int) -> Callable[[Exchange], bool]:
    return lambda x: x.status in codes


def _fault(*faults: str) -> Callable[[Exchange], bool]:
    return lambda x: x.status is None and x.fault in faults


# tusd 1 and 2, @tus/server. Whole words (an underscore parts them, too): "Request blocked" is a firewall's.
_LOCK = re.compile(
    r"(?<![a-z])(lock(ed|s)?|abort(ed)?)(?![a-z])"
    r"|upload has been (interrupted|stopped)|err_server_shutdown|unexpected eof",
    re.IGNORECASE,
)


def _names_a_lock(x: Exchange) -> bool:
    """tus servers say 400 or 500 when our own earlier request still holds the upload, or was just torn off.

    They say it in plain words: a page of HTML is a firewall's or a proxy's, whatever it says.
    """
    is_theirs = x.call is Call.PATCH and x.status in (400, 500) and not x.is_html
    return is_theirs and _LOCK.search(x.text) is not None


def _is_foreign_success(x: Exchange) -> bool:
    """A 2xx to a tus request without `Tus-Resumable`, or HTML: not the server we spoke to."""
    return x.is_success and (x.is_html or (x.is_transfer and "tus-resumable" not in x.headers))


def _is_refused_method(x: Exchange) -> bool:
    if x.call not in (Call.PATCH, Call.HEAD):
        return False
    return x.status in (405, 501) or (x.status == 403 and x.is_html)


def _asks_for_proxy_login(x: Exchange) -> bool:
    """HTTPS goes by a tunnel, and no 407 comes out of it: there the line itself tells."""
    return x.status == 407 or (x.status is None and x.fault == "proxy_login")


TABLE: tuple[Row, ...] = (
    Row("certificate", _fault("certificate"), Action.PORTAL, "Sertifikat yang menjawab bukan milik KPU RI."),
    Row(
        "not_http",
        _fault("not_http"),
        Action.PORTAL,
        "Yang menjawab bukan server KPU RI (captive portal atau proxy).",
    ),
    Row("no_name", _fault("no_name"), Action.CLOSE_GATE, "Alamat server KPU RI tidak ditemukan."),
    Row("refused", _fault("refused"), Action.CLOSE_GATE, "Server KPU RI tidak dapat dihubungi."),
    Row("reset", _fault("reset"), Action.CLOSE_GATE, "Sambungan ke KPU RI terputus."),
    Row("deadline", _fault("deadline"), Action.CLOSE_GATE, "KPU RI tidak menjawab sampai batas waktu."),
    Row("silence", _fault("silent"), Action.CLOSE_GATE, "KPU RI tidak menjawab."),
    # Ours are small. To blame the item would let a portal with a large page stop one after the other.
    Row(
        "too_big",
        _fault("too_big"),
        Action.PORTAL,
        "Jawaban terlalu besar untuk server KPU RI; tidak dibaca.",
    ),
    Row(
        "proxy_login",
        _asks_for_proxy_login,
        Action.ASK_PERSON,
        "Proxy kantor meminta nama dan kata sandi. Data tetap aman di PC ini. Isi di pengaturan proxy Windows,"
        " atau minta teknisi kantor; lalu tekan Coba sekarang.",
    ),
    Row(
        "proxy_unusable",
        _fault("proxy_unusable"),
        Action.ASK_PERSON,
        "Proxy pada pengaturan PC ini tidak dapat dipakai (harus http:// atau https://). Data tetap aman di PC ini."
        " Perbaiki di pengaturan proxy Windows, atau minta teknisi kantor; lalu tekan Coba sekarang.",
    ),
    Row(
        "proxy_refused",
        _fault("proxy_refused"),
        Action.CLOSE_GATE,
        "Proxy kantor menolak atau tidak dapat meneruskan sambungan ke KPU RI. Data tetap aman di PC ini. Bila tidak"
        " pulih sendiri, minta teknisi kantor membuka alamat KPU RI di proxy.",
    ),
    Row(
        "proxy_down",
        _fault("proxy_down"),
        Action.CLOSE_GATE,
        "Proxy kantor tidak dapat dihubungi. Data tetap aman di PC ini. Periksa jaringan dan pengaturan proxy Windows;"
        " bila tidak pulih sendiri, hubungi teknisi kantor.",
    ),
    Row("no_answer", lambda x: x.status is None, Action.CLOSE_GATE, "Sambungan ke KPU RI gagal."),
    Row(
        "redirect",
        lambda x: x.status is not None and 300 <= x.status < 400,
        Action.PORTAL,
        "Server mengalihkan ke tempat lain (captive portal atau proxy).",
    ),
    Row("other_method", _is_refused_method, Action.OTHER_METHOD, "Proxy menolak cara pengiriman ini."),
    Row(
        "portal",
        lambda x: _is_foreign_success(x) or x.status == 511,
        Action.PORTAL,
        "Yang menjawab bukan server KPU RI (captive portal atau proxy).",
    ),
    Row(
        "paused_there",
        lambda x: x.status == 503 and x.code == "paused",
        Action.PAUSED_THERE,
        "KPU RI sedang menghentikan penerimaan sementara.",
    ),
    Row("ghost", _status(423), Action.GHOST, "Kiriman sebelumnya masih dipegang server."),
    Row("ghost", _names_a_lock, Action.GHOST, "Kiriman sebelumnya masih dipegang server."),
    Row(
        "busy",
        _status(408, 425, 429, 503),
        Action.RETRY_ITEM,
        "KPU RI sedang sibuk dan meminta kita menunggu.",
    ),
    Row(
        "ill", _status(500, 502, 504, 520, 521, 522, 523, 524), Action.RETRY_ITEM, "Server KPU RI bermasalah."
    ),
    Row(
        "forked",
        lambda x: x.status == 409 and x.code == "forked",
        Action.FORKED,
        "Catatan di PC ini tidak cocok dengan yang dikenal KPU RI.",
    ),
    Row(
        "offset",
        lambda x: x.status == 409 and x.is_transfer,
        Action.HEAD_FIRST,
        "Posisi kiriman di server berbeda; ditanyakan dulu.",
    ),
    Row(
        "gone",
        lambda x: x.status in (404, 410) and x.call in (Call.PATCH, Call.HEAD),
        Action.NEW_UPLOAD,
        "Kiriman sudah dihapus server; dimulai lagi.",
    ),
    Row("sign_in", _status(401), Action.SIGN_IN, "Sesi di KPU RI sudah berakhir; masuk lagi."),
    Row(
        "revoked",
        lambda x: x.status == 403 and x.code == "revoked",
        Action.REVOKED,
        "KPU RI mencabut pendaftaran PC ini.",
    ),
    Row("forbidden", _status(403), Action.ASK_PERSON, "KPU RI menolak izin PC ini."),
    Row("too_large", _status(413), Action.SMALLER, "Proxy menolak kiriman sebesar ini; dibagi lebih kecil."),
    Row("corrupt", _status(460), Action.RESEND, "Kiriman rusak di jalan; dikirim ulang."),
    Row("full", _status(507), Action.PAUSE_CHANNEL, "Penyimpanan KPU RI penuh."),
    Row(
        "version",
        _status(412, 415, 426),
        Action.STOP_ITEM,
        "Server memakai versi lain; program perlu diperbarui.",
    ),
    Row(
        "server_other",
        lambda x: x.status is not None and x.status >= 500,
        Action.RETRY_ITEM,
        "Server KPU RI bermasalah.",
    ),
    Row(
        "protocol",
        lambda x: not x.is_success,
        Action.STOP_ITEM,
        "KPU RI menolak kiriman ini. Data tetap aman di PC ini.",
    ),
    Row(
        "unclear",
        lambda x: x.is_transfer,
        Action.HEAD_FIRST,
        "Jawaban server tidak lengkap; ditanyakan lagi.",
    ),
    Row("malformed", lambda _: True, Action.RETRY_ITEM, "Jawaban KPU RI tidak dapat dibaca."),
)

# Between this PC and KPU RI stands a proxy, and it is what ails: nobody is to look for the fault at KPU RI.
PROXYS = frozenset({"proxy_login", "proxy_unusable", "proxy_refused", "proxy_down", "other_method"})


def classify(exchange: Exchange) -> tuple[Action, Reason]:
    """The first matching row, as an action and a reason; the server's own sentence is kept beside ours."""
    row = next(row for row in TABLE if row.matches(exchange))
    text = f"{row.text} {exchange.detail}".strip() if exchange.detail else row.text
    if row.code == "protocol" and exchange.status is not None:
        text = f"{text} (kode {exchange.status})"
    return row.action, Reason(exchange.code or row.code, text, exchange.status)
