"""Mistakes in Luma's wire, and in what its rows say of the model."""

from tests.mutants.mutant import mutate, mutate_rows

PLUGIN = "plugins/anyvideo_plugins/luma"
WIRE = mutate(f"{PLUGIN}/generations.py", "luma")
OFFER = mutate_rows(f"{PLUGIN}/offers.toml", "luma")
RAY = "luma-ray-3.2"

MUTANTS = (
    WIRE('"https://agents.lumalabs.ai"\n', '"https://api.lumalabs.ai"\n', "the host"),
    WIRE('f"/v1/generations/{', 'f"/v1/generation/{', "the path of a status call"),
    WIRE('"POST", "/v1/generations"', '"POST", "/v1/generations/video"', "the path"),
    WIRE('"last_frame": "end_frame"', '"last_frame": "last_frame"', "the last frame"),
    WIRE('"first_frame": "start_frame"', '"first_frame": "first_frame"', "the first frame"),
    WIRE('("duration", "resolution", "loop"', '("resolution", "loop"', "the place of a length"),
    WIRE('"loop", "hdr", "exr_export"', '"loop", "hdr"', "the place of an option"),
    WIRE('return {"url": image.source}', 'return {"uri": image.source}', "an image's address"),
    WIRE("Inline(upload, bare=True)", "Inline(upload)", "base64 without a head"),
    WIRE('"media_type": upload', '"mime_type": upload', "the type of an image"),
    WIRE("{**placed, **frames, **given}", "{**placed, **given}", "the frames"),
    WIRE("{**placed, **frames, **given}", "{**frames, **given}", "length and resolution"),
    WIRE("{**placed, **frames, **given}", "{**placed, **frames}", "options inside `video`"),
    WIRE("if value is not None}", "}", "a parameter that null removes"),
    WIRE('"processing": "running"', '"processing": "queued"', "a generation that runs"),
    WIRE('"content_moderated": "content_policy"', '"content_moderated": "server"', "moderation"),
    WIRE('"budget_exhausted": "insufficient_funds"', '"budget_exhausted": "server"', "no money"),
    WIRE('"corrupt_input": "invalid_request"', '"corrupt_input": "server"', "a bad image"),
    WIRE('"output_not_found": "server"', '"output_not_found": "not_found"', "a lost output"),
    WIRE('"rate_limited": "rate_limited"', '"rate_limited": "server"', "a limit in the middle"),
    WIRE('    "rate_limit.budget": "insufficient_funds",\n', "", "a submit without money"),
    WIRE("items == [] or ", "", "no output"),
    WIRE('"exr": "exr"', '"exr": "video"', "which file is the video"),
    WIRE("files if len(files) > 1 else ()", "()", "the other files"),
    WIRE(
        '"code": response.find("failure_code")',
        '"code": response.find("code")',
        "the code of a failure",
    ),
    WIRE('find("failure_reason")', 'find("reason")', "the reason of a failure"),
    WIRE('find("created_at")', 'find("created")', "when it began"),
    WIRE("(response, paid=True)", "(response)", "what a refusal of a submit proves"),
    WIRE("status=response.status, retryable=True", "status=response.status", "a link that is late"),
    OFFER(RAY, 'wire_model = "ray-3.2"', 'wire_model = "ray-3"', "the id of the model"),
    OFFER(RAY, 'seconds_as = "{}s"\n', "", "the word of a length"),
    OFFER(RAY, 'names = { seconds = "duration" }', 'names = { seconds = "length" }', "its name"),
    OFFER(RAY, 'required = ["seconds", "shape"]\n', "", "what is always sent"),
    OFFER(RAY, '"3:4", "21:9"]', '"3:4"]', "a ratio"),
)
