"""Parts of a file that are joined, or fetched anew: cuts, other files, strange servers."""

import gzip
import json
import tempfile
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyvideo.config.provider import Provider
from anyvideo.config.schema import Key
from anyvideo.errors import DownloadError
from anyvideo.limits import LEAST_PROGRESS_BYTES
from anyvideo.model.wire import Request, Response
from anyvideo.transport.receive import open_receiver
from anyvideo.transport.steps import Transfer
from tests.acme.adapter import ORIGIN, Acme
from tests.acme.clients import list_ranges, read_task
from tests.acme.vendor import DONE, URL, Vendor, cut, make_film


def test_a_cut_is_mended_without_fetching_a_byte_twice(fetch, target):
    vendor = Vendor()
    vendor.plan("file", cut(vendor, 1000), cut(vendor, 500))
    fetch(vendor, target)

    assert target.read_bytes() == vendor.film
    assert list_ranges(vendor) == [None, "bytes=1000-", "bytes=1500-"]
    assert fetch.sleeps == [1, 2]


def test_a_connection_that_breaks_ever_again_brings_the_file_home_as_well(fetch, target):
    vendor = Vendor(film=make_film() + pad(30 * LEAST_PROGRESS_BYTES))
    vendor.plan("file", *[cut(vendor, LEAST_PROGRESS_BYTES)] * 30)
    fetch(vendor, target)

    assert target.read_bytes() == vendor.film
    assert fetch.sleeps == [1] * 30


def pad(size):
    """A box of an MP4 that says nothing."""
    return size.to_bytes(4, "big") + b"free" + bytes(size - 8)


def test_a_byte_for_each_connection_is_no_progress(fetch, target):
    vendor = Vendor()
    vendor.plan("file", *[cut(vendor, 1)] * 30)
    with pytest.raises(DownloadError, match="download it again"):
        fetch(vendor, target)

    assert (len(vendor.calls), fetch.sleeps) == (5, [1, 2, 4, 8])
    assert target.with_name("fox.mp4.part").read_bytes() == vendor.film[:5]


def test_a_connection_that_brings_nothing_new_is_given_up_and_the_part_kept(fetch, target):
    vendor = Vendor()
    vendor.plan("file", cut(vendor, 1000), *[httpx.ReadError("reset")] * 20)
    with pytest.raises(DownloadError, match="download it again") as caught:
        fetch(vendor, target)

    assert read_task(caught) == DONE
    assert fetch.sleeps == [1, 2, 4, 8]
    assert target.with_name("fox.mp4.part").read_bytes() == vendor.film[:1000]

    vendor.script.clear()
    fetch(vendor, target)
    assert list_ranges(vendor)[-1] == "bytes=1000-"
    assert target.read_bytes() == vendor.film


@pytest.mark.parametrize("etag", [None, 'W/"v1"'])
def test_without_a_strong_etag_it_begins_anew(fetch, target, etag):
    vendor = Vendor(etag=etag)
    vendor.plan("file", cut(vendor, 1000))
    fetch(vendor, target)

    assert list_ranges(vendor) == [None, None]
    assert target.read_bytes() == vendor.film


def test_a_server_without_ranges_sends_all_of_it(fetch, target):
    vendor = Vendor(ranges=False)
    vendor.plan("file", cut(vendor, 1000))
    fetch(vendor, target)

    assert target.read_bytes() == vendor.film


def test_a_file_that_changed_meanwhile_is_fetched_from_its_start(fetch, target):
    vendor = Vendor(film=make_film((320, 240)))
    vendor.plan("file", cut(vendor, 1000))
    vendor.plan("file", lambda call: change(vendor, call))
    fetch(vendor, target)

    assert target.read_bytes() == make_film()


@pytest.mark.parametrize("rest", [b"{", b"<", b" [", b"ftyp"], ids=repr)
def test_what_continues_a_part_may_begin_with_any_bytes(fetch, target, rest):
    vendor = Vendor()
    vendor.film = vendor.film[:1000] + rest + vendor.film[1000 + len(rest) :]
    vendor.plan("file", cut(vendor, 1000))
    fetch(vendor, target)

    assert list_ranges(vendor) == [None, "bytes=1000-"]
    assert target.read_bytes() == vendor.film


