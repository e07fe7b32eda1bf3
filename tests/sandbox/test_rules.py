"""Forms are read, and values, sizes and images are checked against a vendor's rules."""

import pytest

from anyvideo.sandbox.http.messages import Call, UnreadableError
from anyvideo.sandbox.http.multipart import FormError, parse_form
from anyvideo.sandbox.vendors.formats import ImageInfo, count_pixels, inspect_image
from anyvideo.sandbox.vendors.rules import Rule, check_value


class TestForms:
    KIND = "multipart/form-data; boundary=xx"

    def test_fields(self):
        body = (
            b'--xx\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
            b'--xx\r\nContent-Disposition: form-data; name="a"\r\n\r\n2\r\n'
            b'--xx\r\nContent-Disposition: form-data; name="b"; filename="c \\"d\\".png"\r\n'
            b"Content-Type: image/png\r\n\r\n\r\n--x\r\n"
            b'--xx\r\nContent-Disposition: form-data; name="e"; filename="f"\r\n\r\n\r\n--xx--\r\n'
        )
        form = parse_form('multipart/form-data; boundary="xx"', body)
        assert form["a"] == ["1", "2"]
        assert (form["b"].name, form["b"].content_type) == ('c "d".png', "image/png")
        assert form["b"].body == b"\r\n--x"
        assert (form["e"].content_type, form["e"].body) == ("", b"")
        assert parse_form(self.KIND, b"--xx--\r\n") == {}

    @pytest.mark.parametrize(
        ("kind", "body"),
        [
            ("application/json", b""),
            ("text/plain; boundary=xx", b"--xx--"),
            ("multipart/form-data", b""),
            (KIND, b""),
            (KIND, b"--xx\r\n"),
            (KIND, b"--xx\r\nno gap\r\n--xx--"),
            (KIND, b"--xx\r\nContent-Disposition: form-data\r\n\r\n1\r\n--xx--"),
        ],
    )
    def test_what_is_no_form(self, kind, body):
        with pytest.raises(FormError):
            parse_form(kind, body)

    def test_json_that_is_too_deep(self):
        with pytest.raises(UnreadableError):
            Call("POST", "/", body=b"[" * 100_000).read_json()


class TestRules:
    @pytest.mark.parametrize(
        ("rule", "good", "bad"),
        [
            (Rule("integer", min=2, max=4), (2, 4), (1, 5, 2.0, "2", True)),
            (Rule("number", min=0, max=1), (0, 0.5, 1), (-1, 1.5, "0.5", True)),
            (Rule("text", max=3), ("abc",), ("abcd", 1)),
            (Rule("url"), ("http://a/b", "HTTPS://a"), ("ftp://a", "http://", 1)),
            (
                Rule("urls", counts=(0, 1, 3)),
                ([], ["http://a"]),
                (["http://a"] * 2, ["a"], "http://a"),
            ),
            (Rule("urls", max=1), (["http://a"],), (["http://a", "http://b"],)),
            (Rule("span"), ("1,3", "0.5,2"), ("1,1.5", "0,4", "3,1", "1-3", 1)),
            (
                Rule("size", lines=(480, 720)),
                ("854x480", "720x720"),
                ("1080x1920", "9999x480", "a", 1),
            ),
            (Rule("ratio"), ("16:9", "adaptive"), ("0:1", "9:1", "wide", 1)),
            (Rule("whole"), ("1", "60"), ("0", "61", "1.5", 5)),
            (Rule("json"), ("{}",), ("[]", "{", {}, "[" * 100_000)),
            (Rule("object"), ({},), ("{}",)),
            (Rule("objects"), ([{}],), ([1], {})),
        ],
    )
    def test_values(self, rule, good, bad):
        assert [value for value in good if check_value("x", value, rule)] == []
        assert [value for value in bad if not check_value("x", value, rule)] == []

    @pytest.mark.parametrize(
        ("ratio", "lines", "pixels"),
        [
            (None, None, (1280, 720)),
            ("9:16", "1080p", (1080, 1920)),
            ("1:1", "480p", (480, 480)),
            ("portrait", "4k", (2160, 3840)),
            ("adaptive", "2K", (2560, 1440)),
            ("21:9", "pro", (2520, 1080)),
            ("16:9", "768P", (1366, 768)),
        ],
    )
    def test_pixels(self, ratio, lines, pixels):
        assert count_pixels(ratio, lines) == pixels


class TestImages:
    def test_kinds(self, png):
        gif = b"GIF89a\x02\x00\x03\x00"
        webp = b"RIFF\x1a\0\0\0WEBPVP8L\r\0\0\0\x2f\x01\x80\x00\x00" + bytes(8)
        jpeg = b"\xff\xd8\xff\xc0\x00\x11\x08\x00\x03\x00\x02" + bytes(12)
        assert inspect_image(png(2, 3)) == ImageInfo("image/png", 2, 3)
        assert inspect_image(gif) == ImageInfo("image/gif", 2, 3)
        assert inspect_image(jpeg) == ImageInfo("image/jpeg", 2, 3)
        assert inspect_image(webp) == ImageInfo("image/webp", 2, 3)

    @pytest.mark.parametrize(
        "body", [b"", b"<svg/>", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"RIFF\0\0\0\0WEBPVP8 "]
    )
    def test_no_image(self, body):
        assert inspect_image(body) is None

    def test_an_image_that_upsets_the_reader(self, png, monkeypatch):
        def fail(_):
            raise ValueError

        monkeypatch.setattr("imagesize.get", fail)
        assert inspect_image(png(1, 1)) is None
