"""The part file on the disk: full disks, targets in the way, and locks."""

import fcntl
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
from tests.acme.clients import JOB, list_ranges, open_client, read_task
from tests.acme.vendor import DONE, Pieces, Vendor
from tests.distributions import load_file

MODEL = "acme/acme-1"


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
        part = load_file(
            Path(part_file.__file__), "anyvideo.files.part_file_without_locks"
        ).PartFile(target)
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
