"""Mistakes in APIYI's wire."""

from tests.mutants.mutant import mutate, mutate_rows

PLUGIN = "plugins/anyvideo_plugins/apiyi"
VIDEOS = mutate(f"{PLUGIN}/videos.py", "apiyi")
VEO = mutate_rows(f"{PLUGIN}/offers_veo.toml", "apiyi")
GROK = mutate_rows(f"{PLUGIN}/offers.toml", "apiyi")

MUTANTS = (
    VIDEOS('"https://api.apiyi.com"', '"https://vip.apiyi.com"', "the host"),
    VIDEOS('"/v1/videos", json=', '"/v1/video", json=', "the path of a submit in JSON"),
    VIDEOS('"/v1/videos", form=', '"/v1/video", form=', "the path of a submit as a form"),
    VIDEOS('= f"{length:g}"', "= int(length)", "the length as text"),
    VIDEOS("json=_nest(values, plan.options)", "json=values", "what is nested, and the options"),
    VIDEOS('name.rpartition(".")[2]: value', "name: value", "the names in a form"),
    VIDEOS('{"input_reference": [', '{"image": [', "the name of the image"),
    VIDEOS("for image in images]}", "for image in images[:1]]}", "the second image"),
    VIDEOS('"first_frame", "last_frame", "ref', '"last_frame", "first_frame", "ref', "their order"),
    VIDEOS("if value is not None}", "}", "null in a form"),
    VIDEOS("{**flat, **plan.options}", "flat", "the options of a form"),
    VIDEOS("if name not in plan.options}", "}", "an option with a dot"),
    VIDEOS("{**inside, **given}", "{**given, **inside}", "who wins over an option"),
    VIDEOS("        body[place] = {**inside, **given}\n", "", "metadata"),
    VIDEOS("for name in options if name not in nested", "for name in ()", "the options in JSON"),
    VIDEOS("json.dumps(value, ensure_ascii=False)", "str(value)", "true in a form"),
    VIDEOS("ensure_ascii=False", "ensure_ascii=True", "the letters in a form"),
    VIDEOS("    if not images:\n", "    if True:\n", "a form with an image"),
    VEO("veo-3.1-fast", '"veo-3.1-fast-generate-preview"', '"veo-3.1-fast"', "a model's name"),
    VEO("veo-3.1-fast", '"metadata.negativePrompt"', '"negativePrompt"', "the negative prompt"),
    VEO("veo-3.1", 'seed = "metadata.seed"', 'seed = "seed"', "the seed"),
    VEO("veo-3.1-reversed", '{ model = "veo-3.1-landscape" }', "{}", "the shape in a name"),
    VEO("veo-3.1-reversed", '\nwire = { model = "veo-3.1-fl" }', "", "frames without a shape"),
    VEO("veo-3.1-reversed-fast", '{ model = "veo-3.1-landscape-fast-fl" }', "{}", "the same"),
    VEO("veo-3.1-reversed", 'names = { seconds = "" }', "", "a length that is never sent"),
    GROK("grok-imagine-video", 'required = ["seconds", "shape"]', "", "what fixes the price"),
    GROK("grok-imagine-video-1.5-lite", 'names = { audio = "" }', "", "sound that is never sent"),
)
