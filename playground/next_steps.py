"""What can be done with a run that has ended: how it would go on, and what to try next."""

from dataclasses import dataclass

from netcore.schedules import SCHEDULES
from playground.config import RunConfig
from playground.run import Run, Snapshot

GAP = 0.03  # of accuracy: training examples known so much better than others are memorized
GOOD = 0.9


def more_epochs(shown: Snapshot) -> int:
    """How many epochs a run that has ended is offered: as many as its data set's default has."""
    epochs = RunConfig.default(shown.config.dataset).epochs
    assert epochs is not None
    return epochs


def how_it_goes_on(shown: Snapshot, epochs: int) -> str:
    """What the schedule makes of so many more epochs, in a sentence: it is one of the whole run,
    so a longer run is another place on it."""
    alpha, schedule = shown.config.learning_rate, SCHEDULES[shown.config.schedule]
    longer = Run.longer(shown.config, shown.iteration, epochs, shown.data.train.m)
    p = shown.iteration / longer.n_iterations(shown.data.train.m)
    now, last = alpha * schedule(p), alpha * schedule(1.0)
    if now == last == alpha:
        return f"α stays {alpha:g}."
    return (
        f"The schedule, {schedule.title}, is stretched over the longer run: {p:.0%} of it are "
        f"done, so α goes on at {now:.2g} and ends at {last:.2g}."
    )


@dataclass(frozen=True)
class Next:
    """Something to try: why, in a sentence, what the button says, and the settings."""

    why: str
    label: str
    config: RunConfig


def next_to_try(shown: Snapshot) -> Next | None:
    """One comparison that teaches something about a run that has learned its task."""
    config, measured = shown.config, shown.measured
    accuracy = measured.validation.score
    if measured.training.score - accuracy > GAP:
        why = "It knows the examples it trained on better than others."
        if not config.dropout and len(config.layers) > 2:
            return Next(why, "Try dropout of 0.2", config.with_values(dropout=0.2))
        if not config.l2:
            return Next(why, "Try L2, λ = 0.001", config.with_values(l2=0.001))
    hidden = config.layers[1:-1]
    if accuracy < GOOD or not hidden or max(hidden) < 8:
        return None
    half = (config.layers[0], *(max(n // 2, 1) for n in hidden), config.layers[-1])
    return Next(
        "How much of it is needed?", "Try half of the units", config.with_values(layers=half)
    )
