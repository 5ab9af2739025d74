"""What the digit forms gain for people who write differently from MNIST.

    python -m benchmarks.digit_forms                  with and without forms, on the design writers
    python -m benchmarks.digit_forms --judge          the final figures, on the judging writers
    python -m benchmarks.digit_forms --all            … trained on all of MNIST (many minutes)
    python -m benchmarks.digit_forms --leave-one-out  the gain of each form, one seed (half an hour)
    python -m benchmarks.digit_forms --count          design drawings most similar to each form

The default run is trained with three seeds, and classifies digits that 30 people drew. Forms were
written, and all numbers chosen, with the 10 design writers and with the last 10,000 of MNIST's
training images, which are not among the embedded 5,000. With --judge, it classifies the digits of
the 20 judging writers and MNIST's test images instead, with which nothing was chosen. Prints tables
in Markdown.
"""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.command import add_judge_and_seeds, mnist_of, parser_of, pen_strokes_of
from benchmarks.drawing import SEEDS, drawings_by, percent, right, table
from benchmarks.writers import DESIGN_WRITERS, JUDGING_WRITERS
from data.catalog import load
from data.dataset import Array, Dataset, Splits
from data.digit_forms import FORMS
from data.form_images import load_form_images, with_forms
from data.preprocessing import ALL
from data.similarity import Similarity
from netcore.network import Network
from playground.config import EPOCHS, EPOCHS_WITHOUT_FORMS, RunConfig
from playground.run_data import load_data
from playground.settings import MNIST_ONLY
from playground.trainer import Trainer

N_VALIDATION = 10_000  # the last of MNIST's training images; the embedded digits are the first


@dataclass(frozen=True, eq=False)
class Readable:
    """Digits to classify: a name, and for drawings the writer of each."""

    name: str
    X: Array
    labels: NDArray[np.integer]
    writers: NDArray[np.integer] | None = None


@dataclass(frozen=True, eq=False)
class Trained:
    """The same training with several seeds."""

    name: str
    networks: list[Network]
    seconds: list[float]
    steps: int


def drawn_by(path: Path, group: str) -> Readable:
    writers = DESIGN_WRITERS if group == "design" else JUDGING_WRITERS
    drawings, of_writer = drawings_by(path, writers)
    name = f"{len(writers)} {group} writers"
    return Readable(name, drawings.columns(ALL), drawings.labels, of_writer)


def mnist_validation(train: Dataset) -> Readable:
    part = train.take(np.arange(train.m - N_VALIDATION, train.m))
    return Readable("MNIST, validation", part.X, part.labels)


def mnist_test(test: Dataset) -> Readable:
    return Readable("MNIST, test", test.X, test.labels)


def trained(name: str, data: Splits, config: RunConfig, seeds: Sequence[int]) -> Trained:
    networks, seconds = [], []
    for seed in seeds:
        print(f"training {name}, seed {seed} …", file=sys.stderr)
        began = time.perf_counter()
        trainer = Trainer(replace(config, seed=seed), data)
        while not trainer.done:
            trainer.step()
        seconds.append(time.perf_counter() - began)
        networks.append(trainer.network)
    return Trained(name, networks, seconds, trainer.state.iteration)


def embedded_pair(seeds: Sequence[int]) -> list[Trained]:
    """The default run, without and with digit forms."""
    plain = RunConfig(digit_forms=MNIST_ONLY, epochs=EPOCHS_WITHOUT_FORMS)
    return [
        trained("without forms", load_data(plain), plain, seeds),
        trained("with forms", load_data(RunConfig()), RunConfig(), seeds),
    ]


def all_of_mnist_pair(train: Dataset, seeds: Sequence[int]) -> list[Trained]:
    """The same, trained on these images of MNIST."""
    data = Splits(train, load("mnist-5k").validation)
    with_them, config = replace(data, train=with_forms(train)), RunConfig(epochs=EPOCHS["mnist"])
    return [
        trained("all of MNIST, without forms", data, config, seeds),
        trained("all of MNIST, with forms", with_them, config, seeds),
    ]


