"""Bytes of an image grid, and the tile that was picked."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from streamlit.testing.v1 import AppTest

from ui.image_grid import image_grid, quantize
from ui.pixels import encode


@given(value=some.floats(-10, 10), limit=some.floats(0.01, 5))
def test_a_signed_number_is_at_most_half_a_step_away_and_keeps_its_side(
    value: float, limit: float
) -> None:
    level = int(quantize(np.array([value]), "diverging", limit)[0])
    within = np.clip(value, -limit, limit)
    assert abs((level - 128) / 127 * limit - within) <= 0.501 * limit / 127
    assert (level - 128) * value >= 0


def test_the_ends_zero_and_what_is_no_number_have_bytes_of_their_own() -> None:
    values = np.array([-np.inf, -2, -1, 0, 1, 2, np.inf, np.nan])
    assert quantize(values, "diverging", 1.0).tolist() == [1, 1, 1, 128, 255, 255, 255, 0]
    assert quantize(values, "sequential", 1.0).tolist() == [0, 0, 0, 0, 255, 255, 255, 0]


def test_the_bytes_of_an_mnist_image_come_back_exactly() -> None:
    gray = np.arange(256, dtype=np.uint8)
    assert np.array_equal(quantize(gray / np.float32(255), "sequential", 1.0), gray)


def test_the_images_given_are_left_as_they_are() -> None:
    images = np.array([[[np.nan, 5.0]]], dtype=np.float32)
    quantize(images, "diverging", 1.0)
    np.testing.assert_array_equal(images, np.array([[[np.nan, 5.0]]], dtype=np.float32))


def test_the_blob_is_length_header_pixels() -> None:
    pixels = np.arange(4, dtype=np.uint8).reshape(1, 2, 2)
    blob = encode({"labels": ["ß"]}, pixels)
    length = int.from_bytes(blob[:4], "little")
    assert json.loads(blob[4 : 4 + length]) == {"labels": ["ß"]}
    assert blob[4 + length :] == bytes([0, 1, 2, 3])


@pytest.mark.parametrize("limit", [0.0, -1.0, np.nan, np.inf])
def test_a_limit_that_is_no_end_is_refused(limit: float) -> None:
    with pytest.raises(ValueError, match="limit is"):
        quantize(np.zeros(1), "diverging", limit)


def test_an_unknown_scale_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"'rainbow'; choose one of: diverging, sequential"):
        quantize(np.zeros(1), "rainbow", 1.0)  # type: ignore[arg-type]


def test_one_label_is_needed_for_each_image() -> None:
    with pytest.raises(ValueError, match="2 labels for 3 images"):
        image_grid(
            np.zeros((3, 2, 2)),
            key="g",
            alt="",
            tile=8,
            scale="diverging",
            limit=1,
            labels=["a", "b"],
        )


def grid_page() -> None:
    import numpy as np
    import streamlit as st

    from ui.image_grid import image_grid

    picked = image_grid(
        np.zeros((3, 2, 2)),
        key="grid",
        alt="Weights",
        tile=8,
        scale="diverging",
        limit=1.0,
        labels=["a", "b", "c"],
        clickable=True,
        selected=1,
    )
    st.text(f"picked {picked}")


def test_a_tile_picked_stays_picked_through_reruns() -> None:
    at = AppTest.from_function(grid_page).run()
    assert not at.exception
    assert at.text[0].value == "picked 1"
    at.session_state["grid"] = {"selected": 2}
    at.run()
    assert at.text[0].value == "picked 2"
    assert at.run().text[0].value == "picked 2"
    blob = at.get("bidi_component")[0].proto.bytes
    header = json.loads(blob[4 : 4 + int.from_bytes(blob[:4], "little")])
    assert header["picked"] == 2
    assert header["shape"] == [3, 2, 2]


def test_a_tile_that_is_gone_is_not_picked() -> None:
    at = AppTest.from_function(grid_page).run()
    at.session_state["grid"] = {"selected": 3}
    assert at.run().text[0].value == "picked None"
