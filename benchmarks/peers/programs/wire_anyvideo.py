"""anyvideo, on the wire that WIRE names: `submit`, `status`, and `wait`."""

import os

import anyvideo

WIRE = os.environ.get("WIRE", "openai")
# The provider, its adapter, and the model, which is the same as the other client's where both have it.
WIRES = {
    "openai": ("gateway", "openai-videos", "sora-2"),
    "fal": ("fal", "fal", "kling-v3"),
    "replicate": ("replicate", "replicate", "kling-v3"),
    "runway": ("runway", "runway", "veo-3.1"),
}
PROVIDER, ADAPTER, MODEL = WIRES[WIRE]
JOB = anyvideo.VideoJob("a red fox")


def make_config(url, timeout):
    provider = {"adapter": ADAPTER, "base_url": url, "api_key": "key"}
    if timeout is not None:
        provider["timeout"] = timeout
    config = {"providers": {PROVIDER: provider}}
    if WIRE == "openai":
        source = "https://gateway.example/docs"
        config["offers"] = [
            {"provider": PROVIDER, "model": model, "source": source, "seconds": [4], "sizes": ["1280x720"]}
            for model in ("sora-2", "sora-2-pro")
        ]  # fmt: skip
    return config


class Client:
    def __init__(self, url, timeout=None):
        self.url = url
        self.client = anyvideo.Client(make_config(url, timeout))

    def submit(self):
        return self.client.submit(JOB, f"{PROVIDER}/{MODEL}")

    def status(self, job):
        if isinstance(job, str):
            job = anyvideo.Task(PROVIDER, ADAPTER, self.url, job, MODEL)
        return self.client.status(job)


class Waiter:
    def __init__(self, url):
        self.url = url
        # What is learned of finish times belongs to an offer: jobs of each length have one of their own.
        self.model = "sora-2-pro" if url.endswith("/30") else MODEL
        self.client = anyvideo.AsyncClient(make_config(url, None))

    async def submit(self):
        return await self.client.submit(JOB, f"{PROVIDER}/{self.model}")

    def pick_up(self, number):
        return anyvideo.Task(PROVIDER, ADAPTER, self.url, f"job-{number}", MODEL)

    async def wait(self, job):
        await self.client.wait(job)
        return job.id
