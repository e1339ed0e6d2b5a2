"""One test per row of the error table (sync notes, section 2)."""

from __future__ import annotations

import pytest

from app.http.reply import LinkFault
from sync.classify import PROXYS, TABLE, Action, Call, Exchange, classify

TUS = {"tus-resumable": "1.0.0"}
HTML = {"content-type": "text/html; charset=utf-8"}
ROWS: list[tuple[Exchange, Action, str]] = [
    (Exchange(Call.API, fault="certificate"), Action.PORTAL, "certificate"),
    (Exchange(Call.API, fault="not_http"), Action.PORTAL, "not_http"),
    (Exchange(Call.API, fault="no_name"), Action.CLOSE_GATE, "no_name"),
    (Exchange(Call.PATCH, fault="refused"), Action.CLOSE_GATE, "refused"),
    (Exchange(Call.PATCH, fault="reset"), Action.CLOSE_GATE, "reset"),
    (Exchange(Call.API, fault="deadline"), Action.CLOSE_GATE, "deadline"),
    (Exchange(Call.API, fault="silent"), Action.CLOSE_GATE, "silence"),
    (Exchange(Call.API, fault="too_big"), Action.PORTAL, "too_big"),
    (Exchange(Call.API, fault="proxy_login"), Action.ASK_PERSON, "proxy_login"),
    (Exchange(Call.API, fault="proxy_unusable"), Action.ASK_PERSON, "proxy_unusable"),
    (Exchange(Call.PATCH, fault="proxy_refused"), Action.CLOSE_GATE, "proxy_refused"),
    (Exchange(Call.PATCH, fault="proxy_down"), Action.CLOSE_GATE, "proxy_down"),
    (Exchange(Call.API, fault="something new"), Action.CLOSE_GATE, "no_answer"),
    (Exchange(Call.API, 302), Action.PORTAL, "redirect"),
    (Exchange(Call.PATCH, 405), Action.OTHER_METHOD, "other_method"),
    (Exchange(Call.HEAD, 501), Action.OTHER_METHOD, "other_method"),
    (Exchange(Call.PATCH, 403, headers=HTML), Action.OTHER_METHOD, "other_method"),
    (Exchange(Call.API, 200, headers=HTML), Action.PORTAL, "portal"),
    (Exchange(Call.API, 200, text=" <!DOCTYPE html>"), Action.PORTAL, "portal"),
    (Exchange(Call.PATCH, 204), Action.PORTAL, "portal"),
    (Exchange(Call.API, 511), Action.PORTAL, "portal"),
    (Exchange(Call.API, 503, code="paused"), Action.PAUSED_THERE, "paused"),
    (Exchange(Call.HEAD, 423), Action.GHOST, "ghost"),
    (Exchange(Call.PATCH, 400, text="Request aborted due to lock acquired"), Action.GHOST, "ghost"),
    *[(Exchange(Call.API, code), Action.RETRY_ITEM, "busy") for code in (408, 425, 429, 503)],
    *[(Exchange(Call.PATCH, code), Action.RETRY_ITEM, "ill") for code in (500, 502, 504, 520)],
    (Exchange(Call.API, 409, code="forked"), Action.FORKED, "forked"),
    (Exchange(Call.PATCH, 409), Action.HEAD_FIRST, "offset"),
    (Exchange(Call.HEAD, 404), Action.NEW_UPLOAD, "gone"),
    (Exchange(Call.PATCH, 410), Action.NEW_UPLOAD, "gone"),
    (Exchange(Call.API, 401), Action.SIGN_IN, "sign_in"),
    (Exchange(Call.API, 403, code="revoked"), Action.REVOKED, "revoked"),
    (Exchange(Call.PATCH, 403), Action.ASK_PERSON, "forbidden"),
    (Exchange(Call.API, 407), Action.ASK_PERSON, "proxy_login"),
    (Exchange(Call.PATCH, 413), Action.SMALLER, "too_large"),
    (Exchange(Call.PATCH, 460), Action.RESEND, "corrupt"),
    (Exchange(Call.CREATE, 507), Action.PAUSE_CHANNEL, "full"),
    *[(Exchange(Call.CREATE, code), Action.STOP_ITEM, "version") for code in (412, 415, 426)],
    (Exchange(Call.API, 599), Action.RETRY_ITEM, "server_other"),
    (Exchange(Call.API, 400), Action.STOP_ITEM, "protocol"),
    (Exchange(Call.API, 404), Action.STOP_ITEM, "protocol"),
    (Exchange(Call.PATCH, 204, headers=TUS), Action.HEAD_FIRST, "unclear"),
    (Exchange(Call.API, 200), Action.RETRY_ITEM, "malformed"),
]


