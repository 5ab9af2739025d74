"""Is a difference between two runs real, or luck?"""

from statistics import mean, stdev

from playground.learn.lesson import Choices, Goal, Lesson, Results, Trial
from playground.learn.quantities import ACCURACY, Condition
from playground.lessons._start import START
from playground.race.verdict import verdict

SEEDS = (1, 2, 3, 4)
RATE = 0.2
FEW = START.with_values(subset=500, epochs=15)


def _differences(results: Results) -> list[float]:
    """With dropout less without, for each seed."""
    values = [run["validation_accuracy"] for run in results]
    return [dropped - without for without, dropped in zip(values[::2], values[1::2], strict=True)]


def _which(results: Results) -> int:
    """Up, down, or not to be told from luck, by a paired t-test over the seeds."""
    found = verdict(_differences(results))
    if not found.is_clear:
        return 2
    return 0 if found.mean > 0 else 1


def _because(results: Results) -> str:
    gaps = _differences(results)
    listed = ", ".join(f"{gap:+.1f}" for gap in gaps)
    told = {
        0: "dropout helps here: the 95 % interval of the mean excludes zero.",
        1: "dropout hurts here: the 95 % interval of the mean excludes zero.",
        2: "that much can be luck: no single pair could have told you.",
    }[_which(results)]
    return (
        f"With the same seed on both sides, dropout changed validation accuracy by {listed} "
        f"points: "
        f"{mean(gaps):+.1f} on average, with a standard deviation of {stdev(gaps):.1f} from seed "
        f"to seed. Against four pairs' spread, {told} Race, a page behind Runs, repeats such "
        "pairs and says when they are enough."
    )


LESSON = Lesson(
    key="dropout_or_luck",
    order=11,
    title="Better, or lucky?",
    about=(
        f"A network trains on only 500 digits for 15 epochs, without dropout and with dropout of "
        f"{RATE:g}. Both are run with four seeds: other initial weights, other batches."
    ),
    trials=tuple(
        Trial(
            f"{'dropout' if rate else 'without'}, seed {seed}",
            FEW.with_values(seed=seed, dropout=rate),
        )
        for seed in SEEDS
        for rate in (0.0, RATE)
    ),
    question=Choices(
        "What will the four pairs of runs show?",
        (
            "Dropout is better, beyond luck",
            "Dropout is worse, beyond luck",
            "The difference can be luck",
        ),
        _which,
    ),
    because=_because,
    claims={},
    goal=Goal(
        "Find a change that helps more than this dropout: raise validation accuracy on 500 digits.",
        start=FEW,
        conditions=(Condition(ACCURACY, 88),),
        keeps=("subset", "digit_forms"),
        solution=lambda: FEW.with_values(augmentation=1.0, epochs=30),
    ),
)
