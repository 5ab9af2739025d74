"""At equal epochs, small batches take more steps."""

from playground.learn.lesson import Choices, Goal, Lesson, Results, Trial
from playground.learn.quantities import ACCURACY, STEPS, Condition
from playground.lessons._start import START

SIZES = (1, 8, 32, 256, None)
LABELS = ("Batch 1", "Batch 8", "Batch 32", "Batch 256", "All 500")
FEW = START.with_values(subset=500)
FULL = FEW.with_values(batch_size=None)


def _worst(results: Results) -> int:
    return min(range(len(SIZES)), key=lambda n: results[n]["validation_accuracy"])


def _because(results: Results) -> str:
    one, eight, _, _, full = results
    return (
        f"All saw each digit five times. With 8 digits in a step that made {eight['steps']:,.0f} "
        f"steps, and {eight['validation_accuracy']:.1f} %; with all digits at once only "
        f"{full['steps']:.0f}, and {full['validation_accuracy']:.1f} %: a larger batch gives a "
        "more exact gradient, but not a longer step. With a single digit the gradient is so "
        f"noisy that even {one['steps']:,.0f} steps reach no more than "
        f"{one['validation_accuracy']:.1f} %."
    )


LESSON = Lesson(
    key="batch_size",
    order=6,
    title="Batch size at equal epochs",
    about=(
        "The same network trains on 500 digits for 5 epochs, with the same learning rate, five "
        "times: with 1, 8, 32, 256 or all 500 digits in each step."
    ),
    trials=tuple(
        Trial(label, FEW.with_values(batch_size=size))
        for label, size in zip(LABELS, SIZES, strict=True)
    ),
    measures=(ACCURACY, STEPS),
    question=Choices("Which batch size gives the lowest validation accuracy?", LABELS, _worst),
    because=_because,
    claims={
        "with all digits at once only": lambda results: (
            _worst(results) == 4
            and results[4]["validation_accuracy"] < results[1]["validation_accuracy"] - 20
        ),
        "reach no more than": lambda results: (
            results[0]["validation_accuracy"] < results[1]["validation_accuracy"] - 2
        ),
    },
    goal=Goal(
        "Make full-batch gradient descent do well, all 500 digits in every step.",
        start=FULL,
        conditions=(Condition(ACCURACY, 83),),
        keeps=("subset", "batch_size", "layers"),
        solution=lambda: FULL.with_values(epochs=200, learning_rate=0.3),
    ),
)