def accuracy_table(runs: Sequence[Trained], reads: Sequence[Readable]) -> str:
    """Means over the seeds with their range, and the writer with the lowest accuracy."""
    rows = []
    for run in runs:
        row = [run.name, f"{run.steps:,}", f"{np.mean(run.seconds):.1f}"]
        for read in reads:
            by_seed = [right([each], read.X, read.labels).mean() for each in run.networks]
            low, high = 100 * min(by_seed), 100 * max(by_seed)
            row.append(f"{100 * np.mean(by_seed):.2f} % ({low:.2f}–{high:.2f})")
            if read.writers is not None:
                of_read = right(run.networks, read.X, read.labels)
                means = [of_read[read.writers == each].mean() for each in np.unique(read.writers)]
                row.append(f"{100 * min(means):.1f} %")
        rows.append(row)
    names = []
    for read in reads:
        names += [read.name] if read.writers is None else [read.name, "lowest writer"]
    return table(["trained", "steps", "seconds", *names], rows)


def digits_table(runs: Sequence[Trained], read: Readable) -> str:
    """The accuracy of each digit, for one group of writers."""
    shares = [right(run.networks, read.X, read.labels) for run in runs]
    rows = [
        [str(digit), *(percent(share[read.labels == digit]) for share in shares)]
        for digit in range(10)
    ]
    return table([f"digit, {read.name}", *(run.name for run in runs)], rows)


def most_similar_forms(read: Readable) -> NDArray[np.integer]:
    """For each drawing (m,), the most similar form of its digit."""
    known = load_form_images()
    assert known.forms is not None
    distances = Similarity(known).distances(read.X)
    distances[read.labels[:, None] != known.labels] = np.inf
    return known.forms[distances.argmin(axis=1)]


def without(forms: Dataset, form: int) -> Dataset:
    """The images of all forms but this one."""
    return forms.take(np.flatnonzero(forms.forms != form))


def counts_table(read: Readable) -> str:
    assert read.writers is not None
    most_similar = most_similar_forms(read)
    rows = []
    for i, form in enumerate(FORMS):
        of_form = read.writers[most_similar == i]
        rows.append([form.title, str(len(of_form)), str(len(np.unique(of_form)))])
    return table(["form", f"drawings of {read.name}", "writers"], rows)


def leave_one_out_table(read: Readable, validation: Readable, seed: int) -> str:
    """Training without each form in turn: the accuracy on drawings most similar to it, and on
    all.
    """
    data, forms = load("mnist-5k"), load_form_images()
    most_similar = most_similar_forms(read)

    def answers(images: Dataset, name: str) -> tuple[Array, float]:
        to_train = replace(data, train=with_forms(data.train, forms=images))
        networks = trained(name, to_train, RunConfig(), (seed,)).networks
        of_mnist = right(networks, validation.X, validation.labels).mean()
        return right(networks, read.X, read.labels), float(of_mnist)

    complete, _ = answers(forms, "all forms")
    rows = [["none", "", "", "", percent(complete), ""]]
    for i, form in enumerate(FORMS):
        lacking, _ = answers(without(forms, i), f"without {form.title}")
        like = most_similar == i
        pair = [percent(each[like]) if like.any() else "" for each in (complete, lacking)]
        digit = read.labels == form.digit
        change = f"{100 * (lacking[digit].mean() - complete[digit].mean()):+.1f}"
        rows.append([form.title, str(like.sum()), *pair, percent(lacking), change])
        print(" | ".join(rows[-1]), file=sys.stderr)
    header = ["form left out", "drawings like it", "with it", "without", "all", "its digit, points"]
    return table(header, rows)


def main() -> int:
    parser = parser_of("digit_forms", __doc__)
    add_judge_and_seeds(parser, len(SEEDS))
    parser.add_argument("--all", action="store_true", help="train on all of MNIST")
    parser.add_argument("--leave-one-out", action="store_true", help="the gain of each form")
    parser.add_argument(
        "--count", action="store_true", help="count the drawings most similar to each form"
    )
    options = parser.parse_args()
    path = pen_strokes_of(parser)
    mnist = mnist_of(parser)
    seeds = range(1, options.seeds + 1)
    people = drawn_by(path, "judging" if options.judge else "design")
    if options.count:
        print(counts_table(people))
        return 0
    reads = [
        people,
        mnist_test(mnist.validation) if options.judge else mnist_validation(mnist.train),
    ]
    if options.leave_one_out:
        print(leave_one_out_table(reads[0], reads[1], seed=1))
        return 0
    if options.all:
        to_train = mnist.train.m if options.judge else mnist.train.m - N_VALIDATION
        runs = all_of_mnist_pair(mnist.train.take(np.arange(to_train)), seeds)
    else:
        runs = embedded_pair(seeds)
    print(accuracy_table(runs, reads), end="\n\n")
    print(digits_table(runs, people))
    return 0


if __name__ == "__main__":
    sys.exit(main())
