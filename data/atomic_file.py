"""Writing a file as one act: whoever reads it finds all of the old content or all of the new."""

import os
import secrets
from pathlib import Path


def write_atomically(path: Path, content: bytes) -> None:
    """Put this content in the file of this path, which keeps what it had where that fails.

    Renaming is atomic within a file system only, so the new file is made in the same folder; it
    is on the disk before it takes the old one's name, so that a power cut leaves no empty file.
    Raises OSError, and then no other file is left in the folder.
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
