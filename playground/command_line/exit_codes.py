"""The exit codes of the commands."""

DONE, FAILED, MISUSED = 0, 1, 2
INTERRUPTED, BROKEN_PIPE = 130, 141  # 128 plus the signal's number, as in shells
