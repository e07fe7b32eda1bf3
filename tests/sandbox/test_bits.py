"""Bits are written as the H.264 standard says."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyvideo.sandbox.film.bits import BitWriter, prevent_emulation

zero_heavy = st.lists(st.sampled_from([0, 0, 0, 1, 2, 3, 4, 255])).map(bytes)


def as_digits(data: bytes) -> str:
    return "".join(f"{byte:08b}" for byte in data)


def decode_ue(data: bytes, count: int) -> list[int]:
    digits = as_digits(data)
    values: list[int] = []
    for _ in range(count):
        zeros = digits.index("1")
        end = 2 * zeros + 1
        values.append(int(digits[:end], 2) - 1)
        digits = digits[end:]
    assert digits == "1".ljust(len(digits), "0")
    assert len(digits) <= 8
    return values


def decode_se(data: bytes, count: int) -> list[int]:
    return [-(-code // 2) * (1 if code % 2 else -1) for code in decode_ue(data, count)]


@given(st.lists(st.integers(0, 2**32)))
def test_ue_round_trips(values: list[int]):
    bits = BitWriter()
    for value in values:
        bits.ue(value)
    assert decode_ue(bits.finish(), len(values)) == values


@given(st.lists(st.integers(-(2**31), 2**31)))
def test_se_round_trips(values: list[int]):
    bits = BitWriter()
    for value in values:
        bits.se(value)
    assert decode_se(bits.finish(), len(values)) == values


@pytest.mark.parametrize(
    ("value", "code"), [(0, "1"), (1, "010"), (-1, "011"), (2, "00100"), (-2, "00101")]
)
def test_se_codes_are_those_of_table_9_3(value: int, code: str):
    bits = BitWriter()
    bits.se(value)
    assert as_digits(bits.finish()).startswith(f"{code}1")


@given(
    st.lists(st.integers(0, 70).flatmap(lambda w: st.tuples(st.integers(0, 2**w - 1), st.just(w))))
)
def test_u_writes_each_number_in_its_width(fields: list[tuple[int, int]]):
    bits = BitWriter()
    for value, width in fields:
        bits.u(value, width)
    written = "".join(f"{value:0{width}b}" for value, width in fields if width)
    digits = as_digits(bits.finish())
    assert digits.startswith(f"{written}1")
    assert set(digits[len(written) + 1 :]) <= {"0"}


@pytest.mark.parametrize(("value", "width"), [(-1, 8), (256, 8), (1, 0)])
def test_u_refuses_what_does_not_fit(value: int, width: int):
    with pytest.raises(ValueError, match=f"{value} is not an unsigned number of {width} bits"):
        BitWriter().u(value, width)


@pytest.mark.parametrize("value", [-1, -2, -100])
def test_ue_refuses_a_negative_number(value: int):
    with pytest.raises(ValueError, match=r"negative|unsigned"):
        BitWriter().ue(value)


@given(st.integers(0, 16), st.binary())
def test_raw_bytes_begin_at_a_whole_byte(width: int, data: bytes):
    bits = BitWriter()
    bits.u(0, width)
    bits.raw(data)
    assert bits.finish() == bytes(-(-width // 8)) + data + b"\x80"


@given(zero_heavy | st.binary())
def test_emulation_prevention_is_invertible(rbsp: bytes):
    assert prevent_emulation(rbsp).replace(b"\0\0\3", b"\0\0") == rbsp


@given(zero_heavy)
def test_no_start_code_is_left(rbsp: bytes):
    assert not re.search(rb"\0\0[\0\1\2]", prevent_emulation(rbsp))


def test_emulation_prevention_adds_nothing_else():
    assert prevent_emulation(b"\0\0\4\0\1\0\0") == b"\0\0\4\0\1\0\0"
