"""Files named by a hash of their content: equal contents are stored once, and damage is
detected.
"""

import time
from collections.abc import Container
from hashlib import blake2b
from pathlib import Path

from data.atomic_file import write_atomically
from playground.library.schema import LibraryError

YOUNG = 3600.0  # seconds; a younger file may belong to a row that another process is about to write


class ContentFiles:
    """A folder of files named by a hash of their content. When `put` returns, the file is on the
    disk.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        """Store this content, and return its name. Raises OSError."""
        name = blake2b(content, digest_size=20).hexdigest()
        path = self.path(name)
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, content)
        return name

    def get(self, name: str) -> bytes:
        """The content of this name. Raises LibraryError if the file is damaged, OSError if it is
        missing.
        """
        content = self.path(name).read_bytes()
        if blake2b(content, digest_size=20).hexdigest() != name:
            raise LibraryError(f"The file {self.path(name)} is damaged: the run in it is lost.")
        return content

    def drop(self, name: str) -> None:
        """Delete a file. On some systems, a file that is being read is deleted later."""
        try:
            self.path(name).unlink(missing_ok=True)
        except OSError:
            return  # drop_all_but deletes it later

    def drop_all_but(self, named: Container[str]) -> None:
        """Delete the files that no row names, such as files written just before a power cut."""
        for path in self.folder.glob("*/*"):
            try:
                old = time.time() - path.stat().st_mtime > YOUNG
            except OSError:  # deleted meanwhile
                continue
            if old and path.stem not in named:
                path.unlink(missing_ok=True)

    def path(self, name: str) -> Path:
        return self.folder / name[:2] / f"{name}.npz"
