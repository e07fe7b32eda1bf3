"""Mistakes in Google's wire, and in what its rows say of each model."""

from tests.mutants.mutant import mutate, mutate_rows

PLUGIN = "plugins/anyvideo_plugins/gemini"
ORDER = mutate(f"{PLUGIN}/interactions.py", "gemini")
ANSWER = mutate(f"{PLUGIN}/answers.py", "gemini")
OFFER = mutate_rows(f"{PLUGIN}/offers.toml", "gemini")
OLD, NEW = "gemini-omni-1.1-flash", "gemini-omni-1.2-flash"

MUTANTS = (
    ORDER('{"x-goog-api-key": key}', '{"authorization": f"Bearer {key}"}', "the place of the key"),
    ORDER('{"x-goog-api-key": key}', '{"x-goog-api-key": f"Bearer {key}"}', "the form of the key"),
    ORDER('f"/v1beta/interactions/{', 'f"/v1/interactions/{', "the path of a status call"),
    ORDER('"POST", "/v1beta/interactions", json', '"POST", "/v1beta/models", json', "the path"),
    ORDER('}/cancel")', '}:cancel")', "the path of a cancel"),
    ORDER('"POST", f"{_path(task)}/cancel"', '"DELETE", _path(task)', "the method of a cancel"),
    ORDER(
        '"last_frame", "reference")\n    if images',
        '"reference", "last_frame")\n    if images',
        "their order",
    ),
    ORDER("Inline(item, bare=True)", "Inline(item)", "base64 without a head"),
    ORDER('"mime_type": item.content_type', '"mimeType": item.content_type', "the name of a type"),
    ORDER(
        'blocks.append({"type": "text", "text"',
        'blocks.insert(0, {"type": "text", "text"',
        "the text last",
    ),
    ORDER(
        '{"type": "text", "text": write', '{"type": "input_text", "text": write', "a block's type"
    ),
    ORDER('"text": write_prompt(plan)', '"text": plan.job.prompt', "the tags"),
    ORDER('{"type": "video", "delivery": "uri", **', '{"type": "video", **', "the delivery"),
    ORDER('"delivery": "uri"', '"delivery": "inline"', "the word of the delivery"),
    ORDER('{"type": "video", "delivery"', '{"delivery"', "the type of the answer"),
    ORDER('[{"type": "user_input", "content": blocks}]', "blocks", "the step around the content"),
    ORDER('"background": True', '"background": False', "an order that does not wait"),
    ORDER('        "background": True,\n', "", "the same, by default"),
    ORDER('"store": True', '"store": False', "an order that can be asked for"),
    ORDER("        **_name_task(plan),\n", "", "the task"),
    ORDER('"image_to_video" if frames', '"reference_to_video" if frames', "the word of the task"),
    ORDER(
        "if bool(frames) == bool(references):",
        "if not frames and not references:",
        "no task where both are",
    ),
    ORDER(
        "for name, value in plan.options.items() if name not in _FORMAT}",
        "for name, value in ()}",
        "options",
    ),
    ORDER("json=_drop_nulls(body)", "json=body", "null"),
    ORDER(
        '"resolution", "duration", "delivery"',
        '"resolution", "delivery"',
        "the place of the length",
    ),
    ORDER("image.role.upper()", "image.role", "the form of a tag"),
    ORDER("for tag in frames if tag not in prompt", "for tag in frames", "a tag that is there"),
    ORDER('    if "[# " in prompt:\n        return prompt\n', "", "a declaration that is there"),
    ORDER("[*frames, *references], 1)", "[*frames, *references])", "the first place"),
    ORDER("<IMAGE_REF_{number}>", "<IMAGE_{number}>", "the tag of a reference"),
    ORDER("[# References {", "[# Sources {", "what a reference is"),
    ORDER('yield Request("GET", file[1])', 'yield Request("GET", url)', "the state of a file"),
    ORDER(
        'query = file[3] or "?alt=media"', 'query = file[3] or ""', "the file and not what it is"
    ),
    ORDER("return failure or Request", "return Request", "a file that failed"),
    ANSWER('response.find("status")\n', 'response.find("state")\n', "the word"),
    ANSWER('response.find("created")', 'response.find("created_at")', "when it began"),
    ANSWER('task_id or response.find("id")', 'task_id or response.find("name")', "the id"),
    ANSWER('"incomplete": "failed", ', "", "a word"),
    ANSWER(', "budget_exceeded": "failed"}', "}", "the word of the budget"),
    ANSWER(
        'reversed(_list_objects(response.find("steps"',
        'reversed(_list_objects(response.find("outputs"',
        "the steps",
    ),
    ANSWER('block.get("uri") or block.get("data")', 'block.get("uri")', "a clip inside the answer"),
    ANSWER("report.video_url or _read_data(response)", "report.video_url", "the file inside it"),
    ANSWER('step.get("type") == "model_output"', 'step.get("type") == "output"', "the step"),
    ANSWER('if uri.startswith("files/") else uri', "if False else uri", "a file by its name"),
    ANSWER("    if _made_video(response):\n", "    if False:\n", "a clip that was counted"),
    ANSWER('"output_tokens_by_modality"', '"output_tokens"', "how many were counted"),
    ANSWER("status=Status.FAILED, error=error)", "error=error)", "complete without a video"),
    ANSWER('TaskError("content_policy", told', 'TaskError("server", told', "what that means"),
    ANSWER("message or blocked)", "blocked)", "what the model says"),
    ANSWER('[response.find("error"), ', "[", "why it failed"),
    ANSWER('    if state == "PROCESSING":\n', "    if False:\n", "a file that is late"),
    ANSWER('    if state != "FAILED":\n', "    if True:\n", "a file that failed"),
    ANSWER(' and "may not exist" not in error.message', "", "a file that is gone"),
    ANSWER('    "api key not valid": "auth",\n', "", "a wrong key"),
    ANSWER('    "multiple authentication credentials": "auth",\n', "", "two keys"),
    ANSWER('    "prepayment credits are depleted": "insufficient_funds",\n', "", "no money"),
    ANSWER('    "invalid interaction name": "not_found",\n', "", "an unknown interaction"),
    ANSWER(
        "retryable=True)\n\n\ndef _list_output",
        "retryable=False)\n\n\ndef _list_output",
        "to ask again",
    ),
    OFFER(OLD, 'seconds = "duration"', 'seconds = "seconds"', "the length"),
    OFFER(OLD, 'seconds_as = "{}s"\n', "", "the length as text"),
    OFFER(OLD, 'resolutions = { 2160p = "4k" }', 'resolutions = ["2160p"]', "the word of 4k"),
    OFFER(OLD, 'audio = ""', 'audio = "audio"', "sound that is never sent"),
    OFFER(
        NEW,
        'first_frame = 1, last_frame = 1, reference = 6, min = 1, via = ["data"] }\nprice',
        'first_frame = 1, reference = 6, min = 1, via = ["data"] }\nprice',
        "the last frame",
    ),
    OFFER(OLD, "mix = true, ", "", "frames with references"),
)
