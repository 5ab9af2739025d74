"""Two-dimensional data: generated point sets, and points that a person placed.

The page shows the plane from −6 to 6 in both directions; noise may move a point outside. The
sets are the four of TensorFlow Playground (circles, xor, gaussians, spiral), moons, and its two
regressions. Equal seeds give equal points.
"""

import csv
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from data.dataset import Array, DataError, Dataset, Splits, as_columns, split
from data.source import Source, opened

HALF = 6.0  # the plane reaches from −HALF to HALF in both directions
MAX_CLASSES = 5
MAX_POINT_LINE = 200  # characters of a line in a file of points
MAX_PLACED = 500
Point = tuple[float, float, int]  # x1, x2, label

Coordinates = NDArray[np.float64]


def circles(labels: NDArray[np.integer], rng: np.random.Generator) -> Coordinates:
    """A disc in the middle for class 0, and a ring around it for every further class."""
    n_classes = int(labels.max()) + 1
    width = 5 / (2 * n_classes - 1)  # rings, with gaps of the same width
    inner = 2 * labels * width
    r = np.sqrt(rng.uniform(inner**2, (inner + width) ** 2))  # uniform over the area
    angle = rng.uniform(0, 2 * math.pi, len(labels))
    return np.stack([r * np.cos(angle), r * np.sin(angle)])


def xor(labels: NDArray[np.integer], rng: np.random.Generator) -> Coordinates:
    """Four squares: class 0 where x1 and x2 have the same sign, class 1 where they differ."""
    x1, x2 = rng.uniform(0.3, 5, (2, len(labels)))
    side = rng.choice([-1, 1], len(labels))
    return np.stack([side * x1, np.where(labels == 0, side, -side) * x2])


def gaussians(labels: NDArray[np.integer], rng: np.random.Generator) -> Coordinates:
    """A normal distribution for each class; their means lie on a circle."""
    n_classes = int(labels.max()) + 1
    angle = math.pi / 4 + 2 * math.pi * labels / n_classes
    return 3.2 * np.stack([np.cos(angle), np.sin(angle)]) + rng.normal(0, 0.8, (2, len(labels)))


def spiral(labels: NDArray[np.integer], rng: np.random.Generator) -> Coordinates:
    """A spiral arm for each class, of 1 ¾ turns for two classes and fewer for more. The arms start
    a little off the center, where they would meet.
    """
    n_classes = int(labels.max()) + 1
    along = _even_in_class(labels)
    turns = 1.75 if n_classes == 2 else 2.5 / n_classes
    angle = 2 * math.pi * (turns * along + labels / n_classes)
    return (0.4 + 4.6 * along) * np.stack([np.sin(angle), np.cos(angle)])


def moons(labels: NDArray[np.integer], rng: np.random.Generator) -> Coordinates:
    """Two half circles, each of which reaches into the other."""
    angle = math.pi * _even_in_class(labels)
    upper = np.stack([-1.5 + 3 * np.cos(angle), -0.75 + 3 * np.sin(angle)])
    return np.where(labels == 0, upper, -upper)


def plane(x1: Coordinates, x2: Coordinates) -> Coordinates:
    """A linear function: it rises from −1 at the lower left to 1 at the upper right."""
    return np.clip((x1 + x2) / 10, -1, 1)


def hills(x1: Coordinates, x2: Coordinates) -> Coordinates:
    """Six cones of radius 2, three up to 1 and three down to −1; 0 between them."""
    value = np.zeros_like(x1)
    for i, (at, sign) in enumerate((c, s) for s in (1, -1) for c in (-4, 0, 4)):
        height = (-1) ** i * np.clip(1 - np.hypot(x1 - at, x2 - 2.5 * sign) / 2, 0, 1)
        value = np.where(np.abs(height) > np.abs(value), height, value)
    return value


def _even_in_class(labels: NDArray[np.integer]) -> NDArray[np.float64]:
    """The rank of each example within its class, evenly spaced from 0 to 1."""
    position = np.empty(len(labels))
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        position[members] = (np.arange(len(members)) + 0.5) / len(members)
    return position


@dataclass(frozen=True)
class PointSet:
    """A set of points: how it is generated, and how the page describes it.

    sampler       (labels, rng) -> (2, m), without noise; None if points are not drawn by class
    most_classes  the largest number of classes, at most MAX_CLASSES
    value         (x1, x2) -> (m,), from −1 to 1: the target of a regression; None for classes
    """

    name: str
    title: str
    about: str
    sampler: Callable[[NDArray[np.integer], np.random.Generator], Coordinates] | None
    most_classes: int = MAX_CLASSES
    value: Callable[[Coordinates, Coordinates], Coordinates] | None = None


