"""Mistakes in DashScope's wire, and in what its rows say of each model."""

from tests.mutants.mutant import mutate, mutate_rows

PLUGIN = "plugins/anyvideo_plugins/dashscope"
TASKS = mutate(f"{PLUGIN}/tasks.py", "dashscope")
REGIONS = mutate(f"{PLUGIN}/regions.py", "dashscope")
REQUESTS = mutate(f"{PLUGIN}/requests.py", "dashscope")
ANSWERS = mutate(f"{PLUGIN}/answers.py", "dashscope")
KINDS = mutate(f"{PLUGIN}/kinds.py", "dashscope")
WAN_3 = mutate_rows(f"{PLUGIN}/offers.toml", "dashscope")
WAN_2 = mutate_rows(f"{PLUGIN}/offers_2.toml", "dashscope")
HORSES = mutate_rows(f"{PLUGIN}/offers_happyhorse.toml", "dashscope")
LEGACY = mutate_rows(f"{PLUGIN}/offers_legacy.toml", "dashscope")

MUTANTS = (
    TASKS("        if task.video_url:\n", "        if False:\n", "a URL that is known"),
    TASKS("if report is not None:", "if report is None:", "a task that was cancelled"),
    REGIONS('"https://dashscope-intl.', '"https://dashscope.', "Singapore's host"),
    REGIONS('"cn": "cn-beijing"', '"cn": "cn-hangzhou"', "China's host"),
    REGIONS(".maas.aliyuncs.com", ".aliyuncs.com", "the host of a workspace"),
    REQUESTS("video-generation/video-synthesis", "video-generation/generation", "the path"),
    REQUESTS('"/api/v1/tasks"', '"/v1/tasks"', "the path of tasks"),
    REQUESTS("json=body, headers=headers", "json=body", "the header without which nothing is made"),
    REQUESTS('Async": "enable"}', 'Async": "true"}', "its word"),
    REQUESTS('{"prompt", "negative_prompt", ', '{"prompt", ', "where negative_prompt belongs"),
    REQUESTS('"audio_url", ', "", "where audio_url belongs"),
    REQUESTS('"wan2.6", "wan2.5"', '"wan2.6", "wan2.4"', "the protocol of 2.5"),
    REQUESTS('"reference": "reference_image"', '"reference": "reference"', "a reference"),
    REQUESTS('"type": kind, "url": url', '"type": kind, "image_url": url', "the URL of an image"),
    REQUESTS('{"reference_urls": urls}', '{"reference_urls": urls[:1]}', "several references"),
    REQUESTS('{"img_url": urls[0]}', '{"img_url": urls}', "a frame of the older protocol"),
    REQUESTS("**_place(plan, images)}", "}", "the images"),
    REQUESTS("if value is not None}", "}", "a parameter that null takes out"),
    REQUESTS('"parameters": others', '"parameters": {**others, **inputs}', "what is no parameter"),
    REQUESTS('/cancel")', '")', "the path of cancel"),
    ANSWERS('"output", "task_id"', '"task_id"', "the id of a task"),
    ANSWERS('"UNKNOWN": "expired"', '"UNKNOWN": "queued"', "a task that is lost"),
    ANSWERS('"SUSPENDED": "queued"', '"SUSPENDED": "failed"', "a task that waits"),
    ANSWERS("+08:00", "+00:00", "the time zone"),
    ANSWERS("_DAY = 86_400", "_DAY = 3_600", "how long a link lives"),
    ANSWERS('"output", "submit_time"', '"output", "scheduled_time"', "when a task began"),
    ANSWERS('"output", "actual_prompt"', '"output", "orig_prompt"', "the prompt that was used"),
    ANSWERS('(("output",), ())', "((), ())", "why a task failed"),
    ANSWERS('"video_count") in (0, "0")', '"video_count") == -1', "a task that made nothing"),
    ANSWERS("status=Status.FAILED, error", "status=Status.SUCCEEDED, error", "no file"),
    ANSWERS("retryable=True)", "retryable=False)", "a file that comes late"),
    ANSWERS("evolve(report, error=_LOST)", "report", "why a task is lost"),
    ANSWERS("status=Status.CANCELLED, cost=0", "status=Status.CANCELLED", "what a cancel costs"),
    ANSWERS('"UnsupportedOperation" or', '"InvalidParameter" or', "a cancel that is too late"),
    KINDS("DataInspectionFailed data", "data", "moderation"),
    KINDS(" IPInfringementSuspect", "", "an infringement"),
    KINDS('"Arrearage ', '"', "an overdue account"),
    KINDS(" PostpaidBillOverdue", "", "an overdue bill"),
    KINDS('    "unable to download": "invalid_request",\n', "", "a file that nobody could inspect"),
    KINDS('    "free allocated quota": "insufficient_funds",\n', "", "a free quota"),
    KINDS('    "task not found": "not_found",\n', "", "a task that nobody knows"),
    KINDS(
        '"InternalError.Timeout RequestTimeOut"', '"RequestTimeOut"', "a task that took too long"
    ),
    WAN_3("wan3.0", "wan3.0-video", "wan3.0", "the id of Wan 3.0"),
    WAN_3("wan3.0", 'seconds = "duration"', 'seconds = "seconds"', "a length"),
    WAN_3("wan3.0-prime", "wan3.0-video-prime", "wan3.0-video", "the faster one"),
    WAN_3("wan3.0-prime", ', enhance_prompt = "prompt_extend"', "", "a rewritten prompt"),
    WAN_2("wan2.7", 'audio = "", ', "", "sound that is implied"),
    WAN_2("wan2.7", 'aspect_ratio = "ratio"', 'aspect_ratio = "aspect_ratio"', "a ratio"),
    HORSES(
        "happyhorse-1.1", 'required = ["seconds", "shape"]', "required = []", "what has a price"
    ),
    HORSES("happyhorse-1.0", 'wire_model = "happyhorse-1.0-t2v"', "", "the id for text"),
    LEGACY(
        "wan2.6", "seconds = [5, 10, 15]", 'seconds = [5, 10, 15]\nseconds_as = "{}"', "a number"
    ),
    LEGACY("wan2.5", '"832*480"', '"832x480"', "the star of a size"),
    LEGACY("wan2.6-i2v-flash", '1080p = "1080P"', '1080p = "1080p"', "a capital letter"),
)
