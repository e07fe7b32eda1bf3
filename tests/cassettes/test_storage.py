"""What reaches the disk, and what two requests must share."""

import gzip
import json

import pytest
from vcr.request import Request

from tests.cassettes.storage import MOST_MEDIA, Mask, match_body

KEY = 'live"\\/-0123456789'
MASK = Mask((KEY,))
JSON = {"content-type": ["application/json"]}


def keep(body, **headers):
    kept = MASK.keep_response({"headers": headers or JSON, "body": {"string": body}})
    return kept["body"]["string"], kept["headers"]


@pytest.mark.parametrize(
    "text",
    [
        KEY,
        json.dumps(KEY)[1:-1],
        KEY.replace("/", "\\/"),
        "".join(f"\\u{ord(letter):04X}" for letter in KEY),
        "live%22%5C%2F-0123456789",
        "sk-sub-01234567",
        "SK-01234567",
    ],
)
def test_a_key_is_hidden_however_it_is_escaped(text):
    assert MASK.hide_text(f"<{text}>") == "<REDACTED>"


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        (f"Bearer {KEY}", "Bearer REDACTED"),
        (KEY, "REDACTED"),
        ("Bearer another-key", "not the key: REDACTED"),
        ("Bearer REDACTED", "Bearer REDACTED"),
    ],
)
def test_the_form_of_the_authorization_header_is_stored_and_not_the_key(sent, stored):
    request = Request(
        "GET", f"https://a.b/?key={KEY}", None, {"Authorization": sent, "cookie": "x"}
    )
    kept = MASK.keep_request(request)

    assert dict(kept.headers) == {"authorization": stored}
    assert kept.uri == "https://a.b/?key=REDACTED"


def test_an_id_that_is_drawn_for_each_job_is_pinned_by_its_place_alone():
    body = json.dumps({"own": "0f" * 16, "other": "0f" * 17})
    kept = MASK.keep_request(Request("POST", "https://a.b/" + "0f" * 16, body, {}))

    assert json.loads(kept.body) == {"own": "drawn-for-each-job", "other": "0f" * 17}
    assert kept.uri.endswith("0f" * 16)


def test_an_answer_is_stored_decoded():
    body = gzip.compress(json.dumps({"id": "1", "email": "a@b.c", "note": KEY}).encode())
    text, headers = keep(body, **JSON, **{"Content-Encoding": ["gzip"], "Content-Length": ["9"]})

    assert json.loads(text) == {"id": "1", "email": "REDACTED", "note": "REDACTED"}
    assert headers == {**JSON, "content-length": [str(len(text))]}


def test_what_says_it_is_json_and_is_not_could_hide_a_secret_field():
    assert keep(b'{"email": "a@b.c')[0] == b"(not stored: it says it is JSON and is not)"


def test_a_large_film_is_replaced():
    film, _ = keep(bytes(MOST_MEDIA + 1), **{"content-type": ["video/mp4"]})

    assert film[4:8] == b"ftyp"
    assert len(film) < MOST_MEDIA


FORM = (
    "--x\r\nContent-Disposition: form-data; name=image; filename=a.png\r\n"
    "Content-Type: image/png\r\n\r\nbytes\r\n--x--\r\n"
)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("application/json", '{"a": 10}', '{"a": 10.0}'),
        ("application/json", '{"a": 1}', '{"a": true}'),
        ("multipart/form-data; boundary=x", FORM, FORM.replace("image/png", "image/jpeg")),
        ("multipart/form-data; boundary=x", FORM, FORM.replace("a.png", "b.png")),
        ("multipart/form-data; boundary=x", FORM, FORM.replace("name=image", "name=file")),
        ("text/plain", "a", "b"),
        ("text/plain", "a", ""),
    ],
)
def test_bodies_are_equal_only_if_a_vendor_reads_the_same(kind, one, other):
    first, second = (
        Request("POST", "https://a.b/", body, {"content-type": kind}) for body in (one, other)
    )

    match_body(first, first)
    with pytest.raises(AssertionError):
        match_body(first, second)
