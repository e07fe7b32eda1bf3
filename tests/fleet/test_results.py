"""Where videos go: whole or not at all, and a place that cannot take them is named first."""

import fsspec
import pytest

from anyvideo.errors import ConfigError, DownloadError
from anyvideo.fleet.results import check_place, exists, hide_secrets, join_place, publish


@pytest.fixture
def local(tmp_path):
    path = tmp_path / "video.mp4"
    path.write_bytes(b"a film")
    return path


@pytest.mark.parametrize(
    ("base", "target", "place"),
    [
        ("out", "a/b.mp4", "out/a/b.mp4"),
        ("s3://clips/", "b.mp4", "s3://clips/b.mp4"),
        ("out", "s3://clips/b.mp4", "s3://clips/b.mp4"),
        ("out", "/srv/b.mp4", "/srv/b.mp4"),
    ],
)
def test_a_video_goes_to_its_own_place_or_below_the_base(base, target, place):
    assert join_place(base, target) == place


@pytest.mark.parametrize("scheme", ["memory", "file"])
def test_a_url_gets_the_whole_file_and_nothing_else(scheme, local, tmp_path):
    place = f"memory://clips-{tmp_path.name}" if scheme == "memory" else f"file://{tmp_path}/clips"
    url = f"{place}/deep/fox.mp4"
    check_place(place)
    assert not exists(url)
    publish(local, url)
    system, path = fsspec.core.url_to_fs(url)

    assert exists(url)
    assert system.cat(path) == b"a film"
    assert [name.rpartition("/")[2] for name in system.find(path.rpartition("/")[0])] == ["fox.mp4"]
    assert not local.exists()


def test_a_file_that_did_not_arrive_whole_is_not_seen(local, monkeypatch):
    system, _ = fsspec.core.url_to_fs("memory://x")
    monkeypatch.setattr(type(system), "info", lambda *_: {"size": 3})
    with pytest.raises(
        DownloadError, match=r"^memory://half/fox.mp4 cannot be written: 3 of 6 bytes"
    ):
        publish(local, "memory://half/fox.mp4")
    assert [name for name in system.store if name.startswith("/half/")] == []
    assert local.exists()


def test_a_place_that_does_not_answer_is_an_error_of_the_download(monkeypatch):
    def fail(*_):
        raise TimeoutError

    system, _ = fsspec.core.url_to_fs("memory://x")
    monkeypatch.setattr(type(system), "exists", fail)
    with pytest.raises(DownloadError, match=r"memory://x/fox.mp4 cannot be written: TimeoutError"):
        exists("memory://x/fox.mp4")


@pytest.mark.parametrize("place", ["nothing://clips", "s3://clips", "lfs://h/x"])
def test_a_place_without_its_driver_is_named(place, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "s3fs", None)
    with pytest.raises(ConfigError, match=place.partition("/")[0]):
        check_place(place)


def test_a_folder_that_cannot_hold_the_results_is_named(tmp_path, monkeypatch):
    check_place(str(tmp_path / "new"))
    assert exists(str(tmp_path / "new"))
    (tmp_path / "file").write_text("x")
    with pytest.raises(ConfigError, match=r"cannot hold the results .File exists"):
        check_place(str(tmp_path / "file"))
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(ConfigError, match=r"it is read-only"):
        check_place(str(tmp_path))


def test_a_url_is_shown_without_its_secrets():
    assert hide_secrets("s3://key:secret@bucket/a?token=1") == "s3://bucket/a"
