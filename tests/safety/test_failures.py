"""The failures of the README's table, over real sockets: each costs one paid request, not more."""

import socket

import pytest

from anyvideo.errors import AmbiguousSubmitError
from tests.acme.clients import JOB, open_client, read_row, read_task
from tests.sockets import Listener, drip, make_options, write_answer

RESET = b"\1\0\0\0\0\0\0\0"  # linger for 0 seconds: the connection is torn down


def answer(body, status):
    def behave(listener, connection):
        listener.read(connection)
        connection.sendall(write_answer(body, status))

    return behave


def drop(listener, connection):
    listener.read(connection)


def reset(listener, connection):
    listener.read(connection)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)


def hang(listener, connection):
    listener.read(connection)
    listener.closing.wait(10)


def cut(listener, connection):
    listener.read(connection)
    connection.sendall(write_answer()[:-10])


FAILURES = {
    "500": answer(b'{"error": {"message": "internal error"}}', "500 Internal Server Error"),
    "502 after accept": answer(b"<html>Bad Gateway</html>", "502 Bad Gateway"),
    "connection dropped": drop,
    "connection reset": reset,
    "time-out": hang,
    "slow drip": drip(b"HTTP/1.1 200 OK\r\nx: "),
    "half an answer": cut,
    "unreadable 200": answer(b"<html>Welcome</html>", "200 OK"),
    "200 without an id": answer(b'{"status": "queued"}', "200 OK"),
}


@pytest.mark.parametrize("behave", FAILURES.values(), ids=FAILURES)
def test_one_failing_submit_sends_one_paid_request(kind, behave):
    with Listener(behave) as server:
        options = make_options(server.url, timeout=0.4)
        with open_client(kind, None, **options) as client:
            with pytest.raises(AmbiguousSubmitError) as caught:
                client.submit(JOB, "acme/acme-1")
            row = read_row(client)

    assert len(server.requests) == 1
    assert (row.state, row.counts, read_task(caught).ref) == ("ambiguous", True, row.ref)
