"""A server that does to each connection what a test says, byte by byte."""

import socket
import threading
from contextlib import suppress

from anyvideo.adapters.registry import Registry
from tests.acme.adapter import Acme
from tests.acme.clients import KEY
from tests.acme.plugin import Plugin

DONE = b'{"id": "task-1", "status": "completed", "progress": 100}'


def write_answer(body=DONE, status="200 OK", **headers):
    head = {"content-type": "application/json", "content-length": len(body), **headers}
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in head.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


def read_request(connection):
    """The next request on a connection, or b"" once the client has hung up."""
    data = b""
    while b"\r\n\r\n" not in data:
        try:
            piece = connection.recv(65536)
        except OSError:
            return b""
        if not piece:
            return b""
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    length = int(lengths[0].partition(b":")[2]) if lengths else 0
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


class Listener:
    """Listens on 127.0.0.1; `behave(listener, connection)` runs in a thread for each connection."""

    def __init__(self, behave):
        self.behave = behave
        self.requests, self.connections = [], 0
        self.closing = threading.Event()
        self._threads, self._last = [], None
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        self._start(self._accept)
        return self

    def __exit__(self, *_):
        # Closing alone does not wake the thread that accepts: the last of all connections does, so
        # that those which came before it are served, however late.
        with socket.socket() as last:
            last.bind(("127.0.0.1", 0))
            self._last = last.getsockname()
            self.closing.set()
            last.connect(("127.0.0.1", self.port))
        for thread in self._threads:
            thread.join(10)
        self._socket.close()

    def _start(self, work, *args):
        self._threads.append(threading.Thread(target=work, args=args))
        self._threads[-1].start()

    def _accept(self):
        while True:
            connection, peer = self._socket.accept()
            if peer == self._last:
                connection.close()
                return
            self.connections += 1
            self._start(self._serve, connection)

    def _serve(self, connection):
        connection.settimeout(10)
        with connection, suppress(OSError):  # the client has gone, as it should
            self.behave(self, connection)

    def read(self, connection):
        request = read_request(connection)
        if request:
            self.requests.append(request)
        return request


def serve(answer=None):
    """Answer every request on a connection, as long as it lasts."""

    def behave(listener, connection):
        while listener.read(connection):
            connection.sendall(answer or write_answer())

    return behave


def drip(start):
    """Send a start, and then a byte now and then for ever."""

    def behave(listener, connection):
        listener.read(connection)
        connection.sendall(start)
        while not listener.closing.wait(0.02):
            connection.sendall(b" ")

    return behave


def make_options(url, timeout=5.0, **adapter):
    """What a client needs to speak to a listener; `adapter` is what Acme takes."""
    registry = Registry()
    registry.add(Plugin(Acme(**adapter)))
    config = {"providers": {"acme": {"base_url": url, "api_key": KEY, "timeout": timeout}}}
    return {"config": config, "registry": registry}
