"""Augmentation as part of the take-home script: the very source of data/augmentation.py, so that
the script's warps cannot be others than the app's."""

import ast
import inspect

from data import augmentation

ARRAY = "Array = NDArray[np.floating]"  # what data.dataset, which the script has not, says of it


def imports() -> list[str]:
    """The lines that bring what the source needs, besides NumPy as np and this project."""
    return [
        ast.unparse(node)
        for node in _imports()
        if "numpy as np" not in ast.unparse(node) and not _is_ours(node)
    ]


def source() -> str:
    """The module without its imports; its docstring as a comment."""
    text = inspect.getsource(augmentation)
    about = "".join(f"# {line}".rstrip() + "\n" for line in str(augmentation.__doc__).splitlines())
    after = max(node.end_lineno or 0 for node in _imports())
    return f"{about}{ARRAY}\n" + "\n".join(text.splitlines()[after:])


def _imports() -> list[ast.Import | ast.ImportFrom]:
    body = ast.parse(inspect.getsource(augmentation)).body
    return [node for node in body if isinstance(node, ast.Import | ast.ImportFrom)]


def _is_ours(node: ast.Import | ast.ImportFrom) -> bool:
    return isinstance(node, ast.ImportFrom) and str(node.module).startswith("data.")
