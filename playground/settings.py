"""SETTINGS: the one table of all settings of a run, for widgets, address and command line."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, Protocol

from data import two_classes
from data.images import MAX_IMAGES, MAX_SIDE
from data.names import IMAGE_SETS, MNIST, MNIST_5K
from data.points import HALF, INPUTS, MAX_CLASSES, MAX_PLACED, POINT_SETS, Point
from data.upload_store import is_upload
from netcore.activations import HIDDEN_ACTIVATIONS
from netcore.initializers import INITIALIZERS
from netcore.optimizers import OPTIMIZERS
from netcore.schedules import SCHEDULES

MAX_INPUTS = MAX_SIDE**2
MAX_UNITS = 1024
MAX_LAYERS = 10
MAX_PARAMETERS = 10_000_000
NETWORK_LIMIT = (
    f"A network has up to {MAX_LAYERS} hidden layers of 1 to {MAX_UNITS:,} units each, and up to "
    f"{MAX_PARAMETERS:,} parameters."
)
MAX_ITERATIONS = 1_000_000
MAX_CORRECTIONS = 500  # an address can hold that many
FULL = "full"
EVERY_SET = (*IMAGE_SETS, *POINT_SETS)
FORM_SETS = (MNIST_5K, MNIST)  # data sets to which digit forms can be added
MNIST_ONLY, WORLD = "mnist", "world"
ALL = "all"
OUT, NONE = "out", "none"
Correction = tuple[int, int | None]
"""The number of a training example, and its label from now on; None if it is left out."""


class Titled(Protocol):
    """An entry of a registry, such as OPTIMIZERS."""

    @property
    def title(self) -> str: ...


@dataclass(frozen=True)
class Named:
    """A title, for choices that have no registry entry."""

    title: str


DIGIT_FORMS = {MNIST_ONLY: Named("MNIST only"), WORLD: Named("with other handwriting styles")}


@dataclass(frozen=True)
class Setting:
    """One field of RunConfig: its label, how it is read from text and written as text.

    read     text -> value; raises ValueError with the end of a sentence ("… is not …")
    write    value -> text, such that read(write(value)) == value
    live     whether it may change while a run trains; other settings start a new run
    allowed  for names: the allowed ones, or the registry that has them
    formula  the LaTeX formula of such a name, if it says more than the title
    """

    name: str
    label: str
    help: str
    read: Callable[[str], Any]
    write: Callable[[Any], str] = str
    live: bool = False
    allowed: Mapping[str, Titled] | tuple[str, ...] = ()
    formula: Callable[[str], str] | None = None

    @property
    def choices(self) -> tuple[str, ...]:
        """The allowed names, as the registry has them now."""
        return tuple(self.allowed)

    def title(self, name: str) -> str:
        """The title of an allowed name on the pages."""
        return self.allowed[name].title if isinstance(self.allowed, Mapping) else name


def _choice(kind: str, allowed: Mapping[str, Titled] | tuple[str, ...]) -> dict[str, Any]:
    return {"read": _one_of(kind, allowed), "allowed": allowed}


def _one_of(kind: str, names: Collection[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in names:
            raise ValueError(f"unknown {kind} {text!r}; choose one of: {', '.join(names)}.")
        return text

    return read


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = low - 1
        if not low <= value <= high:
            raise ValueError(f"{text!r} is not a whole number from {low} to {high:,}.")
        return value

    return read


def _real(low: float, high: float, *, above: bool = False) -> Callable[[str], float]:
    """Read a number from low to high; `above` excludes low itself."""

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not isfinite(value) or not low <= value <= high or (above and value == low):
            start = f"above {low:g} and up to" if above else f"from {low:g} to"
            raise ValueError(f"{text!r} is not a number {start} {high:g}.")
        return value

    return read


def _number(value: float) -> str:
    """The shortest text that is read as the same number."""
    return f"{value:g}" if float(f"{value:g}") == value else repr(value)


def _read_layers(text: str) -> tuple[int, ...]:
    """ "[784, 128, 10]", "784,128,10" or "784 128 10" -> (784, 128, 10)."""
    words = text.strip().strip("[]()").replace(",", " ").split()
    inputs, units = _whole(1, MAX_INPUTS), _whole(1, MAX_UNITS)
    try:
        layers = tuple((units if i else inputs)(word) for i, word in enumerate(words))
    except ValueError as error:
        raise ValueError(
            f"{text!r} is not a list of layer sizes: {error} {NETWORK_LIMIT}"
        ) from None
    if not 2 <= len(layers) <= MAX_LAYERS + 2:
        raise ValueError(
            f"{text!r} has {len(layers)} sizes: give the input's, those of the hidden layers, and "
            f"the output's, such as [784, 128, 10]. {NETWORK_LIMIT}"
        )
    return layers


def _write_layers(layers: tuple[int, ...]) -> str:
    return ",".join(map(str, layers))


def _read_activations(text: str) -> tuple[str, ...]:
    """ "relu" (for every hidden layer) or "relu,tanh" (one for each) -> a tuple of names."""
    read = _one_of("activation", HIDDEN_ACTIVATIONS)
    return tuple(read(word) for word in text.replace(",", " ").split())


def _read_dataset(text: str) -> str:
    return text if is_upload(text) else _one_of("data set", EVERY_SET)(text)


def _whole_or(word: str, high: int) -> Callable[[str], int | None]:
    """Read a whole number from 1 up, or the word for all examples: None."""

    def read(text: str) -> int | None:
        if text.strip().lower() == word:
            return None
        try:
            return _whole(1, high)(text)
        except ValueError as error:
            raise ValueError(f"{str(error).rstrip('.')}, or {word!r} for all examples.") from None

    return read


def _write_or(word: str) -> Callable[[int | None], str]:
    return lambda value: word if value is None else str(value)


def _read_task(text: str) -> str:
    task = text.strip().lower()
    if task != two_classes.ALL:
        two_classes.parse(task)
    return task


def _read_inputs(text: str) -> tuple[str, ...]:
    """ "x1,x2,sin_x1" -> names of INPUTS, in the order of that table."""
    read = _one_of("input", INPUTS)
    names = {read(word) for word in text.replace(",", " ").split()}
    if not names:
        raise ValueError(f"{text!r} is not an input; give one or more of: {', '.join(INPUTS)}.")
    return tuple(name for name in INPUTS if name in names)


def _read_placed(text: str) -> tuple[Point, ...]:
    """ "1.5_-2_0~3_3_1": x1, x2 and the class of each point, with separators that an
    address does not escape; commas and semicolons are also accepted."""
    coordinate, label = _real(-HALF, HALF), _whole(0, MAX_CLASSES - 1)
    points = []
    for part in text.replace(";", "~").strip("~ ").split("~"):
        words = part.replace("_", ",").split(",")
        if len(words) != 3:
            raise ValueError(f"{part!r} is not a point; a point is x1,x2,class such as 1.5,-2,0.")
        points.append((coordinate(words[0]), coordinate(words[1]), label(words[2])))
    if len(points) > MAX_PLACED:
        raise ValueError(f"{len(points)} points are too many; up to {MAX_PLACED} can be placed.")
    return tuple(points)


def _write_placed(points: tuple[Point, ...]) -> str:
    return "~".join(f"{_number(x1)}_{_number(x2)}_{label}" for x1, x2, label in points)


def _read_corrections(text: str) -> tuple[Correction, ...]:
    """ "17-out~203-4": example 17 is left out, example 203 gets label 4."""
    if text.strip().lower() in ("", NONE):
        return ()
    number, label = _whole(0, MAX_IMAGES), _whole(0, MAX_IMAGES)
    found: dict[int, int | None] = {}
    for part in text.strip("~ ").split("~"):
        which, sign, to = part.partition("-")
        if not sign:
            raise ValueError(
                f"{part!r} is not a correction; write number-{OUT} to leave a training example "
                "out, or number-label to relabel it."
            )
        found[number(which)] = None if to == OUT else label(to)
    if len(found) > MAX_CORRECTIONS:
        raise ValueError(
            f"{len(found)} corrections are too many; an address can hold up to {MAX_CORRECTIONS}."
        )
    return tuple(sorted(found.items()))


def _write_corrections(corrections: tuple[Correction, ...]) -> str:
    each = (f"{number}-{OUT if label is None else label}" for number, label in corrections)
    return "~".join(each) or NONE


SETTINGS: dict[str, Setting] = {
    setting.name: setting
    for setting in (
        Setting(
            "dataset",
            "Data set",
            "The training and validation examples.",
            _read_dataset,
            allowed=EVERY_SET,
        ),
        Setting(
            "task",
            "Task",
            "The classes of images: all, 3-rest (3 against all others), or 3-8 (3 against 8).",
            _read_task,
        ),
        Setting(
            "digit_forms",
            "Digit forms",
            "Whether images of other handwriting styles, such as a one with a flag or a seven with "
            "a bar, are added to MNIST's training examples. Validation stays MNIST alone.",
            **_choice("digit forms", DIGIT_FORMS),
        ),
        Setting(
            "points",
            "Points",
            "The number of points on the plane, training and validation together.",
            _whole(10, 2000),
        ),
        Setting(
            "classes",
            "Classes",
            "Classes of points: two have one output unit, more have one unit each.",
            _whole(2, MAX_CLASSES),
        ),
        Setting(
            "validation_fraction",
            "Test fraction",
            "Share of the points on the plane in the validation set: the network never trains on "
            "them.",
            _real(0.1, 0.9),
            _number,
        ),
        Setting(
            "placed",
            "Placed points",
            "Your own points, for the data set placed: x1,x2,class each, separated by semicolons.",
            _read_placed,
            _write_placed,
        ),
        Setting(
            "inputs",
            "Inputs",
            f"The inputs of the network, functions of a point: {', '.join(INPUTS)}.",
            _read_inputs,
            ",".join,
        ),
        Setting(
            "subset",
            "Training examples",
            "The number of training examples to use; with few, the network overfits.",
            _whole_or(ALL, MAX_IMAGES),
            _write_or(ALL),
        ),
        Setting(
            "label_noise",
            "Shuffled labels",
            "Share of the training examples whose labels are shuffled: a network can only "
            "memorize those.",
            _real(0, 1),
            _number,
        ),
        Setting(
            "noise",
            "Noise",
            "Standard deviation of the noise in training images, where 1 is from black to "
            "white; for points on the plane, where 1 is half of the distance to the edge.",
            _real(0, 1),
            _number,
        ),
        Setting(
            "corrections",
            "Corrections",
            "Training examples that were marked on the page Inspect: left out (17-out) or "
            "relabeled (203-4), after all other changes of the training set.",
            _read_corrections,
            _write_corrections,
        ),
        Setting(
            "layers",
            "Network",
            "Sizes of the input, of each hidden layer and of the output, as in the posts. "
            f"{NETWORK_LIMIT}",
            _read_layers,
            _write_layers,
        ),
        Setting(
            "activations",
            "Activations",
            "Activation of the hidden layers: one name for all, or one for each.",
            _read_activations,
            ",".join,
        ),
        Setting(
            "initializer",
            "Weight initialization",
            "How the initial weights are drawn; he fits ReLU, glorot fits tanh.",
            **_choice("initializer", INITIALIZERS),
            formula=lambda name: rf"W_{{ik}} \sim {INITIALIZERS[name].formula}",
        ),
        Setting(
            "optimizer",
            "Optimizer",
            "How the gradient updates the parameters; the posts use gradient_descent.",
            **_choice("optimizer", OPTIMIZERS),
        ),
        Setting(
            "learning_rate",
            "Learning rate α",
            "Step size. Much too large, and the cost jumps; much too small, and training is slow.",
            _real(0, 100, above=True),
            _number,
            live=True,
        ),
        Setting(
            "schedule",
            "Schedule of α",
            "How the learning rate changes over the run; p is the progress of the run, 0 to 1.",
            **_choice("schedule", SCHEDULES),
            formula=lambda name: rf"\alpha \cdot {SCHEDULES[name].formula}",
        ),
        Setting(
            "batch_size",
            "Batch size",
            "Examples in each step; full is all of them at once, as in both posts.",
            _whole_or(FULL, MAX_ITERATIONS),
            _write_or(FULL),
        ),
        Setting(
            "epochs",
            "Epochs",
            "The number of passes through all training examples.",
            _whole(1, MAX_ITERATIONS),
            live=True,
        ),
        Setting(
            "iterations",
            "Iterations",
            "The number of steps in the run, instead of a number of epochs.",
            _whole(1, MAX_ITERATIONS),
            live=True,
        ),
        Setting(
            "l2",
            "L2 λ",
            "Penalty (λ/2) Σ W² against overfitting: shrinks all weights; 0 is none.",
            _real(0, 10),
            _number,
            live=True,
        ),
        Setting(
            "l1",
            "L1 λ",
            "Penalty λ Σ |W|: makes many weights exactly or nearly zero; 0 is none.",
            _real(0, 10),
            _number,
            live=True,
        ),
        Setting(
            "class_weights",
            "Class weights",
            "balanced: examples of a rare class count more in the cost, so that all classes weigh "
            "the same.",
            **_choice("class weights", ("equal", "balanced")),
        ),
        Setting(
            "dropout",
            "Dropout",
            "Share of hidden units dropped in each step, against overfitting; 0 is none.",
            _real(0, 0.9),
            _number,
            live=True,
        ),
        Setting(
            "augmentation",
            "Augmentation",
            "Strength of data augmentation: random warps of the digits in each step; 0 is none.",
            _real(0, 3),
            _number,
            live=True,
        ),
        Setting(
            "seed",
            "Seed",
            "Seed of all random numbers: the same seed gives the same weights, batches and curve.",
            _whole(0, 2**32 - 1),
        ),
    )
}
