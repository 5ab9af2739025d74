"""Training from the command line: the app's run bit for bit, with reports, interrupted, resumed."""

import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TextIO

import numpy as np
import pytest

from data.mnist import MNIST, why_missing
from netcore.network import Network
from playground.command_line.report import JsonLines, Moment
from playground.command_line.session import Session
from playground.config import RunConfig
from playground.run import Run, Status
from playground.run_data import load_data
from playground.saved import SavedRun, load_run
from playground.trainer import Trainer
from playground.training import DivergedError
from tests.playground.examples import DATA, small
from tests.playground.programs import COMMAND, SMALL, objects, playground, start
from tests.server import ROOT

KEYS = ["iteration", "epoch", "cost", "accuracy", "held_out_cost", "held_out_accuracy", "seconds"]

only_linux = pytest.mark.skipif(
    sys.platform != "linux", reason="Linux alone has such a pipe or disk"
)
not_windows = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")


def same(one: SavedRun, other: SavedRun) -> None:
    """Check that all training state and all curves are equal, bit for bit."""
    np.testing.assert_array_equal(one.state.network.theta, other.state.network.theta)
    for name, moment in one.state.optimizer_state.items():
        np.testing.assert_array_equal(moment, other.state.optimizer_state[name])
    for rng in ("order_rng", "noise_rng"):
        ours, theirs = (getattr(run.state, rng).bit_generator.state for run in (one, other))
        assert ours == theirs
    assert (one.state.iteration, one.state.epoch) == (other.state.iteration, other.state.epoch)
    for name in ("step_cost", "iteration", "cost", "accuracy", "validation_cost"):
        np.testing.assert_array_equal(getattr(one.curves, name), getattr(other.curves, name))


def test_the_help_names_the_keys_of_the_json() -> None:
    help_text = playground("train", "--help").stdout
    assert all(key in help_text for key in KEYS)


def test_json_has_a_line_for_every_epoch(tmp_path: Path) -> None:
    done = playground("train", *SMALL, "--epochs", 3, "--json", "--save", tmp_path / "model.npz")
    lines = objects(done.stdout)
    assert [list(line) for line in lines] == [KEYS, KEYS, [*KEYS, "done"]]
    assert lines[-1]["done"] is True
    assert [(line["iteration"], line["epoch"]) for line in lines] == [(32, 1), (64, 2), (96, 3)]
    assert lines[0]["seconds"] < lines[1]["seconds"] < lines[2]["seconds"]
    assert lines[-1]["held_out_accuracy"] > 0.7
    assert (done.returncode, done.stderr) == (0, f"Saved in {tmp_path / 'model.npz'}.\n")


def test_every_epoch_has_its_line_where_there_are_very_many(tmp_path: Path) -> None:
    """Of 1,000 epochs the page measures every second one."""
    pixels = np.random.default_rng(0).integers(0, 256, (50, 4))
    rows = [f"{i % 10},{','.join(map(str, row))}\n" for i, row in enumerate(pixels)]
    (tmp_path / "train.csv").write_text("".join(rows))
    path = tmp_path / "model.npz"
    done = playground(
        "train", "--dataset", "mnist", "--digit-forms", "mnist", "--layers", "4,10",
        "--activations", "", "--batch-size", "full", "--epochs", 1000,
        "--json", "--save", path, data=tmp_path,
    )  # fmt: skip
    lines = objects(done.stdout)
    assert [line["epoch"] for line in lines] == list(range(1, 1001))
    assert [line["epoch"] for line in lines if "done" in line] == [1000]
    assert load_run(path).curves.iteration.tolist() == list(range(0, 1001, 2))


def test_a_run_that_ends_within_an_epoch_has_a_last_line() -> None:
    lines = objects(playground("train", *SMALL, "--iterations", 40, "--json").stdout)
    assert [(line["iteration"], line["epoch"]) for line in lines] == [(32, 1), (40, 1)]
    assert lines[-1]["done"] is True


