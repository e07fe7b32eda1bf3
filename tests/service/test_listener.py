"""The socket of a long-running process."""

import socket

from anyvideo.service.listener import listen


def test_an_answer_is_not_held_back_for_the_acknowledgement_of_its_head():
    with (
        listen("127.0.0.1", 0) as listener,
        socket.create_connection(listener.getsockname()),
        listener.accept()[0] as accepted,
    ):
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
