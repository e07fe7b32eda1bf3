"""openai: `videos.create`, `videos.retrieve`, and `videos.poll` to wait."""

import openai

JOB = {"model": "sora-2", "prompt": "a red fox", "seconds": "4", "size": "1280x720"}


def make_options(url, timeout):
    options = {"api_key": "key", "base_url": f"{url}/v1"}
    return options if timeout is None else {**options, "timeout": timeout}


class Client:
    def __init__(self, url, timeout=None):
        self.client = openai.OpenAI(**make_options(url, timeout))

    def submit(self):
        return self.client.videos.create(**JOB).id

    def status(self, job):
        return self.client.videos.retrieve(job)


class Waiter:
    def __init__(self, url):
        self.client = openai.AsyncOpenAI(**make_options(url, None))

    async def submit(self):
        return (await self.client.videos.create(**JOB)).id

    def pick_up(self, number):
        return f"job-{number}"

    async def wait(self, job):
        await self.client.videos.poll(job)
        return job
