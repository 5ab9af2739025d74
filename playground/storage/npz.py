"""Named vectors of numbers to and from the bytes of an `.npz`, believing nothing in them.

What is written is an ordinary uncompressed `.npz` that `np.load` opens too. What is read may come
from anyone: nothing is unpickled, evaluated or decompressed, and no memory is taken that the
file's own length does not account for.
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
MAX_MB = 256  # of a file: [784, 4096, 4096, 10] with Adam's moments has 240
MAX_BYTES = MAX_MB * 2**20
MAX_VECTORS = 64

# The end of a ZIP file without a comment, and what stands before it in one of the ZIP64 kind.
END = struct.Struct("<4s6xHLLH")
END_SIGNATURE, ZIP64_SIGNATURE = b"PK\x05\x06", b"PK\x06\x07"
MEMBER_SIGNATURE = b"PK\x03\x04"

# How NumPy writes the header of a vector: matched, where `np.load` would evaluate it.
HEADER = re.compile(
    rb"\x93NUMPY\x01\x00..\{'descr': '([^']{2,5})', 'fortran_order': False, "
    rb"'shape': \((\d{1,12}),\), \} *\n",
    re.DOTALL,
)


class StorageError(ValueError):
    """Why a file is no saved run, or a run cannot be saved: one sentence for a person."""


def write_vectors(vectors: Vectors) -> bytes:
    """The bytes of an `.npz`; the same vectors give the same bytes.

    Raises StorageError for what read_vectors would refuse.
    """
    if len(vectors) > MAX_VECTORS:
        raise StorageError(f"{len(vectors)} vectors are to be saved, at most {MAX_VECTORS} may.")
    for name, vector in vectors.items():
        if not re.fullmatch(r"[\w/ -]{1,80}", name, re.ASCII):
            raise StorageError(
                f"{name[:80]!r} is no name to save by: use letters, digits, _ and -."
            )
        if vector.ndim != 1 or vector.dtype.str not in TYPES:
            raise StorageError(
                f"{name} has shape {vector.shape} and type {vector.dtype}: what can be saved is a "
                f"vector (n,) of {', '.join(str(kind) for kind in TYPES.values())}."
            )
    size = sum(vector.nbytes for vector in vectors.values())
    if size > MAX_BYTES - 1024 * (MAX_VECTORS + 1):  # room for names and headers
        raise StorageError(f"{size:,} bytes are to be saved, about {MAX_BYTES:,} may be.")
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **vectors)
    return buffer.getvalue()


def read_vectors(content: bytes) -> dict[str, NDArray[Any]]:
    """The vectors in these bytes by name; StorageError where they are anything else."""
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
    """Is this a whole ZIP file with a short table of contents?"""
    if len(content) > MAX_BYTES:
        raise StorageError(f"The file is longer than the {MAX_BYTES:,} bytes that are read of one.")
    if not content.startswith(MEMBER_SIGNATURE):
        raise StorageError("The file is not a saved run: it is no .npz file.")
    end = content[-END.size :]
    if len(content) < 2 * END.size or not end.startswith(END_SIGNATURE):
        raise StorageError("The file is cut short: its end is missing.")
    _, entries, size, _, comment = END.unpack(end)
    is_zip64 = content[-END.size - 20 :].startswith(ZIP64_SIGNATURE)
    if entries > MAX_VECTORS or size > 256 * MAX_VECTORS or comment or is_zip64:
        raise StorageError("The file is not a saved run: its table of contents is another's.")


def _check_members(members: list[zipfile.ZipInfo], length: int) -> None:
    """Does every member take up room of its own in the file? A ZIP bomb's do not."""
    if len({member.filename for member in members}) < len(members):
        raise StorageError("The file is not a saved run: two of its arrays share a name.")
    if any(member.compress_type != zipfile.ZIP_STORED for member in members):
        raise StorageError("The file is not a saved run: it is compressed, which those are not.")
    if sum(member.file_size for member in members) > length:
        raise StorageError("The file is not a saved run: it claims to hold more than its length.")


def _vector(name: str, content: bytes) -> NDArray[Any]:
    header = HEADER.match(content)
    kind = TYPES.get(header[1].decode("latin-1")) if header else None
    if header is None or kind is None:
        if b"'|O'" in content[:256]:
            raise StorageError(f"The file's {name} is pickled and could run a program: not opened.")
        raise StorageError(f"The file is not a saved run: its {name} is no vector of its numbers.")
    count, start = int(header[2]), header.end()
    if count * kind.itemsize != len(content) - start:
        raise StorageError(f"The file's {name} is said to have {count:,} numbers and has not.")
    return np.frombuffer(content, kind, offset=start).copy()
