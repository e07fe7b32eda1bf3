"""Mistakes in the adapter that the config alone describes."""

from tests.mutants.mutant import mutate

WIRE = mutate("plugins/anyvideo_plugins/openai_videos/gateway.py", "openai-videos")

MUTANTS = (
    WIRE('"/v1/videos", json=', '"/v1/video", json=', "the path of a submit in JSON"),
    WIRE('"/v1/videos", form=', '"/v1/video", form=', "the path of a submit as a form"),
    WIRE('"GET", f"/v1/videos/', '"GET", f"/v1/tasks/', "the path of a status call"),
    WIRE(
        'text if settings.seconds == "text" else json.loads(text)', "text", "a length as a number"
    ),
    WIRE('text if settings.seconds == "text" else json.loads(text)', "json.loads(text)", "as text"),
    WIRE('length = plan.offer.parameter("seconds")', 'length = "seconds"', "the length's name"),
    WIRE('body.setdefault("metadata", dict', 'body.setdefault("meta", dict', "metadata"),
    WIRE("{**body, **urls, **plan.options}", "{**body, **plan.options}", "images by URL"),
    WIRE("    if not files:\n", "    if True:\n", "a form with an image"),
    WIRE('plan.offer.names.get(image.role, "input_reference")', '"input_reference"', "own names"),
    WIRE('image.role, "input_reference")', 'image.role, "image")', "the image's name"),
    WIRE('place.removesuffix("[]")', "place", "the name of a list"),
    WIRE("[*urls.get(name, ()), str(image.source)]", "[str(image.source)]", "a list of images"),
    WIRE('"first_frame", "last_frame", "ref', '"ref", "last_frame", "first_frame", "', "the roles"),
    WIRE("json.dumps(value, ensure_ascii=False)", "str(value)", "metadata in a form"),
    WIRE("return words.get(value, value)", "return value", "the gateway's own words"),
    WIRE("        if body is not None and places:\n", "        if False:\n", "the places of facts"),
    WIRE("for name, place in places.items()}", "for name, place in ()}", "every place"),
    WIRE("if step.isdecimal() else step", "if False else step", "a position in a list"),
    WIRE(
        "openai_videos.remix(task, prompt, size)", "openai_videos.remix(task, prompt)", "its size"
    ),
)
