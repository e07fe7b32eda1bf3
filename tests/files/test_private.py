"""Who else can read what anyvideo writes: nobody, whatever the umask; POSIX only."""

import os
import stat
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from anyvideo.files.part_file import PartFile
from anyvideo.files.private import create_private, open_private, tighten, tighten_folder
from anyvideo.journal.database import Journal
from tests.acme.clients import open_client
from tests.acme.vendor import DONE, Pieces, Vendor
from tests.journal.entries import make_entry

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has no such permissions")


@contextmanager
def umask(mask):
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


@pytest.fixture(params=[0o000, 0o022, 0o077], ids="{:03o}".format)
def mask(request):
    with umask(request.param):
        yield request.param


def read_modes(folder):
    return {path.name: read_mode(path) for path in folder.iterdir()}


def read_mode(path):
    return oct(stat.S_IMODE(path.stat().st_mode))


class TestJournal:
    def test_its_files_and_its_folder_are_private(self, tmp_path, mask):
        home = tmp_path / "state" / "anyvideo"
        with closing(Journal(home / "journal.sqlite")) as journal:
            journal.open(make_entry())
            modes = read_modes(home)

        assert modes.keys() == {"journal.sqlite", "journal.sqlite-wal", "journal.sqlite-shm"}
        assert set(modes.values()) == {"0o600"}
        assert read_mode(home) == "0o700"

    def test_an_older_one_is_tightened_when_it_is_opened(self, tmp_path):
        home = tmp_path / "anyvideo"
        with umask(0), closing(Journal(home / "journal.sqlite")) as journal:
            journal.open(make_entry())
            for path in (home, *home.iterdir()):
                path.chmod(0o777 if path.is_dir() else 0o666)
            with closing(Journal(home / "journal.sqlite")):
                assert set(read_modes(home).values()) == {"0o600"}

        assert read_mode(home) == "0o700"

    def test_a_folder_that_holds_other_files_is_left_alone(self, tmp_path):
        tmp_path.chmod(0o755)
        (tmp_path / "notes.txt").write_text("mine", "utf-8")
        Journal(tmp_path / "journal.sqlite").close()

        assert read_mode(tmp_path) == "0o755"

    def test_it_is_private_from_its_first_moment(self, tmp_path, mask, monkeypatch):
        modes: list[str] = []

        def note(source, target):
            modes.append(read_mode(Path(source)))
            link(source, target)

        link = os.link
        monkeypatch.setattr(os, "link", note)
        create_private(tmp_path / "journal.sqlite")

        assert modes == ["0o600"]
        assert read_modes(tmp_path) == {"journal.sqlite": "0o600"}

    def test_on_a_disk_without_links_sqlite_creates_it(self, tmp_path, monkeypatch):
        monkeypatch.setattr(os, "link", refuse)
        with closing(Journal(tmp_path / "journal.sqlite")) as journal:
            journal.open(make_entry())
            assert set(read_modes(tmp_path).values()) == {"0o600"}


class TestDownload:
    def test_the_part_is_private_and_the_video_is_as_any_new_file(self, kind, tmp_path, mask):
        vendor, modes = Vendor(), list[dict[str, str]]()
        film = Watched(vendor.film, tmp_path, modes)
        vendor.plan("file", lambda _: httpx.Response(200, stream=film))
        with open_client(kind, vendor) as client:
            client.download(DONE, tmp_path / "fox.mp4")

        names = {"fox.mp4.part", "fox.mp4.part.json", "fox.mp4.part.lock"}
        assert modes[0] == dict.fromkeys(names, "0o600")
        assert read_modes(tmp_path) == {"fox.mp4": oct(0o666 & ~mask)}

    def test_an_older_part_is_tightened(self, tmp_path):
        with umask(0):
            (tmp_path / "old.part").write_bytes(b"the beginning")
        with open_private(tmp_path / "old.part", "r+b") as file:
            assert file.read() == b"the beginning"

        assert read_modes(tmp_path) == {"old.part": "0o600"}

    def test_a_video_that_is_private_anyway_is_not_touched(self, tmp_path, monkeypatch):
        part = PartFile(tmp_path / "fox.mp4")
        with umask(0o077):
            part.path.write_bytes(b"film")
            monkeypatch.setattr(Path, "chmod", refuse)
            part.finish(overwrite=False)

        assert read_modes(tmp_path) == {"fox.mp4": "0o600"}


class Watched(Pieces):
    """A film that notes the permissions in a folder once its first bytes have been written."""

    def __init__(self, film, folder, modes):
        super().__init__(film[:100], film[100:])
        self.folder, self.modes = folder, modes

    def __iter__(self):
        for piece in super().__iter__():
            yield piece
            self.modes.append(read_modes(self.folder))


class TestOthersFiles:
    def test_a_device_is_left_alone(self, monkeypatch):
        monkeypatch.setattr(Path, "chmod", refuse)
        tighten(Path(os.devnull))

    def test_what_is_not_ours_is_left_alone(self, tmp_path, monkeypatch):
        path = tmp_path / "theirs"
        path.touch(0o644)
        monkeypatch.setattr(Path, "chmod", refuse)
        monkeypatch.setattr(os, "listdir", refuse)
        tighten(path)
        tighten_folder(tmp_path, ["theirs"])

        assert path.exists()

    def test_windows_is_left_alone(self, tmp_path, monkeypatch):
        path = tmp_path / "file"
        path.touch(0o644)
        monkeypatch.setattr(os, "name", "nt")
        tighten(path)

        assert path.stat().st_mode & 0o044


def refuse(*_):
    raise PermissionError


class TestPlan:
    def test_a_saved_plan_is_private(self, tmp_path, mask):
        from anyvideo.cli.job_input import write_text

        path = tmp_path / "folder" / "plan.json"
        write_text(str(path), "{}")
        assert (path.read_text("utf-8"), read_mode(path)) == ("{}", "0o600")

        path.chmod(0o644)
        write_text(str(path), "{}\n")
        assert read_mode(path) == "0o600"
