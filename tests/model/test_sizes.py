"""Size, aspect ratio and resolution are reconciled, or contradict each other."""

import pytest

from anyvideo.model import sizes


@pytest.mark.parametrize(
    ("size", "implied"),
    [
        ("1280x720", ("16:9", "720p")),
        ("720x1280", ("9:16", "720p")),
        ("1366x768", ("16:9", "768p")),
        ("854x480", ("16:9", "480p")),
        ("1024x1024", ("1:1", "1024p")),
        ("1792x1024", ("7:4", "1024p")),
        ("2520x1080", ("21:9", "1080p")),
        ("1300x1000", ("13:10", "1000p")),
    ],
)
def test_a_size_implies_what_it_is_sold_as(size, implied):
    assert sizes.formats_of(size) == implied


@pytest.mark.parametrize(
    "size", ["", "720p", "1280x", "0x720", "1280X720", "1280 x 720", "1x1", "\uff1180x720"]
)
def test_what_is_no_size_is_told(size):
    with pytest.raises(ValueError, match="is not WIDTHxHEIGHT in pixels, such as 1280x720"):
        sizes.parse_size(size)


@pytest.mark.parametrize(
    ("given", "usual"),
    [
        ("16:9", "16:9"),
        ("1280:720", "16:9"),
        ("32:18", "16:9"),
        ("7:3", "21:9"),
        ("42:18", "21:9"),
        ("5:4", "5:4"),
    ],
)
def test_a_ratio_has_one_name(given, usual):
    assert sizes.normalise_ratio(given) == usual


@pytest.mark.parametrize("ratio", ["", "wide", "16x9", "16:0", "0:9", "1.5:1"])
def test_what_is_no_ratio_is_told(ratio):
    with pytest.raises(ValueError, match="is not WIDTH:HEIGHT, such as 16:9"):
        sizes.normalise_ratio(ratio)


@pytest.mark.parametrize(
    ("given", "lines"),
    [
        ("720p", "720p"),
        ("720P", "720p"),
        ("4k", "2160p"),
        ("4K", "2160p"),
        ("2k", "1440p"),
        ("8K", "4320p"),
    ],
)
def test_a_resolution_is_its_lines(given, lines):
    assert sizes.normalise_resolution(given) == lines


@pytest.mark.parametrize("resolution", ["", "hd", "720", "7p", "0720p", "16k"])
def test_what_is_no_resolution_is_told(resolution):
    with pytest.raises(ValueError, match="is not lines such as 720p, nor 2k, 4k or 8k"):
        sizes.normalise_resolution(resolution)


def test_lines_and_ratios_are_numbers():
    assert sizes.parse_lines("1080p") == 1080
    assert sizes.parse_ratio("16:9") == pytest.approx(1.778, abs=1e-3)


def test_what_vendors_sell_under_a_ratio_counts_as_that_ratio():
    assert sizes.formats_of("1584x672") == ("21:9", "672p")
    assert sizes.formats_of("1792x1024") == ("7:4", "1024p")
