"""fal-client: `submit`, `handle.status`, and `handle.get` to wait, which `subscribe` calls too."""

import fal_client
import fal_client.client

ENDPOINT = "fal-ai/kling-video"
JOB = {"prompt": "a red fox", "duration": "5"}


def make_options(url, timeout):
    fal_client.client.QUEUE_URL_FORMAT = f"{url}/"  # the only way to another host than fal's
    return {"key": "key"} if timeout is None else {"key": "key", "default_timeout": timeout}


class Client:
    def __init__(self, url, timeout=None):
        self.client = fal_client.SyncClient(**make_options(url, timeout))

    def submit(self):
        return self.client.submit(ENDPOINT, JOB)

    def status(self, job):
        if isinstance(job, str):
            job = self.client.get_handle(ENDPOINT, job)
        return job.status()


class Waiter:
    def __init__(self, url):
        self.client = fal_client.AsyncClient(**make_options(url, None))

    async def submit(self):
        return await self.client.submit(ENDPOINT, JOB)

    def pick_up(self, number):
        return f"job-{number}"

    async def wait(self, job):
        if isinstance(job, str):
            job = await self.client.get_handle(ENDPOINT, job)
        await job.get()
        return job.request_id
