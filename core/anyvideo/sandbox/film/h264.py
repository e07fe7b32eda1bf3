"""H.264 for drawings: the few NAL units that a caption on a flat background needs.

Constrained Baseline profile with CAVLC (ITU-T H.264, whose clauses the comments cite). An IDR
picture sends its flat areas as predictions without a residual, one byte a macroblock, and
everything drawn as raw I_PCM samples; a later picture skips what stays as it was (P_Skip) and
sends what changed as I_PCM. So nothing is transformed or quantised, every sample is exact, and
the deblocking filter stays off.
"""

from collections.abc import Mapping
from itertools import product

from attrs import frozen

from anyvideo.sandbox.film.bits import BitWriter, prevent_emulation

MACROBLOCK = 16
"""Luma samples along each side of a macroblock."""

Blocks = Mapping[int, bytes]
"""Macroblock address (raster order) to its 384 samples: 256 of Y, 64 of Cb, 64 of Cr (7.3.5)."""

# Table 7-1: nal_ref_idc 3 or 2 in bits 5 and 6, nal_unit_type in the lower five.
_SPS_NAL = 0x67
_PPS_NAL = 0x68
_IDR_NAL = 0x65
_NON_IDR_NAL = 0x41

# Table 7-6; values from 5 on promise that all slices of the picture have the type.
_ALL_P = 5
_ALL_I = 7

_FRAME_NUM_BITS = 8

# Tables 7-11 and 7-13: I_PCM is 25 in an I slice and follows the five inter types in a P slice.
_I_PCM = 25
_I_PCM_IN_P = 5 + _I_PCM

# Table A-1: level_idc, MaxMBPS, MaxFS. Lower levels lack the bit rate for I_PCM captions.
_LEVELS = (
    (30, 40_500, 1_620),
    (31, 108_000, 3_600),
    (32, 216_000, 5_120),
    (40, 245_760, 8_192),
    (42, 522_240, 8_704),
    (50, 589_824, 22_080),
    (51, 983_040, 36_864),
    (52, 2_073_600, 36_864),
    (60, 4_177_920, 139_264),
    (61, 8_355_840, 139_264),
    (62, 16_711_680, 139_264),
)


