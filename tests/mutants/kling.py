"""Mistakes in Kling's wire, and in what its rows say of each model."""

from tests.mutants.mutant import mutate, mutate_rows

PLUGIN = "plugins/anyvideo_plugins/kling"
VIDEOS = mutate(f"{PLUGIN}/videos.py", "kling")
REQUESTS = mutate(f"{PLUGIN}/requests.py", "kling")
ANSWERS = mutate(f"{PLUGIN}/answers.py", "kling")
OFFERS = mutate_rows(f"{PLUGIN}/offers.toml", "kling")
OMNI = mutate_rows(f"{PLUGIN}/offers_omni.toml", "kling")
OLD = mutate_rows(f"{PLUGIN}/offers_old.toml", "kling")

MUTANTS = (
    VIDEOS('"https://api-singapore.klingai.com"', '"https://api.klingai.com"', "the host"),
    VIDEOS('"https://api-beijing.klingai.com"', '"https://api.klingai.cn"', "China's host"),
    VIDEOS("base_url=_HOSTS[settings.region]", "base_url=self.base_url", "the region"),
    VIDEOS('f"Bearer {token}"', 'f"Token {token}"', "the scheme of the key"),
    VIDEOS("if colon else key", 'if colon else ""', "an API key"),
    VIDEOS("[path] if path in PATHS else PATHS", "PATHS[:1]", "the path of a task"),
    VIDEOS('{"marked": True} if', "{} if", "a watermark that was asked for"),
    VIDEOS('Decimal("0.14")', 'Decimal("0.13")', "what a unit costs"),
    VIDEOS("task.reference, FIRST_EDITION", "task.id, FIRST_EDITION", "a job that was lost"),
    VIDEOS("        if task.video_url:\n", "        if False:\n", "a URL that is known"),
    REQUESTS('"/v1/videos/text2video"', '"/v1/videos/text-to-video"', "the path of a text"),
    REQUESTS('"/v1/videos/image2video"', '"/v1/videos/text2video"', "the path of frames"),
    REQUESTS('"/v1/videos/multi-image2video"', '"/v1/videos/image2video"', "that of references"),
    REQUESTS('"/v1/videos/omni-video"', '"/v1/videos/omni"', "that of the omni models"),
    REQUESTS('TASKS = "/tasks"', 'TASKS = "/v1/tasks"', "that of all tasks"),
    REQUESTS('"last_frame": "end_frame"', '"last_frame": "last_frame"', "a last frame in a list"),
    REQUESTS('"last_frame": "image_tail"', '"last_frame": "tail_image"', "a last frame"),
    REQUESTS('"first_frame": "image", ', '"first_frame": "image_url", ', "a first frame"),
    REQUESTS('{"image_list": [{"image": ', '{"image_list": [{"image_url": ', "a reference"),
    REQUESTS('{"image_url": _send', '{"image": _send', "an image of the omni models"),
    REQUESTS('**({"type": kind} if kind else {})', '"type": kind or "reference"', "no frame"),
    REQUESTS("bare=True", "bare=False", "base64 without a prefix"),
    REQUESTS('{"watermark_info": {"enabled": marked}}', '{"watermark_info": marked}', "a mark"),
    REQUESTS("**images, **plan.options}", "**images}", "options that override"),
    REQUESTS('"external_task_id"', '"external_id"', "the reference of a job"),
    REQUESTS('"" if _REFERENCE in plan.options else', "", "an id that the caller chose"),
    REQUESTS("if value is not None}", "}", "a parameter that null takes out"),
    REQUESTS('else "text-to-video"', 'else "text2video"', "the path of the second edition"),
    REQUESTS('"image-to-video" if', '"text-to-video" if', "its path from a frame"),
    REQUESTS('else {"prompt": prompt}', 'else {"contents": [text]}', "its prompt"),
    REQUESTS('{"type": "first_frame", "url"', '{"type": "first_frame", "image"', "its frame"),
    REQUESTS('"aspect_ratio", "duration")', '"duration")', "its settings"),
    REQUESTS('{"task_ids": id}', '{"task_id": id}', "its poll"),
    REQUESTS("{**own, **value}", "value", "options that are merged into it"),
    ANSWERS('"task_id", "id"', '"request_id", "id"', "the id of a task"),
    ANSWERS('"permission": "1100 1103"', '"permission": "1103"', "no access"),
    ANSWERS('"content_policy": "1300 1301"', '"content_policy": "1300"', "moderation"),
    ANSWERS('"1203": "model_unavailable"', '"1203": "not_found"', "an unknown model"),
    ANSWERS('extra={"path": path},\n    )\n\n\ndef read_task', ")\n\n\ndef read_task", "the path"),
    ANSWERS("if status is Status.FAILED else None\n    if", "if False else None\n    if", "why"),
    ANSWERS('"watermark_info", "enabled"', '"watermark_info", "on"', "a mark that is told"),
    ANSWERS("    if [] in (facts", "    if {} in (facts", "a task without an output"),
    ANSWERS('result.get("videos")', 'result.get("images")', "the list of videos"),
    ANSWERS('else facts.get("outputs")', "else None", "the outputs of the second edition"),
    ANSWERS(
        '"created_at", "create_time"),\n        extra={"path": path},\n    )\n\n\ndef _find_facts',
        '"created", "create"),\n        extra={"path": path},\n    )\n\n\ndef _find_facts',
        "a time",
    ),
    ANSWERS('facts.get("final_unit_deduction")', 'facts.get("units")', "what a task cost"),
    ANSWERS('charge.get("amount")', 'charge.get("list_price")', "a charge"),
    OFFERS("kling-v3", 'seconds = "duration"', 'seconds = "seconds"', "the name of a length"),
    OFFERS("kling-v3", 'model = "model_name"', 'model = "model"', "the name of the model"),
    OFFERS("kling-v3", 'seconds_as = "{}"', 'seconds_as = "{}s"', "a length as text"),
    OFFERS("kling-3.0-turbo", 'api = "path-per-model", ', "", "the second edition"),
    OMNI("kling-v3-omni", 'api = "omni-video", ', "", "the path of an omni model"),
    OMNI("kling-video-o1", 'required = ["seconds", "shape"]', "required = []", "what is sent"),
    OLD("kling-v2-1-master", 'resolution = ""', 'resolution = "mode"', "a model without a mode"),
)
