"""Preprocessing: its result has MNIST's form, and no picture raises an unexpected error."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage

from data.mnist_5k import load_mnist_5k
from data.preprocessing import (
    ALL,
    BOX,
    BOXED,
    PEN_SIDE,
    PEN_WIDTHS,
    SQUEEZED,
    STRETCHED,
    Prepared,
    Stages,
    as_ink,
    prepare,
)

Pixels = NDArray[np.uint8]


def canvas(gray: Pixels) -> Pixels:
    """As the page's canvas gives it: opaque RGBA."""
    return np.dstack((gray, gray, gray, np.full_like(gray, 255)))


def seven(*, pen: int = 20, left: int = 60, top: int = 50, height: int = 150) -> Pixels:
    """A 7 on a canvas of 280×280."""
    picture = Image.new("L", (280, 280))
    points = [(left, top), (left + height * 2 // 3, top), (left + height // 4, top + height)]
    ImageDraw.Draw(picture).line(points, fill=255, width=pen, joint="curve")
    return canvas(np.asarray(picture))


def prepared(image: Pixels, stages: Stages = ALL) -> Prepared:
    result = prepare(image, stages)
    assert result is not None
    return result


def sane(result: Prepared) -> bool:
    column = result.column
    return (
        column.shape == (784, 1)
        and column.dtype == np.float32
        and bool(np.isfinite(column).all())
        and 0 <= column.min() <= column.max() <= 1
        and column.max() > 0
        and max(result.scaled.shape) <= 28
        and 0 < result.amount <= 1
    )


def alike(one: Prepared, other: Prepared) -> float:
    """Correlation of two images, one moved by up to a pixel: a center of mass between two pixels
    may be rounded to either."""
    moves = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    a, b = one.centered, other.centered
    return max(
        float(np.corrcoef(a.ravel(), np.roll(b, move, (0, 1)).ravel())[0, 1]) for move in moves
    )


def test_the_stages_are_those_of_mnist() -> None:
    result = prepared(seven())
    assert result.ink.shape == (280, 280)
    assert result.ink.max() == 1
    assert max(result.scaled.shape) == BOX
    assert result.centered.shape == (28, 28)
    assert sane(result)
    np.testing.assert_array_equal(result.column[:, 0], result.centered.ravel())
    # Nothing is lost or blurred on the way into 28×28.
    np.testing.assert_allclose(result.centered.sum(), result.scaled.sum(), rtol=1e-6)
    # The center of mass is the pixel at 14, 14, give or take half of one.
    assert np.abs(np.array(ndimage.center_of_mass(result.centered)) - 14).max() <= 0.5 + 1e-6


def test_position_and_size_on_the_canvas_hardly_matter() -> None:
    large = prepared(seven(pen=20, height=150))
    for other in (
        seven(pen=20, height=150, left=150, top=110),
        seven(pen=10, height=75, left=5, top=190),
    ):
        assert alike(large, prepared(other)) > 0.9


def width_of(ink: NDArray[np.floating]) -> float:
    """A pen's width in pixels where the longer side is BOX."""
    inked = np.pad(ink > 0.5, 1)
    depth = ndimage.distance_transform_edt(inked)[inked].mean()
    return float(4 * depth * BOX / max(ink.shape))


@pytest.mark.parametrize("pen", [3, 8, 14, 20, 26, 34])
def test_the_pen_gets_a_normal_width(pen: int) -> None:
    result = prepared(seven(pen=pen))
    assert PEN_WIDTHS[0] - 0.4 < width_of(result.evened) < PEN_WIDTHS[1] + 0.4


def test_a_normal_pen_width_is_unchanged() -> None:
    result = prepared(seven(pen=20))
    assert PEN_WIDTHS[0] < width_of(result.cropped) < PEN_WIDTHS[1]
    assert result.evened is result.cropped


def test_each_stage_can_be_switched_off() -> None:
    image = seven(pen=40, left=20, top=30, height=200)
    whole = prepared(image, Stages(crop=False))
    assert whole.cropped.shape == (280, 280)
    drawn = prepared(image, Stages(pen_width=False))
    assert drawn.evened is drawn.cropped
    assert prepared(image, Stages(keep_aspect=False)).scaled.shape == (BOX, BOX)
    assert max(prepared(image, Stages(margin=False)).scaled.shape) == 28
    by_box = prepared(image, BOXED)
    height, width = by_box.scaled.shape
    top, left = (28 - height) // 2, (28 - width) // 2
    np.testing.assert_array_equal(
        by_box.centered[top : top + height, left : left + width], by_box.scaled
    )
    assert (by_box.centered != prepared(image).centered).any()
    assert prepared(image, STRETCHED).scaled.shape == (28, 28)


def test_squeezed_is_the_plain_mean_over_ten_by_ten_pixels() -> None:
    image = seven()
    blocks = image[..., 0].reshape(28, 10, 28, 10).mean(axis=(1, 3)) / 255
    np.testing.assert_allclose(prepared(image, SQUEEZED).centered, blocks, atol=1e-6)


def test_mnist_images_survive_the_way_over_the_canvas() -> None:
    """Enlarged onto the canvas at any place, then through the whole path."""
    rng, X = np.random.default_rng(0), load_mnist_5k().validation.X
    correlations = []
    for column in X.T[:60]:
        side = int(rng.integers(100, 260))
        image = Image.fromarray((column.reshape(28, 28) * 255).astype(np.uint8))
        left, top = rng.integers(280 - side, size=2)
        picture = Image.new("L", (280, 280))
        picture.paste(image.resize((side, side), Image.Resampling.BICUBIC), (left, top))
        again = prepared(canvas(np.asarray(picture)), Stages(pen_width=False)).column[:, 0]
        correlations.append(np.corrcoef(column, again)[0, 1])
    assert np.median(correlations) > 0.95
    assert min(correlations) > 0.6


def nothing() -> list[Pixels]:
    return [
        np.zeros((280, 280, 4), np.uint8),  # transparent
        canvas(np.zeros((280, 280), np.uint8)),
        canvas(np.full((280, 280), 255, np.uint8)),  # a blank sheet of paper
        canvas(np.full((280, 280), 77, np.uint8)),
        np.zeros((1, 1), np.uint8),
    ]


@pytest.mark.parametrize("image", nothing(), ids=["clear", "black", "white", "gray", "one pixel"])
def test_blank_is_none(image: Pixels) -> None:
    assert prepare(image) is None
    assert not as_ink(image).any()


@pytest.mark.parametrize("size", [1, 2, 5, 30, 120])
@pytest.mark.parametrize("stages", [ALL, BOXED, STRETCHED, SQUEEZED])
def test_a_dot_raises_no_error(size: int, stages: Stages) -> None:
    gray = np.zeros((280, 280), np.uint8)
    gray[100 : 100 + size, 50 : 50 + size] = 255
    result = prepared(canvas(gray), stages)
    assert sane(result)
    assert result.amount == pytest.approx(size**2 / 280**2, rel=1e-4)


@pytest.mark.parametrize("horizontal", [True, False])
def test_a_hairline_across_the_canvas_raises_no_error(horizontal: bool) -> None:
    gray = np.zeros((280, 280), np.uint8)
    gray[140, :] = 255
    result = prepared(canvas(gray if horizontal else gray.T.copy()))
    assert sane(result)
    assert result.scaled.shape == ((2, 20) if horizontal else (20, 2))


def test_a_stroke_over_the_edge_and_a_scribble_raise_no_error() -> None:
    picture = Image.new("L", (280, 280))
    draw = ImageDraw.Draw(picture)
    draw.line([(-50, 40), (330, 260)], fill=255, width=26)
    assert sane(prepared(canvas(np.asarray(picture))))
    points = np.random.default_rng(0).integers(-20, 300, size=(200, 2))
    draw.line([(int(x), int(y)) for x, y in points], fill=255, width=26)
    result = prepare(canvas(np.asarray(picture)))
    assert result is None or sane(result)


def test_an_off_center_mass_loses_no_ink() -> None:
    gray = np.zeros((280, 280), np.uint8)
    gray[40:45, 40:240] = 255
    gray[40:240, 40:42] = 255
    gray[40:100, 40:100] = 255
    result = prepared(canvas(gray))
    np.testing.assert_allclose(result.centered.sum(), result.scaled.sum(), rtol=1e-6)


@settings(max_examples=60, deadline=None)
@given(
    arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, max_side=40)),
    st.builds(Stages, *[st.booleans()] * 5),
)
def test_any_picture_can_be_preprocessed(gray: Pixels, stages: Stages) -> None:
    for image in (gray, canvas(gray)):
        result = prepare(image, stages)
        assert result is None or sane(result)


