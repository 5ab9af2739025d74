"""More examples help, each tenfold less than the one before."""

from playground.learn.lesson import Goal, Lesson, Results, Sketch, Trial
from playground.learn.quantities import ACCURACY, Condition
from playground.lessons._start import START

SIZES = (100, 300, 1000, 4000)
FIXED = START.with_values(iterations=625)  # as many steps for all


def _accuracies(results: Results) -> list[float]:
    return [run["validation_accuracy"] for run in results]


def _because(results: Results) -> str:
    first, second, third, last = _accuracies(results)
    return (
        f"All took the same 625 steps. From 100 digits to 300, validation accuracy rose by "
        f"{second - first:.1f} points, to {second:.1f} %; from 1,000 to 4,000, by "
        f"{last - third:.1f} points, to {last:.1f} %. New digits help most where few were seen."
    )


LESSON = Lesson(
    key="more_data",
    order=5,
    title="How much do more examples help?",
    about=(
        "The same network trains for the same 625 steps four times: on 100, 300, 1,000 and 4,000 "
        "different digits."
    ),
    trials=tuple(Trial(f"{size:,} digits", FIXED.with_values(subset=size)) for size in SIZES),
    question=Sketch(
        "Sketch the validation accuracy over the number of training digits.",
        title="validation accuracy (%)",
        points=tuple(f"{size:,} digits" for size in SIZES),
        unit="%",
        low=0,
        high=100,
        true=_accuracies,
        close=5,
    ),
    because=_because,
    claims={
        "New digits help most where few were seen": lambda results: (
            results[1]["validation_accuracy"] - results[0]["validation_accuracy"]
            > results[3]["validation_accuracy"] - results[2]["validation_accuracy"]
            > 0
        ),
    },
    goal=Goal(
        "Get more out of 300 digits: raise validation accuracy without a further digit.",
        start=FIXED.with_values(subset=300),
        conditions=(Condition(ACCURACY, 88),),
        keeps=("subset", "digit_forms"),
        solution=lambda: FIXED.with_values(subset=300, augmentation=1.0, iterations=1200),
    ),
)
