"""The images of a job: type, size, pixels and hash; what is no image is a typed error."""

import hashlib
import os
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anyvideo.errors import JobError
from anyvideo.files.images import open_source, read_upload, read_uploads
from anyvideo.model.job import VideoJob
from anyvideo.model.media import Image
from anyvideo.testing import draw_picture

HEADS = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"RIFF\0\0\0\0WEBP",
    b"RIFF\0\0\0\0WEBPVP8X",
    b"GIF89a",
)


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_a_file_is_what_it_holds_whatever_it_is_called(kind, tmp_path):
    path = tmp_path / "fox.dat"
    path.write_bytes(data := draw_picture(64, 36, kind))
    upload = read_upload(str(path))
    assert (upload.name, upload.content_type) == ("fox.dat", f"image/{kind}")
    assert (upload.width, upload.height, upload.size) == (64, 36, len(data))
    assert upload.sha256 == hashlib.sha256(data).hexdigest()
    assert upload.source == str(path)


def test_bytes_get_a_name():
    assert read_upload(draw_picture(8, 8, "jpeg")).name == "image.jpg"
    assert read_upload(b"GIF89a" + bytes([8, 0, 9, 0])).name == "image.gif"


def test_a_large_file_is_read_in_blocks_and_hashed_whole():
    data = draw_picture(64, 36) + bytes(range(256)) * 10_000
    assert read_upload(data).sha256 == hashlib.sha256(data).hexdigest()


def test_only_local_images_are_read():
    picture = draw_picture(8, 8)
    job = VideoJob("a fox", images=["https://x.example/a.png", Image(picture, "reference")])
    ((image, upload),) = read_uploads(job).items()
    assert (image.role, upload.size) == ("reference", len(picture))


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("missing.png", "image 'missing.png' cannot be read: No such file or directory"),
        (".", "image '.' cannot be read: it is no file"),
        ("a\0b", "cannot be read: embedded null byte"),
        (b"hello, this is text", "image 'image' is no PNG, JPEG, WebP or GIF that can be read"),
        (b"\x89PNG\r\n\x1a\n", "image 'image' is no PNG, JPEG, WebP or GIF that can be read"),
        (b"GIF89a" + bytes(4), "image 'image' is no PNG, JPEG, WebP or GIF that can be read"),
    ],
)  # fmt: skip
def test_what_is_no_image_is_told(source, why, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(JobError, match=why):
        read_upload(source)


def test_an_empty_file_is_told(tmp_path):
    path = tmp_path / "empty.png"
    path.touch()
    with pytest.raises(JobError, match=r"image 'empty\.png' is empty"):
        read_upload(str(path))


def test_a_pipe_is_not_waited_for(tmp_path):
    path = tmp_path / "pipe.png"
    os.mkfifo(path)
    with pytest.raises(JobError, match="cannot be read: it is no file"):
        read_upload(str(path))


def test_a_name_that_is_no_text_can_be_sent(tmp_path):
    path = os.fsdecode(os.fsencode(tmp_path) + b"/fox-\xff.png")
    with open_source(draw_picture(8, 8)) as picture, open(path, "wb") as file:  # noqa: PTH123 (pathlib would do no more)
        file.write(picture.read())
    assert read_upload(path).name == "fox-?.png"


@pytest.mark.parametrize("error", [ValueError, IndexError, ZeroDivisionError, struct.error])
def test_what_imagesize_raises_is_no_image(error, monkeypatch):
    """Releases before 2.0 raise where later ones answer (-1, -1)."""

    def fail(_):
        raise error

    monkeypatch.setattr("imagesize.get", fail)
    with pytest.raises(JobError, match="is no PNG, JPEG, WebP or GIF that can be read"):
        read_upload(draw_picture(8, 8))


@settings(max_examples=100)
@given(st.sampled_from(HEADS), st.binary(max_size=64))
def test_any_bytes_are_an_image_or_a_typed_error(head, rest):
    try:
        upload = read_upload(head + rest)
    except JobError:
        return
    assert min(upload.width, upload.height) > 0
