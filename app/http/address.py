"""Where requests may go: which addresses are taken, whom the system trusts, which proxy stands between. Thread: any."""

from __future__ import annotations

import ipaddress
import re
import ssl
from functools import cache
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from app.errors import BadInput
from app.http.connections import Proxy
from app.http.faults import Broken
from app.http.reply import LinkFault


def is_loopback(host: str) -> bool:
    """True for localhost and 127.0.0.0/8, ::1."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_address(url: str, whose: str = "server") -> str:
    """The address without a trailing slash. Raises BadInput unless it is https, or plain http to this PC itself."""
    if not _is_usable(url):
        shown = url if len(url) <= _SHOWN else f"{url[:_SHOWN]}…"
        raise BadInput(
            f"Alamat {whose} tidak dapat dipakai: {shown!r}.",
            hint="Alamat harus dimulai dengan https:// (http:// hanya untuk PC ini sendiri).",
            code="bad_address",
        )
    return url.rstrip("/")


_SHOWN = 100  # characters of a wrong address that are said back
_LONGEST = 2_000  # characters: what servers and proxies take


def _is_usable(url: str) -> bool:
    if len(url) > _LONGEST or not (url.isascii() and url.isprintable()) or " " in url:
        return False
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        is_port = parts.port is None or parts.port > 0
    except ValueError:  # half an IPv6 address; a port that is none
        return False
    is_allowed = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    has_more = parts.username is not None or parts.query or parts.fragment
    return bool(host) and is_port and is_allowed and not has_more


_PLAIN_NAME = re.compile(r"[A-Za-z0-9_-]+")  # of an upload: neither a path nor a query


@cache
def _parted(url: str) -> SplitResult:
    """Of the few endpoints a program speaks to."""
    return urlsplit(url)


def same_place(url: str, location: str, under: str) -> str | None:
    """`location` resolved against `url` when it has the same origin and lies under the path of `under`, else None."""
    home = _parted(under)
    folder = home.path if home.path.endswith("/") else f"{home.path}/"
    if url == under and location.startswith(folder) and _PLAIN_NAME.fullmatch(location, len(folder)):
        return (
            f"{home.scheme}://{home.netloc}{location}"  # as nearly every server says it: nothing to resolve
        )
    target = urljoin(url, location)
    there = urlsplit(target)
    try:
        is_same = (home.scheme, home.hostname, home.port) == (there.scheme, there.hostname, there.port)
    except ValueError:
        return None
    is_below = there.path.startswith(folder) and len(there.path) > len(folder) and "/../" not in there.path
    return target if is_same and is_below and there.username is None and not there.fragment else None


def system_trust() -> ssl.SSLContext:
    import truststore  # noqa: PLC0415 - 20 ms that a loopback run need not pay

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_alpn_protocols(["http/1.1"])
    return context


def system_proxy(url: str) -> Proxy | None:
    """The proxy this PC's settings name for `url` now (environment, or the registry on Windows). Raises Broken.

    May block: on Windows, Python resolves the name of a host that the settings might except.
    """
    import urllib.request  # noqa: PLC0415 - 25 ms that a loopback run need not pay

    parts = urlsplit(url)
    if urllib.request.proxy_bypass(parts.hostname or ""):
        return None
    proxy = urllib.request.getproxies().get(parts.scheme)
    return None if proxy is None else _proxy(proxy if "://" in proxy else f"http://{proxy}")


def _proxy(address: str) -> Proxy:
    """With the name and the password its address carries. Raises Broken for one we cannot use."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
        host.encode("idna")  # as the resolver will
    except ValueError:  # its text may hold the password
        raise Broken(LinkFault.PROXY_UNUSABLE, "the proxy's address is none") from None
    if parts.scheme not in ("http", "https") or not host:
        raise Broken(LinkFault.PROXY_UNUSABLE, f"no proxy for us: {parts.scheme}://{host}")
    name, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Proxy(parts.scheme, host, port or (443 if parts.scheme == "https" else 80), name, password)