@frozen
class PictureSize:
    """Width and height in luma samples; both even, since 4:2:0 crops in twos (7.4.2.1.1)."""

    width: int
    height: int

    @property
    def columns(self) -> int:
        """Macroblocks in a row; the last may be cropped."""
        return -(-self.width // MACROBLOCK)

    @property
    def rows(self) -> int:
        """Macroblocks in a column; the last may be cropped."""
        return -(-self.height // MACROBLOCK)

    @property
    def macroblocks(self) -> int:
        """Macroblocks in the picture."""
        return self.columns * self.rows


def choose_level(size: PictureSize, fps: int) -> int:
    """Return the lowest level_idc that fits (A.3.1); the highest there is when none does."""
    side = max(size.columns, size.rows)
    for level, rate, area in _LEVELS:
        fits = size.macroblocks <= area and side * side <= 8 * area
        if fits and size.macroblocks * fps <= rate:
            return level
    return _LEVELS[-1][0]


def write_sps(size: PictureSize, fps: int) -> bytes:
    """Return the NAL unit of the sequence parameter set (7.3.2.1.1)."""
    bits = BitWriter()
    bits.u(66, 8)  # profile_idc: Baseline,
    bits.u(0b1100_0000, 8)  # and constraint_set1_flag makes it Constrained Baseline (A.2.1.1)
    bits.u(choose_level(size, fps), 8)
    bits.ue(0)  # seq_parameter_set_id
    bits.ue(_FRAME_NUM_BITS - 4)
    bits.ue(2)  # pic_order_cnt_type: output order is decoding order, so players need not wait
    bits.ue(1)  # max_num_ref_frames
    bits.u(0, 1)  # gaps_in_frame_num_value_allowed_flag
    bits.ue(size.columns - 1)
    bits.ue(size.rows - 1)
    bits.u(1, 1)  # frame_mbs_only_flag
    bits.u(1, 1)  # direct_8x8_inference_flag
    right = (size.columns * MACROBLOCK - size.width) // 2
    bottom = (size.rows * MACROBLOCK - size.height) // 2
    bits.u(int(right + bottom > 0), 1)  # frame_cropping_flag
    if right + bottom > 0:
        for offset in (0, right, 0, bottom):
            bits.ue(offset)
    bits.u(0, 1)  # vui_parameters_present_flag
    return _wrap(_SPS_NAL, bits)


def write_pps() -> bytes:
    """Return the NAL unit of the picture parameter set (7.3.2.2)."""
    bits = BitWriter()
    bits.ue(0)  # pic_parameter_set_id
    bits.ue(0)  # seq_parameter_set_id
    bits.u(0, 1)  # entropy_coding_mode_flag: CAVLC
    bits.u(0, 1)  # bottom_field_pic_order_in_frame_present_flag
    bits.ue(0)  # num_slice_groups_minus1
    bits.ue(0)  # num_ref_idx_l0_default_active_minus1
    bits.ue(0)  # num_ref_idx_l1_default_active_minus1
    bits.u(0, 1)  # weighted_pred_flag
    bits.u(0, 2)  # weighted_bipred_idc
    bits.se(0)  # pic_init_qp_minus26
    bits.se(0)  # pic_init_qs_minus26
    bits.se(0)  # chroma_qp_index_offset
    bits.u(1, 1)  # deblocking_filter_control_present_flag: lets the slices switch it off
    bits.u(0, 1)  # constrained_intra_pred_flag
    bits.u(0, 1)  # redundant_pic_cnt_present_flag
    return _wrap(_PPS_NAL, bits)


def write_idr_picture(size: PictureSize, background: bytes, blocks: Blocks) -> bytes:
    """Return the NAL unit of an IDR picture: `blocks` on a flat `background` (384 samples)."""
    bits = BitWriter()
    _write_slice_header(bits, _ALL_I, 0)
    pcm: set[int] = set()
    for row, column in product(range(size.rows), range(size.columns)):
        address = row * size.columns + column
        left = address - 1 if column else None
        above = address - size.columns if row else None
        after_pcm = left in pcm or above in pcm
        if address not in blocks and left is not None and left not in blocks:
            _copy_left(bits, after_pcm=after_pcm)
        elif address not in blocks and above is not None and above not in blocks:
            _copy_above(bits, after_pcm=after_pcm)
        else:
            bits.ue(_I_PCM)
            bits.raw(blocks.get(address, background))
            pcm.add(address)
    return _wrap(_IDR_NAL, bits)


def write_p_picture(size: PictureSize, number: int, blocks: Blocks) -> bytes:
    """Return the NAL unit of the picture that is its predecessor with `blocks` drawn on it.

    `number` counts the pictures since the IDR picture, which is 0.
    """
    bits = BitWriter()
    _write_slice_header(bits, _ALL_P, number)
    following = 0
    for address, samples in sorted(blocks.items()):
        bits.ue(address - following)  # mb_skip_run
        bits.ue(_I_PCM_IN_P)
        bits.raw(samples)
        following = address + 1
    if following < size.macroblocks:
        bits.ue(size.macroblocks - following)
    return _wrap(_NON_IDR_NAL, bits)


def _write_slice_header(bits: BitWriter, slice_type: int, number: int) -> None:
    """Write the header of a slice that is its whole picture (7.3.3)."""
    bits.ue(0)  # first_mb_in_slice
    bits.ue(slice_type)
    bits.ue(0)  # pic_parameter_set_id
    bits.u(number % (1 << _FRAME_NUM_BITS), _FRAME_NUM_BITS)
    if slice_type == _ALL_I:
        bits.ue(0)  # idr_pic_id
        bits.u(0, 1)  # no_output_of_prior_pics_flag
        bits.u(0, 1)  # long_term_reference_flag
    else:
        bits.u(0, 1)  # num_ref_idx_active_override_flag
        bits.u(0, 1)  # ref_pic_list_modification_flag_l0
        bits.u(0, 1)  # adaptive_ref_pic_marking_mode_flag
    bits.se(0)  # slice_qp_delta
    bits.ue(1)  # disable_deblocking_filter_idc


def _copy_left(bits: BitWriter, *, after_pcm: bool) -> None:
    bits.ue(2)  # mb_type I_16x16_1_0_0: horizontal prediction, no coded block (Table 7-11)
    bits.ue(1)  # intra_chroma_pred_mode: horizontal
    _write_no_residual(bits, after_pcm=after_pcm)


def _copy_above(bits: BitWriter, *, after_pcm: bool) -> None:
    bits.ue(1)  # mb_type I_16x16_0_0_0: vertical prediction, no coded block (Table 7-11)
    bits.ue(2)  # intra_chroma_pred_mode: vertical
    _write_no_residual(bits, after_pcm=after_pcm)


def _write_no_residual(bits: BitWriter, *, after_pcm: bool) -> None:
    """Write what an Intra_16x16 macroblock cannot leave out: its luma DC block, empty.

    The code for "no coefficients" depends on how many the neighbours to the left and above have
    on average (9.2.1). An I_PCM one counts as 16 and a predicted one as 0, so the average nC is
    0 without an I_PCM neighbour, at least 8 with one, and Table 9-5 needs no other columns.
    """
    bits.se(0)  # mb_qp_delta
    if after_pcm:
        bits.u(0b0000_11, 6)
    else:
        bits.u(0b1, 1)


def _wrap(header: int, bits: BitWriter) -> bytes:
    """Return the NAL unit (7.3.1) with this one-byte header around the bits as its RBSP."""
    return bytes([header]) + prevent_emulation(bits.finish())
