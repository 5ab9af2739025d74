"""What people have brought to this server, by a name that an address can carry."""

import re
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock

from data.dataset import DataError, Splits

ROOM = 512_000_000  # bytes of all uploads together; the last one stays whatever its size
_NAME = re.compile(r"upload-[0-9a-f]{16}")


@dataclass(frozen=True, eq=False)
class Upload:
    """A data set that somebody brought; title is what its files were called."""

    name: str
    title: str
    splits: Splits


class Uploads:
    """Keeps uploads, by names made from their contents, while there is room; those that nobody
    has used for longest make it.

    The same contents have the same name on every server: who brings them again finds that
    addresses and saved runs which name them hold.
    """

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._kept: OrderedDict[str, Upload] = OrderedDict()  # the last used is last
        self._lock = Lock()

    def keep(self, splits: Splits, title: str) -> Upload:
        """Take this in, and return it under its name."""
        upload = Upload(f"upload-{_fingerprint(splits)}", title, splits)
        with self._lock:
            self._kept[upload.name] = upload
            self._kept.move_to_end(upload.name)
            while len(self._kept) > 1 and sum(map(_size, self._kept.values())) > self._room:
                self._kept.popitem(last=False)
        return upload

    def get(self, name: str) -> Upload:
        """Raises DataError, with what to do, where it is not (any more) on this server."""
        with self._lock:
            if name in self._kept:
                self._kept.move_to_end(name)
                return self._kept[name]
        raise DataError(
            f"The data set {name} was uploaded, and is not on this server (any more): upload "
            "the same files again on the Data page, and this address works."
        )


def is_upload(name: str) -> bool:
    """Whether a data set of this name was, or could have been, uploaded."""
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
