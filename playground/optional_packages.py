"""Optional packages, and the sentence for a person who wants what one of them is for."""

from importlib.util import find_spec

# The module, the package that has it, and the requirements file that installs it.
OPTIONAL = {
    "onnx": ("onnx", "requirements-onnx.txt"),
    "optuna": ("optuna", "requirements-optuna.txt"),
    "umap": ("umap-learn", "requirements-inspect.txt"),
    "cleanlab": ("cleanlab", "requirements-inspect.txt"),
}


def missing(module: str, feature: str) -> str:
    """How to install the package that a feature needs; "" if this module is installed."""
    if find_spec(module) is not None:
        return ""
    package, file = OPTIONAL[module]
    return f"{feature} needs the package {package}: pip install -r {file}"