@given(st.data())
def test_no_cut_turns_a_film_into_a_page(data):
    """Wherever the cut is, and whatever the type: the rest of a file is not looked at."""
    film = make_film()
    at = data.draw(st.integers(1, len(film) - 1))
    marks = data.draw(st.sampled_from([b"<html>", b"{", b"[", b" \n<", b"ftyp"]))
    film = film[:at] + marks + film[at:]
    kinds = st.sampled_from(["video/mp4", "text/html", "application/json"])
    head = Response(
        206,
        {
            "content-range": f"bytes {at}-{len(film) - 1}/{len(film)}",
            "content-type": data.draw(kinds),
        },
    )
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        part = Path(folder, "part")
        part.write_bytes(film[:at])
        provider = Provider("acme", Acme(), ORIGIN, Key("ACME_API_KEY"))
        request = Request("GET", URL)
        step = Transfer(provider, request, part, lambda _: None, at, '"v1"', len(film))
        receiver = open_receiver(step, head, None, stack, lambda: None)
        pieces = data.draw(st.integers(1, 5))
        size = 1 + (len(film) - at) // pieces
        for start in range(at, len(film), size):
            receiver.take(film[start : start + size])
        assert receiver.finish().body == b""
        stack.close()
        assert part.read_bytes() == film


def test_a_server_that_sends_only_ranges_brings_the_file_home(fetch, target):
    size = LEAST_PROGRESS_BYTES
    vendor = Vendor(film=make_film() + pad(7 * size))
    total = len(vendor.film)

    def answer(call):
        start = int(call.headers.get("range", "bytes=0-")[6:-1])
        part = vendor.film[start : start + size]
        span = f"bytes {start}-{start + len(part) - 1}/{total}"
        headers = {"content-range": span, "etag": '"v1"', "content-type": "video/mp4"}
        return httpx.Response(206, headers=headers, stream=httpx.ByteStream(part))

    vendor.plan("file", *[answer] * 8)
    fetch(vendor, target)

    assert list_ranges(vendor) == [None, *(f"bytes={n * size}-" for n in range(1, 8))]
    assert target.read_bytes() == vendor.film


def change(vendor, call):
    vendor.film, vendor.etag = make_film(), '"v2"'
    return vendor.answer_file(call)


@pytest.mark.parametrize(
    "headers",
    [
        {"content-range": "bytes 500-1499/WHOLE"},
        {"content-range": "bytes 1000-1999/WHOLE", "etag": '"v2"'},
        {"content-type": "multipart/byteranges; boundary=x"},
        {"content-range": "bytes 1000-1998/WHOLE"},
        {"content-range": "bytes 1000-1998/WHOLE", "content-length": "1000"},
        {"content-range": "bytes 1000-1999/1999"},
        {"content-range": "bytes 1000-1999/9999999"},
        {"content-range": "bytes 1000-999/WHOLE"},
        {"content-range": "bytes 1000-/WHOLE"},
        {"content-range": f"bytes 1000-{'9' * 5000}/*"},
        {"content-range": "items 1000-1999/WHOLE"},
        {"content-range": "bytes */WHOLE"},
        {"content-range": "bytes 1000-1999/WHOLE, bytes 3000-3999/WHOLE"},
        {"content-range": "all of it"},
    ],
    ids=[
        *("other bytes", "another file", "many ranges", "one byte more", "another length"),
        *("before the end", "another total", "backwards", "no end", "huge", "another unit"),
        *("no range", "two", "nonsense"),
    ],
)
def test_an_answer_that_does_not_continue_the_part_is_not_joined(fetch, target, headers):
    vendor = Vendor()
    headers = {k: v.replace("WHOLE", str(len(vendor.film))) for k, v in headers.items()}
    vendor.plan(
        "file",
        cut(vendor, 1000),
        lambda _: httpx.Response(206, headers=headers, stream=httpx.ByteStream(b"x" * 1000)),
    )
    fetch(vendor, target)

    assert target.read_bytes() == vendor.film
    assert list_ranges(vendor) == [None, "bytes=1000-", None]


