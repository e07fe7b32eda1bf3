"""replicate: `models.predictions.create`, `reload`, and `async_wait` to wait."""

import replicate
from replicate.prediction import Prediction

MODEL = "kwaivgi/kling-v2.1"
JOB = {"prompt": "a red fox", "duration": 5}


class Client:
    def __init__(self, url, timeout=None):
        # Its own time-out is `wait` of the call; without one it has none for the answer.
        self.wait = {} if timeout is None else {"wait": timeout}
        self.client = replicate.Client(api_token="key", base_url=url)  # noqa: S106 (made up)

    def submit(self):
        return self.client.models.predictions.create(MODEL, JOB, **self.wait).id

    def status(self, job):
        return self.client.predictions.get(job)


class Waiter:
    def __init__(self, url):
        self.client = replicate.Client(api_token="key", base_url=url)  # noqa: S106 (made up)

    async def submit(self):
        return await self.client.models.predictions.async_create(MODEL, JOB)

    def pick_up(self, number):
        prediction = Prediction(
            id=f"job-{number}", model=MODEL, version="hidden", status="processing", input=JOB,
            output=None, logs="", error=None, metrics=None, created_at=None, started_at=None,
            completed_at=None, urls=None,
        )  # fmt: skip
        prediction._client = self.client  # noqa: SLF001 (as its own `create` does)
        return prediction

    async def wait(self, job):
        await job.async_wait()
        return job.id
