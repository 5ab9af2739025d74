"""The data of a run, made from its settings."""

from data import catalog
from data.dataset import Splits
from data.points import POINT_SETS, make_points, placed_points, with_inputs
from data.two_classes import ALL, ask
from playground.config import RunConfig
from playground.corrupted import corrupted
from playground.output import fitting_layers
from playground.weak_cache import WeakCache

# Runs with the same task share the examples, which are freed with the last of those runs.
_asked: WeakCache[Splits, WeakCache[str, Splits]] = WeakCache("key")


def load_data(config: RunConfig) -> Splits:
    """The examples that these settings describe; points come as a data.points.Plane.

    Raises DataError if files are missing or malformed, if there are no such classes, or if digit
    forms cannot be added to the images.
    """
    if is_plane(config):
        points = corrupted(
            _points(config), config.with_values(noise=0.0)
        )  # points are generated with their noise
        return with_inputs(points, config.inputs)
    data = catalog.load(config.dataset)
    return corrupted(data if config.task == ALL else _ask(data, config.task), config)


def is_plane(config: RunConfig) -> bool:
    """Whether the run is trained on points on the plane, not on images."""
    return config.dataset in POINT_SETS


def must_agree(dataset: str, *, cost: bool) -> tuple[str, ...]:
    """The settings in which two runs must agree for their curves to be comparable: those that
    decide the validation examples, and for curves of the cost, the class weights.

    Noise is in training images only, but in validation points as well.
    """
    noise = ("noise",) if dataset in POINT_SETS else ()
    return ("dataset", "task", "classes", *noise, *(("class_weights",) if cost else ()))


def comparable(one: RunConfig, other: RunConfig) -> bool:
    """Whether all curves of two runs can be compared."""
    names = must_agree(one.dataset, cost=True)
    return all(getattr(one, name) == getattr(other, name) for name in names)


def fitted(config: RunConfig, data: Splits) -> RunConfig:
    """The same settings, with input and output layers that fit the data."""
    layers = fitting_layers(config.layers, data.train)
    return config.with_values(layers=layers, activations=config.activations)


def _ask(data: Splits, task: str) -> Splits:
    tasks = _asked.get(data, lambda: WeakCache("value"))
    return tasks.get(task, lambda: ask(data, task))


def _points(config: RunConfig) -> Splits:
    if config.dataset == "placed":
        return placed_points(config.placed, validation_fraction=config.validation_fraction)
    return make_points(
        config.dataset,
        points=config.points,
        classes=config.classes,
        noise=config.noise,
        validation_fraction=config.validation_fraction,
        seed=config.seed,
    )
