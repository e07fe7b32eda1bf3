"""One vendor of each answer format, as a test orders from it."""

WIRES = {
    "apiyi": ("/v1/videos", {"model": "sora-2", "seconds": "8", "size": "1280x720"}),
    "apertis-create": ("/v1/video/create", {"model": "veo3"}),
    "apimart": ("/v1/videos/generations", {"model": "sora-2"}),
    "openai-videos": ("/v1/videos", {"model": "kling-v3", "seconds": "8", "size": "1280x720"}),
}
PAGE = "text/html"
CONTENT = {"apiyi", "openai-videos"}  # they deliver the film themselves


def find_id(answer):
    body = answer.json()
    return body["id"] if "id" in body else body["data"][0]["task_id"]


class Wire:
    """One vendor, as a test orders from it."""

    def __init__(self, adapter, client):
        self.adapter, self.client = adapter, client

    def order(self, prompt):
        path, fields = WIRES[self.adapter]
        return self.client.post(f"/{self.adapter}{path}", json={**fields, "prompt": prompt})

    def show(self, video):
        path = {
            "apiyi": f"/v1/videos/{video}",
            "apertis-create": f"/v1/video/query?id={video}",
            "apimart": f"/v1/tasks/{video}",
            "openai-videos": f"/v1/videos/{video}",
        }[self.adapter]
        return self.client.get(f"/{self.adapter}{path}")

    def state(self, video):
        body = self.show(video).json()
        return body.get("data", body)

    def url(self, video):
        state = self.state(video)
        if self.adapter in CONTENT:
            return f"/{self.adapter}/v1/videos/{video}/content"
        if self.adapter == "apimart":
            return state["result"]["videos"][0]["url"][0]
        return state["video_url"]
