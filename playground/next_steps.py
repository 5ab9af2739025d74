"""Suggestions for a run that has ended: more epochs, or another run to compare with."""

from dataclasses import dataclass

from netcore.schedules import SCHEDULES
from playground.config import RunConfig
from playground.run import Run, Snapshot

GAP = 0.03  # between training and validation accuracy, from which on it is overfitting
GOOD = 0.9  # accuracy from which on a smaller network is worth a try


def more_epochs(shown: Snapshot) -> int:
    """The number of epochs to add: as many as the data set's default run has."""
    epochs = RunConfig.default(shown.config.dataset).epochs
    assert epochs is not None
    return epochs


def how_it_goes_on(shown: Snapshot, epochs: int) -> str:
    """A sentence on the learning rate of these additional epochs. A schedule depends on the length
    of the whole run, so it is different for a longer run.
    """
    alpha, schedule = shown.config.learning_rate, SCHEDULES[shown.config.schedule]
    longer = Run.longer(shown.config, shown.iteration, epochs, shown.data.train.m)
    p = shown.iteration / longer.n_iterations(shown.data.train.m)
    now, last = alpha * schedule(p), alpha * schedule(1.0)
    if now == last == alpha:
        return f"α stays {alpha:g}."
    return (
        f"The schedule, {schedule.title}, then covers the longer run, of which {p:.0%} is done: α "
        f"continues at {now:.2g} and ends at {last:.2g}."
    )


@dataclass(frozen=True)
class Next:
    """A run to try: the reason, in a sentence; the text of its button; and its settings."""

    why: str
    label: str
    config: RunConfig


def next_to_try(shown: Snapshot) -> Next | None:
    """A run to compare with one that has learned its task; None if there is no good comparison."""
    config, measured = shown.config, shown.measured
    accuracy = measured.validation.score
    if measured.training.score - accuracy > GAP:
        why = "It is more accurate on training examples than on others."
        if not config.dropout and len(config.layers) > 2:
            return Next(why, "Try dropout of 0.2", config.with_values(dropout=0.2))
        if not config.l2:
            return Next(why, "Try L2, λ = 0.001", config.with_values(l2=0.001))
    hidden = config.layers[1:-1]
    if accuracy < GOOD or not hidden or max(hidden) < 8:
        return None
    half = (config.layers[0], *(max(n // 2, 1) for n in hidden), config.layers[-1])
    return Next(
        "Does it need so many units?", "Try half of the units", config.with_values(layers=half)
    )
