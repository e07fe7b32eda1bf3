"""The environment's proxies, chosen as httpx's own client chooses them."""

import ssl
from contextlib import contextmanager

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anyvideo.transport.proxies import find_proxy, read_proxy_rules

NAMES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
CONTEXT = ssl.create_default_context()


@contextmanager
def set_environment(environment):
    with pytest.MonkeyPatch.context() as patch:
        for name in NAMES:
            patch.delenv(name, raising=False)
            patch.delenv(name.lower(), raising=False)
        for name, value in environment.items():
            patch.setenv(name, value)
        yield patch


def choose(environment, url):
    with set_environment(environment):
        proxy = find_proxy(read_proxy_rules(), httpx.URL(url))
    return None if proxy is None else proxy.url.host


def choose_as_httpx(environment, url):
    """The proxy of the transport that a client of httpx asks."""
    asked, opened, start = [], {}, httpx.HTTPTransport.__init__

    def remember(transport, **options):
        proxy = options.get("proxy")
        opened[id(transport)] = proxy and proxy.url.host
        start(transport, **options)

    def note(transport, _):
        asked.append(opened[id(transport)])
        return httpx.Response(204)

    with set_environment(environment) as patch:
        patch.setattr(httpx.HTTPTransport, "__init__", remember)
        patch.setattr(httpx.HTTPTransport, "handle_request", note)
        with httpx.Client(verify=CONTEXT) as client:
            client.get(url)
    return asked[0]


BOTH = {"HTTP_PROXY": "http://one:1", "HTTPS_PROXY": "two:2", "ALL_PROXY": "socks5://three:3"}


@pytest.mark.parametrize(
    ("environment", "url", "host"),
    [
        ({}, "http://a.example/", None),
        (BOTH, "http://a.example/", "one"),
        (BOTH, "https://a.example/", "two"),
        ({"ALL_PROXY": "three:3"}, "https://a.example/", "three"),
        ({**BOTH, "NO_PROXY": "b.example, *"}, "https://a.example/", None),
        ({**BOTH, "NO_PROXY": "a.example"}, "https://a.example/", None),
        ({**BOTH, "NO_PROXY": "a.example"}, "https://www.a.example/", None),
        ({**BOTH, "NO_PROXY": "a.example"}, "https://aa.example/", "two"),
        ({**BOTH, "NO_PROXY": ".a.example"}, "https://www.a.example/", None),
        ({**BOTH, "NO_PROXY": ".a.example"}, "https://a.example/", "two"),
        ({**BOTH, "NO_PROXY": "a.example:8443"}, "https://a.example:8443/", None),
        ({**BOTH, "NO_PROXY": "a.example:8443"}, "https://a.example/", "two"),
        ({**BOTH, "NO_PROXY": "http://a.example"}, "http://a.example/", None),
        ({**BOTH, "NO_PROXY": "http://a.example"}, "https://a.example/", "two"),
        ({**BOTH, "NO_PROXY": "http://*"}, "http://a.example/", None),
        ({**BOTH, "NO_PROXY": "localhost"}, "http://localhost:9/", None),
        ({**BOTH, "NO_PROXY": "localhost"}, "http://a.localhost/", "one"),
        ({**BOTH, "NO_PROXY": "10.0.0.1"}, "http://10.0.0.1/", None),
        ({**BOTH, "NO_PROXY": "::1"}, "http://[::1]:9/", None),
    ],
)
def test_a_proxy_is_chosen_by_scheme_host_and_port(environment, url, host):
    assert choose(environment, url) == host


HOSTS = st.sampled_from(["a.example", "www.a.example", "aa.example", "localhost", "10.0.0.1"])
ENTRIES = st.sampled_from(
    [
        "a.example",
        ".a.example",
        "*.a.example",
        "a.example:81",
        "http://a.example",
        "https://",
        "*",
        "localhost",
        "10.0.0.1",
        "10.0.0.0/8",
        "",
        " example",
    ]
)
PROXIES = st.dictionaries(
    st.sampled_from(["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"]), st.sampled_from(["one:1", "two:2"])
)


@settings(deadline=None, max_examples=200)
@given(
    PROXIES,
    st.lists(ENTRIES, max_size=3).map(",".join),
    st.sampled_from(["http", "https"]),
    HOSTS,
    st.sampled_from(["", ":81"]),
)
def test_httpx_chooses_the_same(proxies, direct, scheme, host, port):
    url, environment = f"{scheme}://{host}{port}/", {**proxies, "NO_PROXY": direct}

    assert choose(environment, url) == choose_as_httpx(environment, url)
