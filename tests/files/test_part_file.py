"""Parts: what joins and what does not, cuts, strange servers, full disks."""

import fcntl
import gzip
import json
import resource
import sys
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from attrs import evolve

from anyvideo.errors import DownloadError
from anyvideo.files import part_file
from anyvideo.files.part_file import PartFile, prepare
from tests.acme.adapter import ORIGIN
from tests.acme.clients import JOB, Fetch, list_ranges, open_client, read_task
from tests.acme.vendor import DONE, Pieces, Vendor, cut, make_film
from tests.distributions import load_file

MODEL = "acme/acme-1"


@pytest.fixture
def target(tmp_path):
    return tmp_path / "fox.mp4"


@pytest.fixture
def fetch(kind):
    return Fetch(kind)


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
    with pytest.raises(DownloadError, match=r"no whole MP4 video.*kept as .*fox\.mp4\.part"):
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


@contextmanager
def largest_file(size):
    """Let this process write no file beyond a size, as a full disk would."""
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, usual[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)


class TestDisk:
    def test_a_full_disk_keeps_the_part_and_says_what_to_do(self, fetch, target):
        vendor = Vendor()
        vendor.plan("file", lambda call: split(vendor.answer_file(call)))
        with (
            largest_file(1000),
            pytest.raises(DownloadError, match=r"no space left.*make room") as caught,
        ):
            fetch(vendor, target)

        assert read_task(caught) == DONE
        assert target.with_name("fox.mp4.part").stat().st_size == 1000
        fetch(vendor, target)
        assert list_ranges(vendor)[-1] == "bytes=1000-"

    def test_a_target_that_holds_something_is_refused_before_anything_is_paid(
        self, kind, fetch, target
    ):
        target.write_bytes(b"mine")
        vendor = Vendor()
        with open_client(kind, vendor) as client:
            for operation in (
                lambda: client.download(DONE, target),
                lambda: client.generate(JOB, target, MODEL),
            ):
                with pytest.raises(DownloadError, match="exists; name another file"):
                    operation()

        assert (vendor.calls, target.read_bytes()) == ([], b"mine")
        fetch(vendor, target, overwrite=True)
        assert target.read_bytes() == vendor.film

    def test_an_empty_target_is_taken(self, fetch, target):
        target.touch()
        fetch(Vendor(), target)

        assert target.stat().st_size

    def test_a_target_that_appears_meanwhile_is_left_alone(self, fetch, target):
        vendor = Vendor()
        vendor.plan("file", lambda call: target.write_bytes(b"mine") and vendor.answer_file(call))
        with pytest.raises(DownloadError, match="written by another program meanwhile") as caught:
            fetch(vendor, target)

        assert (target.read_bytes(), read_task(caught)) == (b"mine", DONE)

    def test_a_folder_is_made_and_gets_a_file_with_the_tasks_name(self, fetch, tmp_path):
        video = fetch(Vendor(), f"{tmp_path / 'new'}/", evolve(DONE, id="veo3:17/x"))

        assert video.path == tmp_path / "new" / "veo3-17-x.mp4"
        again = fetch(Vendor(), tmp_path / "new", evolve(DONE, id="b"))
        assert again.path == tmp_path / "new" / "b.mp4"

    @pytest.mark.parametrize("to", ["file/fox.mp4", "a" * 300, "nul\0l.mp4"])
    def test_a_path_that_cannot_be_written_is_refused_before_anything_is_paid(
        self, kind, tmp_path, to
    ):
        (tmp_path / "file").write_text("x")
        vendor = Vendor()
        with (
            open_client(kind, vendor) as client,
            pytest.raises(DownloadError, match=r"cannot be written.*name another file"),
        ):
            client.generate(JOB, f"{tmp_path}/{to}", MODEL)

        assert vendor.calls == []


def split(response):
    pieces = [response.content[:1000], response.content[1000:]]
    return httpx.Response(200, headers=response.headers, stream=Pieces(*pieces))


class TestLock:
    """One download at a time writes a part."""

    def test_a_second_download_waits_for_the_first(self, fetch, target):
        vendor = Vendor()
        lock = PartFile(target).lock()
        with pytest.raises(DownloadError, match="another process is downloading") as caught:
            fetch(vendor, target)
        lock.close()

        assert (vendor.calls, read_task(caught)) == ([], DONE)
        fetch(vendor, target)

    def test_what_was_made_the_target_meanwhile_is_not_locked(self, target, monkeypatch):
        part, flock = PartFile(target), fcntl.flock

        def finish_first(file, how):
            monkeypatch.setattr(fcntl, "flock", flock)
            part.path.rename(target)
            return flock(file, how)

        monkeypatch.setattr(fcntl, "flock", finish_first)
        part.release(part.lock())

        assert target.exists()
        assert not part.path.exists()

    def test_where_there_are_no_locks_it_goes_without(self, target, monkeypatch):
        monkeypatch.setitem(sys.modules, "fcntl", None)
        part = load_file(Path(part_file.__file__), "part_file_without_locks").PartFile(target)
        locks = [part.lock(), part.lock()]
        part.path.write_bytes(b"x")
        for lock in locks:
            part.release(lock)
        part.finish(overwrite=False)

        assert target.read_bytes() == b"x"

    def test_a_part_of_a_former_download_survives_the_check_of_its_path(self, tmp_path):
        target = prepare(tmp_path / "fox.mp4")
        PartFile(target).path.write_bytes(b"x")
        prepare(target)

        assert PartFile(target).size == 1
