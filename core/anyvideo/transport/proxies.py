"""The environment's proxies, chosen by the rules of httpx's own client.

https://www.python-httpx.org/environment_variables/ names the variables: HTTP_PROXY, HTTPS_PROXY,
ALL_PROXY and NO_PROXY. httpx reads them only for transports that it makes itself.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from urllib.request import getproxies  # noqa: TID251 (reads the environment and sends nothing)

import httpx
from attrs import frozen


@frozen
class ProxyRule:
    """The proxy for the URLs that match a pattern; None where they are reached directly.

    In the pattern, the scheme "all", no host and no port match any.
    """

    pattern: httpx.URL
    proxy: httpx.Proxy | None

    @property
    def rank(self) -> tuple[bool, int, int]:
        """The order of rules: a port first, then the longest host, then the scheme."""
        return (self.pattern.port is None, -len(self.pattern.host), self.pattern.scheme == "all")

    def matches(self, url: httpx.URL) -> bool:
        """Say whether a URL has the pattern's scheme, port and host."""
        return (
            self.pattern.scheme in {"all", url.scheme}
            and self.pattern.port in {None, url.port}
            and _matches_host(self.pattern.host, url.host)
        )


def read_proxy_rules() -> tuple[ProxyRule, ...]:
    """Return the rules of the environment in the order in which they apply."""
    found = getproxies()
    direct = [name for item in found.get("no", "").split(",") if (name := item.strip())]
    if "*" in direct:
        return ()
    proxies: dict[str, httpx.Proxy | None] = {
        f"{scheme}://": _read_proxy(value)
        for scheme in ("http", "https", "all")
        if (value := found.get(scheme))
    }
    proxies |= dict.fromkeys(map(_make_pattern, direct))
    rules = [ProxyRule(httpx.URL(pattern), proxy) for pattern, proxy in proxies.items()]
    return tuple(sorted(rules, key=lambda rule: rule.rank))


def _read_proxy(value: str) -> httpx.Proxy:
    """Return the proxy that a variable names.

    Raises:
        ValueError: its URL cannot be used; the message does not show its password.
    """
    proxy = httpx.Proxy(value if "://" in value else f"http://{value}")
    if proxy.url.port is not None and not 0 < proxy.url.port < 65_536:
        message = f"a proxy has the port {proxy.url.port}, and ports go from 1 to 65535"
        raise ValueError(message)
    return proxy


def find_proxy(rules: Sequence[ProxyRule], url: httpx.URL) -> httpx.Proxy | None:
    """Return the proxy for a URL, or None where it is reached directly."""
    return next((rule.proxy for rule in rules if rule.matches(url)), None)


def _make_pattern(name: str) -> str:
    """Return the pattern of an entry of NO_PROXY: "acme.example" means its subdomains too."""
    if "://" in name:
        return name
    try:
        address = ipaddress.ip_address(name.partition("/")[0])
    except ValueError:
        return f"all://{name}" if name.lower() == "localhost" else f"all://*{name}"
    return f"all://[{name}]" if address.version == 6 else f"all://{name}"


def _matches_host(pattern: str, host: str) -> bool:
    if not pattern.startswith("*"):
        return pattern in {"", host}
    domain = pattern[1:].removeprefix(".")
    subdomains_only = pattern.startswith("*.")
    return not domain or host.endswith(f".{domain}") or (host == domain and not subdomains_only)
