"""The uploaded data sets on this server, by names that fit into an address."""

import re
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock

from data.dataset import DataError, Splits

ROOM = 512_000_000  # bytes of all uploads together; the newest is kept even if it is larger
_NAME = re.compile(r"upload-[0-9a-f]{16}")


@dataclass(frozen=True, eq=False)
class Upload:
    """An uploaded data set. Its title is made of the names of the files."""

    name: str
    title: str
    splits: Splits


class Uploads:
    """Keeps uploaded data sets up to a total size; the least recently used are dropped first.

    Names are made from the contents, so the same contents have the same name on every server. After
    uploading the files again, addresses and saved runs that name them work again.
    """

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._kept: OrderedDict[str, Upload] = OrderedDict()  # the most recently used is last
        self._lock = Lock()

    def keep(self, splits: Splits, title: str) -> Upload:
        """Store this data set, and return it with its name."""
        upload = Upload(f"upload-{_fingerprint(splits)}", title, splits)
        with self._lock:
            self._kept[upload.name] = upload
            self._kept.move_to_end(upload.name)
            while len(self._kept) > 1 and sum(map(_size, self._kept.values())) > self._room:
                self._kept.popitem(last=False)
        return upload

    def get(self, name: str) -> Upload:
        """The data set of this name. Raises DataError, with what to do, if it is not on this
        server.
        """
        with self._lock:
            if name in self._kept:
                self._kept.move_to_end(name)
                return self._kept[name]
        raise DataError(
            f"The data set {name} was uploaded, but is not on this server (any more): upload "
            "the same files again on the Data page, and this address will work."
        )


def is_upload(name: str) -> bool:
    """Whether this is a name of uploaded data."""
    return _NAME.fullmatch(name) is not None


def _fingerprint(splits: Splits) -> str:
    contents = sha256(repr(splits.train.class_names).encode())
    for part in (splits.train, splits.validation):
        contents.update(part.X.T.data)
        contents.update(part.labels.data)
    return contents.hexdigest()[:16]


def _size(upload: Upload) -> int:
    return upload.splits.train.X.nbytes + upload.splits.validation.X.nbytes


UPLOADS = Uploads()
