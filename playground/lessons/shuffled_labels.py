"""A network can memorize labels that mean nothing."""

from playground.learn.lesson import Choices, Goal, Lesson, Results, Scale, Trial
from playground.learn.quantities import ACCURACY, TRAINING_ACCURACY, Condition
from playground.lessons._start import START

SHUFFLED = START.with_values(
    subset=500,
    label_noise=1.0,
    optimizer="adam",
    learning_rate=0.003,
    epochs=60,
)


SCALE = Scale(
    "accuracy (%)",
    points=lambda results: {
        "training digits": results[0]["training_accuracy"],
        "validation digits": results[0]["validation_accuracy"],
    },
    edges=lambda results: (20, 80),
)


def _because(results: Results) -> str:
    (run,) = results
    return (
        f"It gives {run['training_accuracy']:.1f} % of the training digits their shuffled labels: "
        "with 50,890 parameters for 500 digits it memorizes each of them. None of that holds for "
        f"other digits: validation accuracy is {run['validation_accuracy']:.1f} %, no better than "
        "guessing. So training accuracy alone does not tell how well a network predicts new digits."
    )


LESSON = Lesson(
    key="shuffled_labels",
    order=4,
    title="Labels that mean nothing",
    about=(
        "The labels of 500 training digits are shuffled: a digit's label says nothing about the "
        "digit any more. A network with 64 hidden units trains on them for 60 epochs."
    ),
    trials=(Trial("Shuffled labels", SHUFFLED),),
    measures=(TRAINING_ACCURACY, ACCURACY),
    question=Choices.of_ranges(
        "How many of the 500 training digits will it give their shuffled labels in the end?",
        ("About 10 %, as by guessing", "About half of them", "Nearly all of them"),
        SCALE,
    ),
    because=_because,
    claims={
        "it memorizes each of them": lambda results: results[0]["training_accuracy"] >= 97,
        "no better than guessing": lambda results: results[0]["validation_accuracy"] <= 16,
    },
    goal=Goal(
        "Keep it from memorizing, with the same labels and the same 60 epochs.",
        start=SHUFFLED,
        conditions=(Condition(TRAINING_ACCURACY, 50, at_least=False),),
        keeps=("subset", "label_noise", "epochs", "batch_size", "optimizer", "learning_rate"),
        solution=lambda: SHUFFLED.with_values(layers=(784, 2, 10)),
    ),
)
