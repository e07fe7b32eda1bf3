"""A server that plays Acme for this tutorial: run `python vendor.py` and leave it running."""

from anyvideo.plugin import Response
from anyvideo.testing import Call, Server, answer, make_film

PHASES = ("排队中", "生成中", "已完成")


class Vendor:
    """Takes orders; each status call moves a clip on by one phase."""

    url = "http://127.0.0.1:8765"

    def __init__(self) -> None:
        self.clips: list[int] = []

    def respond(self, call: Call) -> Response:
        if call.path.startswith("/films/"):
            return answer(make_film("acme", seconds=5), headers={"content-type": "video/mp4"})
        if call.headers.get("authorization") != "Bearer acme-key":
            return answer({"success": False, "code": "invalid_api_key", "message": "no key"}, 401)
        if call.path == "/v1/files":
            return answer({"success": True, "payload": {"file": {"url": f"{self.url}/films/1"}}})
        if call.method == "POST":
            self.clips.append(0)
            return self.describe(len(self.clips) - 1)
        number = int(call.path.removeprefix("/v1/clips/clip-"))
        self.clips[number] = min(self.clips[number] + 1, len(PHASES) - 1)
        return self.describe(number)

    def describe(self, number: int) -> Response:
        phase = self.clips[number]
        clip = {"id": f"clip-{number}", "phase": PHASES[phase], "percent": 50 * phase}
        if phase == len(PHASES) - 1:
            clip["film"] = {"url": f"{self.url}/films/{number}.mp4"}
        return answer({"success": True, "payload": {"clip": clip}})


if __name__ == "__main__":
    with Server(Vendor().respond, port=8765):
        input("Acme listens on http://127.0.0.1:8765; press Enter to end it. ")
