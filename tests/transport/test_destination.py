"""Where a request may go: to the provider's own host, or to a public address."""

import socket
from types import SimpleNamespace

import pytest

from anyvideo.config.provider import Provider
from anyvideo.config.schema import Key
from anyvideo.errors import DownloadError
from anyvideo.limits import MOST_URL_LENGTH
from anyvideo.transport.destination import check_peer, check_url


def make_provider(base_url="https://api.acme.example"):
    return Provider(
        "acme",
        SimpleNamespace(name="acme", base_url="https://api.acme.example"),
        base_url,
        Key(literal="k"),
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://cdn.acme.example/x.mp4",
        "http://93.184.216.34/x.mp4",
        "https://[2606:2800:220:1:248:1893:25c8:1946]/x.mp4",
        "https://api.acme.example/v1/x",
    ],
)
def test_home_and_the_public_are_open(url):
    check_url(make_provider(), url)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://cdn.acme.example/x",
        "//cdn.acme.example/x",
        "https:///x",
        "https://[::1",
        "https://cdn.acme.example:99999/x",
        "https://cdn.acme.example:0/x",
        "javascript:alert(1)",
        "",
    ],
)
def test_what_is_not_http_is_refused(url):
    with pytest.raises(DownloadError, match=r"is not http\(s\); nothing was sent there"):
        check_url(make_provider(), url)


PRIVATE = [
    "127.0.0.1",
    "localhost",
    "LOCALHOST",
    "10.1.2.3",
    "192.168.0.1",
    "172.16.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104 (nothing is bound: it is asked for)
    "224.0.0.1",
    "[::1]",
    "[fe80::1%25eth0]",
    "[fd00::1]",
    "[::ffff:127.0.0.1]",
    "[64:ff9b::a9fe:a9fe]",
    "[2002:7f00:1::]",
]


@pytest.mark.parametrize("host", PRIVATE)
def test_what_is_not_public_is_refused(host):
    with pytest.raises(DownloadError, match="which is not public"):
        check_url(make_provider(), f"http://{host}/latest/meta-data")


@pytest.mark.parametrize(
    "base_url", ["http://127.0.0.1:9000", "http://localhost:9000", "http://[::1]:9000"]
)
@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "[::1]", "localhost"])
def test_a_provider_on_this_machine_may_have_its_files_here(base_url, host):
    check_url(make_provider(base_url), f"http://{host}:9001/x.mp4")


def test_a_provider_in_a_private_network_may_have_its_files_on_the_same_host_alone():
    provider = make_provider("http://10.0.0.5:9000")

    check_url(provider, "http://10.0.0.5:9001/x.mp4")
    with pytest.raises(DownloadError):
        check_url(provider, "http://10.0.0.6/x.mp4")


def test_a_home_with_a_name_is_looked_up(monkeypatch):
    found = {
        "gateway.internal": [
            (0, 0, 0, "", ("10.0.0.5", 0)),
            (0, 0, 0, "", ("fd00::1%eth0", 0, 0, 0)),
        ]
    }

    def look_up(host, *args, **options):
        if host in found:
            return found[host]
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", look_up)

    check_url(make_provider("http://gateway.internal"), "http://10.0.0.5:81/x.mp4")
    check_url(make_provider("http://gateway.internal"), "http://[fd00::1]/x.mp4")
    with pytest.raises(DownloadError):
        check_url(make_provider("http://unknown.internal"), "http://10.0.0.5:81/x.mp4")


def test_the_peer_behind_a_name_is_held_to_the_same():
    provider = make_provider()

    check_peer(provider, ("93.184.216.34", 443))
    check_peer(provider, ("2606:2800:220:1:248:1893:25c8:1946", 443, 0, 0))
    check_peer(provider, None)
    check_peer(provider, ("a socket's path",))
    for peer in (("127.0.0.1", 80), ("fe80::1%eth0", 80, 0, 2)):
        with pytest.raises(DownloadError):
            check_peer(provider, peer)


def test_a_url_without_an_end_leads_nowhere():
    url = f"https://cdn.example/{'a' * MOST_URL_LENGTH}"
    with pytest.raises(DownloadError, match="too long; nothing was sent there"):
        check_url(make_provider(), url)

    check_url(make_provider(), url[:MOST_URL_LENGTH])
