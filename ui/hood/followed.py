"""The unit or the weight that was picked on another page: Under the hood follows it."""

from playground.run import Snapshot
from playground.step_trace import Path
from ui import session

_PICKED = "hood followed"


def follow(token: str, layer: int, unit: int, source: int | None = None) -> None:
    """Remember this unit of the run of this token, or the weight to it from the unit `source` of
    the layer before. Layers count from 1, units from 0.
    """
    session.put(_PICKED, (token, layer, unit, source))


def led_through_it(shown: Snapshot, path: Path) -> Path:
    """The path through what was picked since the last draw, if that is of this run."""
    picked = session.take(_PICKED)
    if picked is None or picked[0] != shown.token:
        return path
    _, layer, unit, source = picked
    led = path.with_unit(layer, unit)
    if source is not None:
        led = led.with_unit(layer - 1, source)
    return led if led.fits(shown.config.layers, path.example + 1) else path
