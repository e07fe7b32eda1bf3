"""Calls at Apertis' wires in the sandbox."""

import pytest


@pytest.fixture
def create(client):
    return lambda fields: client.post("/apertis-create/v1/video/create", json=fields)


@pytest.fixture
def query(client):
    return lambda video: client.get("/apertis-create/v1/video/query", params={"id": video})


@pytest.fixture
def send(client):
    def send(fields, image=None):
        parts = {"input_reference": ("reference.png", image, "image/png")} if image else {}
        texts = {name: (None, text) for name, text in fields.items()}
        return client.post("/apertis-videos/v1/videos", files={**texts, **parts})

    return send


@pytest.fixture
def get(client):
    return lambda video, tail="": client.get(f"/apertis-videos/v1/videos/{video}{tail}")
