"""fal's storage: where a local image lies before a job names it.

    POST https://rest.fal.ai/storage/upload/initiate   {"file_name", "content_type"}
                                                       -> {"upload_url", "file_url"}
    PUT  {upload_url}                                  the file itself, without the key

https://fal.ai/docs/documentation/model-apis/fal-cdn recommends it, and says that a data: URL is not
for files of more than a few KB. The two requests are those of fal's own client:
https://github.com/fal-ai/fal-js/blob/main/libs/client/src/storage.ts
"""

from __future__ import annotations

from anyvideo.plugin import Flow, Request, Response, Upload
from anyvideo_plugins.fal.answers import refuse

ORIGIN = "https://rest.fal.ai"
_FEW_KB = 8 * 1024


def needs_storage(upload: Upload) -> bool:
    """Say whether a file is too large for a data: URL."""
    return upload.size > _FEW_KB


def store(upload: Upload) -> Flow[str]:
    """Lay a file into the storage, and end with its URL, which anyone can read who knows it.

    Raises:
        ProviderError: the storage refuses the file, or does not say where it goes.
    """
    assumed = f"https://v3.fal.media/files/{upload.sha256}"
    response = yield Request(
        "POST",
        f"{ORIGIN}/storage/upload/initiate",
        query={"storage_type": "fal-cdn-v3"},
        json={"file_name": upload.name, "content_type": upload.content_type},
        rehearsal={"upload_url": assumed, "file_url": assumed},
    )
    slot, url = _read_web_url(response, "upload_url"), _read_web_url(response, "file_url")
    response = yield Request("PUT", slot, content=upload, rehearsal={})
    if not response.ok:
        raise refuse(response)
    return url


def _read_web_url(response: Response, name: str) -> str:
    url = response.find(name)
    if not response.ok or not isinstance(url, str) or not url.startswith(("https://", "http://")):
        raise refuse(response)
    return url
