"""Paths are data: whatever a model writes, a file is read from the allowed folder alone."""

import pytest

from anyvideo.agents.folder import Folder
from anyvideo.errors import ConfigError, JobError
from anyvideo.model.job import VideoJob


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "folder" / "frames").mkdir(parents=True)
    (tmp_path / "folder" / "frames" / "a.png").write_bytes(b"inside")
    (tmp_path / "secret.png").write_bytes(b"outside")
    (tmp_path / "folder" / "link.png").symlink_to(tmp_path / "secret.png")
    (tmp_path / "folder" / "up").symlink_to(tmp_path)
    (tmp_path / "folder" / "circle").symlink_to("circle")
    (tmp_path / "folder" / "near").symlink_to("frames")
    (tmp_path / "other-name").symlink_to(tmp_path / "folder")
    return Folder.open(str(tmp_path / "other-name"))


def admit(folder, source):
    (image,) = folder.admit(VideoJob("a fox", images=source)).images
    return image.source


def test_files_in_the_folder_and_urls_are_admitted(folder):
    inside = str(folder.path / "frames" / "a.png")

    for source in ("frames/a.png", "./frames/a.png", "near/a.png", inside):
        assert admit(folder, source) == inside
    assert admit(folder, "https://a.example/../x.png") == "https://a.example/../x.png"
    assert admit(folder, "frames/none.png") == str(folder.path / "frames" / "none.png")


@pytest.mark.parametrize(
    "source",
    [
        *("../secret.png", "frames/../frames/a.png", "/etc/passwd", "link.png", "up/secret.png"),
        *("up/folder/../secret.png", "circle/a.png", "a\0b.png", ".", "file:///etc/passwd"),
        *("data:image/png;base64,aGk=", "FILE:frames/a.png"),
        "/none/of/these/exists.png",
    ],
)
def test_every_other_place_is_refused_in_the_same_words(folder, source):
    with pytest.raises(JobError) as caught:
        admit(folder, source)

    words = (
        "is neither an http(s) URL nor a file in the folder of this server; name a file relative"
    )
    assert words in caught.value.message or "only http(s) URLs" in caught.value.message


def test_the_folder_has_to_exist_and_its_own_folder_stays_inside(folder, tmp_path):
    with pytest.raises(ConfigError, match="there is no such folder; make it"):
        Folder.open(str(tmp_path / "nowhere"))

    folder.reserve("mcp")
    folder.reserve("frames")
    with pytest.raises(ConfigError, match="leads out of the folder"):
        folder.reserve("up")
