"""fal's storage: hands out a presigned URL, and takes the file that is sent there without a key.

https://github.com/fal-ai/fal-js/blob/main/libs/client/src/storage.ts; what the storage refuses is
not documented, and follows from what a presigned URL is.
"""

from __future__ import annotations

from urllib.parse import quote

from anyvideo.sandbox import (
    Answer,
    Refusal,
    Route,
    UnreadableError,
    VendorCall,
    draw_letters,
    inspect_image,
    json_answer,
)
from anyvideo_plugins.fal.sandbox.orders import reject

_TYPES = ("gcs", "fal-cdn-v3")


def _initiate(call: VendorCall) -> Answer:
    """Answer POST /storage/upload/initiate."""
    if call.http.query.get("storage_type") not in _TYPES:
        reject("value_error", f"Input should be {' or '.join(_TYPES)}", "storage_type")
    try:
        fields = call.http.read_json()
    except UnreadableError:
        reject("json_invalid", "JSON decode error")
    for name in ("file_name", "content_type"):
        if not isinstance(fields.get(name), str):
            reject("missing" if name not in fields else "string_type", "Field required", name)
    path = f"{draw_letters(6)}/{quote(fields['file_name'], safe='')}"
    signature = f"?type={quote(fields['content_type'], safe='')}"
    place = f"{call.world.foreign_url}/{call.adapter}/storage/files/{path}"
    file_url = f"https://v3.fal.media/files/{path}"
    return json_answer({"upload_url": place + signature, "file_url": file_url})


def _receive(call: VendorCall) -> Answer:
    """Answer PUT {upload_url}: the signature stands for the key, and for one type of file."""
    picture = inspect_image(call.http.body)
    if "authorization" in call.http.headers:
        raise Refusal(_deny("InvalidArgument", "Only one auth mechanism allowed"))
    if call.http.media_type != call.http.query.get("type"):
        raise Refusal(_deny("SignatureDoesNotMatch", "The content type is not the signed one"))
    if picture is None or picture.content_type != call.http.media_type:
        raise Refusal(_deny("InvalidArgument", "The file is not what its type says"))
    return json_answer({})


def _deny(code: str, message: str) -> Answer:
    body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>{message}</Message></Error>"
    status = 403 if code.startswith("Signature") else 400
    return Answer(status, body.encode(), {"content-type": "application/xml"})


ROUTES = (
    Route("POST", "/storage/upload/initiate", "other", _initiate),
    Route("PUT", "/storage/files/.+", "other", _receive, presigned=True),
)
