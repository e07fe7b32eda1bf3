"""Mistakes in what several adapters share: the /v1/videos wire, reports, events and headers."""

from tests.mutants.mutant import mutate

CORE = "core/anyvideo"
VIDEOS = mutate(f"{CORE}/dialects/openai_videos.py", "apiyi", "apertis-videos", "openai-videos")
REPORTS = mutate(f"{CORE}/dialects/reports.py", "apimart", "apertis-create", "apiyi")
PLACES = mutate(f"{CORE}/dialects/places.py", "apimart", "apertis-create", "apiyi")
EVENTS = mutate(f"{CORE}/dialects/sse.py", "apertis-chat")
HEADERS = mutate(f"{CORE}/transport/heads.py", "apiyi", "apertis-chat")
PARTS = mutate(f"{CORE}/transport/requests.py", "apiyi", "apertis-chat")

MUTANTS = (
    VIDEOS('yield Request("GET", f"/v1/videos/', 'yield Request("GET", f"/v1/video/', "status"),
    VIDEOS('}/content"\n', '}/download"\n', "the path of the file"),
    VIDEOS('}/remix"\n', '}/edit"\n', "the path of a remix"),
    VIDEOS('"prompt": prompt, "size": size}', '"prompt": prompt}', "the size of a remix"),
    VIDEOS("{400, 409}", "{409}", "a file that is not there yet"),
    VIDEOS("_GONE = frozenset({404, 410})", "_GONE = frozenset({410})", "a file that is gone"),
    VIDEOS("url = find_url(response.json()) if", "url = None if", "a file behind JSON"),
    VIDEOS("    if task.video_url and not", "    if False and not", "a URL that is known"),
    PLACES('_IDS = ("task_id", "id", ', '_IDS = ("id", ', "the id's place at APIMart"),
    PLACES('_IDS = ("task_id", "id", ', '_IDS = ("task_id", ', "the id's place"),
    PLACES('_STATUSES = ("status", ', "_STATUSES = (", "the status's place"),
    PLACES('_URLS = ("video_url", ', "_URLS = (", "the URL's place"),
    PLACES('"video_url", "url", ', '"video_url", ', "the URL's place in a list"),
    PLACES('_NESTED = ("data", "result", ', '_NESTED = ("data", ', "the result's place"),
    PLACES('_LEVELS = ("data", ', "_LEVELS = (", "the task's place"),
    REPORTS('*("error", "fail_reason"', '*("fail_reason"', "the error's place"),
    REPORTS("error = None if found else", "error = None if True else", "a job that was blocked"),
    REPORTS('cost=find_first(levels, "cost")', "cost=None", "the cost"),
    REPORTS('find_first(places, "expires_at")', "None", "when the file expires"),
    REPORTS('find_first(levels, "enhanced_prompt")', "None", "the prompt that was used"),
    REPORTS('find_first(levels, "progress")', "None", "the progress"),
    REPORTS("created_at=find_birth(levels)", "created_at=None", "when it was created"),
    EVENTS('if name == "data":', 'if name == "event":', "the data of an event"),
    EVENTS("        if not text:\n", "        if not line:\n", "the end of an event"),
    EVENTS('"\\n".join(self._data)', '"".join(self._data[:0])', "the text of an event"),
    HEADERS('f"Bearer {key.reveal()}"', 'f"Token {key.reveal()}"', "the word before the key"),
    HEADERS('f"Bearer {key.reveal()}"', "key.reveal()", "the form of the header"),
    HEADERS('headers["authorization"] =', 'headers["x-api-key"] =', "the name of the header"),
    PARTS("call.key if provider.owns(call.url) else None", "call.key", "a key for a storage host"),
    PARTS(
        "(upload.name, stream, upload.content_type)",
        '(upload.name, stream, "image/*")',
        "the type of a part",
    ),
    PARTS(
        "(upload.name, stream, upload.content_type)",
        '("image", stream, upload.content_type)',
        "the name of a file",
    ),
    PARTS("(None, value.encode()))", '(None, value.encode(), "text/plain"))', "the type of a text"),
    PARTS("(None, value.encode()))", '("x", value.encode()))', "a text and no file"),
)
