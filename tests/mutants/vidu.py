"""Mistakes in Vidu's wire, and in what its rows say of each model."""

from tests.mutants.mutant import mutate, mutate_rows

PLUGIN = "plugins/anyvideo_plugins/vidu"
VIDEOS = mutate(f"{PLUGIN}/videos.py", "vidu")
ANSWERS = mutate(f"{PLUGIN}/answers.py", "vidu")
OFFERS = mutate_rows(f"{PLUGIN}/offers.toml", "vidu")
OLD = mutate_rows(f"{PLUGIN}/offers_2.toml", "vidu")

MUTANTS = (
    VIDEOS('"https://api.vidu.com"', '"https://api.vidu.ai"', "the host"),
    VIDEOS('"https://api.vidu.cn"', '"https://api.vidu.com"', "China's host"),
    VIDEOS("offers if self._credit else", "offers or", "prices in another currency"),
    VIDEOS('f"Token {key}"', 'f"Bearer {key}"', "the word before the key"),
    VIDEOS('Decimal("0.005")', 'Decimal("0.05")', "what a credit costs"),
    VIDEOS('"img2video", "start', '"image2video", "start', "the path of a frame"),
    VIDEOS("_MODES[len(frames)]", "_MODES[min(len(frames), 1)]", "that of both frames"),
    VIDEOS('("first_frame", "last_frame")', '("last_frame", "first_frame")', "their order"),
    VIDEOS('"reference2video" if referring', '"img2video" if referring', "that of references"),
    VIDEOS("references or known.keys() & _REFERENCES", "references", "references in options"),
    VIDEOS('{"images": sent}', '{"image": sent[0]}', "the list of images"),
    VIDEOS("Inline(plan.uploads[image])", "Inline(plan.uploads[image], bare=True)", "a data: URL"),
    VIDEOS(" if value is not None}", "}", "a parameter that null takes out"),
    VIDEOS('/creations")', '")', "the path of a poll"),
    VIDEOS('json={"id": task.id}', "json={}", "the id in a cancel"),
    VIDEOS("if report is None else", "if report else", "what cannot be cancelled"),
    VIDEOS("        if task.video_url:\n", "        if False:\n", "a URL that is known"),
    VIDEOS('.get("watermark") is True', '.get("mark") is True', "a mark that was asked for"),
    ANSWERS('response.find("task_id")', 'response.find("id")', "the id of a task"),
    ANSWERS('response.find("created_at")', 'response.find("created")', "when it was made"),
    ANSWERS('response.find("state")', 'response.find("status")', "the state of a task"),
    ANSWERS('response.find("progress")', 'response.find("percent")', "its progress"),
    ANSWERS("if failed.error or creations == []:", "if failed.error:", "a task without a video"),
    ANSWERS('"watermarked_url": "watermarked"', '"marked_url": "watermarked"', "a marked file"),
    ANSWERS('"cover_url": "thumbnail"', '"cover_url": "video"', "a picture"),
    ANSWERS('response.find("credits")', 'response.find("cost")', "what it cost"),
    ANSWERS('("err_code", "reason", "code")', '("reason", "code")', "why a task failed"),
    ANSWERS(
        "return _add_failure(report, response)\n\n\ndef read_task",
        "return report\n\n\ndef read_task",
        "a failure at once",
    ),
    ANSWERS("    if code in _STOPPED:\n", "    if False:\n", "a task that was stopped"),
    ANSWERS('        "code": reason,\n', "", "the word for an error"),
    ANSWERS('"metadata", "trace_id"', '"trace_id"', "the id of a request"),
    ANSWERS(
        '"model_unavailable": "ModelUnavailable"', '"not_found": "ModelUnavailable"', "a model"
    ),
    ANSWERS("SystemThrottling OperationInProcess", "SystemThrottling", "a call to repeat later"),
    ANSWERS('"timeout": "Canceled"', '"invalid_request": "Canceled"', "a call that broke off"),
    ANSWERS('code[:5] == "Audit"', "False", "a code that no page lists"),
    OFFERS("vidu-q3-turbo", 'seconds = "duration"', 'seconds = "seconds"', "the name of a length"),
    OFFERS("vidu-q3-pro", 'wire_model = "viduq3-pro"', 'wire_model = "vidu-q3-pro"', "an id"),
    OFFERS("vidu-q3-mix", "audio = [true, false]\n", "", "sound"),
    OLD("vidu-q2", 'required = ["seconds", "shape"]', "required = []", "what is always sent"),
    OLD("vidu-2.0", 'resolutions = ["360p"]\n', 'resolutions = { 360p = "360P" }\n', "a word"),
)
