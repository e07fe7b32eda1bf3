"""Mistakes in APIMart's wire, and in what its rows say of each model."""

from tests.mutants.mutant import mutate, mutate_rows

PLUGIN = "plugins/anyvideo_plugins/apimart"
WIRE = mutate(f"{PLUGIN}/generations.py", "apimart")
SORA = mutate_rows(f"{PLUGIN}/offers.toml", "apimart")
VEO = mutate_rows(f"{PLUGIN}/offers_veo.toml", "apimart")
OMNI = mutate_rows(f"{PLUGIN}/offers_omni.toml", "apimart")
KLING = mutate_rows(f"{PLUGIN}/offers_kling.toml", "apimart")
SEEDANCE = mutate_rows(f"{PLUGIN}/offers_seedance.toml", "apimart")
SEEDANCE_1 = mutate_rows(f"{PLUGIN}/offers_seedance_1.toml", "apimart")
WAN = mutate_rows(f"{PLUGIN}/offers_wan.toml", "apimart")
MINIMAX = mutate_rows(f"{PLUGIN}/offers_minimax.toml", "apimart")
HORSE = mutate_rows(f"{PLUGIN}/offers_happyhorse.toml", "apimart")
PIXVERSE = mutate_rows(f"{PLUGIN}/offers_pixverse.toml", "apimart")
VIDU = mutate_rows(f"{PLUGIN}/offers_vidu.toml", "apimart")
OTHERS = mutate_rows(f"{PLUGIN}/offers_others.toml", "apimart")

