"""What a sweep varies: for each setting its values, or a range of numbers."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from playground.config import ConfigError, RunConfig
from playground.settings import MAX_LAYERS, MAX_UNITS, SETTINGS

WIDTH, DEPTH = "width", "depth"  # not settings: together they make the hidden layers
HIDDEN = {
    WIDTH: ("Units in each hidden layer", 1, MAX_UNITS),
    DEPTH: ("Hidden layers", 0, MAX_LAYERS),
}
LISTS = ("layers", "activations", "inputs", "placed")  # a value has commas itself
WHOLE = (
    *(WIDTH, DEPTH, "points", "classes", "subset", "batch_size", "epochs", "iterations", "seed"),
)
LOGARITHMIC = (WIDTH, "batch_size", "learning_rate", "l1", "l2", "epochs", "iterations", "subset")
POINTS = 5  # values that a grid takes of a range that does not say how many
MAX_VALUES = 1000  # of one setting


@dataclass(frozen=True)
class Choices:
    """A few values, as text."""

    texts: tuple[str, ...]

    def points(self) -> tuple[str, ...]:
        return self.texts

    def at(self, share: float) -> str:
        """The value at this share, from 0 to 1, of the way through them."""
        return self.texts[min(int(share * len(self.texts)), len(self.texts) - 1)]


@dataclass(frozen=True)
class Range:
    """The numbers from low to high; of a logarithmic range each factor is as likely as another.

    n  how many of them a grid takes
    """

    low: float
    high: float
    whole: bool
    logarithmic: bool
    n: int = POINTS

    def points(self) -> tuple[str, ...]:
        """Evenly spaced values. Of whole numbers, equal ones are taken once."""
        shares = [i / max(self.n - 1, 1) for i in range(self.n)]
        return tuple(dict.fromkeys(self._between(share, 0.0) for share in shares))

    def at(self, share: float) -> str:
        """The value at this share, from 0 to 1. Of whole numbers each has the same part of it."""
        return self._between(share, 0.5 if self.whole else 0.0)

    def _between(self, share: float, margin: float) -> str:
        low, high = self.low - margin, self.high + margin
        if self.logarithmic:
            x = math.exp(math.log(low) + share * (math.log(high) - math.log(low)))
        else:
            x = low + share * (high - low)
        if self.whole:
            return str(min(max(round(x), int(self.low)), int(self.high)))
        return f"{min(max(x, self.low), self.high):.4g}"


Axis = Choices | Range


@dataclass(frozen=True)
class Space:
    """The settings that vary, in their order, and all others from `base`."""

    base: RunConfig
    axes: Mapping[str, Axis] = field(hash=False)

    @property
    def size(self) -> int:
        """The number of runs of a grid."""
        return math.prod(len(axis.points()) for axis in self.axes.values())

    def config(self, values: Mapping[str, str]) -> RunConfig:
        """The settings of a run with these values. Raises ConfigError if they do not fit."""
        texts = {name: text for name, text in values.items() if name not in HIDDEN}
        config = RunConfig.from_text(texts, self.base)
        if not HIDDEN.keys() & values.keys():
            return config
        first, *hidden, last = config.layers
        width = int(values[WIDTH]) if WIDTH in values else max(hidden, default=16)
        depth = int(values[DEPTH]) if DEPTH in values else len(hidden)
        if WIDTH in values and DEPTH not in values:
            depth = max(depth, 1)
        layers = (first, *[width] * depth, last)
        activations = config.activations or self.base.activations or ("relu",)
        kept = (activations + activations[-1:] * depth)[:depth]
        return config.with_values(layers=layers, activations=kept)


def label(name: str) -> str:
    """What a page calls this axis.

    >>> label("width"), label("batch_size")
    ('Units in each hidden layer', 'Batch size')
    """
    return HIDDEN[name][0] if name in HIDDEN else SETTINGS[name].label


def short_label(name: str) -> str:
    """The same where there is little room.

    >>> short_label("width"), short_label("batch_size")
    ('Units', 'Batch size')
    """
    return "Units" if name == WIDTH else label(name)


def read_axis(name: str, text: str) -> Axis:
    """The values of a setting as typed: `0.01,0.003`, `784,16,10;784,32,10`, or a range
    `0.001..0.1`, of which a grid takes five values, or `0.001..0.1:9`, nine.

    Raises ConfigError.

    >>> read_axis("learning_rate", "0.01, 0.003").points()
    ('0.01', '0.003')
    >>> read_axis("layers", "784,16,10;784,32,10").points()
    ('784,16,10', '784,32,10')
    >>> read_axis("learning_rate", "0.001..0.1:3").points()
    ('0.001', '0.01', '0.1')
    >>> read_axis("width", "16..128:4").points()
    ('16', '32', '64', '128')
    """
    if name not in SETTINGS and name not in HIDDEN:
        raise ConfigError(
            f"vary: unknown setting {name[:40]!r}; there are: {', '.join([*SETTINGS, *HIDDEN])}."
        )
    if ".." in text:
        return _read_range(name, text)
    separator = ";" if ";" in text or name in LISTS else ","
    parts = [part.strip() for part in text.split(separator)]
    texts = list(dict.fromkeys(_checked(name, part) for part in parts if part))
    if not texts:
        raise ConfigError(f"vary: {name} has no values; write {name}=ONE,ANOTHER.")
    if len(texts) > MAX_VALUES:
        raise ConfigError(f"vary: {name} has {len(texts):,} values, at most {MAX_VALUES:,} are.")
    return Choices(tuple(texts))


def _read_range(name: str, text: str) -> Range:
    ends, _, n = text.partition(":")
    low, _, high = ends.partition("..")
    try:
        first, last = float(low), float(high)
        points = int(n) if n else POINTS
        good = math.isfinite(first) and math.isfinite(last) and first < last and points > 1
    except ValueError:
        good = False
    if not good:
        raise ConfigError(
            f"vary: {name}={text[:60]} is not a range; write LOW..HIGH, such as 0.001..0.1, or "
            "LOW..HIGH:N for N values of it."
        )
    if points > MAX_VALUES:
        raise ConfigError(f"vary: {name} has {points:,} values, at most {MAX_VALUES:,} are.")
    for end in (low, high):
        _checked(name, end.strip())
    whole = name in WHOLE
    if name in LISTS or (name in SETTINGS and SETTINGS[name].allowed):
        raise ConfigError(f"vary: {name} is no number, so it has no range; write its values.")
    return Range(first, last, whole, name in LOGARITHMIC and first > 0, points)


def _checked(name: str, text: str) -> str:
    """The value as it is written everywhere. Raises ConfigError if it is not allowed."""
    if name in HIDDEN:
        _, low, high = HIDDEN[name]
        if not text.isdecimal() or not low <= int(text) <= high:
            raise ConfigError(f"vary: {name} is a whole number from {low} to {high}, not {text!r}.")
        return str(int(text))
    setting = SETTINGS[name]
    try:
        return setting.write(setting.read(text))
    except ValueError as error:
        raise ConfigError(f"vary: {name}: {error}") from None


def read_space(base: RunConfig, varied: Iterable[str], seeds: str = "") -> Space:
    """The space of these texts NAME=VALUES; seeds are values of the setting seed.

    Raises ConfigError.
    """
    axes: dict[str, Axis] = {}
    given = [*varied, *([f"seed={seeds}"] if seeds else [])]
    for text in given:
        name, equals, values = text.partition("=")
        name = name.strip().replace("-", "_")
        if not equals:
            raise ConfigError(f"vary: {text[:60]!r} has no values; write NAME=ONE,ANOTHER.")
        if name in axes:
            raise ConfigError(f"vary: {name} is given twice; write all of its values in one.")
        axes[name] = read_axis(name, values)
    if "layers" in axes and HIDDEN.keys() & axes.keys():
        raise ConfigError("vary: width and depth make the layers; vary them, or the layers.")
    return Space(base, axes)


def numbers_of(name: str, texts: Sequence[str]) -> list[float] | None:
    """The values of an axis as numbers, or None if they are names.

    >>> numbers_of("batch_size", ["32", "64"]), numbers_of("optimizer", ["adam"])
    ([32.0, 64.0], None)
    """
    try:
        return [float(text) for text in texts]
    except ValueError:
        return None
