"""Parts of a file that are joined, or fetched anew: cuts, other files, strange servers."""

import gzip
import json

import httpx
import pytest

from anyvideo.errors import DownloadError
from tests.acme.adapter import ORIGIN
from tests.acme.clients import list_ranges, read_task
from tests.acme.vendor import DONE, Vendor, cut, make_film


def test_a_cut_is_mended_without_fetching_a_byte_twice(fetch, target):
    vendor = Vendor()
    vendor.plan("file", cut(vendor, 1000), cut(vendor, 500))
    fetch(vendor, target)

    assert target.read_bytes() == vendor.film
    assert list_ranges(vendor) == [None, "bytes=1000-", "bytes=1500-"]
    assert fetch.sleeps == []


def test_a_connection_that_breaks_ever_again_brings_the_file_home_as_well(fetch, target):
    vendor = Vendor()
    vendor.plan("file", *[cut(vendor, 100)] * 30)
    fetch(vendor, target)

    assert target.read_bytes() == vendor.film
    assert len(vendor.calls) == 31


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


def change(vendor, call):
    vendor.film, vendor.etag = make_film(), '"v2"'
    return vendor.answer_file(call)


@pytest.mark.parametrize(
    "headers",
    [
        {"content-range": "bytes 500-999/4000"},
        {"content-range": "bytes 1000-1999/4000", "etag": '"v2"'},
        {"content-type": "multipart/byteranges; boundary=x"},
    ],
    ids=["other bytes", "another file", "many ranges"],
)
def test_an_answer_that_does_not_continue_the_part_is_not_joined(fetch, target, headers):
    vendor = Vendor()
    vendor.plan(
        "file", cut(vendor, 1000), httpx.Response(206, headers=headers, content=b"x" * 1000)
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
