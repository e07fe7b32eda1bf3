"""Bits as H.264 writes them: descriptors (clause 7.2), Exp-Golomb codes (9.1), NAL escapes (7.4.1).

The methods of `BitWriter` bear the names of the standard's descriptors, so that a syntax table
of the standard and the code that writes it can be read side by side.
"""

import re

from attrs import define, field

_START_CODE_LIKE = re.compile(rb"\x00\x00(?=[\x00-\x03])")


@define
class BitWriter:
    """A string of bits that grows at its end, most significant bit first."""

    _whole: bytearray = field(factory=bytearray, init=False)
    _rest: int = field(default=0, init=False)
    _rest_width: int = field(default=0, init=False)

    def u(self, value: int, width: int) -> None:
        """Append an unsigned number of `width` bits, of any width.

        Raises:
            ValueError: the number is negative or needs more bits.
        """
        if value >> width:
            message = f"{value} is not an unsigned number of {width} bits"
            raise ValueError(message)
        bits = self._rest << width | value
        count, left = divmod(self._rest_width + width, 8)
        self._whole += (bits >> left).to_bytes(count, "big")
        self._rest = bits & ((1 << left) - 1)
        self._rest_width = left

    def ue(self, value: int) -> None:
        """Append an unsigned Exp-Golomb code: 0, 1, 2 are `1`, `010`, `011`.

        Raises:
            ValueError: the number is negative.
        """
        self.u(value + 1, 2 * (value + 1).bit_length() - 1)

    def se(self, value: int) -> None:
        """Append a signed Exp-Golomb code: 0, 1, -1 are `1`, `010`, `011`."""
        self.ue(2 * value - 1 if value > 0 else -2 * value)

    def align(self) -> None:
        """Append zero bits up to the next whole byte."""
        self.u(0, -self._rest_width % 8)

    def raw(self, data: bytes) -> None:
        """Append whole bytes, after aligning."""
        self.align()
        self._whole += data

    def finish(self) -> bytes:
        """Append the trailing bits of an RBSP (7.3.2.11), a one and zeros, and return it all."""
        self.u(1, 1)
        self.align()
        return bytes(self._whole)


def prevent_emulation(rbsp: bytes) -> bytes:
    """Put a byte 3 wherever two zero bytes would make the next one look like a start code."""
    return _START_CODE_LIKE.sub(b"\x00\x00\x03", rbsp)
