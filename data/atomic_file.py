"""Atomic writing of a file: a reader finds either all of the old content or all of the new."""

import os
import secrets
from pathlib import Path


def write_atomically(path: Path, content: bytes) -> None:
    """Write this content to the file at this path. If that fails, the old file stays as it was.

    The new file is made in the same folder, because renaming is atomic only within a file system.
    It is flushed to the disk before it takes the old file's name, so that a power cut cannot leave
    an empty file. The folder is flushed, too, so that others may refer to the file from now on.
    Raises OSError, and then leaves no temporary file in the folder.
    """
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with new.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    if os.name == "posix":  # other systems cannot open a folder
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
