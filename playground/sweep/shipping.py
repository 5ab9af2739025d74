"""What runs on the workers of an existing cluster, which do not have this app's code.

This module is sent to them by value: at its top it imports only what they have.
"""

import sys
from hashlib import blake2b
from importlib import import_module, invalidate_caches, metadata
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile, ZipInfo

from distributed import WorkerPlugin

PACKAGES = ("netcore", "data", "playground")
SUFFIXES = (".py", ".txt")


class Code(WorkerPlugin):
    """Unpacks this app's packages on each worker, also on those that come later."""

    def __init__(self, archive: bytes) -> None:
        self.archive = archive
        self.name = f"netcore-playground-{blake2b(archive, digest_size=8).hexdigest()}"

    def setup(self, worker: Any) -> None:
        folder = Path(worker.local_directory) / self.name
        with ZipFile(BytesIO(self.archive)) as archive:
            archive.extractall(folder)
        for name in list(sys.modules):  # of an earlier version of this app
            module = sys.modules[name]
            file = getattr(module, "__file__", None) or ""
            if name.split(".")[0] in PACKAGES and not file.startswith(str(folder)):
                del sys.modules[name]
        sys.path.insert(0, str(folder))
        invalidate_caches()


def code() -> Code:
    """This app's code, as it is on this disk."""
    root = Path(__file__).resolve().parents[2]
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        for package in PACKAGES:
            for path in sorted((root / package).rglob("*")):
                if path.suffix in SUFFIXES:
                    name = path.relative_to(root).as_posix()
                    archive.writestr(ZipInfo(name), path.read_bytes())
    return Code(file.getvalue())


def versions(same: tuple[str, ...], needed: tuple[str, ...]) -> dict[str, str]:
    """The versions of Python and of these packages in this process, "" for one that is missing;
    of the needed ones only whether they are there.
    """
    found = {"Python": ".".join(map(str, sys.version_info[:2]))}
    for name in same:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = ""
    for name in needed:
        try:
            import_module(name)
            found[name] = "there"
        except ImportError:
            found[name] = ""
    return found


def call(module: str, function: str, *arguments: Any) -> Any:
    """Call a function of the code that was sent. By its name: the scheduler, which unpacks tasks,
    does not have the code.
    """
    return getattr(import_module(module), function)(*arguments)
