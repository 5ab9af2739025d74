"""Parts that show earlier steps of a run."""
