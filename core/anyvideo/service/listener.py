"""The socket at which a long-running process listens."""

from __future__ import annotations

import socket

# How many connections may wait to be accepted: bursts of clients that open one each.
_BACKLOG = 2048


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; port 0 is any that is free.

    Raises:
        OSError: the address cannot be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    # Accepted sockets inherit it. asyncio sets it only for sockets that name their protocol, and
    # without it the second write of an answer waits 40 ms for the client's delayed ACK.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
