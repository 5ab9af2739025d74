"""How often the out-of-distribution (OOD) detector rejects other drawings than digits, and digits.

    python -m benchmarks.ood               the default run, trained with three seeds (minutes)
    python -m benchmarks.ood model.npz     a saved network

It should reject 1,000 random scribbles, and printed capital letters that do not look like digits.
It should accept MNIST's test images, and the digits that people drew. Its parameters were chosen on
the scribbles, fonts and writers called "chosen on"; the others only judge it. MNIST and the pen
strokes are read from the folder that PLAYGROUND_DATA names. Prints a table in Markdown.
"""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.command import parser_of, pen_strokes_of
from benchmarks.drawing import (
    Start,
    default_starts,
    drawings_by,
    enlarged,
    percent,
    saved_start,
    table,
)
from benchmarks.not_digits import LETTERS, SCRIBBLES, Pixels, fonts, letters, scribbles
from benchmarks.writers import DESIGN_WRITERS, JUDGING_WRITERS
from data.catalog import load
from data.dataset import DataError
from data.preprocessing import Prepared, prepare
from data.similarity import Similarity
from netcore.network import Network
from playground.ood_detector import OODDetector
from playground.predictions import predict
from playground.storage.train_state import StorageError

CHOSEN_ON, JUDGED_ON = 1, 2  # seeds of the scribbles
N_SCRIBBLES = 1_000
COPIES = 4  # pictures of each letter in each font
LIKE_FORMS = "DJQ"  # like digit forms: zero with a straight back, hooked three, slashed zero


@dataclass(frozen=True, eq=False)
class Pictures:
    """Pictures on the canvas, preprocessed once for all networks."""

    name: str
    prepared: list[Prepared | None]

    @classmethod
    def of(cls, name: str, pictures: Iterable[Pixels]) -> "Pictures":
        return cls(name, [prepare(each) for each in pictures])


def rejected(detector: OODDetector, network: Network, pictures: Pictures) -> NDArray[np.bool_]:
    """Whether the page would reject each picture (m,)."""
    names = tuple(map(str, range(network.layer_dims[-1])))
    return np.array(
        [
            p is None or bool(detector.rejection(predict(network, p), names))
            for p in pictures.prepared
        ]
    )


def rejections(starts: Sequence[Start], path: Path) -> list[list[str]]:
    """The table: kind of picture, share rejected, and for writers the largest share of any
    writer.
    """
    test = load("mnist").validation
    detector = OODDetector(starts[0].data.validation, Similarity(starts[0].data.train))
    of_test = np.mean([detector.is_ood(start.network, test.X) for start in starts], axis=0)
    rows = [["MNIST's test images", percent(of_test), ""]]

    def add(pictures: Pictures) -> NDArray[np.floating]:
        print(pictures.name, file=sys.stderr)
        found = np.mean([rejected(detector, s.network, pictures) for s in starts], axis=0)
        rows.append([pictures.name, percent(found), ""])
        return found

    few = enlarged(test.take(np.arange(0, test.m, 10)))
    add(Pictures.of("… 1,000 of them on the canvas", few.canvases()))
    for name, writers in (("chosen on", DESIGN_WRITERS), ("judged on", JUDGING_WRITERS)):
        drawings, of_writer = drawings_by(path, writers)
        found = add(Pictures.of(f"{len(writers)} writers, {name}", drawings.canvases()))
        most = max(found[of_writer == writer].mean() for writer in writers)
        rows[-1][-1] = f"{100 * most:.1f} %"
    for name, seed in (("chosen on", CHOSEN_ON), ("judged on", JUDGED_ON)):
        found = add(Pictures.of(f"scribbles, {name}", scribbles(N_SCRIBBLES, seed=seed)))
        if seed == JUDGED_ON:
            kinds = [(kind, found[i :: len(SCRIBBLES)]) for i, kind in enumerate(SCRIBBLES)]
            rows += [[f"… {kind}", percent(part), ""] for kind, part in kinds]
    # The parameters were chosen on every second font of the list.
    for name, which in (("chosen on", slice(0, None, 2)), ("judged on", slice(1, None, 2))):
        some = list(fonts().values())[which]
        drawn = letters(some, seed=JUDGED_ON, copies=COPIES)
        found = add(Pictures.of(f"{len(LETTERS)} capital letters, {name}", drawn))
        which_letter = np.tile(np.repeat(list(LETTERS), COPIES), len(some))
        like = np.isin(which_letter, list(LIKE_FORMS))
        rows.append([f"… but {' '.join(LIKE_FORMS)}", percent(found[~like]), ""])
    return rows


def main() -> int:
    parser = parser_of("ood", __doc__)
    parser.add_argument("model", type=Path, nargs="?", help="a file that the app has saved")
    options = parser.parse_args()
    path = pen_strokes_of(parser)
    try:
        starts = [saved_start(options.model)] if options.model else default_starts()
        found = rejections(starts, path)
    except (DataError, StorageError) as error:
        parser.error(str(error))
    print(table(["rejected", "share", "most of any writer"], found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
