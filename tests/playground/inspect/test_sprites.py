"""The picture of all images of a map: each is at its position, in its color."""

import numpy as np
import pytest

from playground.inspect.sprites import FORMS, LEVELS, sheet


@pytest.mark.parametrize("form", FORMS.values())
def test_each_image_is_around_its_position(form: tuple[int, int]) -> None:
    width, height = form
    images = np.ones((3, 28, 28))
    positions = np.array([[-1.0, 4.0, 2.0], [10.0, -5.0, 0.0]])
    colors, strength = np.array([9, 0, 4]), np.array([1.0, 1.0, 0.5])
    found = sheet(images, positions, colors, strength, form)
    assert found.pixels.shape == (height, width)
    assert np.count_nonzero(found.pixels) == 3 * 28 * 28
    for i, (x, y) in enumerate(positions.T):
        column = (x - found.x[0]) / (found.x[1] - found.x[0]) * width
        row = (found.y[1] - y) / (found.y[1] - found.y[0]) * height
        pixel = found.pixels[int(row), int(column)]
        assert divmod(int(pixel), LEVELS) == (colors[i], round((LEVELS - 1) * strength[i]))


def test_the_stronger_ink_shows_and_images_of_any_size_fit() -> None:
    images = np.stack([np.full((100, 60), 0.4), np.full((100, 60), 0.9)])
    colors = np.array([1, 2])
    found = sheet(images, np.zeros((2, 2)), colors, np.ones(2), FORMS["wide"])
    shown = found.pixels[found.pixels % LEVELS > 0]
    assert set(shown // LEVELS) == {2}
    assert np.isfinite([*found.x, *found.y]).all()
    tiny = sheet(np.ones((1, 4, 4)), np.zeros((2, 1)), colors[:1], np.ones(1), FORMS["wide"])
    assert np.count_nonzero(tiny.pixels % LEVELS) > 16
