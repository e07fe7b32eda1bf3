"""runwayml: `text_to_video.create`, `tasks.retrieve`, and `wait_for_task_output` to wait."""

import runwayml

JOB = {"model": "veo3.1", "prompt_text": "a red fox", "ratio": "1280:720", "duration": 4}


def make_options(url, timeout):
    options = {"api_key": "key", "base_url": url}
    return options if timeout is None else {**options, "timeout": timeout}


class Client:
    def __init__(self, url, timeout=None):
        self.client = runwayml.RunwayML(**make_options(url, timeout))

    def submit(self):
        return self.client.text_to_video.create(**JOB).id

    def status(self, job):
        return self.client.tasks.retrieve(job)


class Waiter:
    def __init__(self, url):
        self.client = runwayml.AsyncRunwayML(**make_options(url, None))

    async def submit(self):
        return await self.client.text_to_video.create(**JOB)

    def pick_up(self, number):
        return f"job-{number}"

    async def wait(self, job):
        if isinstance(job, str):
            job = await self.client.tasks.retrieve(job)
        await job.wait_for_task_output()
        return job.id
