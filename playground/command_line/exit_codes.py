"""The exit codes of the commands, and the sentences that go with them."""

import sys

DONE, FAILED, MISUSED = 0, 1, 2
INTERRUPTED, BROKEN_PIPE = 130, 141  # 128 plus the signal's number, as in shells


def say(sentence: object, code: int) -> int:
    """Print a sentence beside the output, and return the exit code."""
    print(sentence, file=sys.stderr)
    return code