def test_it_is_the_app_s_run_bit_for_bit(tmp_path: Path) -> None:
    done = playground("train", "--epochs", 2, "--save", tmp_path / "model.npz")
    assert (done.returncode, done.stderr) == (0, f"Saved in {tmp_path / 'model.npz'}.\n")
    config = RunConfig(epochs=2)
    assert config.has_forms
    run = Run(config, load_data(config))
    run.play()
    while run.busy:
        time.sleep(0.01)  # the worker is a thread of its own, as behind the page
    shown, saved = run.snapshot, load_run(tmp_path / "model.npz")
    assert shown.status is Status.DONE
    assert saved.config == config
    np.testing.assert_array_equal(saved.state.network.theta, shown.network.theta)
    for name in ("step_cost", "iteration", "cost", "validation_accuracy"):
        np.testing.assert_array_equal(getattr(saved.curves, name), getattr(shown.curves, name))
    validation = shown.measured.validation
    assert f"validation accuracy {validation.score:.1%}, cost {validation.cost:.4f}" in done.stdout


def test_two_separate_epochs_equal_two_epochs(tmp_path: Path) -> None:
    one, two, whole = (tmp_path / name for name in ("one.npz", "two.npz", "whole.npz"))
    flags = ("train", *SMALL, "--augmentation", 1, "--schedule", "constant", "--dropout", 0.2)
    playground(*flags, "--epochs", 1, "--save", one)
    resumed = playground("train", "--resume", one, "--epochs", 2, "--json", "--save", two)
    assert [line["epoch"] for line in objects(resumed.stdout)] == [2]
    playground(*flags, "--epochs", 2, "--save", whole)
    first, last = load_run(two), load_run(whole)
    np.testing.assert_array_equal(first.state.network.theta, last.state.network.theta)
    assert first.state.noise_rng.bit_generator.state == last.state.noise_rng.bit_generator.state
    np.testing.assert_array_equal(first.curves.step_cost, last.curves.step_cost)
    assert first.seconds > load_run(one).seconds


def test_ctrl_c_saves_and_resume_continues_as_if_not_interrupted(tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("the size of a pipe is a matter of Linux")
    import fcntl

    stopped, resumed, whole = (tmp_path / name for name in ("a.npz", "b.npz", "c.npz"))
    flags = ("train", *SMALL, "--epochs", 60, "--json")
    with start(*flags, "--save", stopped) as process:
        assert process.stdout is not None
        # A pipe of one page holds some 20 of the 60 lines: the run waits for its reader.
        fcntl.fcntl(process.stdout, fcntl.F_SETPIPE_SZ, 4096)
        first = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    lines = objects(first + out)
    assert process.returncode == 130
    at = load_run(stopped).state.iteration
    assert err == (
        f"Interrupted by Ctrl-C after iteration {at:,} of 1,920, in epoch {at // 32 + 1}.\n"
        f"Saved in {stopped}.\nTo continue: python -m playground train --resume {stopped}\n"
    )
    assert [line for line in lines if "done" in line] == []
    assert lines[-1]["iteration"] == load_run(stopped).state.iteration < 60 * 32

    playground("train", "--resume", stopped, "--save", resumed)
    playground(*flags, "--save", whole)
    same(load_run(resumed), load_run(whole))


@not_windows
def test_ctrl_c_without_save_says_that_nothing_is_saved() -> None:
    with start("train", *SMALL, "--epochs", 10_000, "--json") as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()
    assert process.returncode == 130
    interrupted, lost = err.splitlines()
    assert interrupted.startswith("Interrupted by Ctrl-C after iteration ")
    assert lost == "The network is not saved; use --save model.npz to save it."


@not_windows
def test_a_closed_pipe_ends_the_run(tmp_path: Path) -> None:
    with start("train", *SMALL, "--epochs", 10_000, "--json", "--save", tmp_path / "m") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == f"Saved in {tmp_path / 'm'}.\n"
    assert process.returncode == 141
    assert load_run(tmp_path / "m").state.iteration >= 32


@only_linux
def test_a_full_disk_under_the_output_does_not_lose_the_network(tmp_path: Path) -> None:
    path = tmp_path / "model.npz"
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*COMMAND, "train", *SMALL, "--epochs", "2", "--json", "--save", str(path)],
            cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
    assert done.stderr == (
        f"Saved in {path}.\nThe output cannot be written: No space left on device.\n"
    )
    assert done.returncode == 1
    assert load_run(path).state.epoch == 1


