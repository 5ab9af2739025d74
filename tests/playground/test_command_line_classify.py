"""Classifying pictures from the command line: the same predictions as on the canvas, file by
file.
"""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.pen_strokes import PenDrawing, render
from data import catalog
from data.dataset import Dataset, Splits
from data.picture_file import read_picture
from data.preprocessing import prepare
from netcore.array import Array
from playground.config import RunConfig
from playground.history import History
from playground.saved import load_run, save_run
from playground.trainer import Trainer
from tests.playground.programs import SMALL, objects, playground
from ui.draw.example_strokes import EXAMPLES


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "model.npz"
    assert playground("train", *SMALL, "--epochs", 5, "--save", path).returncode == 0
    return path


def digits(count: int) -> tuple[list[Array], list[int]]:
    """Validation digits (28, 28), and what they are."""
    few = catalog.load("mnist-5k").validation.take(range(count))
    return list(few.X.T.reshape(-1, 28, 28)), few.labels.tolist()


def picture(digit: Array, kind: int) -> Image.Image:
    """The digit as people have it: light on dark, dark on light, transparent, large."""
    gray = Image.fromarray((255 * digit).astype(np.uint8)).resize((280, 280))
    dark = Image.fromarray(255 - np.asarray(gray))
    if kind == 0:
        return gray
    if kind == 1:
        return dark.convert("RGB")
    if kind == 2:
        ink = Image.new("L", gray.size, 20)
        return Image.merge("RGBA", (ink, ink, ink, gray))
    return dark.resize((1200, 1200))


def test_pictures_of_many_kinds_are_read_as_on_the_canvas(model: Path, tmp_path: Path) -> None:
    images, labels = digits(40)
    for i, digit in enumerate(images):
        picture(digit, i % 4).save(tmp_path / f"{i:02}.{('png', 'jpg')[i % 4 == 3]}")
    files = sorted(tmp_path.iterdir())
    done = playground("classify", model, *files)
    lines = objects(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert [line["file"] for line in lines] == list(map(str, files))
    assert (
        np.mean([line["digit"] == label for line, label in zip(lines, labels, strict=True)]) > 0.7
    )
    network = load_run(model).state.network
    for line, file in zip(lines, files, strict=True):
        prepared = prepare(read_picture(file))
        assert prepared is not None
        A = network.predict(prepared.column)[:, 0]
        np.testing.assert_allclose(line["probabilities"], A, atol=1e-5)
        assert line["digit"] == int(A.argmax())


def test_drawings_as_png_files_get_the_answers_of_the_page(model: Path, tmp_path: Path) -> None:
    canvases = [
        render(PenDrawing(-1, 0, tuple(s.astype(np.float64) for s in strokes)), pen=pen, extent=0.6)
        for strokes in EXAMPLES.values()
        for pen in (14, 20, 26)
    ]
    for i, canvas in enumerate(canvases):
        Image.fromarray(canvas).save(tmp_path / f"{i:02}.png")
    lines = objects(playground("classify", model, tmp_path).stdout)
    prepared = [prepare(canvas) for canvas in canvases]
    columns = np.hstack([each.column for each in prepared if each is not None])
    A = load_run(model).state.network.predict(columns)
    assert [line["digit"] for line in lines] == A.argmax(axis=0).tolist()
    np.testing.assert_allclose([line["probabilities"] for line in lines], A.T, atol=1e-5)


def test_what_cannot_be_read_is_told_and_the_others_go_on(model: Path, tmp_path: Path) -> None:
    blank, text, good, bomb = (tmp_path / f"{name}.png" for name in ("a", "b", "c", "d"))
    Image.new("RGB", (50, 50), "white").save(blank)
    text.write_text("not a picture")
    picture(digits(1)[0][0], 1).save(good)
    Image.new("1", (12_000, 10_000)).save(bomb)
    done = playground("classify", model, blank, text, tmp_path / "nowhere.png", good, bomb)
    lines = objects(done.stdout)
    assert (done.returncode, done.stderr) == (1, "")
    assert [line.get("error") for line in lines] == [
        "a.png is blank: nothing stands out in it.",
        "b.png is not a PNG or JPEG picture.",
        "nowhere.png is not there.",
        None,
        "d.png has more than 64 million pixels, the limit for pictures.",
    ]
    assert list(lines[0]) == ["file", "error"]
    assert list(lines[3]) == ["file", "digit", "probabilities"]


def test_a_folder_stands_for_the_pictures_in_it(model: Path, tmp_path: Path) -> None:
    for name in ("2.PNG", "10.jpg", "notes.txt"):
        picture(digits(1)[0][0], 0).save(tmp_path / name, format="PNG")
    (tmp_path / "inner").mkdir()
    done = playground("classify", model, tmp_path, tmp_path / "inner")
    *read, empty = objects(done.stdout)
    assert [Path(line["file"]).name for line in read] == ["10.jpg", "2.PNG"]
    assert empty["error"].endswith("inner does not hold a PNG or JPEG picture that can be read.")
    assert done.returncode == 1


def test_more_pictures_than_go_through_the_network_at_once(model: Path, tmp_path: Path) -> None:
    for i, digit in enumerate(digits(130)[0]):
        Image.fromarray((255 * digit).astype(np.uint8)).save(tmp_path / f"{i:03}.png")
    (tmp_path / "050.png").write_text("")
    lines = objects(playground("classify", model, tmp_path).stdout)
    assert [Path(line["file"]).name for line in lines] == [f"{i:03}.png" for i in range(130)]
    assert [i for i, line in enumerate(lines) if "error" in line] == [50]


def saved(path: Path, names: tuple[str, ...], side: int) -> Path:
    """An untrained network for images of this side and classes of these names."""
    X = np.zeros((side**2, 4), np.float32, order="F")
    data = Dataset("mnist-5k", X, np.zeros(4, int), names, (side, side))
    config = RunConfig(layers=(side**2, len(names)), activations=())
    save_run(path, Trainer(config, Splits(data, data)), History().curves(), seconds=0)
    return path


def test_classes_that_are_not_digits_have_their_names(tmp_path: Path) -> None:
    file = tmp_path / "three.png"
    picture(digits(1)[0][0], 0).save(file)
    path = saved(tmp_path / "clothes.npz", ("T-shirt/top", "Trouser"), 28)
    (line,) = objects(playground("classify", path, file).stdout)
    assert line["digit"] in ("T-shirt/top", "Trouser")
    assert sum(line["probabilities"]) == pytest.approx(1)


def test_a_network_for_other_images_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "small.npz", ("0", "1"), 8)
    done = playground("classify", path, "three.png")
    assert (done.returncode, done.stdout) == (1, "")
    assert (
        "was trained on images of 8×8, but pictures are preprocessed to 28×28 pixels" in done.stderr
    )
