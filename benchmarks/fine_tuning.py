"""The gain of fine-tuning on a person's own drawings, by the number of drawings of each digit.

    python -m benchmarks.fine_tuning            the design writers, to choose by
    python -m benchmarks.fine_tuning --judge    the judging writers: the final figures

The default run is trained with three seeds and fine-tuned on one, two, three and five drawings of
each digit by one writer (benchmarks/writers.py). Accuracy is measured on that writer's other
drawings, the same ones for every number; every writer starts from the same network. The loss on
MNIST is measured on the last 10,000 of its training images, or with --judge on its test images.
Prints a table in Markdown.
"""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.command import add_judge_and_seeds, mnist_of, parser_of, pen_strokes_of
from benchmarks.digit_forms import Readable, drawn_by, mnist_test, mnist_validation
from benchmarks.drawing import SEEDS, Start, default_starts, table
from data.dataset import Dataset
from netcore.metrics import accuracy
from playground.fine_tuning import FineTuning
from playground.trainer import Trainer

N_DRAWINGS = (1, 2, 3, 5)  # drawings of each digit


@dataclass(frozen=True)
class Tuned:
    """The fine-tuning for one writer: accuracy (0 to 1) on the writer's other drawings and on
    MNIST, each before and after, and the seconds it took.
    """

    drawings: tuple[float, float]
    mnist: tuple[float, float]
    seconds: float


def tune(start: Start, drawn: Dataset, mnist: Readable, n: int) -> Tuned:
    """Fine-tune a network on the first n drawings of each digit. It is measured on the drawings
    after the largest of N_DRAWINGS.
    """
    rank = np.empty(drawn.m, dtype=int)  # its rank among the drawings of its digit
    for label in range(drawn.n_classes):
        members = drawn.labels == label
        rank[members] = np.arange(members.sum())
    mine, others = (
        drawn.take(np.flatnonzero(part)) for part in (rank < n, rank >= max(N_DRAWINGS))
    )
    fine_tuning = FineTuning(start.config, start.network, mine)
    began = time.perf_counter()
    trainer = Trainer(fine_tuning.run_config, fine_tuning.examples(start.data), fine_tuning.start())
    while not trainer.done:
        trainer.step()
    seconds = time.perf_counter() - began
    networks = start.network, trainer.network

    def before_and_after(of: Dataset | Readable) -> tuple[float, float]:
        before, after = (accuracy(each.predict(of.X), of.labels) for each in networks)
        return before, after

    return Tuned(before_and_after(others), before_and_after(mnist), seconds)


def curve_table(starts: Sequence[Start], people: Readable, mnist: Readable) -> str:
    """The accuracy after fine-tuning, with a row for each number of drawings."""
    assert people.writers is not None
    writers = np.unique(people.writers)
    pen = Dataset("pen", people.X, people.labels, tuple(map(str, range(10))), (28, 28))
    rows: list[list[str]] = []
    for n in N_DRAWINGS:
        by_writer = []
        for writer in writers:
            drawn = pen.take(np.flatnonzero(people.writers == writer))
            by_writer.append([tune(start, drawn, mnist, n) for start in starts])
            print(f"{n} of each digit by writer {writer}", file=sys.stderr)
        if not rows:
            rows.append(["0", *_shares(by_writer, after=0), ""])
        seconds = np.mean([each.seconds for tuned in by_writer for each in tuned])
        rows.append([str(n), *_shares(by_writer, after=1), f"{seconds:.1f}"])
    header = ["drawings of each digit", people.name, "lowest writer", mnist.name, "seconds"]
    return table(header, rows)


def _shares(by_writer: Sequence[Sequence[Tuned]], *, after: int) -> list[str]:
    """The mean accuracy of the writers, the lowest, and MNIST's."""
    means = [np.mean([each.drawings[after] for each in tuned]) for tuned in by_writer]
    mnist = np.mean([each.mnist[after] for tuned in by_writer for each in tuned])
    shares = float(np.mean(means)), float(min(means)), float(mnist)
    return [f"{100 * share:.2f} %" for share in shares]


def main() -> int:
    parser = parser_of("fine_tuning", __doc__)
    add_judge_and_seeds(parser, len(SEEDS))
    options = parser.parse_args()
    path = pen_strokes_of(parser)
    mnist = mnist_of(parser)
    people = drawn_by(path, "judging" if options.judge else "design")
    read = mnist_test(mnist.validation) if options.judge else mnist_validation(mnist.train)
    print(curve_table(default_starts(range(1, options.seeds + 1)), people, read))
    return 0


if __name__ == "__main__":
    sys.exit(main())
