"""Vectors to and from `.npz` bytes, and the rejection of bytes from strangers."""

import io
import pickle
import struct
import tracemalloc
import zipfile
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from playground.storage import npz
from playground.storage.npz import StorageError, read_vectors, write_vectors

VECTORS: dict[str, NDArray[Any]] = {
    "header": np.frombuffer(b"{}", dtype=np.uint8),
    "theta": np.array([1.5, np.nan, -np.inf], dtype=np.float32),
    "curves/cost": np.array([0.1, 1e-300]),
    "order": np.array([2, 0, 1]),
    "nothing": np.empty(0),
}


def saved_by_numpy(**arrays: Any) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def zipped(*members: tuple[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


def npy(descr: str, shape: str, content: bytes) -> bytes:
    header = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + content


def test_what_was_written_is_read_with_type_and_bits() -> None:
    read = read_vectors(write_vectors(VECTORS))
    assert list(read) == list(VECTORS)
    for name, vector in VECTORS.items():
        assert read[name].dtype == vector.dtype
        assert read[name].tobytes() == vector.tobytes()
        assert read[name].flags.writeable


def test_numpy_opens_it_too() -> None:
    with np.load(io.BytesIO(write_vectors(VECTORS)), allow_pickle=False) as archive:
        for name, vector in VECTORS.items():
            np.testing.assert_array_equal(archive[name], vector)


def test_the_same_vectors_give_the_same_bytes() -> None:
    assert write_vectors(VECTORS) == write_vectors(dict(VECTORS))


@pytest.mark.parametrize(
    ("vectors", "sentence"),
    [
        ({"W": np.zeros((2, 2))}, r"W has shape \(2, 2\)"),
        ({"W": np.array(["a"])}, r"W has shape \(1,\) and type <U1"),
        ({"W": np.array([None])}, "type object"),
        ({"W": np.zeros(2, dtype=np.float16)}, "type float16; save a vector"),
        ({"../W": np.zeros(2)}, "cannot be a name in a file"),
        ({"": np.zeros(2)}, "cannot be a name in a file"),
        ({f"v{i}": np.zeros(1) for i in range(65)}, "There are 65 vectors to save; at most 64"),
    ],
    ids=["matrix", "letters", "objects", "half", "path", "nameless", "many"],
)
def test_what_is_not_written(vectors: dict[str, NDArray[Any]], sentence: str) -> None:
    with pytest.raises(StorageError, match=sentence):
        write_vectors(vectors)


def test_too_much_is_neither_written_nor_read(monkeypatch: pytest.MonkeyPatch) -> None:
    content = write_vectors({"W": np.zeros(100_000)})
    monkeypatch.setattr(npz, "MAX_BYTES", 500_000)
    with pytest.raises(
        StorageError, match="There are 800,000 bytes to save; at most about 500,000"
    ):
        write_vectors({"W": np.zeros(100_000)})
    with pytest.raises(StorageError, match="longer than 500,000 bytes"):
        read_vectors(content)


def lying_about_its_size() -> bytes:
    content = bytearray(write_vectors(VECTORS))
    directory = content.index(b"PK\x01\x02")
    content[directory + 20 : directory + 28] = struct.pack("<LL", 2**31, 2**31)
    return bytes(content)


def with_a_huge_table_of_contents() -> bytes:
    return zipped(*((f"{i}.npy", b"") for i in range(1000)))


def with_more_contents_than_it_says() -> bytes:
    content = write_vectors(VECTORS)
    table = content.index(b"PK\x01\x02")
    contents = content[table:-22] * 1000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 5, 5, len(contents), table, 0)
    return content[:table] + contents + end


def with_a_zip64_end() -> bytes:
    content = write_vectors(VECTORS)
    end = content[-22:]
    zip64_end = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, 2**40, 0)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(content) - 22, 1)
    return content[:-22] + zip64_end + locator + end


def same_name_twice() -> bytes:
    content = write_vectors({"a": np.zeros(2), "b": np.ones(2)})
    return content.replace(b"b.npy", b"a.npy")


HOSTILE = {
    "empty": (b"", "not an .npz file"),
    "text": (b"label,pixel0\n1,0\n" * 9, "not an .npz file"),
    "pickle": (pickle.dumps({"theta": [1.0]}), "not an .npz file"),
    "an .npy": (npy("<f8", "(1,)", bytes(8)), "not an .npz file"),
    "first bytes of a zip": (b"PK\x03\x04", "cut short"),
    "an empty zip": (zipped(), "not an .npz file"),
    "a comment at the end": (write_vectors(VECTORS) + b"!", "cut short"),
    "pickled vector": (saved_by_numpy(theta=np.array([{}, None])), "theta.npy is pickled"),
    "a matrix": (saved_by_numpy(theta=np.zeros((2, 2))), "theta.npy is not a vector"),
    "a number": (saved_by_numpy(theta=1.0), "theta.npy is not a vector"),
    "letters": (saved_by_numpy(theta=np.array(["a"])), "theta.npy is not a vector"),
    "big-endian": (saved_by_numpy(theta=np.zeros(2, ">f8")), "theta.npy is not a vector"),
    "a record": (saved_by_numpy(theta=np.zeros(2, "f4,O")), "theta.npy is pickled"),
    "no npy": (zipped(("theta.npy", b"not one")), "theta.npy is not a vector"),
    "program": (zipped(("theta.npy", npy("<f8", "(__import__('os'),)", b""))), "is not a vector"),
    "too long a shape": (
        zipped(("theta.npy", npy("<f8", "(1000000000,)", bytes(8)))),
        "theta.npy should have 1,000,000,000 numbers, but has not",
    ),
    "too short a shape": (zipped(("theta.npy", npy("<f8", "(1,)", bytes(16)))), "but has not"),
    "bomb": (
        zipped(("theta.npy", bytes(10**8)), compression=zipfile.ZIP_DEFLATED),
        "it is compressed",
    ),
    "lying about its size": (lying_about_its_size(), "claims to contain more than its length"),
    "a huge table of contents": (with_a_huge_table_of_contents(), "table of contents"),
    "more contents than it says": (with_more_contents_than_it_says(), "table of contents"),
    "two tables of contents": (with_a_zip64_end(), "table of contents"),
    "the same name twice": (same_name_twice(), "have the same name"),
}


@pytest.mark.parametrize(("content", "sentence"), HOSTILE.values(), ids=HOSTILE)
def test_what_is_refused_in_a_sentence_and_in_little_memory(content: bytes, sentence: str) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(StorageError, match=sentence) as refusal:
            read_vectors(content)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 10 * len(content) + 2**20
    assert str(refusal.value).endswith(".")
    assert len(str(refusal.value)) < 200


def test_a_spoiled_number_is_noticed() -> None:
    content = bytearray(write_vectors(VECTORS))
    content[content.index(VECTORS["order"].tobytes())] ^= 1
    with pytest.raises(StorageError, match="The file is damaged: Bad CRC-32"):
        read_vectors(bytes(content))
