"""What a run learns from: its settings made into examples."""

from data import catalog
from data.dataset import Splits
from data.points import POINT_SETS, make_points, placed_points, with_inputs
from data.two_classes import ALL, ask
from playground.config import RunConfig
from playground.corrupted import corrupted
from playground.output import fitting_layers
from playground.weak_cache import WeakCache

# Runs with the same task share its examples, which go when the last of those runs goes.
_asked: WeakCache[Splits, WeakCache[str, Splits]] = WeakCache("key")


def load_data(config: RunConfig) -> Splits:
    """The examples that these settings name; points come as a data.points.Plane.

    Raises DataError where there are none: files missing or malformed, no such classes, or images
    that the digit forms cannot join.
    """
    if is_plane(config):
        points = corrupted(_points(config), config.with_values(noise=0.0))  # they have it already
        return with_inputs(points, config.inputs)
    data = catalog.load(config.dataset)
    return corrupted(data if config.task == ALL else _ask(data, config.task), config)


def is_plane(config: RunConfig) -> bool:
    """Whether the run learns from points on the plane, not from images."""
    return config.dataset in POINT_SETS


def comparable(one: RunConfig, other: RunConfig) -> bool:
    """Whether the curves of two runs can be laid over each other: the same data and task. What
    noise does to images is done to training images alone; points are measured with theirs."""
    names = ["dataset", "task", "classes", *(["noise"] if is_plane(one) else [])]
    return all(getattr(one, name) == getattr(other, name) for name in names)


def fitted(config: RunConfig, data: Splits) -> RunConfig:
    """The same settings with a network whose ends fit the data."""
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
