"""The sweeps of this server: one for each owner, a few at a time."""

from threading import Lock

from playground.library.library import Library
from playground.sweep.errors import SweepError
from playground.sweep.plan import Plan
from playground.sweep.sweep import Sweep

MAX_BUSY = 4  # sweeps that train at once
MAX_SWEEPS = 32  # sweeps that pages can still show

_sweeps: dict[str, Sweep] = {}
_lock = Lock()


def sweep_of(owner: str) -> Sweep | None:
    """The last sweep of this owner."""
    return _sweeps.get(owner)


def start(plan: Plan, library: Library, owner: str) -> Sweep:
    """Start a sweep in place of the owner's last one.

    Raises SweepError if that one is not over, or if too many others train, and ConfigError if the
    plan cannot be.
    """
    with _lock:
        before = _sweeps.get(owner)
        if before is not None and not before.shown().over:
            raise SweepError("Your last sweep is not over: cancel it, or wait for its end.")
        if sum(each.shown().busy for each in _sweeps.values()) >= MAX_BUSY:
            raise SweepError(
                f"{MAX_BUSY} sweeps of others train on this server now: try again later."
            )
        for other in [name for name, each in _sweeps.items() if each.shown().over]:
            if len(_sweeps) >= MAX_SWEEPS:
                del _sweeps[other]
        sweep = Sweep(plan, library, owner)  # may raise: the last one stays
        _sweeps.pop(owner, None)
        _sweeps[owner] = sweep
    sweep.start()
    return sweep


def forget(owner: str) -> None:
    """Show no sweep any more. Its runs stay in the library."""
    with _lock:
        sweep = _sweeps.get(owner)
        if sweep is not None and sweep.shown().over:
            del _sweeps[owner]
