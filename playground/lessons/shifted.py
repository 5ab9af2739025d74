"""Shifted digits: what a dense network does not know of images."""

import numpy as np

from netcore.array import Array
from netcore.metrics import accuracy
from playground.learn.lesson import Goal, Lesson, Results, Sketch, Trial
from playground.learn.quantities import ACCURACY, Condition, Quantity
from playground.lessons._start import START
from playground.snapshot import Snapshot

SHIFTS = (0, 1, 2, 3, 4)
DIRECTIONS = ((0, 1), (0, -1), (1, 0), (-1, 0))


def _shifted(X: Array, side: tuple[int, int], down: int, right: int) -> Array:
    """The images in the columns of X, moved, with black where nothing comes from."""
    images = X.T.reshape(-1, *side)
    moved = np.roll(images, (down, right), axis=(1, 2))
    if down:
        moved[:, slice(0, down) if down > 0 else slice(down, None)] = 0
    if right:
        moved[:, :, slice(0, right) if right > 0 else slice(right, None)] = 0
    return np.asfortranarray(moved.reshape(len(images), -1).T)


def _accuracy_at(pixels: int) -> Quantity:
    """Accuracy on validation digits that are shifted, averaged over the four directions."""

    def measure(shown: Snapshot) -> float:
        validation = shown.data.validation
        side = validation.image_shape
        if side is None:
            return 0.0
        scores = []
        for down, right in DIRECTIONS if pixels else DIRECTIONS[:1]:
            X = _shifted(validation.X, side, pixels * down, pixels * right)
            scores.append(accuracy(shown.network.forward(X)[-1].A, validation.labels))
        return float(100 * np.mean(scores))

    name = f"accuracy on digits shifted by {pixels} pixels"
    return Quantity(f"shift_{pixels}", name, measure, "%", 1)


MEASURES = tuple(_accuracy_at(pixels) for pixels in SHIFTS)


def _curve(results: Results) -> list[float]:
    return [results[0][f"shift_{pixels}"] for pixels in SHIFTS]


def _because(results: Results) -> str:
    values = _curve(results)
    return (
        f"{values[0]:.0f} % of the centered digits are classified correctly, {values[2]:.0f} % of "
        f"those shifted by 2 pixels, and {values[4]:.0f} % of those shifted by 4. Every pixel has "
        "weights of its own, so the network does not recognize a stroke that lies on other pixels. "
        "That is why the page Draw centers your drawing before the network sees it."
    )


LESSON = Lesson(
    key="shifted",
    order=9,
    title="The same digit, elsewhere",
    about=(
        "A network trains on centered digits for 5 epochs. Then it is tested on the validation "
        "digits shifted by 0 to 4 of the 28 pixels, up, down, left and right."
    ),
    trials=(Trial("Centered digits", START),),
    measures=MEASURES,
    question=Sketch(
        "Sketch its accuracy over the shift.",
        title="accuracy (%)",
        points=tuple(f"{pixels} px" for pixels in SHIFTS),
        unit="%",
        low=0,
        high=100,
        true=_curve,
        close=8,
    ),
    because=_because,
    claims={
        "of those shifted by 4": lambda results: (
            results[0]["shift_4"] < 40 < 85 < results[0]["shift_0"]
        ),
        "of those shifted by 2 pixels": lambda results: (
            results[0]["shift_2"] < results[0]["shift_0"] - 10
        ),
        "does not recognize a stroke that lies on other pixels": lambda results: all(
            results[0][f"shift_{n}"] > results[0][f"shift_{n + 1}"] for n in range(4)
        ),
    },
    goal=Goal(
        "Train the network so that a shift of 2 pixels matters less.",
        start=START,
        conditions=(Condition(ACCURACY, 85), Condition(MEASURES[2], 80)),
        keeps=("layers",),
        solution=lambda: START.with_values(augmentation=2.0, epochs=10),
    ),
)
