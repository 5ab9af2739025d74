"""A network is confident about images that are no digits."""

import numpy as np

from playground.learn.lesson import Goal, Lesson, Number, Results, Trial
from playground.learn.quantities import ACCURACY, Condition, Quantity
from playground.lessons._start import START
from playground.snapshot import Snapshot

IMAGES = 1000
LONG = START.with_values(optimizer="adam", learning_rate=0.003, epochs=10)


def _confidence(shown: Snapshot) -> float:
    """The median, over images of noise, of the largest probability in per cent."""
    rng = np.random.default_rng(0)
    X = np.asfortranarray(rng.random((shown.network.layer_dims[0], IMAGES), dtype=np.float32))
    return float(100 * np.median(shown.network.forward(X)[-1].A.max(axis=0)))


CONFIDENCE = Quantity("confidence", "median confidence on noise", _confidence, "%", 1)


def _because(results: Results) -> str:
    (run,) = results
    return (
        f"For half of the 1,000 noise images the largest probability is above "
        f"{run['confidence']:.1f} %. Softmax divides 100 % among ten digits: there is no output "
        'that means "not a digit". High confidence means that one logit is far above the others, '
        "not that the image resembles anything the network was trained on."
    )


LESSON = Lesson(
    key="noise_images",
    order=10,
    title="Confident about noise",
    about=(
        "A network learns digits for 10 epochs with Adam. Then it gets 1,000 images of noise, each "
        "pixel at random between black and white, and gives ten probabilities for each."
    ),
    trials=(Trial("Digits", LONG),),
    measures=(CONFIDENCE, ACCURACY),
    question=Number(
        "Take the largest of the ten probabilities of each noise image. What is their median over "
        "the 1,000 images?",
        unit="%",
        low=10,
        high=100,
        true=lambda results: results[0]["confidence"],
        close=8,
        digits=0,
    ),
    because=_because,
    claims={
        "High confidence means": lambda results: results[0]["confidence"] > 75,
    },
    goal=Goal(
        "Make it less confident about noise, and keep it good at digits.",
        start=LONG,
        # Over ten seeds, the start gives 82.5 to 100 %, and the solution 33.8 to 58.9 % with an
        # accuracy of at least 87.2 %.
        conditions=(Condition(CONFIDENCE, 65, at_least=False), Condition(ACCURACY, 85)),
        keeps=("layers",),
        solution=lambda: LONG.with_values(l2=0.03),
    ),
)
