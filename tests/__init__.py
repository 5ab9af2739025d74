"""The checks of the whole project: `python -m tests` runs them all."""
