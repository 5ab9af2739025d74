"""Is a difference between two runs real, or luck?"""

from statistics import mean, stdev

from playground.learn.lesson import Choices, Goal, Lesson, Results, Scale, Trial
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


def _interval(results: Results) -> tuple[float, float]:
    """A mean in here is not to be told from luck, by a paired t-test over the seeds. Equal scores
    are no difference.
    """
    half = max(verdict(_differences(results)).half, 1e-9)
    return -half, half


def _points(results: Results) -> dict[str, float]:
    gaps = _differences(results)
    return {"mean": mean(gaps)} | {
        f"seed {seed}": gap for seed, gap in zip(SEEDS, gaps, strict=True)
    }


SCALE = Scale("gain by dropout (points)", _points, _interval)


def _signed(points: float) -> str:
    """
    >>> _signed(0.6), _signed(-0.44), _signed(-0.01)
    ('+0.6', '−0.4', '0.0')
    """
    rounded = round(points, 1)
    return f"{rounded:+.1f}".replace("-", "−") if rounded else "0.0"


def _because(results: Results) -> str:
    gaps = _differences(results)
    listed = ", ".join(map(_signed, gaps))
    told = (
        "excludes zero: dropout hurts here.",
        "includes zero: that much can be luck.",
        "excludes zero: dropout helps here.",
    )[SCALE.range_of(results)]
    return (
        "Compared with the run of the same seed without it, dropout changed validation accuracy by "
        f"{listed} points, another number for each seed. The mean is {_signed(mean(gaps))}, and "
        f"its 95 % interval, {_signed(mean(gaps))} ± {_interval(results)[1]:.1f}, {told} No single "
        'pair could have told you. "Race against other settings", below the curves, repeats such '
        "pairs and says when they are enough."
    )


LESSON = Lesson(
    key="dropout_or_luck",
    order=11,
    title="Better, or lucky?",
    about=(
        f"A network trains on only 500 digits for 15 epochs, without dropout and with dropout of "
        f"{RATE:g}. Each is run with four seeds, so with other initial weights and batches each "
        "time."
    ),
    trials=tuple(
        Trial(
            f"{'dropout' if rate else 'without'}, seed {seed}",
            FEW.with_values(seed=seed, dropout=rate),
        )
        for seed in SEEDS
        for rate in (0.0, RATE)
    ),
    question=Choices.of_ranges(
        "What will the four pairs of runs show?",
        (
            "Dropout is worse, beyond luck",
            "The difference can be luck",
            "Dropout is better, beyond luck",
        ),
        SCALE,
    ),
    because=_because,
    claims={
        "another number for each seed": lambda results: stdev(_differences(results)) > 0.2,
    },
    goal=Goal(
        "Find a change that helps more than this dropout: raise validation accuracy on 500 digits.",
        start=FEW,
        conditions=(Condition(ACCURACY, 88),),
        keeps=("subset", "digit_forms"),
        solution=lambda: FEW.with_values(augmentation=1.0, epochs=60),
    ),
)
