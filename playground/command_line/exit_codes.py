"""How a command may end."""

DONE, FAILED, MISUSED = 0, 1, 2
INTERRUPTED, BROKEN_PIPE = 130, 141  # 128 and the signal's number, as shells have it
