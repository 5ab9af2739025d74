"""`python -m playground runs`: the library of runs without the app."""

import json
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from data.atomic_file import write_atomically
from playground.command_line.exit_codes import DONE, FAILED, MISUSED
from playground.command_line.files import check_target
from playground.config import ConfigError
from playground.formatting import counted, duration
from playground.library.entry import Entry
from playground.library.library import Library
from playground.library.opened import library
from playground.library.schema import LibraryError
from playground.library.table import as_zip, matching

EXAMPLES = """\
  python -m playground runs list
  python -m playground runs list --filter "optimizer=adam tuesday" --json
  python -m playground runs show ID
  python -m playground runs export runs.zip          # all of them; or name some: runs.zip ID ID
  python -m playground runs delete ID ID             # for good

The runs of all browsers are listed, because whoever can read the library's folder owns them. With
--json each run is a JSON object on a line. The app may be running meanwhile.

Exit codes: 0 done, 1 there is no such run or the library cannot be used, 2 the command is wrong.
"""


def run(arguments: Sequence[str]) -> int:
    """Run the command in these arguments. Returns the exit code."""
    options = _parse(arguments)
    try:
        if options.action == "export":
            check_target(options.file, "export", "runs.zip")
        kept = library()
        if kept.trouble:
            raise LibraryError(kept.trouble)
        if kept.notice:
            print(kept.notice, file=sys.stderr)
        _ACTIONS[options.action](kept, options)
    except ConfigError as error:
        print(error, file=sys.stderr)
        return MISUSED
    except LibraryError as error:
        print(error, file=sys.stderr)
        return FAILED
    return DONE


def _parse(arguments: Sequence[str]) -> Namespace:
    parser = ArgumentParser(
        prog="python -m playground runs",
        description="List, show, export and delete the runs that the app has kept.",
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    as_json = ArgumentParser(add_help=False)
    as_json.add_argument("--json", action="store_true", help="a JSON object on a line for each run")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser("list", parents=[as_json], help="all runs, the newest first")
    listing.add_argument(
        "--filter", metavar="WORDS", default="", help="only runs with these words, as on the page"
    )
    showing = actions.add_parser("show", parents=[as_json], help="settings and results of runs")
    showing.add_argument("ids", metavar="ID", nargs="+")
    exporting = actions.add_parser("export", parents=[as_json], help="one ZIP file with runs")
    exporting.add_argument("file", metavar="FILE", type=Path)
    exporting.add_argument("ids", metavar="ID", nargs="*")
    deleting = actions.add_parser("delete", parents=[as_json], help="delete runs for good")
    deleting.add_argument("ids", metavar="ID", nargs="+")
    return parser.parse_args(arguments)


def _list(kept: Library, options: Namespace) -> None:
    entries = matching(kept.entries(), options.filter)
    for entry in entries:
        if options.json:
            _print_json(entry)
        else:
            score = "" if entry.accuracy is None else f"{entry.accuracy:7.2%}"
            print(f"{entry.id}  {_day(entry)}  {entry.status:<8} {score:>8}  {entry.name}")
    if not entries and not options.json:
        print("No run fits the filter." if options.filter else "No runs are kept yet.")


def _show(kept: Library, options: Namespace) -> None:
    for entry in _named(kept, options.ids):
        if options.json:
            _print_json(entry)
            continue
        print(
            f"{entry.name}\n"
            f"  {entry.status}, {entry.iteration:,} of {entry.iterations:,} iterations, "
            f"{counted(entry.epoch, 'epoch')}, {duration(entry.seconds)}, "
            f"{entry.parameters:,} parameters\n"
            f"  validation: accuracy {_text(entry.accuracy, '.2%')} "
            f"(best {_text(entry.best_accuracy, '.2%')}), "
            f"cost {_text(entry.cost, '.4f')} (best {_text(entry.best_cost, '.4f')})"
        )
        for name, text in entry.settings.items():
            print(f"  {name} {text}")


def _export(kept: Library, options: Namespace) -> None:
    entries = _named(kept, options.ids) if options.ids else kept.entries()
    try:
        write_atomically(options.file, as_zip(kept, entries))
    except OSError as error:
        raise LibraryError(f"{options.file} cannot be written: {error.strerror}.") from error
    _say_done(options, entries, f"Exported {counted(len(entries), 'run')} to {options.file}.")


def _delete(kept: Library, options: Namespace) -> None:
    entries = _named(kept, options.ids)
    kept.purge(entry.id for entry in entries)
    _say_done(options, entries, f"Deleted {counted(len(entries), 'run')}.")


_ACTIONS = {"list": _list, "show": _show, "export": _export, "delete": _delete}


def _say_done(options: Namespace, entries: Sequence[Entry], sentence: str) -> None:
    if options.json:
        for entry in entries:
            _print_json(entry)
    else:
        print(sentence)


def _named(kept: Library, ids: Sequence[str]) -> list[Entry]:
    """The runs of these ids. Raises LibraryError if one is missing: then nothing is done."""
    found = kept.find(ids)
    missing = [id for id in ids if id not in {entry.id for entry in found}]
    if missing:
        raise LibraryError(
            f"No run has the id {missing[0][:40]}: python -m playground runs list shows all."
        )
    return found


def _print_json(entry: Entry) -> None:
    values: dict[str, Any] = {
        "id": entry.id,
        "name": entry.name,
        "tags": entry.tags,
        "pinned": entry.pinned,
        "status": entry.status,
        "iteration": entry.iteration,
        "epoch": entry.epoch,
        "held_out_accuracy": entry.accuracy,
        "held_out_cost": entry.cost,
        "best_held_out_accuracy": entry.best_accuracy,
        "best_held_out_cost": entry.best_cost,
        "seconds": round(entry.seconds, 3),
        "parameters": entry.parameters,
        "bytes": entry.bytes,
        "created": _day(entry),
        "checksum": entry.checksum,
        "settings": entry.settings,
    }
    print(json.dumps(values, allow_nan=False), flush=sys.stdout.isatty())


def _day(entry: Entry) -> str:
    return datetime.fromtimestamp(entry.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _text(value: float | None, form: str) -> str:
    return "not finite" if value is None else format(value, form)