@pytest.mark.parametrize(("exchange", "action", "code"), ROWS, ids=str)
def test_row(exchange: Exchange, action: Action, code: str) -> None:
    got, reason = classify(exchange)
    assert (got, reason.code, reason.status) == (action, code, exchange.status)
    assert reason.text.endswith((".", ")")), "a whole sentence"


# As tusd 1 and 2 and @tus/server say that our own earlier request holds the upload, or was just torn off.
LOCKED = (
    (500, "ERR_LOCK_TIMEOUT: failed to acquire lock before timeout\n"),
    (500, "failed to acquire lock before timeout"),
    (500, "file currently locked\n"),
    (
        400,
        "ERR_UPLOAD_INTERRUPTED: upload has been interrupted by another request for this upload resource\n",
    ),
    (400, "ERR_UPLOAD_STOPPED: upload has been stopped by server\n"),
    (400, "upload has been stopped by server\n"),
    (500, "ERR_SERVER_SHUTDOWN: request has been interrupted because the server is shutting down\n"),
    (500, "Something went wrong with that request\naborted"),
    (500, "ERR_INTERNAL_SERVER_ERROR: unexpected EOF\n"),
)
# As firewalls and proxies say that they do not like a request; all of them were our ghost once, for ever.
BLOCKED = (
    (400, "Request blocked"),
    (400, '{"message": "Request blocked by WAF", "id": "81f"}'),
    (400, "The request is blocked. Reference: 0xK1==Z"),
    (400, "Request has been stopped by the firewall."),
    (500, "Blocked by content filter"),
    (500, "Clocks out of step"),
)


@pytest.mark.parametrize(("status", "text"), LOCKED)
def test_our_own_ghost_is_known_by_the_servers_words(status: int, text: str) -> None:
    assert classify(Exchange(Call.PATCH, status, text=text))[0] is Action.GHOST


@pytest.mark.parametrize(("status", "text"), BLOCKED)
def test_who_blocks_a_request_is_not_our_ghost(status: int, text: str) -> None:
    action = classify(Exchange(Call.PATCH, status, text=text))[0]
    assert action is (Action.STOP_ITEM if status == 400 else Action.RETRY_ITEM)


@pytest.mark.parametrize("kind", [HTML, {}])
@pytest.mark.parametrize("start", ["<!DOCTYPE html>\n", "<html lang=id>", "  <HTML>"])
def test_a_page_is_no_ghost_whatever_it_says(start: str, kind: dict[str, str]) -> None:
    """Cloudflare, for one: its page says what its administrator has locked."""
    page = f"{start}<title>Attention Required! | Cloudflare</title><p>The site owner locked this page."
    assert classify(Exchange(Call.PATCH, 400, headers=kind, text=page))[0] is Action.STOP_ITEM
    assert classify(Exchange(Call.PATCH, 500, headers=kind, text=page))[0] is Action.RETRY_ITEM


def test_every_fault_of_the_line_has_a_row_of_its_own() -> None:
    codes = [classify(Exchange(Call.API, fault=fault))[1].code for fault in LinkFault]
    assert len(set(codes)) == len(LinkFault)
    assert "no_answer" not in codes


def test_a_proxys_trouble_says_what_is_safe_and_whom_to_ask() -> None:
    for fault in (fault for fault in LinkFault if fault.startswith("proxy_")):
        _, reason = classify(Exchange(Call.API, fault=fault))
        assert reason.code in PROXYS
        assert reason.text.startswith("Proxy ")
        assert "Data tetap aman di PC ini." in reason.text
        assert "teknisi kantor" in reason.text


def test_no_row_is_without_a_test() -> None:
    """Each row is the first to match for at least one of the exchanges above; two rows may share a code."""
    met = {next(n for n, row in enumerate(TABLE) if row.matches(exchange)) for exchange, *_ in ROWS}
    assert [row.code for n, row in enumerate(TABLE) if n not in met] == []


def test_the_servers_own_sentence_stands_beside_ours() -> None:
    _, reason = classify(Exchange(Call.API, 400, code="hash_mismatch", detail="Nilai tidak cocok."))
    assert reason.code == "hash_mismatch"
    assert "Nilai tidak cocok." in reason.text
    assert "(kode 400)" in classify(Exchange(Call.API, 400))[1].text