def test_a_part_that_is_whole_already_is_taken(fetch, target):
    vendor = Vendor()
    vendor.plan("file", cut(vendor, 10**9))
    fetch(vendor, target)

    assert list_ranges(vendor)[-1] == f"bytes={len(vendor.film)}-"
    assert target.read_bytes() == vendor.film


def test_a_part_that_is_too_long_is_thrown_away(fetch, target):
    vendor = Vendor()
    write_part(target, b"x" * 99_999)
    fetch(vendor, target)

    assert target.read_bytes() == vendor.film


def write_part(target, content, **note):
    target.with_name("fox.mp4.part").write_bytes(content)
    note = {"of": f"task-1 at {ORIGIN}", "etag": '"v1"', **note}
    target.with_name("fox.mp4.part.json").write_text(json.dumps(note))


@pytest.mark.parametrize(
    "note",
    [{"of": "task-2 at elsewhere"}, {"etag": None}, {"etag": 7}],
    ids=["another task's", "no etag", "nonsense"],
)
def test_a_part_of_something_else_is_not_joined(fetch, target, note):
    vendor = Vendor()
    write_part(target, vendor.film[:1000], **note)
    fetch(vendor, target)

    assert list_ranges(vendor) == [None]
    assert target.read_bytes() == vendor.film


@pytest.mark.parametrize("text", ["", "[]", "{", "7"])
def test_a_note_that_cannot_be_read_is_none(fetch, target, text):
    vendor = Vendor()
    write_part(target, vendor.film[:1000])
    target.with_name("fox.mp4.part.json").write_text(text)
    fetch(vendor, target)

    assert list_ranges(vendor) == [None]


def test_a_file_that_is_shorter_than_it_says_is_fetched_on(fetch, target):
    vendor = Vendor()

    def cheat(_):
        headers = {
            "content-length": str(len(vendor.film)),
            "etag": '"v1"',
            "content-type": "video/mp4",
        }
        return httpx.Response(200, headers=headers, stream=httpx.ByteStream(vendor.film[:1000]))

    vendor.plan("file", cheat)
    fetch(vendor, target)

    assert list_ranges(vendor) == [None, "bytes=1000-"]
    assert target.read_bytes() == vendor.film


def test_a_cut_without_a_length_is_found_in_the_structure(fetch, target):
    vendor = Vendor()
    vendor.plan("file", lambda _: httpx.Response(200, stream=httpx.ByteStream(vendor.film[:1000])))
    fetch(vendor, target)

    assert target.read_bytes() == vendor.film


@pytest.mark.parametrize(("length", "requests"), [(True, 1), (False, 2)])
def test_what_is_no_video_is_kept_as_a_part(fetch, target, length, requests):
    def send(_):
        stream = httpx.ByteStream(b"\0" * 1000)
        return httpx.Response(
            200, headers={"content-length": "1000"} if length else {}, stream=stream
        )

    vendor = Vendor()
    vendor.plan("file", *[send] * 9)
    with pytest.raises(DownloadError, match=r"not a whole MP4 video.*kept as .*fox\.mp4\.part"):
        fetch(vendor, target)

    assert len(vendor.calls) == requests
    assert not target.exists()


def test_a_compressed_answer_is_unpacked_and_never_joined(fetch, target):
    vendor = Vendor()
    packed = gzip.compress(vendor.film)
    headers = {"content-encoding": "gzip", "etag": '"v1"', "content-length": str(len(packed))}
    vendor.plan(
        "file", lambda _: httpx.Response(200, headers=headers, stream=httpx.ByteStream(packed))
    )
    fetch(vendor, target)

    assert target.read_bytes() == vendor.film


def test_a_film_under_a_wrong_name_is_a_film(fetch, target):
    vendor = Vendor()
    vendor.plan(
        "file", httpx.Response(200, headers={"content-type": "text/plain"}, content=vendor.film)
    )
    fetch(vendor, target)

    assert target.read_bytes() == vendor.film
