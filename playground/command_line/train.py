"""`python -m playground train`: trains a run of the app, from its settings to a saved file."""

import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from pathlib import Path

from data.dataset import DataError
from data.upload_store import is_upload
from playground.command_line.exit_codes import DONE, FAILED, INTERRUPTED, MISUSED, say
from playground.command_line.files import check_target, load, own_data, write_script
from playground.command_line.flags import (
    add_settings,
    preset_of,
    presets_help,
    texts_of,
    with_dashes,
)
from playground.command_line.report import Bar, JsonLines, Report
from playground.command_line.session import Session
from playground.config import ConfigError, RunConfig
from playground.formatting import counted
from playground.run_data import fitted, load_data
from playground.saved import save_run
from playground.storage.train_state import StorageError
from playground.time_machine.changes import Change, Changes
from playground.trainer import Trainer
from playground.training import DivergedError

DESCRIPTION = """\
Train a network as the app does: the same settings give the same network, bit for bit.
Ctrl-C ends the run and saves it; --resume continues it as if it had not been interrupted.
"""

EXAMPLES = """\
presets:
{presets}

examples:
  python -m playground train --save model.npz
  python -m playground train --layers 784,64,10 --activations tanh --batch-size full --epochs 200
  python -m playground train --preset post-small --json > costs.jsonl
  python -m playground train --task 3-8 --epochs 10
  python -m playground train --dataset spiral --layers 2,8,8,1 --activations tanh
  python -m playground train --dataset digits.csv --epochs 20
  python -m playground train --dataset images.idx,labels.idx --layers 784,64,10
  python -m playground train --layers 784,10,10 --script run.py
  python -m playground train --resume model.npz --epochs 60 --save longer.npz

With --json every epoch is one JSON object on a line: iteration, epoch, cost, accuracy (of the
first 1,000 training examples), held_out_cost, held_out_accuracy (of the validation set), seconds;
the last one of a finished run has "done": true.

Exit codes: 0 done, 1 the run failed, 2 a flag is wrong, 130 stopped by Ctrl-C.
"""


def run(arguments: Sequence[str]) -> int:
    """Train as these flags say. Returns the exit code."""
    options = _parse(arguments)
    try:
        if options.save is not None:
            check_target(options.save)
        if options.script is not None:
            check_target(options.script, "script", "run.py")
        session = _begin(options)
        if options.script is not None:
            say(_write_script(options.script, session), DONE)
    except ConfigError as error:
        return say(error, MISUSED)
    except (DataError, StorageError) as error:
        return say(error, FAILED)
    was_done = session.trainer.done
    if was_done:
        say(_is_finished(options.resume, session), DONE)
    report = _report(as_json=options.json)
    try:
        finished = session.train(report)
    except DivergedError as error:
        report.close()
        return say(f"{error} Nothing is saved.", FAILED)
    except OSError:  # the reader of the output has gone: still save the network
        _save(session, options.save)
        raise
    report.close()
    if not finished:
        say(_was_interrupted(session), INTERRUPTED)
    saved = (was_done and options.save is None) or _save(session, options.save)
    if not finished and saved and options.save is not None:
        say(f"To continue: python -m playground train --resume {options.save}", DONE)
    if not options.json:
        print(session.summary())
    if not saved:
        return FAILED
    return DONE if finished else INTERRUPTED


def _parse(arguments: Sequence[str]) -> Namespace:
    parser = ArgumentParser(
        prog="python -m playground train",
        usage="python -m playground train [--preset NAME | --resume FILE] [--save FILE]\n"
        "       [--script FILE] [--json] [settings]",
        description=DESCRIPTION,
        epilog=EXAMPLES.format(presets=presets_help()),
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "--save",
        metavar="FILE",
        type=Path,
        help="File to save the run to; an existing file is replaced.",
    )
    parser.add_argument(
        "--script",
        metavar="FILE",
        type=Path,
        help="Also write the run as one NumPy script that prints the same costs, bit for bit.",
    )
    start = parser.add_mutually_exclusive_group()
    start.add_argument(
        "--preset", metavar="NAME", help="Start from these settings; flags change them."
    )
    start.add_argument(
        "--resume",
        metavar="FILE",
        type=Path,
        help="Continue a saved run; rate, length, L2, dropout and augmentation may change.",
    )
    parser.add_argument(
        "--json",
        action="store_true",
        help="Print one JSON object per epoch instead of a progress bar.",
    )
    add_settings(parser)
    return parser.parse_args(with_dashes(arguments))


def _begin(options: Namespace) -> Session:
    """The run that the flags describe, before its first step.

    Raises ConfigError, DataError or StorageError.
    """
    texts = texts_of(options)
    if "dataset" in texts:
        texts["dataset"] = own_data(texts["dataset"])
    if options.resume is not None:
        saved = load(options.resume)
        config = RunConfig.from_text(texts, saved.config)
        if is_upload(config.dataset) and "dataset" not in texts:
            raise DataError(
                f"{options.resume} was trained on your own files: give the same ones again, "
                "--dataset FILE (two IDX files with a comma between)."
            )
        trainer = saved.trainer(load_data(config), config)
        changes = saved.changes
        if changes is not None and config != saved.config:
            changes = changes.with_change(Change(trainer.state.iteration, config))
        return Session(trainer, saved.curves, saved.seconds, saved.fine_tuning, changes)
    config = RunConfig.from_text(texts, preset_of(options))
    data = load_data(config)
    if "layers" not in texts:
        config = fitted(config, data)
    return Session(Trainer(config, data), changes=Changes(0, config))


def _is_finished(path: Path | None, session: Session) -> str:
    state = session.trainer.state
    more = max(2 * state.epoch, state.epoch + 1)
    return (
        f"{path} is finished: all of its {counted(state.iteration, 'iteration')} are done "
        f"({counted(state.epoch, 'epoch')}). To continue, make the run longer: --epochs {more}."
    )


def _was_interrupted(session: Session) -> str:
    state, n = session.trainer.state, session.trainer.hyper.iterations
    return (
        f"Interrupted by Ctrl-C after iteration {state.iteration:,} of {n:,}, in epoch "
        f"{state.epoch + 1:,}."
    )


def _write_script(path: Path, session: Session) -> str:
    """Write the script. Raises StorageError if that fails."""
    trainer, fine_tuning = session.trainer, session.fine_tuning
    if fine_tuning is not None:  # a script cannot contain the drawings, so it is of the run before
        return write_script(path, fine_tuning.config, load_data(fine_tuning.config))
    return write_script(path, trainer.config, trainer.data)


def _report(*, as_json: bool) -> Report:
    if as_json:
        return JsonLines(sys.stdout)
    return Bar(sys.stderr) if sys.stderr.isatty() else Report()


def _save(session: Session, path: Path | None) -> bool:
    """Save the run if asked to, and report it. Returns False if that failed."""
    if path is None:
        say("The network is not saved; use --save model.npz to save it.", DONE)
        return True
    try:
        save_run(
            path,
            session.trainer,
            session.curves,
            session.seconds,
            session.fine_tuning,
            session.changes,
        )
    except (StorageError, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        say(f"{path} cannot be saved: {reason}.", FAILED)
        return False
    say(f"Saved in {path}.", DONE)
    return True