def test_a_finished_run_says_that_it_is_done(tmp_path: Path) -> None:
    path = tmp_path / "model.npz"
    playground("train", *SMALL, "--epochs", 1, "--save", path)
    done = playground("train", "--resume", path, "--json")
    (line,) = objects(done.stdout)
    assert (line["epoch"], line["done"]) == (1, True)
    assert done.stderr == (  # and not that it is not saved
        f"{path} is finished: all of its 32 iterations are done (1 epoch). To continue, make the "
        "run longer: --epochs 2.\n"
    )
    assert done.returncode == 0
    longer = playground("train", "--resume", path, "--epochs", 2)
    assert longer.stdout.startswith("64 iterations, 2 epochs, ")
    assert "finished" not in longer.stderr


def test_own_csv_and_idx_files_are_trained_on_and_resumed(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    pixels, labels = rng.integers(0, 256, (60, 4)), np.arange(60) % 3
    pixels[np.arange(60), labels] = 255
    rows = [
        f"{label},{','.join(map(str, row))}\n" for label, row in zip(labels, pixels, strict=True)
    ]
    csv, images, classes = (tmp_path / name for name in ("own.csv", "images.idx", "labels.idx"))
    csv.write_text("label,pixel0,pixel1,pixel2,pixel3\n" + "".join(rows))
    size = [each.to_bytes(4, "big") for each in (60, 2, 2)]
    images.write_bytes(bytes([0, 0, 8, 3]) + b"".join(size) + pixels.astype(np.uint8).tobytes())
    classes.write_bytes(bytes([0, 0, 8, 1]) + size[0] + labels.astype(np.uint8).tobytes())
    model = tmp_path / "model.npz"
    flags = ("--layers", "4,6,3", "--augmentation", 0, "--batch-size", 16)
    for files in (csv, f"{images},{classes}"):
        done = playground("train", "--dataset", files, *flags, "--epochs", 1, "--save", model)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("3 iterations, 1 epoch, ")
    longer = ("train", "--resume", model, "--epochs", 2)
    alone = playground(*longer)
    assert alone.returncode == 1
    assert "give the same ones again, --dataset FILE" in alone.stderr
    again = playground(*longer, "--dataset", f"{classes},{images}")
    assert again.stdout.startswith("6 iterations, 2 epochs, ")
    other = playground(*longer, "--dataset", csv.with_name("none.csv"))
    assert other.returncode == 1
    assert "none.csv is not there; give a CSV file, or two IDX files" in other.stderr


def test_resume_keeps_the_settings_of_the_run(tmp_path: Path) -> None:
    path = tmp_path / "model.npz"
    playground("train", *SMALL, "--epochs", 1, "--save", path)
    done = playground("train", "--resume", path, "--optimizer", "momentum")
    assert done.returncode == 2
    assert done.stderr.startswith("optimizer: a saved run keeps its own value")


def test_a_run_that_diverges_says_so_and_saves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "model.npz"
    done = playground(
        "train", *SMALL, "--activations", "identity", "--optimizer", "momentum",
        "--learning-rate", 100, "--l2", 10, "--epochs", 20, "--json", "--save", path,
    )  # fmt: skip
    assert done.returncode == 1
    assert "The run diverged at iteration" in done.stderr
    assert "ten times smaller than 100. Nothing is saved." in done.stderr
    assert not path.exists()
    assert "done" not in done.stdout
    assert "NaN" not in done.stdout


class StopsAtTheWorstMoment(JsonLines):
    """Ctrl-C arrives in a step whose cost was still finite, but whose update was not."""

    def __init__(self, network: Network, stream: TextIO) -> None:
        super().__init__(stream)
        self._network = network

    def step(self, moment: Moment) -> None:
        self._network.theta[:] = np.nan
        signal.raise_signal(signal.SIGINT)


def test_a_run_stopped_in_the_step_that_diverged_says_so_too() -> None:
    said = io.StringIO()
    trainer = Trainer(small(), DATA)
    with pytest.raises(DivergedError, match=r"The run diverged at iteration 1: .* of W1"):
        Session(trainer).train(StopsAtTheWorstMoment(trainer.network, said))
    assert said.getvalue() == ""


def test_a_preset_with_other_settings(tmp_path: Path) -> None:
    path = tmp_path / "model.npz"
    playground("train", "--preset", "post-small", "--iterations", 3, "--seed=7", "--save", path)
    config = load_run(path).config
    assert config.layers == (784, 10, 10)
    assert (config.batch_size, config.iterations, config.seed) == (None, 3, 7)


def on_a_terminal(columns: int, *arguments: object) -> tuple[str, str]:
    """The standard output of a run, and its output to a terminal of so many columns."""
    if sys.platform == "win32":
        pytest.skip("Windows has no such terminal")
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    command = [*COMMAND, *map(str, arguments)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 4096):
                shown += piece
        except OSError:  # on Linux, reading raises when the writing end is closed
            pass
        assert process.stdout is not None
        out = process.stdout.read().decode()
    os.close(ours)
    return out, shown.decode()


@pytest.mark.parametrize("columns", [120, 30])
def test_a_terminal_gets_a_line_that_moves(columns: int) -> None:
    out, shown = on_a_terminal(columns, "train", *SMALL, "--epochs", 3)
    *drawn, last = shown.replace("\x1b[K", "").split("\r")[1:-2]
    assert shown.count("\n") == 1  # of the sentence at the end
    assert all(len(line) < columns for line in (*drawn, last))
    assert last.startswith("100% [########################]"[: columns - 1])
    if columns == 120:
        assert " s left  epoch 3  iteration 96/96  validation " in last
    assert shown.rstrip().endswith("The network is not saved; use --save model.npz to save it.")
    assert "96 iterations, 3 epochs" in out


def test_json_leaves_the_terminal_alone() -> None:
    out, shown = on_a_terminal(80, "train", *SMALL, "--epochs", 1, "--json")
    assert len(objects(out)) == 1
    assert "%" not in shown


def test_digit_forms_and_other_data_are_refused_in_a_sentence() -> None:
    done = playground("train", "--dataset", "fashion-mnist", "--digit-forms", "world")
    assert done.returncode == 2
    assert "digit_forms: fashion-mnist is not MNIST" in done.stderr
    done = playground("train", "--digit-forms", "all")
    assert done.returncode == 2
    assert "unknown digit forms 'all'; choose one of: mnist, world." in done.stderr


@pytest.mark.skipif(why_missing(MNIST) is not None, reason="PLAYGROUND_DATA has no MNIST")
@pytest.mark.parametrize("batch_size", ["full", 128])
def test_all_of_mnist(batch_size: object) -> None:
    flags = ("--dataset", "mnist", "--batch-size", batch_size, "--iterations", 3)
    lines = objects(playground("train", *SMALL, *flags, "--json").stdout)
    assert lines[-1]["iteration"] == 3
    assert lines[-1]["epoch"] == (3 if batch_size == "full" else 0)


@pytest.mark.parametrize("more", [(), ("--subset", 500), ("--digit-forms", "world")], ids=str)
def test_the_script_redraws_the_curve_to_the_bit(tmp_path: Path, more: tuple[object, ...]) -> None:
    file, model = tmp_path / "mine.py", tmp_path / "model.npz"
    flags = (*SMALL, "--epochs", 2, "--dropout", 0.2, *more)
    done = playground("train", *flags, "--script", file, "--save", model)
    assert done.stderr.startswith(f"The script is {file}")
    assert (tmp_path / "mine.data.npz").is_file() == bool(more)
    printed = subprocess.run(
        [sys.executable, str(file)], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    costs = [float(line) for line in printed.stdout.splitlines()]
    assert costs == load_run(model).curves.step_cost.tolist()


def test_a_script_that_cannot_be_written_is_told_before_the_training(tmp_path: Path) -> None:
    done = playground("train", *SMALL, "--script", tmp_path / "no" / "run.py")
    assert done.returncode == 2
    assert f"script: there is no folder {tmp_path / 'no'}" in done.stderr


def test_a_regression_says_r_squared() -> None:
    said = playground(
        "train", "--dataset", "reg-gauss", "--points", 60, "--epochs", 2, "--json"
    ).stdout
    last = json.loads(said.splitlines()[-1])
    assert {"r2", "held_out_r2"} <= set(last)
    assert "accuracy" not in last
    said = playground("train", "--dataset", "reg-gauss", "--points", 60, "--epochs", 2).stdout
    assert re.search(r"validation R² -?\d+\.\d{3}, cost", said)
