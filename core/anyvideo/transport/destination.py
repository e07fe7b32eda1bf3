"""Where a request may go: the provider's own origin, or a public address without the key."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from anyvideo.config.provider import Provider
from anyvideo.errors import DownloadError
from anyvideo.limits import MOST_URL_LENGTH

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def check_url(provider: Provider, url: str) -> None:
    """Check a URL that a vendor gave; raise a DownloadError if nothing may be sent to it."""
    if url.startswith(f"{provider.base_url}/"):
        return
    try:
        parts = urlsplit(url)
        host = parts.hostname if parts.port != 0 else ""
    except ValueError:
        host, parts = "", urlsplit("")
    if parts.scheme not in {"http", "https"} or not host:
        message = f"the URL {url[:200]!r} is not http(s); nothing was sent there"
        raise DownloadError(message)
    if len(url) > MOST_URL_LENGTH:
        message = f"the URL {url[:200]!r}... is too long; nothing was sent there"
        raise DownloadError(message)
    if not provider.owns(url) and (address := _parse(host)) is not None:
        check_address(provider, address)


def check_peer(provider: Provider, peer: Sequence[object] | None) -> None:
    """Check the address of a new connection to a foreign host, before anything is sent."""
    if peer and (address := _parse(str(peer[0]))) is not None:
        check_address(provider, address)


def check_address(provider: Provider, address: _Address) -> None:
    """Check that an address is public or the provider's own, or raise a DownloadError."""
    if all(item.is_global and not item.is_multicast for item in (address, *_unwrap(address))):
        return
    own = _resolve(urlsplit(provider.base_url).hostname or "")
    if address in own or (address.is_loopback and any(item.is_loopback for item in own)):
        return
    message = f"the URL leads to {address}, which is not public; nothing was sent there"
    raise DownloadError(message)


def _unwrap(address: _Address) -> Iterator[_Address]:
    """Yield the IPv4 addresses in an IPv6 address: NAT64 and 6to4."""
    if isinstance(address, ipaddress.IPv6Address):
        if address in _NAT64:
            yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if address.sixtofour is not None:
            yield address.sixtofour


def _parse(host: str) -> _Address | None:
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return ipaddress.ip_address("127.0.0.1") if host.lower() == "localhost" else None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address


def _resolve(host: str) -> set[_Address]:
    if (address := _parse(host)) is not None:
        return {address}
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return set()
    parsed = (_parse(str(item[4][0])) for item in found)
    return {address for address in parsed if address is not None}