MUTANTS = (
    WIRE('"https://api.apimart.ai"', '"https://apimart.ai"', "the host"),
    WIRE('"/v1/videos/generations", json=', '"/v1/videos", json=', "the path of a submit"),
    WIRE('f"/v1/tasks/{', 'f"/v1/videos/{', "the path of a status call"),
    WIRE('"POST", "/v1/uploads/images"', '"POST", "/v1/uploads"', "the path of an upload"),
    WIRE('files={"file": upload}', 'files={"image": upload}', "the name of an upload"),
    WIRE("find_url(response.json()) if", 'response.find("url") if', "where an upload lies"),
    WIRE("url = urls.get(image, image.source)", "url = image.source", "an image that was uploaded"),
    WIRE("is_url and image not in urls:", "is_url:", "an image that is there twice"),
    WIRE('"first_frame", "last_frame", "ref', '"last_frame", "first_frame", "ref', "their order"),
    WIRE('image.role, "image_urls")', 'image.role, "images")', "the images of an own offer"),
    WIRE('.append({"url": url, "role"', '.append({"image": url, "role"', "an image with a role"),
    WIRE('if image.role == "reference" else image.role', 'or ""', "the role of an image"),
    WIRE('plan.offer.parameter("reference_image")', '"reference"', "a role's word at one model"),
    WIRE(
        "            placed.setdefault(name, []).append(url)",
        "            placed[name] = url",
        "a list",
    ),
    WIRE(
        "            placed[name] = url\n", "            placed[name] = [url]\n", "a single image"
    ),
    WIRE('"reference" if plan.images("reference") else "frame"', '"frame"', "generation_type"),
    WIRE('("adaptive", "adaptive")', '("adaptive", "auto")', "the ratio that follows the image"),
    WIRE("body.setdefault(name, word)", "body[name] = word", "a ratio that was asked for"),
    WIRE("    if images:\n        for", "    if True:\n        for", "a body without images"),
    WIRE("if value is not None}", "}", "a parameter that null takes out"),
    WIRE("body = {**plan.parameters(), **own}", "body = plan.parameters()", "images, characters"),
    WIRE('f"{start:g},{end:g}"', 'f"{start}-{end}"', "the timestamps of a character"),
    WIRE('placed["character_timestamps"]', 'placed["timestamps"]', "their name"),
    WIRE('{plan.offer.parameter("character"): c', '{"character": c', "the name of a character"),
    WIRE("        if task.video_url:\n", "        if False:\n", "a URL that is known"),
    WIRE("id=task.id, needs_url=True", "id=task.id", "a finished task without a file"),
    WIRE(
        '        if error.kind != "not_found":\n', "        if True:\n", "a task that is forgotten"
    ),
    WIRE('}/remix", json=body', '}/extend", json=body', "the path of a remix"),
    WIRE("offer.wire_model if offer else task.model}", "task.model}", "the model of a remix"),
    WIRE('body["prompt"] = job.prompt', 'body["text"] = job.prompt', "the prompt of a remix"),
    WIRE("        body.update(_find_shape(offer, job))\n", "        pass\n", "the size of a remix"),
    WIRE('"resolution": job.resolution}', '"size": job.resolution}', "the size at another model"),
    SORA("sora-2", 'seconds = "duration"', 'seconds = "seconds"', "the length"),
    SORA("sora-2-pro", '{ resolution = "1024p" }', "{}", "the resolution"),
    SORA("sora-2-vip", 'character = "character_url"', 'character = "character"', "a character"),
    VEO("veo-3.1-fast", 'images_as = "generation_type"', 'images_as = "type"', "generation_type"),
    VEO("veo-3.1", 'wire_model = "veo3.1-quality"', 'wire_model = "veo3.1"', "a model's name"),
    VEO("veo-3.1-lite", '{ resolution = "4k" }', '{ resolution = "2160p" }', "a resolution's word"),
    VEO("veo-3.1-official", '"generate_audio"', '"audio"', "the sound"),
    VEO("veo-3.1-fast-official", '"last_frame_image"', '"end_frame_image"', "the last frame"),
    OMNI(
        "gemini-omni-1.1-flash",
        'reference = "image_with_roles"',
        'reference = "image_urls"',
        "a role",
    ),
    OMNI("gemini-omni-1.1-flash-ext", '"generation_type"', '"type"', "generation_type"),
    KLING("kling-v3", '{ mode = "4k" }', '{ mode = "pro" }', "the mode at 4k"),
    KLING("kling-video-o1", '{ mode = "std" }', '{ mode = "pro" }', "the mode at 720p"),
    KLING(
        "kling-v3-omni", 'last_frame = "image_with_roles"', 'last_frame = "image_urls"', "a role"
    ),
    KLING("kling-3.0-turbo", '"first_frame_image"', '"image_urls"', "one image and no list"),
    KLING(
        "kling-v3-motion-control", 'reference = "image_url"', 'reference = "image_urls"', "the same"
    ),
    SEEDANCE("seedance-2.0", 'adaptive = "size"', 'adaptive = "ratio"', "the adaptive ratio"),
    SEEDANCE("seedance-2.5", 'audio = "generate_audio"', 'audio = "audio"', "the sound"),
    SEEDANCE("seedance-2.0-mini", 'aspect_ratio = "size", ', "", "the ratio's name"),
    SEEDANCE(
        "seedance-2.0-face",
        'first_frame = "image_with_roles"',
        'first_frame = "image_urls"',
        "a role",
    ),
    SEEDANCE_1(
        "seedance-1-0-pro", '"seedance-1-0-pro-quality"', '"seedance-1-0-pro"', "a model's name"
    ),
    SEEDANCE_1(
        "seedance-1-5-pro", 'last_frame = "image_with_roles"', 'last_frame = "image_urls"', "a role"
    ),
    OMNI("gemini-omni-1.1-flash", ', reference_image = "reference"', "", "a role's word"),
    WAN("wan2.7", '{ resolution = "720P" }', '{ resolution = "720p" }', "a capital letter"),
    WAN(
        "wan2.6",
        'enhance_prompt = "prompt_extend"',
        'enhance_prompt = "extend"',
        "the prompt's help",
    ),
    WAN("wan3.0", 'images_as = "generation_type"', 'images_as = "type"', "generation_type"),
    MINIMAX("hailuo-02", '"prompt_optimizer"', '"prompt_extend"', "the prompt's help"),
    MINIMAX("minimax-h3", 'reference = "image_urls"', 'reference = "images"', "the images' name"),
    MINIMAX(
        "minimax-h3-max", '{ resolution = "480P" }', '{ resolution = "480p" }', "a capital letter"
    ),
    HORSE(
        "happyhorse-1.1",
        'reference = "image_urls"',
        'reference = "first_frame_image"',
        "the images",
    ),
    PIXVERSE("pixverse-v6", 'aspect_ratio = "size"', 'aspect_ratio = "ratio"', "the ratio's name"),
    VIDU("vidu-q3-mix", '"viduq3-mix"', '"vidu-q3-mix"', "a model's name"),
    OTHERS("skyreels-v4-fast", '"end_frame_image"', '"last_frame_image"', "the last frame"),
    OTHERS(
        "flux-3-video",
        'resolutions = { 1080p = "fhd" }',
        'resolutions = ["1080p"]',
        "a resolution's word",
    ),
)
