"""Augmentation for the exported script: the source of data/augmentation.py itself, so that both are
always the same.
"""

import ast
import inspect

from data import augmentation

ARRAY = "Array = NDArray[np.floating]"  # as in data.dataset, which the script does not have


def imports() -> list[str]:
    """The imports that the source needs, except NumPy as np and this project's modules."""
    return [
        ast.unparse(node)
        for node in _imports()
        if "numpy as np" not in ast.unparse(node) and not _is_ours(node)
    ]


def source() -> str:
    """The source of the module without its imports, and with its docstring as a comment."""
    text = inspect.getsource(augmentation)
    about = "".join(f"# {line}".rstrip() + "\n" for line in str(augmentation.__doc__).splitlines())
    after = max(node.end_lineno or 0 for node in _imports())
    return f"{about}{ARRAY}\n" + "\n".join(text.splitlines()[after:])


def _imports() -> list[ast.Import | ast.ImportFrom]:
    body = ast.parse(inspect.getsource(augmentation)).body
    return [node for node in body if isinstance(node, ast.Import | ast.ImportFrom)]


def _is_ours(node: ast.Import | ast.ImportFrom) -> bool:
    return isinstance(node, ast.ImportFrom) and str(node.module).startswith("data.")
