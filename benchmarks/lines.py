"""The size of the code: `python -m benchmarks.lines`.

A line of code has code on it: blank lines, comments and docstrings do not count. Prints a table of
the folders, the imports between modules and their cycles, a table of netcore's files, and the
length of exported scripts.
"""

import ast
import io
import tokenize
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from playground.config import RunConfig
from playground.export.script import script
from playground.run_data import load_data

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("netcore", "data", "playground", "ui", "pages", "benchmarks", "tests")
ENTRIES = {"Activation", "Initializer", "Loss", "Optimizer", "Schedule"}
NO_CODE = {
    *(tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT),
    tokenize.ENDMARKER,
}


def code_lines(source: str) -> set[int]:
    r"""The numbers of the lines with code.

    >>> code_lines('"A docstring."\n\n# A comment\nx = (\n    1\n)\n')
    {4, 5, 6}
    """
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    lines = {
        line
        for token in tokens
        if token.type not in NO_CODE
        for line in range(token.start[0], token.end[0] + 1)
    }
    return lines - {line for each in _docstrings(ast.parse(source)) for line in _span(each)}


def _docstrings(tree: ast.Module) -> Iterator[ast.stmt]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(
            node
        ):
            yield node.body[0]


def _span(node: ast.stmt) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def entry_lines(source: str) -> set[int]:
    """The lines of the registries' entries: titles, formulas, listings, and the functions' names.

    An entry is an argument of Activation(…) and the like, or an attribute of an Optimizer class.
    """
    lines: set[int] = set()
    for node in ast.parse(source).body:
        match node:
            case ast.ClassDef(bases=[ast.Name(id="Optimizer")], body=body):
                lines |= {i for each in body if isinstance(each, ast.Assign) for i in _span(each)}
            case ast.Assign() if _makes_entries(node):
                lines |= set(_span(node))
    return lines & code_lines(source)


def _makes_entries(node: ast.Assign) -> bool:
    calls = (each.func for each in ast.walk(node) if isinstance(each, ast.Call))
    return any(isinstance(each, ast.Name) and each.id in ENTRIES for each in calls)


def imports(root: Path) -> dict[str, set[str]]:
    """The modules of this project that each module imports at its top."""
    files = {
        ".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): file
        for folder in FOLDERS
        for file in (root / folder).rglob("*.py")
    }
    return {
        module: {name for name in _imported(file) if name in files and name != module}
        for module, file in files.items()
    }


def _imported(file: Path) -> Iterator[str]:
    for node in ast.parse(file.read_text("utf-8")).body:
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield module
                yield from (f"{module}.{alias.name}" for alias in names)


def cycle(arrows: dict[str, set[str]]) -> list[str]:
    """Modules that import each other in a circle, the first one again at the end; [] if none do."""
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found
    return []


def main() -> None:
    print("| folder | files | lines of code |\n| --- | ---: | ---: |")
    for folder in FOLDERS:
        files = sorted((ROOT / folder).rglob("*.py"))
        total = sum(len(code_lines(file.read_text("utf-8"))) for file in files)
        print(f"| {folder} | {len(files)} | {total:,} |")
    arrows = imports(ROOT)
    circle = " → ".join(cycle(arrows)) or "none"
    print(f"\n{sum(map(len, arrows.values())):,} imports between modules; cycles: {circle}")

    print("\n| netcore | lines of code | of these, entries of registries |\n| --- | ---: | ---: |")
    totals = [0, 0]
    for file in sorted((ROOT / "netcore").glob("*.py")):
        source = file.read_text("utf-8")
        counts = len(code_lines(source)), len(entry_lines(source))
        print(f"| {file.name} | {counts[0]:,} | {counts[1]:,} |")
        if file.name != "gradient_check.py":
            totals = [total + n for total, n in zip(totals, counts, strict=True)]
    print(f"| without gradient_check.py | {totals[0]:,} | {totals[1]:,} |")

    print("\n| exported script | lines of code |\n| --- | ---: |")
    without = RunConfig(digit_forms="mnist", augmentation=0.0)
    for name, config in (("the default run", RunConfig()), ("without augmentation", without)):
        text = script(config, load_data(config))
        print(f"| {name} | {len(code_lines(text)):,} |")


if __name__ == "__main__":
    main()
