"""The two clients, blocking and async: the same operations over the same steps."""

from anyvideo.client.aio import AsyncClient
from anyvideo.client.sync import Client

__all__ = ["AsyncClient", "Client"]
