"""The time for one whole request, wherever it is spent."""

import ssl
import threading

import httpcore
import pytest

from anyvideo.transport.deadline import BoundedBackend, Deadline


class Inner(httpcore.NetworkStream, httpcore.NetworkBackend):
    """Notes the time-outs that it is given."""

    def __init__(self):
        self.timeouts, self.closed = [], False

    def read(self, max_bytes, timeout=None):
        self.timeouts.append(timeout)
        return b"x"

    def write(self, buffer, timeout=None):
        self.timeouts.append(timeout)

    def start_tls(self, ssl_context, server_hostname=None, timeout=None):
        self.timeouts.append(timeout)
        return self

    def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
        self.timeouts.append(timeout)
        return self

    def close(self):
        self.closed = True

    def get_extra_info(self, info):
        return info


@pytest.fixture
def now(monkeypatch):
    moment = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: moment[0])
    return moment


def test_each_step_gets_what_is_left_at_most(now):
    deadline, inner = Deadline(), Inner()
    with deadline.within(10):
        stream = BoundedBackend(inner, deadline).connect_tcp("host", 80, 4)
        now[0] = 7
        stream = stream.start_tls(ssl.create_default_context(), "host", 4)
        now[0] = 8
        stream.write(b"x", None)
        now[0] = 9
        assert stream.read(1, 60) == b"x"
    stream.read(1, 60)

    assert inner.timeouts == [4, 3, 2, 1, 60]


@pytest.mark.parametrize(
    ("work", "error"),
    [
        (lambda stream: stream.read(1), httpcore.ReadTimeout),
        (lambda stream: stream.write(b"x"), httpcore.WriteTimeout),
        (lambda stream: stream.start_tls(None), httpcore.ConnectTimeout),
    ],
    ids=["read", "write", "tls"],
)
def test_once_it_is_over_nothing_more_is_done(now, work, error):
    deadline, inner = Deadline(), Inner()
    stream = BoundedBackend(inner, deadline).connect_tcp("host", 80)
    with deadline.within(10):
        now[0] = 10
        with pytest.raises(error, match="time for the whole request is over"):
            work(stream)

    assert inner.timeouts == [None]


def test_one_threads_deadline_is_not_anothers(now):
    deadline, seen = Deadline(), []
    with deadline.within(10):
        thread = threading.Thread(target=lambda: seen.append(deadline.bound(60, TimeoutError)))
        thread.start()
        thread.join()

    assert seen == [60]


def test_the_connection_is_otherwise_as_it_was():
    inner = Inner()
    stream = BoundedBackend(inner, Deadline()).connect_tcp("host", 80)

    assert stream.get_extra_info("server_addr") == "server_addr"
    stream.close()
    assert inner.closed
