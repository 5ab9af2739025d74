"""Files named by what is in them: the same content is kept once, and a damaged file is known."""

import time
from collections.abc import Container
from hashlib import blake2b
from pathlib import Path

from data.atomic_file import write_atomically
from playground.library.schema import LibraryError

YOUNG = 3600.0  # seconds; a younger file may be one that another process is about to name


class ContentFiles:
    """A folder of them. What `put` has returned is on the disk, whatever happens next."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        """Keep this; returns its name. Raises OSError."""
        name = blake2b(content, digest_size=20).hexdigest()
        path = self.path(name)
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, content)
        return name

    def get(self, name: str) -> bytes:
        """Raises LibraryError where the file is not what was kept, OSError where it is gone."""
        content = self.path(name).read_bytes()
        if blake2b(content, digest_size=20).hexdigest() != name:
            raise LibraryError(f"The file {self.path(name)} is damaged: the run in it is lost.")
        return content

    def drop(self, name: str) -> None:
        """Let it go; one that is being read may stay a while, on systems that insist."""
        try:
            self.path(name).unlink(missing_ok=True)
        except OSError:
            return  # drop_all_but will come by

    def drop_all_but(self, named: Container[str]) -> None:
        """Let go what nobody names, such as what was written when the power went."""
        for path in self.folder.glob("*/*"):
            try:
                old = time.time() - path.stat().st_mtime > YOUNG
            except OSError:  # gone meanwhile
                continue
            if old and path.stem not in named:
                path.unlink(missing_ok=True)

    def path(self, name: str) -> Path:
        return self.folder / name[:2] / f"{name}.npz"
