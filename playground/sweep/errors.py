"""Why a sweep does not start, or has ended."""


class SweepError(Exception):
    """The cluster cannot be used. The message is a sentence for a person."""
