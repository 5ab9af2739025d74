"""Holds who may import whom, how long pages get, and where the session's state may be touched.

That nothing uses NumPy's global random state is ruff's rule NPY002.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server import ROOT

# What each room may import besides the standard library: a new name here is a decision.
CORE = {"playground", "netcore", "data", "numpy", "plotly"}
DOWNLOAD = {"requests", "urllib3"}  # the first raises errors of the second
DASK = {"distributed", "dask", "cloudpickle"}
ROOMS = {
    "netcore": {"netcore", "numpy"},
    "data": {"data", "numpy", "scipy", "PIL", "mlxtend", "platformdirs"} | DOWNLOAD,
    "playground": CORE | {"threadpoolctl", "onnx", "optuna", "sklearn", "umap", "cleanlab"} | DASK,
    "ui": CORE | {"ui", "streamlit", "PIL"},
    "pages": CORE | {"ui", "streamlit"},
    "app.py": {"ui", "playground", "streamlit"},
}
STANDARD_LIBRARY = sys.stdlib_module_names - {"random"}  # its state is global
ONLY_IN = {"session_state": "ui/session.py"}
MAX_LINES = {"app.py": 50, "pages": 120}


def violations(root: Path) -> list[str]:
    """Every broken rule in the tree, as "file:line: sentence"."""
    return [
        f"{path}:{line}: {sentence}"
        for room in ROOMS
        for file in [root / room, *sorted((root / room).rglob("*.py"))]
        if file.is_file()
        for path in [file.relative_to(root).as_posix()]
        for line, sentence in broken_rules(room, path, file.read_text(encoding="utf-8"))
    ]


def broken_rules(room: str, path: str, source: str) -> Iterator[tuple[int, str]]:
    lines = len(source.splitlines())
    if lines > MAX_LINES.get(room, lines):
        yield lines, f"{lines} lines, at most {MAX_LINES[room]} are allowed"
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                used = [alias.name.split(".")[0] for alias in names]
            case ast.ImportFrom(module=module, level=level):
                used = [room if level else str(module).split(".")[0]]
            case ast.Attribute(attr="session_state"):
                used = ["session_state"]
            case _:
                continue
        for name in used:
            if name in ONLY_IN and path != ONLY_IN[name]:
                yield node.lineno, f"{name} belongs to {ONLY_IN[name]} alone"
            elif name not in ROOMS[room] | STANDARD_LIBRARY | ONLY_IN.keys():
                yield node.lineno, f"{room} may not import {name}"


# A page is drawn from one snapshot of its run, handed down: what draws is given a Snapshot, and
# asks for nothing of another moment. Callbacks are given none, and ask for the run as it is then.
LIVE = {"now", "current_run", "run_before", "snapshot", "between_steps", "viewers"}
MAY_LOOK = {"app.py", "ui/runs.py", "ui/windows.py"}


def looks_at_the_run(path: str, source: str) -> Iterator[tuple[int, str]]:
    """Where drawing code reads a run, not its snapshot."""
    if path in MAY_LOOK:
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in LIVE - {"now"}:
            yield node.lineno, f".{node.attr} is a run's: draw from the snapshot"
        if not isinstance(node, ast.FunctionDef):
            continue
        given = [argument.annotation for argument in node.args.args + node.args.kwonlyargs]
        if not any(isinstance(each, ast.Name) and each.id == "Snapshot" for each in given):
            continue
        for inner in ast.walk(node):
            match inner:
                case ast.Attribute(value=ast.Name(id="runs"), attr="now"):
                    yield inner.lineno, f"{node.name} draws a snapshot and asks for another"


def all_looks(root: Path) -> list[str]:
    return [
        f"{path}:{line}: {sentence}"
        for room in ("ui", "pages")
        for file in sorted((root / room).rglob("*.py"))
        for path in [file.relative_to(root).as_posix()]
        for line, sentence in looks_at_the_run(path, file.read_text(encoding="utf-8"))
    ]


def test_a_page_is_drawn_from_one_snapshot() -> None:
    looks = all_looks(ROOT)
    assert not looks, "\n".join(looks)


@pytest.mark.parametrize(
    "source",
    [
        "def draw(shown: Snapshot) -> None:\n    st.text(run.snapshot.status)",
        "def draw(shown: Snapshot) -> None:\n    st.text(runs.current_run().config)",
        "def draw(shown: Snapshot) -> None:\n    st.text(runs.now().status)",
        "def draw(shown: Snapshot) -> None:\n    def part() -> None:\n        runs.now()",
        "def draw() -> None:\n    run.between_steps(copy)",
    ],
)
def test_a_planted_look_at_the_run_is_seen(source: str) -> None:
    assert list(looks_at_the_run("ui/status.py", source))


# How netcore cuts its work into blocks is its own affair: others ask it for sizes and numbers.
REGISTRIES = {
    "ACTIVATIONS", "HIDDEN_ACTIVATIONS", "INITIALIZERS", "LOSSES", "OPTIMIZERS", "SCHEDULES",
}  # fmt: skip


def constants_of_netcore(source: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("netcore"):
            for alias in node.names:
                if alias.name.isupper() and alias.name not in REGISTRIES:
                    yield node.lineno, f"{alias.name} is netcore's own"


EXPORT = sorted(f"export/{file.stem}" for file in (ROOT / "playground" / "export").glob("*.py"))


@pytest.mark.parametrize(
    "name", ["cpu_semaphore", "forecast", "run", "trainer", "training", *EXPORT]
)
def test_constants_of_netcore_stay_there(name: str) -> None:
    source = (ROOT / "playground" / f"{name}.py").read_text(encoding="utf-8")
    assert list(constants_of_netcore(source)) == []


def test_a_planted_constant_of_netcore_is_seen() -> None:
    assert list(constants_of_netcore("from netcore.training import ACCUMULATORS"))
    assert not list(constants_of_netcore("from netcore.optimizers import OPTIMIZERS, Adam"))


# Of a file that cannot be imported no test runs: what one system alone has is imported
# by the function that needs it, which says that it is skipped elsewhere.
ONE_SYSTEMS = {
    "_winapi", "msvcrt", "winreg", "winsound",
    "fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty",
}  # fmt: skip


# Not every part of a room knows the others: what it must not import, directly or through others.
KNOWS_NOTHING_OF = {
    "playground/trainer.py": {"playground.fine_tuning"},
    "playground/settings.py": {"data.download", "data.mirrors", "data.catalog"},
}


def everything_imported_by(root: Path, path: str) -> set[str]:
    """The modules that this file imports at its top, and those that these import, and so on."""
    seen: set[str] = set()
    left = [root / path]
    while left:
        for node in ast.parse(left.pop().read_text(encoding="utf-8")).body:
            match node:
                case ast.Import(names=names):
                    modules = {alias.name for alias in names}
                case ast.ImportFrom(module=str(module), names=names):
                    modules = {module, *(f"{module}.{alias.name}" for alias in names)}
                case _:
                    continue
            for module in modules - seen:
                seen.add(module)
                file = root / (module.replace(".", "/") + ".py")
                left += [file] if file.is_file() else []
    return seen


def unwanted_knowledge(root: Path) -> list[str]:
    return [
        f"{path} has come to know {module}"
        for path, unwanted in KNOWS_NOTHING_OF.items()
        if (root / path).is_file()
        for module in sorted(everything_imported_by(root, path) & unwanted)
    ]


def test_parts_know_nothing_of_what_they_do_not_need() -> None:
    assert all((ROOT / path).is_file() for path in KNOWS_NOTHING_OF)
    assert unwanted_knowledge(ROOT) == []


def test_a_planted_way_to_such_knowledge_is_seen(tmp_path: Path) -> None:
    for path, source in {
        "playground/trainer.py": "from playground import middle",
        "playground/middle.py": "import playground.fine_tuning",
    }.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(source)
    assert unwanted_knowledge(tmp_path) == [
        "playground/trainer.py has come to know playground.fine_tuning"
    ]


def imports_of_one_system(source: str) -> Iterator[tuple[int, str]]:
    for node in ast.parse(source).body:
        match node:
            case ast.Import(names=names):
                modules = {alias.name for alias in names}
            case ast.ImportFrom(module=module):
                modules = {str(module)}
            case _:
                continue
        for name in modules & ONE_SYSTEMS:
            yield node.lineno, f"not every system has {name}: import it where it is needed"


def test_every_file_is_imported_on_every_system() -> None:
    found = [
        f"{path}:{line}: {sentence}"
        for folder in (*ROOMS, "benchmarks", "docs", "tests")
        for file in sorted((ROOT / folder).rglob("*.py"))
        for path in [file.relative_to(ROOT).as_posix()]
        for line, sentence in imports_of_one_system(file.read_text(encoding="utf-8"))
    ]
    assert not found, "\n".join(found)


def test_a_planted_import_of_one_system_is_seen() -> None:
    assert list(imports_of_one_system("import os, fcntl"))
    assert list(imports_of_one_system("from winreg import OpenKey"))
    assert not list(imports_of_one_system("def f() -> None:\n    import fcntl"))


def test_the_rules_hold() -> None:
    broken = violations(ROOT)
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize(
    ("path", "source", "sentence"),
    [
        ("netcore/layers/dense.py", "import scipy.special", "netcore may not import scipy"),
        ("data/points.py", "from netcore import losses", "data may not import netcore"),
        ("playground/run.py", "def f():\n import streamlit as st", "may not import streamlit"),
        ("ui/runs.py", "import pages.train", "ui may not import pages"),
        ("app.py", "import app", "app.py may not import app"),
        ("data/points.py", "import random", "data may not import random"),
        (
            "pages/draw.py",
            "st.session_state['run'] = 1",
            "session_state belongs to ui/session.py",
        ),
        ("pages/draw.py", "x = 1\n" * 121, "121 lines, at most 120"),
        ("app.py", "x = 1\n" * 51, "51 lines, at most 50"),
    ],
    ids=str,
)
def test_a_planted_violation_is_seen(tmp_path: Path, path: str, source: str, sentence: str) -> None:
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text(source)
    (seen,) = violations(tmp_path)
    assert sentence in seen


def test_what_is_allowed_passes(tmp_path: Path) -> None:
    for path, source in {
        "netcore/network.py": "from collections.abc import Iterator\nimport numpy as np",
        "ui/session.py": "import streamlit as st\nst.session_state",
        "pages/draw.py": "import netcore.network\n" + "x = 1\n" * 119,
    }.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(source)
    assert violations(tmp_path) == []
