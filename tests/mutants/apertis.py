"""Mistakes in the three wires of Apertis."""

from tests.mutants.mutant import mutate, mutate_rows

PLUGIN = "plugins/anyvideo_plugins/apertis"
CREATE = mutate(f"{PLUGIN}/create.py", "apertis-create")
CHARACTERS = mutate(f"{PLUGIN}/characters.py", "apertis-create", "apertis-videos")
VIDEOS = mutate(f"{PLUGIN}/videos.py", "apertis-videos")
CHAT = mutate(f"{PLUGIN}/chat.py", "apertis-chat")
TRANSCRIPT = mutate(f"{PLUGIN}/transcript.py", "apertis-chat")
CREATE_ROWS = mutate_rows(f"{PLUGIN}/offers.toml", "apertis-create")
FORM_ROWS = mutate_rows(f"{PLUGIN}/offers.toml", "apertis-videos")

MUTANTS = (
    CREATE('"https://api.apertis.ai"', '"https://api.apertis.com"', "the host"),
    CREATE('"/v1/video/create", json=', '"/v1/videos/create", json=', "the path of a submit"),
    CREATE('"GET", "/v1/video/query"', '"GET", "/v1/video/status"', "the path of a status call"),
    CREATE('query={"id": task.id}', 'query={"task_id": task.id}', "where a status call has the id"),
    CREATE("int(plan.job.seconds)", "str(plan.job.seconds)", "the type of the length"),
    CREATE('plan.offer.parameter("seconds")] =', '"seconds"] =', "the name of the length"),
    CREATE('body["images"] =', 'body["image_urls"] =', "the name of the images"),
    CREATE('"first_frame", "last_frame", "ref', '"last_frame", "first_frame", "ref', "their order"),
    CREATE("[str(image.source) for", '[{"url": str(image.source)} for', "the form of an image"),
    CREATE('prefix="character_"', 'prefix=""', "the names of a character"),
    CREATE("{**body, **plan.options}", "{**plan.options, **body}", "who wins over an option"),
    CREATE("json={**body, **plan.options}", "json=body", "the options"),
    CREATE("id=task.id, needs_url=True", "id=task.id", "a finished task without a file"),
    CREATE("    url = task.video_url\n", "    url = None\n", "a URL that is known"),
    CREATE("        url = report.video_url\n", "        url = None\n", "a URL that is asked for"),
    CHARACTERS('",".join(', '"-".join(', "the timestamps of a character"),
    CHARACTERS("str(int(seconds)) if", "str(seconds) if", "a timestamp without a fraction"),
    CHARACTERS('"from_task": character', '"task_id": character', "a character from a task"),
    CHARACTERS('{"url": character.url', '{"video": character.url', "a character from a URL"),
    CHARACTERS('"/sora/v1/characters"', '"/v1/characters"', "the path of a character"),
    CHARACTERS(
        "json=name_fields(character)", 'json=name_fields(character, prefix="x_")', "its body"
    ),
    CHARACTERS('_read_text(response, "id") or username', "username", "the id of a character"),
    CHARACTERS('_read_text(response, "username")', '_read_text(response, "name")', "its username"),
    CHARACTERS('(response, "permalink")', '(response, "url")', "its page"),
    VIDEOS('"/v1/videos", form=', '"/v1/video", form=', "the path of a submit"),
    VIDEOS("form=texts", "json=texts", "a form and no JSON"),
    VIDEOS('form["metadata"] =', 'form["meta"] =', "the name of the metadata"),
    VIDEOS('prefix="character_"', 'prefix=""', "the names of a character"),
    VIDEOS("        value = int(value)\n", "        pass\n", "a length without a fraction"),
    VIDEOS("ensure_ascii=False", "ensure_ascii=True", "the letters of the metadata"),
    VIDEOS("return json.dumps(value, ensure_ascii=False)", "return str(value)", "true and false"),
    VIDEOS('files["input_reference"]', 'files["image"]', "the name of the image"),
    VIDEOS("{**form, **options}.items()", "form.items()", "the options"),
    CHAT('"/v1/chat/completions", json=', '"/v1/completions", json=', "the path of a submit"),
    CHAT('"stream": True', '"stream": False', "the wish for a stream"),
    CHAT('"role": "user"', '"role": "system"', "the role of the message"),
    CHAT('"content": words.pop("prompt")', '"text": words.pop("prompt")', "the prompt"),
    CHAT("        **words,\n", "", "the options"),
    CHAT('event.startswith("[DONE]", ', 'event.startswith("[END]", ', "the end of a stream"),
    CHAT("yield reader.report()", "yield None", "live progress"),
    CHAT("script.progress, script.video_url)", "None, script.video_url)", "the progress"),
    CHAT('expects="events", paid', "paid", "a stream that is read as it arrives"),
    CHAT("Status.SUCCEEDED if script", "Status.RUNNING if script", "the end of a job"),
    CHAT('choice.get("delta"), ', "", "the pieces of a stream"),
    CHAT(', choice.get("message")', ",", "an answer that is no stream"),
    CHAT('("reasoning_content", "content")', '("content",)', "progress told as reasoning"),
    CHAT('("task_id", "progress", "video_url")', '("progress",)', "facts that are fields"),
    CHAT('document.get("error")', 'document.get("fault")', "an error that is a frame"),
    CHAT('{"timeout", "rate_limited"}', '{"timeout"}', "a frame about the stream"),
    CHAT('kind == "server" and not', 'kind == "" and not', "the same"),
    CHAT('headers.get("x-request-id")', 'headers.get("request-id")', "the id of a request"),
    CHAT("script.progress, error=error)", "script.progress)", "why a job failed"),
    CHAT("return query(task)", "return locate(task)", "the wire of a status call"),
    TRANSCRIPT("(?:progress|进度)", "(?:progress)", "progress in Chinese"),
    TRANSCRIPT(r'_COLON = r"[:\uff1a]"', '_COLON = r"[:]"', "a wide colon"),
    TRANSCRIPT("next(self._find_links(), None)", "None", "a link"),
    TRANSCRIPT('_path(url).endswith(".mp4")', '_path(url).endswith(".mov")', "a bare URL"),
    TRANSCRIPT(
        '_MARKED = re.compile(rf"video_?url', '_MARKED = re.compile(rf"film', "a marked URL"
    ),
    TRANSCRIPT("(?:❌|error", "(?:error", "a failure"),
    TRANSCRIPT(" or _WHOLE_ID.fullmatch(value)", "", "an id that is whole already"),
    TRANSCRIPT("(?:task[_ ]?id|", "(?:job|", "the id's place"),
    CREATE_ROWS("veo3.1", 'upscale = "enable_upsample"', 'upscale = "upscale"', "upscale"),
    CREATE_ROWS(
        "veo2-fast-frames", 'wire_model = "veo2-', 'wire_model = "veo-2-', "a model's name"
    ),
    CREATE_ROWS(
        "sora-2-pro",
        '{ aspect_ratio = "9:16", resolution = "1080p", wire = { orientation = "portrait", size = "large" } }',
        '{ aspect_ratio = "9:16", resolution = "1080p", wire = { orientation = "portrait" } }',
        "the size of a shape",
    ),
    FORM_ROWS("veo_3_1-fast", 'wire_model = "veo_3_1-', 'wire_model = "veo_3.1-', "a model's name"),
)
