"""Mistakes in fal's wire."""

from tests.mutants.mutant import mutate, mutate_rows

PLUGIN = "plugins/anyvideo_plugins/fal"
QUEUE = mutate(f"{PLUGIN}/queue.py", "fal")
ANSWERS = mutate(f"{PLUGIN}/answers.py", "fal")
STORAGE = mutate(f"{PLUGIN}/storage.py", "fal")
SEEDANCE = mutate_rows(f"{PLUGIN}/offers.toml", "fal")
KLING = mutate_rows(f"{PLUGIN}/offers_kling.toml", "fal")
VEO = mutate_rows(f"{PLUGIN}/offers_veo.toml", "fal")
LATE = mutate_rows(f"{PLUGIN}/offers_late.toml", "fal")

MUTANTS = (
    QUEUE('f"Key {key}"', 'f"Bearer {key}"', "the scheme of the key"),
    QUEUE("    origins = (ORIGIN,)\n", "", "the key for the storage"),
    QUEUE('{"x-fal-no-retry": "1"}', "{}", "a paid job that runs once"),
    QUEUE('plan.wire_model.split("/")', 'plan.wire_model.split("/")[:2]', "the endpoint"),
    QUEUE('path = "".join', 'path = "/fal-ai" + "".join', "an owner that is not fal"),
    QUEUE('name != "model" or', "True or", "the endpoint, which is no field"),
    QUEUE('"last_frame": "end_image_url"', '"last_frame": "last_image_url"', "a last frame"),
    QUEUE('"reference": "image_urls"', '"reference": "images"', "the references"),
    QUEUE('names.get(f"{ending}.{role}") or ', "", "the names of an endpoint's own"),
    QUEUE('name.endswith("_urls")', 'name.endswith("_url")', "what is a list"),
    QUEUE("or Inline(upload)", "or Inline(upload, bare=True)", "a data: URL"),
    QUEUE("not in stored", "in stored", "what is stored"),
    QUEUE('"GET", find_path(task, urls, "response_url")', '"GET", find_path(task, urls, "status_url")', "the result"),
    QUEUE("return read_result(response, task.id, error)", "return report", "the result, which may be a failure"),
    QUEUE('"status_url" in urls or', "True or", "a task of which the result alone is known"),
    QUEUE('"PUT", find_path', '"POST", find_path', "the method to cancel"),
    QUEUE("        for base in (task.base_url, Fal.base_url):", '        for base in ("https:/", Fal.base_url):', "no other host"),
    QUEUE('error.kind != "not_found"', "True", "a forgotten task"),
    QUEUE("if report.status.final and report.status != Status.SUCCEEDED:", "if False:", "a late failure"),
    ANSWERS('error.kind = "model_unavailable"', "pass", "an unknown endpoint"),
    ANSWERS("    if response.status == 202 and not response.body.strip():", "    if False:", "an empty 202"),
    ANSWERS('_EARLY = "still in progress"', '_EARLY = "not yet"', "a result that is asked for too early"),
    ANSWERS('    "request_timeout": "timeout",\n', '    "request_timeout": "server",\n', "a timeout"),
    ANSWERS('"cancelled" if code == _CANCELLED else "failed"', '"failed"', "a cancelled job"),
    ANSWERS('response.find("status") == "ALREADY_COMPLETED"', "False", "a job that ended first"),
    ANSWERS('"message": item.get("msg")', '"message": item.get("message")', "why a job failed"),
    ANSWERS('"code": item.get("type")', '"code": item.get("code")', "the vendor's code"),
    STORAGE('"fal-cdn-v3"', '"gcs"', "which storage"),
    STORAGE('"content_type": upload', '"type": upload', "a field"),
    STORAGE('"PUT", slot', '"POST", slot', "the method to send a file"),
    STORAGE("    return url\n\n\ndef", "    return slot\n\n\ndef", "the file's URL"),
    STORAGE("    if not response.ok:\n", "    if False:\n", "a file that is refused"),
    SEEDANCE("seedance-2.0-mini", 'seconds_as = "{}"\n', "", "a length as text"),
    SEEDANCE("seedance-2.0-mini", 'audio = "generate_audio"', 'audio = "audio"', "the name of the sound"),
    VEO("veo-3.1-lite", 'seconds_as = "{}s"', 'seconds_as = "{}"', "the unit of a length"),
    KLING("kling-v3", 'first_frame = "start_image_url"', 'first_frame = "image_url"', "a first frame"),
    LATE("wan3.0", 'audio = "audio", ', 'audio = "generate_audio", ', "the name of the sound"),
    LATE("flux-3-video", '.first_frame" = "start_image_url"', '.first_frame" = "image_url"', "two frames"),
)  # fmt: skip
