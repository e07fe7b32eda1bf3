"""litellm: `video_generation` and `video_status`; it has nothing that waits for a video."""

import litellm


class Client:
    def __init__(self, url, timeout=None):
        self.options = {"api_base": f"{url}/v1", "api_key": "key"}
        if timeout is not None:
            self.options["timeout"] = timeout

    def submit(self):
        job = {"model": "openai/sora-2", "prompt": "a red fox", "seconds": "4", "size": "1280x720"}
        return litellm.video_generation(**job, **self.options).id

    def status(self, job):
        return litellm.video_status(video_id=job, custom_llm_provider="openai", **self.options)
