"""What a rival may change, and a first suggestion for it."""

from data.points import POINT_SETS
from netcore.activations import HIDDEN_ACTIVATIONS
from playground.config import RunConfig
from playground.race.plan import RACED
from playground.settings import FULL, MAX_ITERATIONS, SETTINGS

TIMES = {"learning_rate": 1 / 3, "epochs": 2, "iterations": 2, "batch_size": 2}
VALUES = {"dropout": (0.2, 0.0), "augmentation": (1.0, 0.0), "l2": (1e-4, 0.0), "l1": (1e-4, 0.0)}


def changeable(baseline: RunConfig) -> list[str]:
    """The settings that a rival of this baseline may change."""
    without = {"epochs" if baseline.epochs is None else "iterations"}
    if len(baseline.layers) == 2:
        without |= {"activations", "dropout"}
    if baseline.dataset in POINT_SETS:
        without |= {"augmentation"}
    return [name for name in RACED if name not in without]


def suggestion(name: str, baseline: RunConfig) -> str:
    """Another value of this setting than the baseline's, as text.

    >>> suggestion("learning_rate", RunConfig()), suggestion("layers", RunConfig())
    ('0.001', '784,128,64,10')
    """
    setting, value = SETTINGS[name], getattr(baseline, name)
    if name == "layers":
        hidden = tuple(max(1, n // 2) for n in value[1:-1])
        return setting.write((value[0], *hidden, value[-1]))
    if name == "activations":
        known = tuple(HIDDEN_ACTIVATIONS)
        return setting.write(tuple(known[(known.index(each) + 1) % len(known)] for each in value))
    if setting.choices:
        others = [each for each in setting.choices if each != value]
        return others[0]
    if name in VALUES:
        most, other = VALUES[name]
        return setting.write(other if value == most else most)
    if name == "batch_size" and value is None:
        return "128"
    times = TIMES[name] * value
    if name == "learning_rate":
        return f"{times:.3g}"
    return str(min(int(times), MAX_ITERATIONS)) if name != "batch_size" else _batch(int(times))


def _batch(size: int) -> str:
    try:
        return SETTINGS["batch_size"].write(SETTINGS["batch_size"].read(str(size)))
    except ValueError:  # beyond the largest
        return FULL