POINT_SETS = {
    entry.name: entry
    for entry in (
        PointSet("circles", "Circles", "A disc with a ring around it.", circles),
        PointSet("xor", "Xor", "Four squares; opposite squares have the same class.", xor, 2),
        PointSet("gaussians", "Gaussians", "A round cloud for each class.", gaussians),
        PointSet("spiral", "Spiral", "Arms that wind around each other.", spiral),
        PointSet("moons", "Moons", "Two interlocking half circles.", moons, 2),
        PointSet(
            "reg-plane", "Plane", "A number that is a linear function of x₁ and x₂.", None, 2, plane
        ),
        PointSet(
            "reg-gauss",
            "Multi gaussian",
            "A number with three hills and three hollows.",
            None,
            2,
            hills,
        ),
        PointSet("placed", "Your own", "Points that you place, or load from a file.", None),
    )
}

PLACED: tuple[Point, ...] = (
    (-3.0, 3.0, 1),
    (-2.0, 2.0, 1),
    (3.0, -3.0, 1),
    (2.0, -2.0, 1),
    (3.0, 3.0, 0),
    (2.0, 2.0, 0),
    (-3.0, -3.0, 0),
    (-2.0, -2.0, 0),
)
"""The points of the set "placed" before a person changes them: a few, as in xor."""

INPUTS: dict[str, tuple[str, Callable[[Array, Array], Array]]] = {
    "x1": ("x₁", lambda x1, x2: x1),
    "x2": ("x₂", lambda x1, x2: x2),
    "x1_squared": ("x₁²", lambda x1, x2: x1 * x1),
    "x2_squared": ("x₂²", lambda x1, x2: x2 * x2),
    "x1x2": ("x₁x₂", lambda x1, x2: x1 * x2),
    "sin_x1": ("sin x₁", lambda x1, x2: np.sin(x1)),
    "sin_x2": ("sin x₂", lambda x1, x2: np.sin(x2)),
}
"""The possible inputs of the network: name -> (as written on the page, function of x1 and x2)."""


def inputs_of(points: Array, inputs: Sequence[str]) -> Array:
    """X (n_x, m), float32 in Fortran order: these inputs of the coordinates (2, m)."""
    x1, x2 = points
    return as_columns(np.stack([INPUTS[name][1](x1, x2) for name in inputs], axis=1))


@dataclass(frozen=True, eq=False)
class Plane(Splits):
    """Points on the plane: the splits that the network trains on, and the coordinates of the
    points.

    Shapes: coordinates are (2, m), in the order of the examples
    """

    train_points: Array
    validation_points: Array


def with_inputs(splits: Splits, inputs: Sequence[str]) -> Plane:
    """Replace the coordinates X (2, m) by the inputs of the network, and keep the coordinates."""
    train, validation = (
        replace(part, X=inputs_of(part.X, inputs)) for part in (splits.train, splits.validation)
    )
    return Plane(train, validation, splits.train.X, splits.validation.X)


def make_points(
    name: str,
    *,
    points: int,
    classes: int,
    noise: float,
    validation_fraction: float,
    seed: int,
) -> Splits:
    """Splits with coordinates X (2, m) and an equal number of points for each class (or one more).

    noise           0 … 1: the standard deviation added to both coordinates, where 1 is half of the
                    distance from the middle to the edge
    validation_fraction  0 … 1, of the points of each class

    Raises DataError if the set cannot have so many classes.
    """
    entry = POINT_SETS[name]
    if entry.value is not None:
        return _numbers(
            name,
            entry.value,
            points=points,
            noise=noise,
            validation_fraction=validation_fraction,
            seed=seed,
        )
    if entry.sampler is None:
        raise DataError(f"{name} has no generated points: it holds the points that were placed.")
    if classes > entry.most_classes:
        many = [each.name for each in POINT_SETS.values() if each.sampler and each.most_classes > 2]
        raise DataError(
            f"{name} has {entry.most_classes} classes, not {classes}; take {' or '.join(many)} "
            "for more."
        )
    rng = np.random.default_rng([seed, 3])  # another stream than those of weights and batches
    labels = np.arange(points) % classes
    at = entry.sampler(labels, rng)
    at = at + rng.normal(0, 1, at.shape) * noise * HALF / 2
    dataset = Dataset(name, as_columns(at.T), labels, _names(classes))
    validation = min(max(round(validation_fraction * points), 1), points - 1)
    return split(dataset, validation, seed=seed)