def test_a_png_of_the_canvas_reads_exactly_as_the_canvas() -> None:
    image = seven(pen=14)
    expected = prepared(image).column
    for mode in ("RGBA", "RGB", "L"):
        file = io.BytesIO()
        Image.fromarray(image).convert(mode).save(file, "PNG")
        again = np.asarray(Image.open(file))
        np.testing.assert_array_equal(prepared(again).column, expected)


def test_dark_on_light_and_on_nothing_read_exactly_as_light_on_dark() -> None:
    image = seven(pen=14)
    expected = prepared(image).column
    np.testing.assert_array_equal(prepared(canvas(255 - image[..., 0])).column, expected)
    black_on_nothing = np.zeros_like(image)
    black_on_nothing[..., 3] = image[..., 0]
    np.testing.assert_array_equal(prepared(black_on_nothing).column, expected)


def photo_of(image: Pixels, *, rng: np.random.Generator) -> Pixels:
    """Pencil on paper: grain, and light that falls off to less than half across the sheet."""
    y, x = np.indices(image.shape[:2]) / 280
    light = 230 - 70 * x - 60 * y
    sheet = light * (1 - 0.6 * image[..., 0] / 255)
    return np.clip(sheet + rng.normal(0, 3, sheet.shape), 0, 255).astype(np.uint8)


def test_a_photo_of_a_drawing_reads_as_the_drawing() -> None:
    image = seven(pen=14)
    photo = photo_of(image, rng=np.random.default_rng(0))
    for shown in (photo, 255 - photo, np.kron(photo, np.ones((4, 4), np.uint8))):
        assert alike(prepared(image), prepared(shown)) > 0.9


def test_a_photo_of_blank_paper_is_blank() -> None:
    blank = canvas(np.zeros((280, 280), np.uint8))
    assert prepare(photo_of(blank, rng=np.random.default_rng(0))) is None


@pytest.mark.parametrize(
    "image",
    [np.zeros((28, 28)), np.zeros(784, np.uint8), np.zeros((9, 9, 2), np.uint8)],
    ids=["not bytes", "a column", "two channels"],
)
def test_an_array_that_is_not_a_picture_is_rejected(image: Pixels) -> None:
    with pytest.raises(ValueError, match=r"give bytes \(uint8\)"):
        prepare(image)


def test_a_picture_without_pixels_is_refused() -> None:
    with pytest.raises(ValueError, match="no pixels"):
        as_ink(np.zeros((0, 5), np.uint8))


def test_the_pen_width_is_changed_at_a_higher_resolution() -> None:
    assert prepared(seven(pen=3)).evened.shape[0] > PEN_SIDE / 2
