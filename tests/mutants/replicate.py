"""Mistakes in Replicate's wire."""

from tests.mutants.mutant import mutate, mutate_rows

PLUGIN = "plugins/anyvideo_plugins/replicate"
WIRE = mutate(f"{PLUGIN}/predictions.py", "replicate")
ANSWERS = mutate(f"{PLUGIN}/answers.py", "replicate")
SEEDANCE = mutate_rows(f"{PLUGIN}/offers_seedance.toml", "replicate")
KLING = mutate_rows(f"{PLUGIN}/offers_kling.toml", "replicate")
PIXVERSE = mutate_rows(f"{PLUGIN}/offers_pixverse.toml", "replicate")

MUTANTS = (
    WIRE('"/".join(map(segment, plan.wire_model.split("/")))', "segment(plan.wire_model)", "the endpoint"),
    WIRE('if name != "model" or name in plan.options', "", "the model, which is no field"),
    WIRE('"last_frame_image"', '"end_image"', "a last frame"),
    WIRE('"reference": "reference_images"', '"reference": "images"', "the references"),
    WIRE("plan.offer.names.get(image.role) or ", "", "the names of a model's own"),
    WIRE('if image.role == "reference":', "if False:", "what is a list"),
    WIRE("or Inline(upload)", "or Inline(upload, bare=True)", "a data: URL"),
    WIRE("_DATA_URL_BYTES = 256 * 1000", "_DATA_URL_BYTES = 256 * 10000", "what is stored"),
    WIRE(" and upload not in stored", "", "a file that is stored once"),
    WIRE('files={"content": upload}', 'files={"file": upload}', "the field of a file"),
    WIRE("if value is not None", "", "a field that null removes"),
    WIRE('["completed"]', '["start", "completed"]', "one webhook"),
    WIRE('"POST", path)', '"DELETE", path)', "the method to cancel"),
    WIRE("(task.base_url, Replicate.base_url):", '(task.base_url, "https:/"):', "no other host"),
    WIRE("    return usual\n", '    return f"{usual}/other"\n', "the documented path"),
    WIRE('error.kind != "not_found"', "True", "a forgotten prediction"),
    WIRE("if report.status == Status.EXPIRED:", "if False:", "a file that was removed"),
    WIRE("if report.status.final and report.status != Status.SUCCEEDED:", "if False:", "a late failure"),
    ANSWERS('"aborted": "cancelled"', '"aborted": "failed"', "a deadline that passed"),
    ANSWERS('cost=0 if word == "aborted" else None', "cost=None", "what an aborted prediction costs"),
    ANSWERS(r"\b(E\d{3,4})\b", r"\b(F\d{3,4})\b", "the code in the text"),
    ANSWERS('"insufficient credit": "insufficient_funds"', '"insufficient credit": "auth"', "no money"),
    ANSWERS('"specified version does not exist": "model_unavailable"', '"specified": "not_found"', "a model that is not permitted"),
    ANSWERS('error.kind = "model_unavailable"', "pass", "an unknown model"),
    ANSWERS('if file.kind == "video"', 'if file.kind == "image"', "the video of a list"),
    ANSWERS("in value.values() if is_object(value) else value", "in () if is_object(value) else value", "an output that is an object"),
    ANSWERS('if output in (None, "", [], {}):', "if False:", "a success without output"),
    ANSWERS('for name in ("get", "cancel")}', 'for name in ("web",)}', "the URLs of later calls"),
    SEEDANCE("seedance-2.0", 'audio = "generate_audio"', 'audio = "audio"', "the name of the sound"),
    KLING("kling-v3", 'resolution = "mode"', 'resolution = "resolution"', "the name of the resolution"),
    KLING("kling-v2-1", 'resolutions = { 1080p = "pro" }', 'resolutions = { 1080p = "high" }', "the word of a resolution"),
    PIXVERSE("pixverse-v6", 'required = ["audio"]\n', "", "a sound that is always said"),
)  # fmt: skip
