"""Runs `python -m playground` in a separate process."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from data.folders import DATA_FOLDER
from tests.server import ROOT

# An epoch takes some hundredths of a second.
SMALL = ("--layers", "784,12,10", "--augmentation", "0", "--digit-forms", "mnist")
COMMAND = (sys.executable, "-m", "playground")


def playground(*arguments: object, data: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run to the end; data is the folder that data sets are looked for in."""
    command = [*COMMAND, *map(str, arguments)]
    env = os.environ | ({} if data is None else {DATA_FOLDER: str(data)})
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert "Traceback" not in done.stderr
    return done


def start(*arguments: object) -> subprocess.Popen[str]:
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def objects(lines: str | Sequence[str]) -> list[dict[str, Any]]:
    """The JSON objects on these lines, each of which must be one."""
    return [json.loads(line) for line in (lines.splitlines() if isinstance(lines, str) else lines)]
