"""Reads and writes named vectors as an `.npz` file, without trusting its content.

The written file is an ordinary uncompressed `.npz`, which `np.load` can open. A file to read may
come from anyone: nothing is unpickled, evaluated or decompressed, and memory is allocated only up
to the length of the file.
"""

import io
import re
import struct
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vectors = Mapping[str, NDArray[Any]]

TYPES = {kind.str: kind for kind in map(np.dtype, ("uint8", "<i8", "<f4", "<f8"))}
MAX_MB = 256  # size of a file; [784, 4096, 4096, 10] with Adam's moments takes 240
MAX_BYTES = MAX_MB * 2**20
MAX_VECTORS = 64

# The end record of a ZIP file without a comment, and the record before it in a ZIP64 file.
END = struct.Struct("<4s6xHLLH")
END_SIGNATURE, ZIP64_SIGNATURE = b"PK\x05\x06", b"PK\x06\x07"
MEMBER_SIGNATURE = b"PK\x03\x04"

# The header that NumPy writes for a vector. It is matched here; `np.load` would evaluate it.
HEADER = re.compile(
    rb"\x93NUMPY\x01\x00..\{'descr': '([^']{2,5})', 'fortran_order': False, "
    rb"'shape': \((\d{1,12}),\), \} *\n",
    re.DOTALL,
)


class StorageError(ValueError):
    """A file is not a saved run, or a run cannot be saved. The message is a sentence for a
    person.
    """


def write_vectors(vectors: Vectors) -> bytes:
    """The bytes of an `.npz`. Equal vectors give equal bytes.

    Raises StorageError for anything that read_vectors would reject.
    """
    if len(vectors) > MAX_VECTORS:
        raise StorageError(
            f"There are {len(vectors)} vectors to save; at most {MAX_VECTORS} are allowed."
        )
    for name, vector in vectors.items():
        if not re.fullmatch(r"[\w/ -]{1,80}", name, re.ASCII):
            raise StorageError(
                f"{name[:80]!r} cannot be a name in a file: use letters, digits, _ and -."
            )
        if vector.ndim != 1 or vector.dtype.str not in TYPES:
            raise StorageError(
                f"{name} has shape {vector.shape} and type {vector.dtype}; save a "
                f"vector (n,) of {', '.join(str(kind) for kind in TYPES.values())}."
            )
    size = sum(vector.nbytes for vector in vectors.values())
    if size > MAX_BYTES - 1024 * (MAX_VECTORS + 1):  # the rest is for names and headers
        raise StorageError(
            f"There are {size:,} bytes to save; at most about {MAX_BYTES:,} are allowed."
        )
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **vectors)
    return buffer.getvalue()


def read_vectors(content: bytes) -> dict[str, NDArray[Any]]:
    """The vectors in these bytes by name. Raises StorageError if the bytes are anything else."""
    _check_end(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            _check_members(members, len(content))
            return {
                member.filename.removesuffix(".npy"): _vector(member.filename, archive.read(member))
                for member in members
            }
    except StorageError:
        raise
    except (zipfile.BadZipFile, RuntimeError, ValueError, EOFError, struct.error) as error:
        raise StorageError(f"The file is damaged: {error}.") from error


def _check_end(content: bytes) -> None:
    """Check that this is a complete ZIP file with a short central directory."""
    if len(content) > MAX_BYTES:
        raise StorageError(
            f"The file is longer than {MAX_BYTES:,} bytes, the limit for a saved run."
        )
    if not content.startswith(MEMBER_SIGNATURE):
        raise StorageError("The file is not a saved run: it is not an .npz file.")
    end = content[-END.size :]
    if len(content) < 2 * END.size or not end.startswith(END_SIGNATURE):
        raise StorageError("The file is cut short: its end is missing.")
    _, entries, size, _, comment = END.unpack(end)
    is_zip64 = content[-END.size - 20 :].startswith(ZIP64_SIGNATURE)
    if entries > MAX_VECTORS or size > 256 * MAX_VECTORS or comment or is_zip64:
        raise StorageError("The file is not a saved run: its table of contents is different.")


def _check_members(members: list[zipfile.ZipInfo], length: int) -> None:
    """Check that every member has its own bytes in the file, unlike those of a ZIP bomb."""
    if len({member.filename for member in members}) < len(members):
        raise StorageError("The file is not a saved run: two of its arrays have the same name.")
    if any(member.compress_type != zipfile.ZIP_STORED for member in members):
        raise StorageError("The file is not a saved run: it is compressed.")
    if sum(member.file_size for member in members) > length:
        raise StorageError(
            "The file is not a saved run: it claims to contain more than its length."
        )


def _vector(name: str, content: bytes) -> NDArray[Any]:
    header = HEADER.match(content)
    kind = TYPES.get(header[1].decode("latin-1")) if header else None
    if header is None or kind is None:
        if b"'|O'" in content[:256]:
            raise StorageError(f"The file's {name} is pickled and could run a program: not opened.")
        raise StorageError(f"The file is not a saved run: its {name} is not a vector of numbers.")
    count, start = int(header[2]), header.end()
    if count * kind.itemsize != len(content) - start:
        raise StorageError(f"The file's {name} should have {count:,} numbers, but has not.")
    return np.frombuffer(content, kind, offset=start).copy()
