"""Copies functions of netcore into the exported script: their source, and everything it needs.

A script with its own version of a rule could disagree with netcore. So it takes the source that
runs, without annotations, without the arguments `out`, and with the first paragraph of the
docstring. The constants, functions and imports that the source uses are copied as well.
"""

import ast
import inspect
import re
import sys
import textwrap
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

Function = Callable[..., Any]


class Kernels:
    """Collects the functions of one script, each of them once."""

    def __init__(self) -> None:
        self._imports: dict[str, set[str]] = {}
        self._taken: dict[str, str] = {}  # name in the script -> the module it is from

    def imports(self) -> list[str]:
        """The import lines that the source needs. NumPy is always np."""
        return [
            f"from {module} import {', '.join(sorted(names))}"
            for module, names in sorted(self._imports.items())
        ]

    def take(
        self, function: Function, fields: Mapping[str, object] | None = None, about: str = ""
    ) -> str:
        """The source of a function, after the source of what it needs and the script does not have
        yet.

        For a method, the attributes of self that it reads become arguments, whose default values
        are given in `fields`. `about` replaces the docstring.
        """
        if self._has(function.__name__, function.__module__):
            return ""
        lines = textwrap.dedent(inspect.getsource(function)).splitlines()
        (node,) = ast.parse("\n".join(lines)).body
        if not isinstance(node, ast.FunctionDef):
            raise LookupError(f"{function!r} has no name of its own: define it with def.")
        start = next(i for i, line in enumerate(lines, start=1) if line.endswith(":"))
        if docstring := ast.get_docstring(node):
            about, start = about or docstring.split("\n\n")[0], node.body[0].end_lineno or 0
        text = "\n".join(_without_annotations(lines, node)[start : node.end_lineno])
        if fields is not None:
            text = _of_no_object(text, node, fields)
        if _only_hands_out_on(node):
            text = re.sub(r",\s*out=out\b", "", text)
            node.args.args.pop()
            node.args.defaults.pop()
        head = f"def {node.name}({ast.unparse(node.args)}):\n"
        head += textwrap.indent(f'"""{about}"""\n', "    ") if about else ""
        needs = self._needs(node, function.__module__)
        return f"{needs}\n{head}{text}\n" if needs else f"{head}{text}\n"

    def _has(self, name: str, module: str) -> bool:
        """Whether the script has this name already. If not, it is added."""
        known = name in self._taken
        if self._taken.setdefault(name, module) != module:
            raise LookupError(
                f"{name} is in {self._taken[name]} and in {module}: a script can have only one."
            )
        return known

    def _needs(self, node: ast.AST, module: str) -> str:
        """The source of the module's globals that this part of its source uses."""
        names = [each for each in ast.walk(node) if isinstance(each, ast.Name)]
        local = {each.arg for each in ast.walk(node) if isinstance(each, ast.arg)}
        local |= {each.id for each in names if not isinstance(each.ctx, ast.Load)}
        names.sort(key=lambda each: (each.lineno, each.col_offset))
        used = dict.fromkeys(each.id for each in names if each.id not in local)
        return "".join(self._global(name, module) for name in used)

    def _global(self, name: str, module: str) -> str:
        node = _definitions(module).get(name)
        match node:
            case None | ast.Import(names=[ast.alias(name="numpy", asname="np")]):
                return ""  # a builtin
            case ast.FunctionDef():
                return self.take(vars(sys.modules[module])[name])
            case ast.ImportFrom(module=str(origin), level=0):
                if origin.partition(".")[0] == "netcore":
                    return self._global(name, origin)
                self._imports.setdefault(origin, set()).add(name)
                return ""
            case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
                known = [
                    self._has(each, module) for each in _targets(node)
                ]  # a list, not a generator: every name must be added
                if any(known):
                    return ""
                lines = inspect.getsource(sys.modules[module]).splitlines()
                text = "\n".join(
                    _without_annotations(lines, node)[node.lineno - 1 : node.end_lineno]
                )
                return self._needs(value, module) + text + "\n"
        raise LookupError(
            f"{module} uses {name}, which cannot be copied: scripts copy functions, constants and "
            "names imported by from … import."
        )


@cache
def _definitions(module: str) -> dict[str, ast.stmt]:
    """The statement that defines each global of a module."""
    found: dict[str, ast.stmt] = {}
    for node in ast.parse(inspect.getsource(sys.modules[module])).body:
        match node:
            case ast.FunctionDef() | ast.ClassDef():
                found[node.name] = node
            case ast.Import() | ast.ImportFrom():
                found |= {each.asname or each.name: node for each in node.names}
            case ast.Assign() | ast.AnnAssign():
                found |= dict.fromkeys(_targets(node), node)
    return found


def _targets(node: ast.Assign | ast.AnnAssign) -> list[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return [
        each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)
    ]


def _without_annotations(lines: list[str], node: ast.stmt) -> list[str]:
    """The lines without annotations, which are also removed from the node."""
    cuts: list[tuple[int, int, int]] = []  # line, first column, last column
    for each in ast.walk(node):
        match each:
            case ast.arg(arg=name, annotation=ast.expr() as annotation):
                cuts.append((annotation.lineno, each.col_offset + len(name.encode()), 0))
                each.annotation = None
            case ast.AnnAssign(target=target, annotation=annotation):
                cuts.append((annotation.lineno, target.end_col_offset or 0, 0))
                each.annotation = ast.Constant(None)
            case ast.FunctionDef(returns=ast.expr() as annotation):
                line = lines[annotation.lineno - 1].encode()
                cuts.append((annotation.lineno, line.rindex(b" ->", 0, annotation.col_offset), 0))
                each.returns = None
            case _:
                continue
        cuts[-1] = (*cuts[-1][:2], annotation.end_col_offset or 0)
    plain = [line.encode() for line in lines]  # ast counts columns in bytes
    for at, start, end in sorted(cuts, reverse=True):
        plain[at - 1] = plain[at - 1][:start] + plain[at - 1][end:]
    return [line.decode() for line in plain]


def _of_no_object(text: str, node: ast.FunctionDef, fields: Mapping[str, object]) -> str:
    """The text of a method as a function: the fields that it reads become arguments."""
    used = dict.fromkeys(re.findall(r"\bself\.(\w+)", text))
    if unknown := [name for name in used if name not in fields]:
        raise LookupError(
            f"{node.name} uses self.{unknown[0]}, which the script does not have; it has "
            f"{', '.join(fields) or 'no hyperparameters'}."
        )
    args = node.args
    args.args = args.args[1:]
    args.kwonlyargs += [ast.arg(name) for name in used]
    args.kw_defaults += [ast.Constant(fields[name]) for name in used]  # type: ignore[arg-type]
    if args.vararg and not re.search(rf"\b{args.vararg.arg}\b", text):
        args.vararg = None
    return re.sub(r"\bself\.", "", text)


def _only_hands_out_on(node: ast.FunctionDef) -> bool:
    """Whether the last argument is out=None, and its only use is to be passed on as `out=out`."""
    args = node.args
    if not args.args or args.args[-1].arg != "out" or not args.defaults:
        return False
    uses = [each for each in ast.walk(node) if isinstance(each, ast.Name) and each.id == "out"]
    handed_on = [
        each.value
        for each in ast.walk(node)
        if isinstance(each, ast.keyword) and each.arg == "out" and each.value in uses
    ]
    return len(uses) == len(handed_on)
