"""Runs the command that is named.

A command's modules are imported only when it runs, so that `--help` answers at once.
"""

import io
import os
import sys
from argparse import REMAINDER, SUPPRESS, ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Sequence

from playground.command_line.exit_codes import BROKEN_PIPE, FAILED, INTERRUPTED, MISUSED

COMMANDS = """\
commands:
  train      train a network as the app does, show its progress, save it
  classify   classify pictures of digits with a saved network
  sweep      train many runs whose settings vary, several at once
  runs       list, show, export and delete the runs that the app has kept

  python -m playground train --save model.npz
  python -m playground classify model.npz three.png photos/
  python -m playground runs list

For the options of a command: python -m playground train --help
"""


def main(arguments: Sequence[str]) -> int:
    """Run the command in these arguments. Returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # for terminals without the letter α
    try:
        try:
            return _run(arguments)
        finally:
            print(end="", flush=True)  # raises here, not at exit, if the pipe is closed
    except OSError as error:  # commands handle errors of other files themselves
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):  # the reader has stopped, such as `| head`
            return BROKEN_PIPE
        print(f"The output cannot be written: {error.strerror}.", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return INTERRUPTED


def _run(arguments: Sequence[str]) -> int:
    parser = ArgumentParser(
        prog="python -m playground",
        usage="python -m playground COMMAND …",
        description="Netcore Playground without its page: a neural network in NumPy alone.",
        epilog=COMMANDS,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=("train", "classify", "sweep", "runs"), help=SUPPRESS)
    parser.add_argument("arguments", nargs=REMAINDER, help=SUPPRESS)
    if not arguments:
        parser.print_help(sys.stderr)
        return MISUSED
    options = parser.parse_args(arguments)
    if options.command == "train":
        from playground.command_line.train import run
    elif options.command == "classify":
        from playground.command_line.classify import run
    elif options.command == "sweep":
        from playground.command_line.sweep import run
    else:
        from playground.command_line.runs import run
    return run(options.arguments)
