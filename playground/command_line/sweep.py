"""`python -m playground sweep`: many runs with settings that vary, on several processes."""

import json
import os
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence

from data.dataset import DataError
from playground.command_line.exit_codes import DONE, FAILED, INTERRUPTED, MISUSED, say
from playground.command_line.files import own_data
from playground.command_line.flags import (
    add_settings,
    preset_of,
    presets_help,
    texts_of,
    with_dashes,
)
from playground.config import ConfigError, RunConfig, settings_as_text
from playground.cpu_semaphore import n_cores
from playground.formatting import counted, duration
from playground.library.entry import COMMAND_LINE
from playground.library.library import Library
from playground.library.opened import library
from playground.library.schema import LibraryError
from playground.measure import measure_of
from playground.sweep.clusters import CLUSTERS, DASK, existing_address
from playground.sweep.estimate import Estimate
from playground.sweep.plan import Plan
from playground.sweep.ranges import read_space
from playground.sweep.search import METHODS
from playground.sweep.sweep import Sweep, SweepStatus
from playground.sweep.trial import ShownTrial

DESCRIPTION = """\
Train many runs whose settings vary, several at once, and keep them in the library of the app. Each
result is that of the same run in the app, bit for bit.
"""

EXAMPLES = """\
presets:
{presets}

what varies:
  --vary learning_rate=0.01,0.003          these values
  --vary layers=784,16,10;784,32,10        values with commas have semicolons between
  --vary learning_rate=0.0001..0.1         a range; a grid takes five values of it
  --vary width=16..128:20                  …, or as many as this says
  --vary width=16,64 --vary depth=1,2,3    hidden layers: units in each, and how many

examples:
  python -m playground sweep --vary layers=784,16,10;784,32,10 --vary learning_rate=0.01,0.003 \\
      --seeds 1,2,3 --workers 2 --json
  python -m playground sweep --vary width=8..256 --vary learning_rate=0.0003..0.1 \\
      --search random --runs 30 --halving --epochs 20

With --json each run is one JSON object on a line as it ends: settings, varied, held_out_accuracy,
held_out_cost, seconds, status, id. `python -m playground runs show ID` has more of it.

PLAYGROUND_DASK=tcp://HOST:8786 trains on the Dask cluster at that address.

Exit codes: 0 done, 1 the sweep failed, 2 a flag is wrong, 130 stopped by Ctrl-C.
"""


def run(arguments: Sequence[str]) -> int:
    """Sweep as these flags say. Returns the exit code."""
    options = _parse(arguments)
    try:
        plan, kept = _plan(options), library()
        if kept.trouble:
            raise LibraryError(kept.trouble)
        estimate = Estimate(plan)
        seconds = estimate.seconds(wait=True)
    except ConfigError as error:
        return say(error, MISUSED)
    except (DataError, LibraryError) as error:
        return say(error, FAILED)
    about = f", about {duration(seconds)}" if seconds is not None else ""
    on = f" on {counted(plan.workers, 'worker')}" if plan.workers else ""
    of = "" if plan.workers else " of one worker"
    say(f"{counted(estimate.count, 'run')}{on}{about}{of}.", DONE)
    return _train(plan, kept, as_json=options.json)


def _parse(arguments: Sequence[str]) -> Namespace:
    parser = ArgumentParser(
        prog="python -m playground sweep",
        usage="python -m playground sweep --vary NAME=VALUES … [--seeds 1,2,3] [--workers N]\n"
        "       [--search grid|random|optuna] [--runs N] [--halving] [--json] [settings]",
        description=DESCRIPTION,
        epilog=EXAMPLES.format(presets=presets_help()),
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "--vary",
        metavar="NAME=VALUES",
        action="append",
        default=[],
        help="A setting, or width or depth, with its values or its range. May be repeated.",
    )
    parser.add_argument(
        "--seeds", metavar="1,2,3", default="", help="Each run with each of these seeds."
    )
    parser.add_argument(
        "--search",
        choices=tuple(METHODS),
        default="grid",
        help="How runs are found: "
        + "; ".join(f"{name}: {what}" for name, what in METHODS.items()),
    )
    parser.add_argument(
        "--runs", metavar="N", type=int, default=20, help="How many, without a grid. (20)"
    )
    parser.add_argument(
        "--search-seed", metavar="N", type=int, default=1, help="Seed of the search. (1)"
    )
    parser.add_argument(
        "--halving",
        action="store_true",
        help="Stop losers early: at a ninth and at a third of its length only the best third of "
        "the runs goes on.",
    )
    parser.add_argument(
        "--workers",
        metavar="N",
        type=int,
        help=f"Processes that train at once. (this machine's cores: {n_cores()}; with "
        f"{DASK} as many as the cluster has)",
    )
    parser.add_argument("--preset", metavar="NAME", help="Start from these settings.")
    parser.add_argument("--json", action="store_true", help="Print a JSON object for each run.")
    add_settings(parser)
    return parser.parse_args(with_dashes(arguments))


def _plan(options: Namespace) -> Plan:
    """Raises ConfigError or DataError."""
    texts = texts_of(options)
    if "dataset" in texts:
        texts["dataset"] = own_data(texts["dataset"])
    workers = options.workers
    if workers is None:
        workers = 0 if existing_address() else n_cores()
    elif not 1 <= workers <= 16 * (os.cpu_count() or 1):
        raise ConfigError(f"workers: {workers} is not a number of processes from 1 up.")
    if not 0 <= options.search_seed < 2**32:
        raise ConfigError("search-seed: give a whole number from 0 to 4,294,967,295.")
    return Plan(
        read_space(RunConfig.from_text(texts, preset_of(options)), options.vary, options.seeds),
        options.search,
        options.runs,
        options.search_seed,
        options.halving,
        workers,
    )


def _train(plan: Plan, kept: Library, *, as_json: bool) -> int:
    def landed(trial: ShownTrial) -> None:
        print(_json(trial) if as_json else _line(trial), flush=True)

    sweep = Sweep(plan, kept, COMMAND_LINE, landed=landed)
    sweep.start()
    interrupted = False
    while True:
        try:
            if sweep.wait(0.5):
                break
        except KeyboardInterrupt:
            interrupted = True
            sweep.cancel()
    CLUSTERS.close()
    shown = sweep.shown()
    if shown.status is SweepStatus.FAILED:
        return say(shown.message, FAILED)
    if interrupted:
        return say("Stopped. The runs that had begun are in the library.", INTERRUPTED)
    return DONE


def _json(trial: ShownTrial) -> str:
    values = {
        "id": trial.run_id,
        "number": trial.number,
        "status": str(trial.status),
        "held_out_accuracy": _finite(trial.score),
        "held_out_cost": _finite(trial.cost),
        "seconds": round(trial.seconds, 3),
        "iteration": trial.iteration,
        "parameters": trial.parameters,
        "message": trial.message,
        "varied": dict(trial.values),
        "settings": settings_as_text(trial.config),
    }
    return json.dumps(values, allow_nan=False)


def _finite(value: float) -> float | None:
    return value if abs(value) < float("inf") else None


def _line(trial: ShownTrial) -> str:
    varied = " ".join(f"{name}={text}" for name, text in trial.values.items())
    score = measure_of(trial.config).text(trial.score)
    why = f"  {trial.message}" if trial.message else ""
    return (
        f"{trial.run_id}  {trial.status:<13} {score:>7}  {duration(trial.seconds):>8}  "
        f"{varied}{why}"
    )
