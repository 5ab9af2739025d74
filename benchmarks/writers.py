"""The 30 writers of the pen strokes, split once: 10 to design with, 20 to judge with.

Digit forms are written, and numbers chosen, with the design writers alone. The judging writers are
only for final figures: nobody looks at their digits.
"""

from hashlib import sha256

N_WRITERS = 30
N_DESIGN = 10


def _hash(writer: int) -> str:
    return sha256(f"writer {writer}".encode()).hexdigest()


# A hash does not depend on how anyone writes, and is the same on every machine.
_BY_HASH = sorted(range(1, N_WRITERS + 1), key=_hash)
DESIGN_WRITERS = frozenset(_BY_HASH[:N_DESIGN])
JUDGING_WRITERS = frozenset(_BY_HASH[N_DESIGN:])
