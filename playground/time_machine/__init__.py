"""The time machine: a run as it was after any of its steps, to the bit."""