def _numbers(
    name: str,
    value: Callable[[Coordinates, Coordinates], Coordinates],
    *,
    points: int,
    noise: float,
    validation_fraction: float,
    seed: int,
) -> Splits:
    """Splits for a regression: random points, each with the value at its position before noise."""
    rng = np.random.default_rng([seed, 3])
    at = rng.uniform(-HALF, HALF, (2, points))
    x1, x2 = at + rng.normal(0, 1, at.shape) * noise * HALF / 2
    values = value(x1, x2).astype(np.float32)
    labels = np.zeros(points, dtype=np.intp)
    dataset = Dataset(name, as_columns(at.T), labels, ("value",), values=values)
    return split(dataset, min(max(round(validation_fraction * points), 1), points - 1), seed=seed)


def placed_points(placed: Sequence[Point], *, validation_fraction: float) -> Splits:
    """Splits with coordinates X (2, m) of points that a person placed. In each class, every so many
    of them, in the order of placing, is for validation: so another point changes nothing for the
    earlier ones.

    Raises DataError for fewer than two points.
    """
    if len(placed) < 2:
        raise DataError("Place at least two points: one to train on, one for validation.")
    at = np.array([point[:2] for point in placed])
    labels = np.array([point[2] for point in placed])
    classes = max(2, int(labels.max()) + 1)
    dataset = Dataset("placed", as_columns(at), labels, _names(classes))
    rank = np.array([np.sum(labels[:i] == label) for i, label in enumerate(labels)])
    chosen = _rounded((rank + 1) * validation_fraction) > _rounded(rank * validation_fraction)
    if not chosen.any():
        chosen[-1] = True
    if chosen.all():
        chosen[0] = False
    return Splits(dataset.take(np.flatnonzero(~chosen)), dataset.take(np.flatnonzero(chosen)))


def _rounded(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round to the nearest whole number, and a half always upwards."""
    return np.floor(x + 0.5)


def read_points(source: Source) -> tuple[Point, ...]:
    """The points in a file of lines `x, y, label`. The first line may have column names.

    Labels may be any words, and are numbered in sorted order (as numbers if all are numbers).
    Coordinates outside the plane, or in a small part of it, are scaled to fill it. The file is read
    only up to the largest size allowed. Raises DataError with the line's number.
    """
    rows: list[list[str]] = []
    with opened(source) as stream:
        number = 0
        while line := stream.line(MAX_POINT_LINE + 1):
            number += 1
            if len(rows) >= MAX_PLACED or number > 2 * MAX_PLACED:
                raise DataError(f"The file has more than {MAX_PLACED} points; give at most those.")
            row = _fields(line, number)
            if not any(row) or (not rows and not any(_is_number(word) for word in row[:2])):
                continue  # an empty line, or the column names
            if len(row) != 3 or not (_is_number(row[0]) and _is_number(row[1])):
                raise DataError(
                    f"Line {number} of the file is {','.join(row)[:60]!r}: a line is x, y, label, "
                    "such as 1.5,-2,0."
                )
            rows.append(row)
    if len(rows) < 2:
        raise DataError(f"The file has {len(rows)} points; give from 2 to {MAX_PLACED}.")
    words = [row[2].strip() for row in rows]
    numbers = all(_is_number(word) for word in words)
    names = sorted(set(words), key=float) if numbers else sorted(set(words))
    if len(names) > MAX_CLASSES:
        raise DataError(
            f"The file has {len(names)} labels ({', '.join(names[:6])} …); up to {MAX_CLASSES} "
            "can be shown."
        )
    at = _scaled(np.array([[float(row[0]), float(row[1])] for row in rows]))
    return tuple(
        (x1, x2, names.index(word)) for (x1, x2), word in zip(at.tolist(), words, strict=True)
    )


def _fields(line: bytes, number: int) -> list[str]:
    if len(line) > MAX_POINT_LINE:
        raise DataError(
            f"Line {number} of the file has more than {MAX_POINT_LINE} characters: a line is x, y, "
            "label, such as 1.5,-2,0."
        )
    try:
        text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        return [word.strip() for word in next(csv.reader([text.strip()]), [])]
    except UnicodeDecodeError:
        raise DataError(
            f"Line {number} of the file is not text in UTF-8: save the table as CSV."
        ) from None
    except csv.Error as error:
        raise DataError(f"Line {number} of the file cannot be read: {error}.") from None


def _scaled(at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Coordinates scaled to the plane and rounded as in the address. They are not scaled if they
    fit.
    """
    largest = float(np.abs(at).max())
    if not HALF / 3 <= largest <= HALF:
        if largest > 0:
            at = at / largest  # differences of the largest floating-point numbers overflow
        low, high = at.min(axis=0), at.max(axis=0)
        half = float((high - low).max()) / 2
        at = (at - (low + high) / 2) * (0.9 * HALF / half if half > 0 else 1.0)
    return np.clip(at, -HALF, HALF).round(2)


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _names(classes: int) -> tuple[str, ...]:
    return tuple(map(str, range(classes)))
