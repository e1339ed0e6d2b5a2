"""Where requests may go: which addresses are taken, whom the system trusts, which proxy stands between. Thread: any."""

from __future__ import annotations

import ipaddress
import ssl
from functools import cache
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

import httpcore

from app.errors import BadInput


def is_loopback(host: str) -> bool:
    """True for localhost and 127.0.0.0/8, ::1."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_address(url: str) -> str:
    """The address without a trailing slash. Raises BadInput unless it is https, or plain http to this PC itself."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    is_allowed = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    if not host or not is_allowed or parts.username is not None or parts.query or parts.fragment:
        raise BadInput(
            f"Alamat server tidak dapat dipakai: {url!r}.",
            hint="Alamat harus dimulai dengan https:// (http:// hanya untuk PC ini sendiri).",
            code="bad_address",
        )
    return url.rstrip("/")


@cache
def _parted(url: str) -> SplitResult:
    """Of the few endpoints a program speaks to."""
    return urlsplit(url)


def same_place(url: str, location: str, under: str) -> str | None:
    """`location` resolved against `url` when it has the same origin and lies under the path of `under`, else None."""
    target = urljoin(url, location)
    home, there = _parted(under), urlsplit(target)
    try:
        is_same = (home.scheme, home.hostname, home.port) == (there.scheme, there.hostname, there.port)
    except ValueError:
        return None
    folder = home.path if home.path.endswith("/") else f"{home.path}/"
    is_below = there.path.startswith(folder) and len(there.path) > len(folder) and "/../" not in there.path
    return target if is_same and is_below and there.username is None and not there.fragment else None


def system_trust() -> ssl.SSLContext:
    import truststore  # noqa: PLC0415 - 20 ms that a loopback run need not pay

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def system_proxy(url: str) -> httpcore.Proxy | None:
    """The proxy this PC's settings name for `url` (environment, or the registry on Windows). Raises BadInput."""
    import urllib.request  # noqa: PLC0415 - 25 ms that a loopback run need not pay

    parts = urlsplit(url)
    if urllib.request.proxy_bypass(parts.hostname or ""):
        return None
    proxy = urllib.request.getproxies().get(parts.scheme)
    return None if proxy is None else _proxy(proxy if "://" in proxy else f"http://{proxy}")


def _proxy(address: str) -> httpcore.Proxy:
    """With the name and the password its address carries. Raises BadInput for a kind we do not speak."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadInput(
            f"Proxy {parts.scheme}://{parts.hostname} tidak dapat dipakai.",
            hint="Pakai proxy http:// atau https:// pada pengaturan PC ini.",
            code="bad_proxy",
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    port = parts.port or (443 if parts.scheme == "https" else 80)
    name, password = unquote(parts.username or ""), unquote(parts.password or "")
    return httpcore.Proxy(f"{parts.scheme}://{host}:{port}", auth=(name, password) if name else None)
