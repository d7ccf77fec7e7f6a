"""What a device seals, this server opens, and nobody else: not the device, not under another name, not when altered."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from trongdan.platform import boxes


@given(st.binary(max_size=4000), st.binary(max_size=60))
def test_what_is_sealed_comes_out_as_it_went_in(plain: bytes, bound_to: bytes) -> None:
    assert boxes.open_box(boxes.seal(plain, bound_to), bound_to) == plain


def test_two_boxes_of_one_letter_have_nothing_in_common() -> None:
    one, other = boxes.seal(b"don", b"x"), boxes.seal(b"don", b"x")
    assert one[3:68] != other[3:68] and one[80:] != other[80:]
    assert b"don" not in one


@pytest.mark.parametrize("at", [0, 3, 30, 70, 80, -1])
def test_one_changed_byte_anywhere_makes_it_unreadable(at: int) -> None:
    box = bytearray(boxes.seal(b"Cong tac", b"x"))
    box[at] ^= 1
    with pytest.raises(boxes.BoxUnreadable):
        boxes.open_box(bytes(box), b"x")


def test_a_box_opens_under_no_other_name_and_not_when_cut_short() -> None:
    box = boxes.seal(b"Cong tac", b"TDAAA|device-1")
    for wrong in (b"TDAAA|device-2", b""):
        with pytest.raises(boxes.BoxUnreadable):
            boxes.open_box(box, wrong)
    for short in (b"", b"TD1", box[:60], box[:90], box[:-1], b"\x00" * 200):
        with pytest.raises(boxes.BoxUnreadable):
            boxes.open_box(short, b"TDAAA|device-1")


def test_what_is_sealed_to_another_server_does_not_open_here() -> None:
    theirs = ec.generate_private_key(boxes.CURVE).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    with pytest.raises(boxes.BoxUnreadable):
        boxes.open_box(boxes.seal(b"x", b"", theirs), b"")


def test_the_public_key_is_a_point_that_browsers_take_and_has_a_name() -> None:
    assert len(boxes.public_key()) == boxes.POINT and boxes.public_key()[0] == 4
    assert len(boxes.key_name()) == 16
